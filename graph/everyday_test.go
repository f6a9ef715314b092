package graph_test

import (
	"encoding/json"
	"slices"
	"testing"

	"stackyard/internal/store"
)

// everyday are words that people type, with what they expect among the first three.
var everyday = map[string][]string{
	"queue":                    {"celery"},
	"job queue":                {"sidekiq"},
	"message broker":           {"activemq", "rabbitmq"},
	"orm":                      {"hibernate-orm", "prisma"},
	"single sign-on":           {"keycloak", "okta"},
	"full text":                {"typesense"},
	"k8s":                      {"kubernetes"},
	"c#":                       {"dotnet"},
	".net":                     {"dotnet", "dotnet-framework", "aspnet-core"},
	"node.js":                  {"nodejs"},
	"node":                     {"nodejs"},
	"golang":                   {"go"},
	"postgres":                 {"postgresql"},
	"spring":                   {"spring-framework", "spring-boot"},
	"reverse proxy":            {"nginx"},
	"load balancer":            {"haproxy"},
	"cache":                    {"varnish"},
	"graph database":           {"neo4j"},
	"search engine":            {"elasticsearch", "meilisearch", "typesense"},
	"time series":              {"influxdb", "prometheus", "timescaledb"},
	"vector":                   {"milvus", "qdrant"},
	"object storage":           {"minio"},
	"secrets":                  {"vault", "openbao"},
	"jwt":                      {"golang-jwt"},
	"oauth":                    {"oauth2-proxy"},
	"ldap":                     {"openldap"},
	"graphql":                  {"graphql-java"},
	"rest":                     {"django-rest-framework"},
	"api gateway":              {"kong", "tyk"},
	"service mesh":             {"istio"},
	"web application firewall": {"modsecurity"},
	"monitoring":               {"prometheus"},
	"tracing":                  {"jaeger"},
	"infrastructure as code":   {"opentofu", "pulumi", "terraform"},
	"python web framework":     {"django", "fastapi"},
	"gorm":                     {"gorm"},
}

func TestEverydayWordsFindWhatOneExpects(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for words, want := range everyday {
			t.Run(words, func(t *testing.T) {
				r := a.in(t).ask(`query ($s: String!) { technologies(first: 3, filter: { search: $s }) { nodes { slug } } }`, map[string]any{"s": words})
				var found struct {
					Technologies struct{ Nodes []struct{ Slug string } }
				}
				if err := json.Unmarshal(r.Data, &found); err != nil || len(r.Errors) > 0 {
					t.Fatalf("%v, errors %+v", err, r.Errors)
				}
				var got []string
				for _, n := range found.Technologies.Nodes {
					got = append(got, n.Slug)
				}
				for _, slug := range want {
					if !slices.Contains(got, slug) {
						t.Errorf("%s is not among %s", slug, got)
					}
				}
			})
		}
	})
}

func TestFiltersByCapabilityAndLanguageAnswerSensibly(t *testing.T) {
	for _, c := range []struct {
		filter     string
		has, lacks []string
	}{
		{`capabilities: ["message-broker"], languages: ["Go"]`, []string{"nats", "rabbitmq", "kafka"}, []string{"postgresql", "celery"}},
		{`capabilities: ["orm"], languages: ["Go"]`, []string{"ent", "gorm"}, []string{"hibernate-orm", "django"}},
		{`capabilities: ["single-sign-on"], hosting: [SELF_HOSTED]`, []string{"keycloak", "zitadel"}, []string{"okta"}},
		{`capabilities: ["relational-database"], licenses: ["PostgreSQL"]`, []string{"postgresql"}, []string{"mysql"}},
		{`categories: ["frameworks"], languages: ["Rust"]`, []string{"axum", "rocket", "actix-web"}, []string{"gin"}},
	} {
		t.Run(c.filter, func(t *testing.T) {
			onEach(t, func(t *testing.T, a *api, _ *store.DB) {
				r := a.in(t).ask(`{ technologies(first: 100, filter: { `+c.filter+` }) { nodes { slug } } }`, nil)
				var found struct {
					Technologies struct{ Nodes []struct{ Slug string } }
				}
				if err := json.Unmarshal(r.Data, &found); err != nil || len(r.Errors) > 0 {
					t.Fatalf("%v, errors %+v", err, r.Errors)
				}
				has := slices.Clone(c.has)
				for _, n := range found.Technologies.Nodes {
					if slices.Contains(c.lacks, n.Slug) {
						t.Errorf("%s is listed", n.Slug)
					}
					has = slices.DeleteFunc(has, func(s string) bool { return s == n.Slug })
				}
				if len(has) > 0 {
					t.Errorf("%s are not listed", has)
				}
			})
		})
	}
}
