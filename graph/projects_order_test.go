package graph_test

import (
	"strings"
	"testing"

	"stackyard/graph"
	"stackyard/internal/enum"
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
