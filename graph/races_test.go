package graph_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// tally counts outcomes, as in `1 done, 3 TAKEN input.slug`.
func tally(outcomes []string) string {
	counts := map[string]int{}
	for _, o := range outcomes {
		counts[o]++
	}
	var out []string
	for _, o := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprint(counts[o], " ", o))
	}
	return strings.Join(out, ", ")
}

func TestOfChangesToTheSameRevisionOneIsDone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		for _, c := range []struct {
			mutation, field, id string
			in                  func(i int) input
		}{
			{"updateOrganization", "organizationId", acme.organization, func(i int) input { return input{"name": fmt.Sprint("Acme ", i)} }},
			{"setOrganizationRules", "organizationId", acme.organization, func(i int) input { return input{"endOfLifeHorizonDays": i} }},
			{"updateProject", "projectId", acme.project, func(i int) input { return input{"name": fmt.Sprint("Shop ", i)} }},
			{"setStack", "projectId", acme.project, func(i int) input {
				return input{"components": []input{{"technology": "redis", "version": fmt.Sprint(i)}}}
			}},
		} {
			revision := func() string {
				return ada.values(`query($id: ID!) { node(id: $id) { ... on Organization { revision } ... on Project { revision } } }`, map[string]any{"id": c.id})
			}
			for round := range 3 {
				before := revision()
				outcomes := atOnce(4, func(i int) string {
					in := c.in(1 + 4*round + i)
					in[c.field], in["expectedRevision"] = c.id, before
					return ada.outcome(c.mutation, in)
				})
				if got := tally(outcomes); got != "3 CONFLICT input.expectedRevision, 1 done" {
					t.Errorf("%s: %s", c.mutation, got)
				}
				if after := revision(); after == before {
					t.Errorf("%s: the revision is still %s", c.mutation, before)
				}
			}
		}
	})
}

func TestOfThoseWhoTakeTheSameSlugOneGetsIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		for round := range 3 {
			outcomes := atOnce(4, func(i int) string {
				return a.as(named(fmt.Sprint("user-", round, "-", i))).outcome("createOrganization", input{"slug": fmt.Sprint("acme-", round), "name": "Acme"})
			})
			if got := tally(outcomes); got != "3 TAKEN input.slug, 1 done" {
				t.Error(got)
			}
		}
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		for round := range 3 {
			outcomes := atOnce(4, func(int) string {
				return a.as(named("mel")).outcome("createProject", input{"organizationId": acme.organization, "slug": fmt.Sprint("new-", round), "name": "New"})
			})
			if got := tally(outcomes); got != "3 TAKEN input.slug, 1 done" {
				t.Error(got)
			}
		}
	})
}

func TestLimitsHoldAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		outcomes := atOnce(8, func(i int) string {
			return a.as(named("new")).outcome("createOrganization", input{"slug": fmt.Sprint("acme-", i), "name": "Acme"})
		})
		if got := tally(outcomes); got != "3 LIMIT_REACHED input, 5 done" {
			t.Error(got)
		}
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate) // one waits already
		outcomes = atOnce(6, func(i int) string {
			return a.as(named("ada")).outcome("inviteMember", input{"organizationId": acme.organization, "email": fmt.Sprint("u", i, "@example.org"), "role": "VIEWER"})
		})
		if got := tally(outcomes); got != "2 LIMIT_REACHED input.organizationId, 4 done" {
			t.Error(got)
		}
		outcomes = atOnce(4, func(int) string {
			return a.as(named("ivy")).outcome("acceptInvitation", input{"invitationId": acme.invitation})
		})
		if got := tally(outcomes); got != "3 NOT_FOUND input.invitationId, 1 done" {
			t.Error(got)
		}
	})
}

// TestAnEditorWhoIsRemovedMeanwhileEditsBeforeOrNotAtAll lets an owner remove or
// demote an editor, or delete everything, while the editor edits.
func TestAnEditorWhoIsRemovedMeanwhileEditsBeforeOrNotAtAll(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		for round := range 9 {
			acme := tenantOf(t, db, fmt.Sprint("acme-", round), enum.VisibilityPrivate)
			outcomes := atOnce(4, func(i int) string {
				switch {
				case i > 0:
					return a.as(named("eve")).outcome("setStack", input{"projectId": acme.project, "components": []input{{"technology": "redis", "version": fmt.Sprint(i)}}})
				case round%3 == 1:
					return a.as(named("ada")).outcome("setMemberRole", input{"organizationId": acme.organization, "userId": acme.users["eve"], "role": "VIEWER"})
				case round%3 == 0:
					return a.as(named("ada")).outcome("removeMember", input{"organizationId": acme.organization, "userId": acme.users["eve"]})
				}
				return a.as(named("ada")).outcome("deleteOrganization", input{"organizationId": acme.organization})
			})
			for i, o := range outcomes {
				if o != "done" && (i == 0 || o != [...]string{"NOT_FOUND input.projectId", "FORBIDDEN EDITOR", "NOT_FOUND input.projectId"}[round%3]) {
					t.Errorf("%v", outcomes)
				}
			}
			if round%3 == 2 {
				continue
			}
			changes := a.as(named("ada")).changes(acme.organization)
			gone := slices.IndexFunc(changes, func(c string) bool { return c == "MEMBER DELETED by ada" || c == "MEMBER UPDATED role by ada" })
			if gone < 0 || strings.Contains(strings.Join(changes[gone:], "\n"), "by eve") {
				t.Errorf("%v", changes)
			}
		}
	})
}

// countdown ends a context before the statement that is one too many.
type countdown struct {
	left atomic.Int64
	end  context.CancelFunc
}

type countdownKey struct{}

// TestACancelledRequestLeavesNothingHalfDone ends requests before each of their statements.
func TestACancelledRequestLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect, storetest.Observing(func(ctx context.Context, _ string) {
			if c, isThere := ctx.Value(countdownKey{}).(*countdown); isThere && c.left.Add(-1) < 0 {
				c.end()
			}
		}))
		a := serve(t, db)
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		state := func() (counts [5]int) {
			t.Helper()
			client := db.Read()
			for i, count := range []func(context.Context) (int, error){
				client.Project.Query().Count, client.StackComponent.Query().Count, client.Change.Query().Count, client.IdempotencyKey.Query().Count,
				client.Finding.Query().Count,
			} {
				n, err := count(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				counts[i] = n
			}
			return counts
		}
		document := `mutation($slug: String!, $of: ID!) {
			createProject(input: {organizationId: $of, slug: $slug, name: "New", stack: [{technology: "redis"}, {technology: "own"}]}) @idempotent(key: $slug) { project { id } userErrors { code } }
		}`
		const found = 2 // a missing version, and what the catalogue does not know
		before, refused, lost := state(), 0, 0
		for n := range 60 {
			ctx, end := context.WithCancel(t.Context())
			c := &countdown{end: end}
			c.left.Store(int64(n))
			variables := map[string]any{"slug": fmt.Sprint("new-", n), "of": acme.organization}
			r := ada.askIn(context.WithValue(ctx, countdownKey{}, c), document, variables)
			end()
			whole := [5]int{before[0] + 1, before[1] + 2, before[2] + 3 + found, before[3] + 1, before[4] + found}
			switch after := state(); {
			case after == before && len(r.Errors) > 0:
				refused++
			case after == whole && len(r.Errors) > 0:
				lost++ // it went away while the answer was read
			case after != whole:
				t.Errorf("ended before statement %d, it has done %v and not %v: %+v", n, after, whole, r.Errors)
			}
			if again := ada.ask(document, variables); len(again.Errors) > 0 || state() != whole {
				t.Errorf("ended before statement %d, and tried again: %v, want %v: %+v", n, state(), whole, again.Errors)
			}
			before = whole
			if len(r.Errors) == 0 {
				break
			}
		}
		if refused < 10 || lost > 5 || refused+lost == 60 {
			t.Errorf("%d were refused, the answers to %d lost", refused, lost)
		}
	})
}
