package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/catalog"
)

// recognized gives what each text leads to: a slug and, after blanks, the version and the release cycle, if there are any.
func (a *api) recognized(texts []string) (out []string) {
	a.t.Helper()
	for some := range slices.Chunk(texts, 30) {
		components := make([]input, len(some))
		for i, text := range some {
			components[i] = input{"technology": text}
		}
		var data struct {
			CheckStack struct {
				Components []struct {
					GivenVersion             *string
					Technology, ReleaseCycle *struct{ Slug, Name string }
				}
			}
		}
		a.data(`query($components: [StackComponentInput!]!) { checkStack(components: $components) {
			components { givenVersion technology { slug } releaseCycle { name } } } }`, map[string]any{"components": components}, &data)
		for _, c := range data.CheckStack.Components {
			var is string
			if c.Technology != nil {
				is = c.Technology.Slug
			}
			if c.GivenVersion != nil {
				is += " " + *c.GivenVersion
			}
			if c.ReleaseCycle != nil {
				is += " " + c.ReleaseCycle.Name
			}
			out = append(out, is)
		}
	}
	return out
}

func TestWhatToolsCallTechnologiesIsRecognised(t *testing.T) {
	t.Parallel()
	a := serve(t, seeded(t, "sqlite"))
	known := [][2]string{
		{"pkg:npm/fastify@5.2.0", "fastify 5.2.0"},
		{"pkg:npm/koa@2.15.3", "koa 2.15.3"},
		{"pkg:npm/%40nestjs/core@10.4.1", "nestjs 10.4.1"},
		{"pkg:npm/@nestjs/core", "nestjs"},
		{"pkg:npm/hono", "hono"},
		{"pkg:npm/%40apollo/server", "apollo-server"},
		{"pkg:npm/prisma", "prisma"},
		{"pkg:npm/%40prisma/client", "prisma"},
		{"pkg:npm/passport", "passportjs"},
		{"pkg:npm/graphql@16.9.0", "graphql-js 16.9.0"},
		{"pkg:npm/typeorm", "typeorm"},
		{"pkg:gem/sinatra", "sinatra"},
		{"pkg:maven/io.quarkus/quarkus-core@3.15.1", "quarkus 3.15.1 3.15"},
		{"pkg:maven/io.vertx/vertx-core", "vertx"},
		{"pkg:composer/symfony/symfony@6.4.10", "symfony 6.4.10 6.4"},
		{"pkg:composer/Symfony/Framework-Bundle", "symfony"},
		{"pkg:cargo/axum", "axum"},
		{"pkg:cargo/actix-web", "actix-web"},
		{"pkg:nuget/Microsoft.AspNetCore.App@2.2.8", "aspnet-core 2.2.8"},
		{"pkg:golang/github.com/99designs/gqlgen@v0.17.55", "gqlgen v0.17.55"},
		{"pkg:hex/phoenix@1.7.14", "phoenix 1.7.14 1.7"},
		{"pkg:swift/github.com/vapor/vapor@4.106.0", "vapor 4.106.0"},
		{"pkg:pypi/Strawberry_GraphQL", "strawberry-graphql"},
		{"pkg:generic/openssl@1.1.1w", "openssl 1.1.1w 1.1.1"},
		{"pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12", "openssl 3.0.11-1~deb12u2 3.0"},
		{"pkg:apk/alpine/libssl3@3.1.4-r5?arch=x86_64", "openssl 3.1.4-r5 3.1"},
		{"pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?epoch=1", "openssl 3.0.7-27.el9 3.0"},
		{"pkg:deb/debian/postgresql-15@15.3-0%2Bdeb12u1", "postgresql 15.3-0+deb12u1 15"},
		{"pkg:deb/debian/mariadb-server@1:10.11.6-0%2Bdeb12u1", "mariadb 1:10.11.6-0+deb12u1 10.11"},
		{"pkg:docker/debian@12", "debian 12 12"},
		{"pkg:docker/eclipse-temurin@21.0.5_11-jre", "java 21.0.5_11-jre 21"},
		{"pkg:docker/bitnami/postgresql@16.4.0", "postgresql 16.4.0 16"},
		{"pkg:oci/postgres@sha256%3Aabc?repository_url=docker.io/library/postgres&tag=15.3", "postgresql 15.3 15"},
		{"pkg:oci/postgres?repository_url=index.docker.io%2Flibrary%2Fpostgres", "postgresql"},
		{"pkg:oci/argocd?repository_url=quay.io/argoproj/argocd", "argo-cd"},
		{"cpe:2.3:a:nginx:nginx:1.26.2:*:*:*:*:*:*:*", "nginx 1.26.2 1.26"},
		{"cpe:/a:f5:nginx:1.26.2", "nginx 1.26.2 1.26"}, // which the catalogue knows in the other form
		{"cpe:2.3:a:nodejs:node.js:18.20.4:*:*:*:*:*:*:*", "nodejs 18.20.4 18"},
		{"cpe:/a:redis:redis", "redis"},

		{"pkg:npm/redis@4.6.0", " 4.6.0"}, // drivers are no servers
		{"pkg:pypi/psycopg2", ""},
		{"pkg:maven/org.apache.kafka/kafka-clients", ""},
		{"pkg:npm/%40nestjs/swagger", ""}, // in versions of its own
		{"pkg:oci/postgres?repository_url=elsewhere.example/library/postgres", ""},
		{"pkg:deb/debian/libpq5", ""},
	}
	texts, want := []string{}, []string{}
	for _, k := range known {
		texts, want = append(texts, k[0]), append(want, k[0]+": "+k[1])
	}
	got := a.recognized(texts)
	for i := range got {
		got[i] = texts[i] + ": " + got[i]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestWhatTheCatalogueListsIsRecognised asks for all package URLs and CPEs of the files.
func TestWhatTheCatalogueListsIsRecognised(t *testing.T) {
	t.Parallel()
	files, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string]string{}
	texts := []string{}
	for _, technology := range files.Technologies {
		for _, name := range slices.Concat(technology.Identifiers.PURL, technology.Identifiers.CPE) {
			owners[name] = technology.Slug
			texts = append(texts, name)
		}
	}
	for _, p := range files.Packages {
		owners[p.PURL] = p.Technology
		texts = append(texts, p.PURL)
	}
	for i, got := range serve(t, seeded(t, "sqlite")).recognized(texts) {
		if slug, _, _ := strings.Cut(got, " "); slug != owners[texts[i]] {
			t.Errorf("%s leads to %q, want %q", texts[i], slug, owners[texts[i]])
		}
	}
	if len(texts) < 1500 {
		t.Errorf("only %d names were asked for", len(texts))
	}
}
