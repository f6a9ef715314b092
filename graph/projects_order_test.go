package graph_test

import (
	"strings"
	"testing"

	"stackyard/graph"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// Cursors hold what a list is ordered by, and the order itself tells.
func TestWhenAProjectChangedDoesNotShowInTheOrderThatAVisitorSees(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		tenantOf(t, db, "acme", enum.VisibilityPublic)
		for _, noAhead := range []bool{false, true} {
			a := serve(t, db, func(cfg *graph.Config) { cfg.NoAhead = noAhead })
			document := `{ organization(slug: "acme") { projects(orderBy: {field: UPDATED_AT}) { edges { cursor } totalCount } } }`
			for name, code := range map[string]string{"": "UNAUTHENTICATED", "out": "FORBIDDEN"} {
				visitor := a
				if name != "" {
					visitor = a.as(named(name))
				}
				r := visitor.ask(document, nil)
				if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != code || strings.Contains(string(r.Data), "cursor") {
					t.Errorf("%q is told %s %+v", name, r.Data, r.Errors)
				}
			}
			if r := a.as(named("vic")).ask(document, nil); len(r.Errors) > 0 || !strings.Contains(string(r.Data), "cursor") {
				t.Errorf("a member is told %s %+v", r.Data, r.Errors)
			}
			if r := a.ask(`{ organization(slug: "acme") { projects(orderBy: {field: NAME}) { edges { cursor } } } }`, nil); len(r.Errors) > 0 {
				t.Errorf("by name, a visitor is told %+v", r.Errors)
			}
		}
	})
}

// Cursors are equal for equal places, so that a place must not depend on what is hidden.
func TestCursorsOfAStackDoNotTellAVisitorOfComponentsBetween(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPublic)
		stack := func(names ...string) string {
			components := []input{}
			for _, name := range names {
				components = append(components, input{"technology": name})
			}
			a.as(named("eve")).does("setStack", input{"projectId": acme.project, "components": components})
			document := `query($id: ID!) { node(id: $id) { ... on Project { stack { edges { cursor node { technology { slug } } } } } } }`
			return a.values(document, map[string]any{"id": acme.project})
		}
		was := stack("redis", "nodejs")
		for _, names := range [][]string{{"own", "redis", "nodejs"}, {"redis", "own", "mine", "nodejs", "more"}, {"redis", "nodejs"}} {
			if is := stack(names...); is != was {
				t.Errorf("with %v a visitor sees %s, and saw %s", names, is, was)
			}
		}
		if is := stack("nodejs", "redis"); is == was {
			t.Errorf("another order of what visitors know shows in nothing: %s", is)
		}
	})
}
