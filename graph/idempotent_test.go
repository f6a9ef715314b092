package graph_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// once founds an organisation under a key, and says how that went.
func (a *api) once(key, slug string) string {
	a.t.Helper()
	r := a.ask(`mutation($in: CreateOrganizationInput!, $key: String!) {
		it: createOrganization(input: $in) @idempotent(key: $key) { organization { id } userErrors { code field } }
	}`, map[string]any{"in": input{"slug": slug, "name": "Acme"}, "key": key})
	var codes []string
	for _, e := range r.Errors {
		codes = append(codes, e.Extensions["code"].(string))
	}
	if len(codes) > 0 {
		return strings.Join(codes, " ")
	}
	return string(r.Data)
}

func TestAKeyLetsAMutationHappenOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		ada, bob := a.as(named("ada")), a.as(named("bob"))
		first := ada.once("k", "acme")
		if !strings.Contains(first, `"id"`) {
			t.Fatal(first)
		}
		if again := ada.once("k", "acme"); again != first {
			t.Errorf("the second time it answers %s, not %s", again, first)
		}
		if again := serve(t, db).as(named("ada")).once("k", "acme"); again != first {
			t.Errorf("after a restart it answers %s, not %s", again, first)
		}
		if got := ada.once("k", "other"); got != "CONFLICT" {
			t.Errorf("another input: %s", got)
		}
		if got := ada.ask(`mutation { it: createOrganization(input: {slug: "acme", name: "Acme"}) @idempotent(key: "k") { organization { id } } }`, nil); len(got.Errors) > 0 {
			t.Errorf("the same input without variables: %+v", got.Errors)
		}
		if got := ada.ask(`mutation { leaveOrganization(input: {organizationId: "DQE"}) @idempotent(key: "k") { userErrors { code } } }`, nil); len(got.Errors) != 1 {
			t.Errorf("another mutation: %s %+v", got.Data, got.Errors)
		}
		if got := bob.once("k", "acme"); !strings.Contains(got, "TAKEN") {
			t.Errorf("somebody else's key: %s", got)
		}
		if got := bob.once("k", "bobs"); !strings.Contains(got, `"id"`) {
			t.Errorf("a refused input has used up the key: %s", got)
		}
		a.clock.advance(24*time.Hour - time.Microsecond)
		if got := ada.once("k", "acme"); got != first {
			t.Errorf("within a day: %s", got)
		}
		a.clock.advance(time.Microsecond)
		if got := ada.once("k", "later"); !strings.Contains(got, `"id"`) || got == first {
			t.Errorf("after a day: %s", got)
		}
		if got := ada.values(`{ viewer { organizations { totalCount } } }`, nil); got != "2" {
			t.Errorf("there are %s organisations", got)
		}
	})
}

func TestAKeyAnswersAsTheViewerSeesItThen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada, mel := a.as(named("ada")), a.as(named("mel"))
		document := `mutation($in: UpdateProjectInput!) { it: updateProject(input: $in) @idempotent(key: "k") { project { name revision } userErrors { code } } }`
		in := map[string]any{"in": input{"projectId": acme.project, "name": "Once", "monthlyCost": input{"amount": 1, "currency": "EUR"}}}
		if got := mel.values(document, in); got != "Once 2" {
			t.Error(got)
		}
		ada.does("updateProject", input{"projectId": acme.project, "name": "Later"})
		ada.does("setMemberRole", input{"organizationId": acme.organization, "userId": acme.users["mel"], "role": "EDITOR"})
		if got := mel.values(document, in); got != "Later 3" {
			t.Errorf("again, it is %s", got)
		}
		ada.does("removeMember", input{"organizationId": acme.organization, "userId": acme.users["mel"]})
		if got := mel.values(document, in); got != "null" {
			t.Errorf("to whom may not see it any more, it is %s", got)
		}
	})
}

func TestKeysThatAreNone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		ada := a.as(named("ada"))
		for _, key := range []string{"", strings.Repeat("k", 101), strings.Repeat("é", 101), "a\u0000b", "a\nb"} {
			if got := ada.once(key, "acme"); got != "BAD_USER_INPUT" {
				t.Errorf("%q: %s", key, got)
			}
		}
		if got := ada.once(strings.Repeat("é", 100), "acme"); !strings.Contains(got, `"id"`) {
			t.Errorf("the longest key: %s", got)
		}
	})
}

// TestAKeyLetsARaceHappenOnce sends the same thing many times at once: a project
// is registered, and everyone is told of the same one.
func TestAKeyLetsARaceHappenOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada := a.as(named("ada"))
		for round := range 5 {
			slug := fmt.Sprintf("new-%d", round)
			answers := atOnce(6, func(int) string {
				return string(ada.ask(`mutation($in: CreateProjectInput!, $key: String!) {
					createProject(input: $in) @idempotent(key: $key) { project { id slug } userErrors { code } }
				}`, map[string]any{"in": input{"organizationId": acme.organization, "slug": slug, "name": "New"}, "key": slug}).Data)
			})
			for _, got := range answers {
				if got != answers[0] || !strings.Contains(got, slug) {
					t.Errorf("some were told %s, and some %s", answers[0], got)
				}
			}
		}
		if got := ada.values(`{ organization(slug: "acme") { projects { totalCount } } }`, nil); got != "6" {
			t.Errorf("there are %s projects", got)
		}
	})
}

func TestAKeyThatIsForgottenLetsARaceHappenOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		ada := a.as(named("ada"))
		for round := range 4 {
			first := ada.once("k", fmt.Sprintf("acme-%d", round))
			a.clock.advance(24 * time.Hour)
			answers := atOnce(6, func(int) string { return ada.once("k", fmt.Sprintf("later-%d", round)) })
			for _, got := range answers {
				if got != answers[0] || !strings.Contains(got, `"id"`) || got == first {
					t.Fatalf("some were told %s, and some %s", answers[0], got)
				}
			}
			a.drop(ada)
		}
	})
}

// drop deletes all organisations of a user.
func (a *api) drop(u *api) {
	a.t.Helper()
	for _, id := range strings.Fields(u.values(`{ viewer { organizations(first: 50) { nodes { id } } } }`, nil)) {
		u.did("deleteOrganization", "deletedOrganizationId", input{"organizationId": id})
	}
}

// Whoever founds an organisation counts those that they have: that must not wait for another mutation of theirs
// which has taken its key, and waits to count as well.
func TestMutationsWithKeysDoNotLockEachOtherOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		ada := a.as(named("ada"))
		ada.values(`{ viewer { user { name } } }`, nil)
		const n = 5
		replies := atOnce(n, func(i int) reply {
			return ada.ask(`mutation($name: String!) { createOrganization(input: {slug: $name, name: $name}) @idempotent(key: $name) { organization { id } } }`,
				map[string]any{"name": fmt.Sprintf("org-%d", i)})
		})
		keys := 0
		for _, r := range replies {
			for _, s := range r.statements {
				if strings.Contains(s, "INSERT INTO") && strings.Contains(s, "idempotency_keys") {
					keys++
				}
			}
		}
		if keys != n {
			t.Errorf("%d mutations took keys %d times", n, keys)
		}
	})
}

// atOnce runs something several times at once, and gives what each gave.
func atOnce[T any](n int, run func(i int) T) []T {
	out := make([]T, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { out[i] = run(i) })
	}
	all.Wait()
	return out
}
