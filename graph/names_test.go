package graph_test

import (
	"strings"
	"testing"

	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// TestTechnologiesAreNamedWithTheirVersions checks and registers components by what deployments have for a name.
func TestTechnologiesAreNamedWithTheirVersions(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		for _, c := range []struct {
			name    string
			version any
			// what it is recognised as, in which version, of which release cycle, and how
			technology, is, cycle, by string
		}{
			{"nodejs@22", nil, "nodejs", "22", "22", "SLUG"},
			{"Node.js@v20.1.0", nil, "nodejs", "v20.1.0", "20", "NAME"},
			{"node:18-alpine", nil, "nodejs", "18-alpine", "18", "ALIAS"},
			{"node:18-alpine", "20.1.0", "nodejs", "20.1.0", "20", "ALIAS"},
			{"postgres:16.1", nil, "postgresql", "16.1", "16", "ALIAS"},
			{"docker.io/library/postgres:16.1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", nil, "postgresql", "16.1", "16", "ALIAS"},
			{"bitnami/wordpress:6.8.1", nil, "wordpress", "6.8.1", "6.8", "IDENTIFIER"},
			{"ghcr.io/zitadel/zitadel:v2.50.0", nil, "zitadel", "v2.50.0", "null", "IDENTIFIER"},
			{"redis:latest", nil, "redis", "null", "null", "SLUG"},
			{"ubuntu:jammy", nil, "ubuntu", "jammy", "22.04", "SLUG"},
			{"acme/node:18", nil, "null", "null", "null", "null"},
			{"ghcr.io/acme/redis:7", nil, "null", "null", "null", "null"},
			{"acme-billing:1.2", nil, "null", "null", "null", "null"},
			{"acme-billing@1.2", nil, "null", "null", "null", "null"},
			{"nodejs@", nil, "nodejs", "null", "null", "SLUG"},
		} {
			component := input{"technology": c.name, "version": c.version}
			checked := eve.values(`query($of: StackComponentInput!) { checkStack(components: [$of]) {
				components { technology { slug } givenVersion releaseCycle { name } matchedBy } } }`, map[string]any{"of": component})
			if want := strings.Join([]string{c.is, c.by, c.cycle, c.technology}, " "); checked != want {
				t.Errorf("%s %v is checked as %s, want %s", c.name, c.version, checked, want)
			}
			eve.does("setStack", input{"projectId": acme.project, "components": []input{component}})
			kept := eve.values(`query($id: ID!) { node(id: $id) { ... on Project { stack { nodes { technology { slug } installedVersion releaseCycle { name } } } } } }`,
				map[string]any{"id": acme.project})
			if want := strings.Join([]string{c.is, c.cycle, c.technology}, " "); kept != want {
				t.Errorf("%s %v is kept as %s, want %s", c.name, c.version, kept, want)
			}
		}
	})
}
