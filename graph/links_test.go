package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// unlinked opens an api on the catalogue without the links that tests write themselves.
func unlinked(t *testing.T, test func(t *testing.T, a *api, db *store.DB)) {
	t.Helper()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		write(t, db, rows.unlink)
		test(t, a, db)
	})
}

func TestIntegrationsAreSeenFromBothSidesByTheOtherSidesName(t *testing.T) {
	unlinked(t, func(t *testing.T, a *api, db *store.DB) {
		var made *ent.Integration
		write(t, db, func(w rows) {
			nodejs, postgresql, redis := w.technology("nodejs"), w.technology("postgresql"), w.technology("redis")
			made = w.integration(nodejs, enum.AreaData, postgresql, nil)
			w.integration(redis, enum.AreaData, nodejs, nil)
			w.integration(nodejs, enum.AreaFrontEnd, nil, w.tool("a-front-end", "a front-end"))
			w.integration(nodejs, enum.AreaRuntime, nodejs, nil)
		})
		var got any
		r := a.data(`{
			technologies(filter: { slugs: ["nodejs", "postgresql", "redis"] }) {
				nodes {
					slug
					integrations { totalCount edges { target { __typename ...Name } node { area from { slug } to { ...Name } } } }
					data: integrations(first: 1, filter: { areas: [DATA] }) { totalCount nodes { to { ...Name } } pageInfo { hasNextPage } }
				}
			}
		}
		fragment Name on IntegrationTarget { ... on Technology { slug categories { slug } } ... on Tool { slug area homepage } }`, nil, &got)
		const (
			nodejs     = `"slug": "nodejs", "categories": [{ "slug": "languages-runtimes" }]`
			postgresql = `"slug": "postgresql", "categories": [{ "slug": "databases" }]`
			tool       = `"slug": "a-front-end", "area": "FRONT_END", "homepage": null`
		)
		want := parsed(t, `{ "technologies": { "nodes": [
			{ "slug": "nodejs",
			  "integrations": { "totalCount": 5, "edges": [
				{ "target": { "__typename": "Tool", `+tool+` }, "node": { "area": "FRONT_END", "from": { "slug": "nodejs" }, "to": { `+tool+` } } },
				{ "target": { "__typename": "Technology", `+nodejs+` }, "node": { "area": "RUNTIME", "from": { "slug": "nodejs" }, "to": { `+nodejs+` } } },
				{ "target": { "__typename": "Technology", `+nodejs+` }, "node": { "area": "RUNTIME", "from": { "slug": "nodejs" }, "to": { `+nodejs+` } } },
				{ "target": { "__typename": "Technology", `+postgresql+` }, "node": { "area": "DATA", "from": { "slug": "nodejs" }, "to": { `+postgresql+` } } },
				{ "target": { "__typename": "Technology", "slug": "redis", "categories": [{ "slug": "databases" }] }, "node": { "area": "DATA", "from": { "slug": "redis" }, "to": { `+nodejs+` } } }
			  ] },
			  "data": { "totalCount": 2, "nodes": [ { "to": { `+postgresql+` } } ], "pageInfo": { "hasNextPage": true } } },
			{ "slug": "postgresql",
			  "integrations": { "totalCount": 1, "edges": [
				{ "target": { "__typename": "Technology", `+nodejs+` }, "node": { "area": "DATA", "from": { "slug": "nodejs" }, "to": { `+postgresql+` } } }
			  ] },
			  "data": { "totalCount": 1, "nodes": [ { "to": { `+postgresql+` } } ], "pageInfo": { "hasNextPage": false } } },
			{ "slug": "redis",
			  "integrations": { "totalCount": 1, "edges": [
				{ "target": { "__typename": "Technology", `+nodejs+` }, "node": { "area": "DATA", "from": { "slug": "redis" }, "to": { `+nodejs+` } } }
			  ] },
			  "data": { "totalCount": 1, "nodes": [ { "to": { `+nodejs+` } } ], "pageInfo": { "hasNextPage": false } } }
		] } }`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if len(r.statements) != 8 {
			t.Errorf("it took %d statements, want 8: technologies, two lists with their lengths, tools, categories of targets and of the rest", len(r.statements))
		}

		node := a.values(`query ($id: ID!) { node(id: $id) { ... on Integration { from { slug } support to { ... on Technology { slug } } } } }`,
			map[string]any{"id": made.GlobalID().String()})
		if node != "nodejs PLUGIN postgresql" {
			t.Errorf("by its id: %s", node)
		}
	})
}

func TestAlternativesAndSuccessorsComeByTheirPosition(t *testing.T) {
	unlinked(t, func(t *testing.T, a *api, db *store.DB) {
		write(t, db, func(w rows) {
			redis := w.technology("redis")
			for i, slug := range []string{"valkey", "dragonfly", "memcached"} {
				w.alternative(redis, w.technology(slug), i)
			}
			w.alternative(w.technology("mysql"), w.technology("mariadb"), 0)
			w.successor(redis, w.technology("valkey"), 1)
			w.successor(redis, w.technology("keydb"), 0)
		})
		got := a.values(`{
			technologies(filter: { slugs: ["mysql", "redis"] }) {
				nodes {
					a: alternatives(first: 2) { a: totalCount b: nodes { slug } }
					b: alternatives(last: 1) { nodes { slug } }
					c: successors { slug }
				}
			}
		}`, nil)
		if want := "1 mariadb mariadb 3 valkey dragonfly memcached keydb valkey"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}

		var first struct {
			Technology struct {
				Alternatives struct{ PageInfo struct{ EndCursor string } }
			}
		}
		a.data(`{ technology(slug: "redis") { alternatives(first: 1) { pageInfo { endCursor } } } }`, nil, &first)
		got = a.values(`query ($after: String) { technology(slug: "redis") { alternatives(after: $after) { nodes { slug } pageInfo { hasPreviousPage } } } }`,
			map[string]any{"after": first.Technology.Alternatives.PageInfo.EndCursor})
		if want := "dragonfly memcached true"; got != want {
			t.Errorf("after the first: got %q, want %q", got, want)
		}
	})
}

func TestUseCasesListBestRatedFirstAndUnratedLast(t *testing.T) {
	unlinked(t, func(t *testing.T, a *api, db *store.DB) {
		write(t, db, func(w rows) {
			good, better := 4.25, 4.5
			w.suits(w.technology("django"), "api-first", 0, &good)
			w.suits(w.technology("nodejs"), "api-first", 0, nil)
			w.suits(w.technology("rails"), "api-first", 1, &better)
			w.suits(w.technology("rails"), "small-medium-web", 0, &better)
		})
		got := a.values(`{
			useCase(slug: "api-first") {
				a: technologies { a: totalCount b: nodes { slug useCases { slug } } }
				b: technologies(orderBy: { field: RATING }) { nodes { slug } }
				c: technologies(orderBy: { field: NAME, direction: DESC }, first: 1) { nodes { slug } }
				d: technologies(filter: { categories: ["frameworks"] }) { a: totalCount b: nodes { slug } }
			}
			useCases { slug technologies(first: 1) { nodes { slug } } }
			within: technologies(filter: { useCases: ["small-medium-web", "nothing"] }) { nodes { slug } }
		}`, nil)
		want := "3 rails small-medium-web api-first django api-first nodejs api-first" +
			" django rails nodejs rails 2 rails django" +
			" small-medium-web rails enterprise-high-traffic api-first rails rails"
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}
