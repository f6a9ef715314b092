package graph_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// shownProject is all that a maintainer reads of a project but its stack.
const shownProject = `project {
	a: slug b: name c: description d: team e: visibility f: useCase { slug } g: traffic h: hasUserAccounts i: isInternetFacing
	j: monthlyCost { amount currency } k: revision l: updatedAt
}`

// full are facts of a project.
func full() input {
	return input{
		"slug": "portal", "name": "  Portal ", "description": "For\r\nour\tcustomers. ", "team": "core", "visibility": "PUBLIC", "useCase": "public-api",
		"traffic": "HIGH", "hasUserAccounts": true, "isInternetFacing": false, "monthlyCost": input{"amount": 120, "currency": "EUR"},
	}
}

func TestAProjectIsRegistered(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		mel := a.as(named("mel"))
		useCase := firstUseCase(a)
		in := full()
		in["organizationId"], in["useCase"] = acme.organization, useCase
		in["stack"] = []input{{"technology": "Node.js", "version": " 18.20.4 "}, {"technology": "home-made"}}
		want := `portal Portal For\nour\tcustomers. core PUBLIC ` + useCase + " HIGH true false 120 EUR 1 2026-11-22T09:30:00Z"
		if got := mel.did("createProject", shownProject, in); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		least := mel.did("createProject", shownProject, input{"organizationId": acme.organization, "slug": "ab", "name": "x"})
		if want := "ab x null null PRIVATE null null null null null 1 2026-11-22T09:30:00Z"; least != want {
			t.Errorf("%s\nwant %s", least, want)
		}
		if got := a.values(`{ organization(slug: "acme") { projects { nodes { name stack { nodes { technology { slug } } } } } } }`, nil); got != "Portal nodejs" {
			t.Errorf("the public sees %s", got)
		}
		for search, want := range map[string]string{"porta": "Portal", "customers": "Portal", "x": "x", "core": ""} {
			got := mel.values(`query($s: String!) { organization(slug: "acme") { projects(filter: {search: $s}) { nodes { name } } } }`, map[string]any{"s": search})
			if got != want {
				t.Errorf("searching for %s gives %q", search, got)
			}
		}
		wantChanges := []string{"PROJECT CREATED by mel", "STACK_COMPONENT CREATED by mel", "STACK_COMPONENT CREATED by mel", "PROJECT CREATED by mel"}
		got := a.as(named("ada")).changes(acme.organization)
		if diff := cmp.Diff(wantChanges, got[len(got)-4:]); diff != "" {
			t.Error(diff)
		}
	})
}

func firstUseCase(a *api) string {
	a.t.Helper()
	all := strings.Fields(a.values(`{ useCases { slug } }`, nil))
	return all[0]
}

func TestAProjectIsChanged(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		ada, mel := a.as(named("ada")), a.as(named("mel"))
		useCase := firstUseCase(a)
		all := full()
		all["useCase"] = useCase
		cleared := input{}
		for _, field := range []string{"description", "team", "useCase", "traffic", "hasUserAccounts", "isInternetFacing", "monthlyCost"} {
			cleared[field] = nil
		}
		first, later := "2026-11-22T09:30:00Z", "2026-11-22T09:31:00Z"
		whole := `portal Portal For\nour\tcustomers. core PUBLIC ` + useCase + " HIGH true false 120 EUR "
		for i, c := range []struct {
			in     input
			want   string
			fields string
		}{
			{input{}, "shop shop null core PRIVATE null null null null null 1 " + first, ""},
			{input{"name": "shop", "team": " core "}, "shop shop null core PRIVATE null null null null null 1 " + first, ""},
			{all, whole + "2 " + later, "description,hasUserAccounts,isInternetFacing,monthlyCost,name,slug,traffic,useCase,visibility"},
			{all, whole + "2 " + later, ""},
			{input{"expectedRevision": 2, "visibility": "PRIVATE"}, strings.Replace(whole, "PUBLIC", "PRIVATE", 1) + "3 " + later, "visibility"},
			{input{"hasUserAccounts": false, "traffic": "LOW", "visibility": "PUBLIC"}, strings.Replace(strings.Replace(whole, "HIGH", "LOW", 1), "true", "false", 1) + "4 " + later, "hasUserAccounts,traffic,visibility"},
			{cleared, "portal Portal null null PUBLIC null null null null null 5 " + later, "description,hasUserAccounts,isInternetFacing,monthlyCost,team,traffic,useCase"},
			{cleared, "portal Portal null null PUBLIC null null null null null 5 " + later, ""},
		} {
			before := len(ada.changes(acme.organization))
			c.in["projectId"] = acme.project
			if got := mel.did("updateProject", shownProject, c.in); got != c.want {
				t.Errorf("%v: %s\nwant %s", c.in, got, c.want)
			}
			changes := ada.changes(acme.organization)[before:]
			if want := "PROJECT UPDATED " + c.fields + " by mel"; c.fields != "" && (len(changes) != 1 || changes[0] != want) || c.fields == "" && len(changes) > 0 {
				t.Errorf("%v: logged %v, want %s", c.in, changes, want)
			}
			if i == 1 {
				a.clock.advance(time.Minute)
			}
		}
		mel.does("createProject", input{"organizationId": acme.organization, "slug": "query", "name": "query"})
		mel.does("updateProject", input{"projectId": acme.project, "name": "Řest"})
		if got := mel.values(`{ organization(slug: "acme") { projects { nodes { name } } } }`, nil); got != "query Řest" {
			t.Errorf("in order of their names they are %s", got)
		}
		if got := mel.values(`{ organization(slug: "acme") { projects(filter: {search: "customers"}) { totalCount } } }`, nil); got != "0" {
			t.Errorf("%s projects have the old description", got)
		}
	})
}

func TestCostsAreForMaintainers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		mel, eve, vic := a.as(named("mel")), a.as(named("eve")), a.as(named("vic"))
		cost := input{"amount": 10, "currency": "EUR"}
		mel.does("updateProject", input{"projectId": acme.project, "monthlyCost": cost})
		for _, given := range []any{cost, nil, input{"amount": 20, "currency": "EUR"}} {
			got := eve.rejects("updateProject", input{"projectId": acme.project, "name": "Eve's", "monthlyCost": given})
			if got != "NOT_ALLOWED input.monthlyCost" {
				t.Errorf("%v: %s", given, got)
			}
		}
		if got := mel.values(`query($id: ID!) { node(id: $id) { ... on Project { name monthlyCost { amount currency } revision } } }`, map[string]any{"id": acme.project}); got != "10 EUR shop 2" {
			t.Errorf("it is %s", got)
		}
		if got := eve.outcome("updateProject", input{"projectId": acme.project, "name": "Eve's"}); got != "done" {
			t.Errorf("without costs: %s", got)
		}
		for who, isTold := range map[*api]bool{mel: true, vic: false} {
			got := strings.Join(logged(who, acme.organization), "\n")
			if strings.Contains(got, "monthlyCost") != isTold || !strings.Contains(got, "PROJECT UPDATED name") && isTold {
				t.Errorf("the log reads\n%s", got)
			}
		}
	})
}

// logged are the changes that a viewer may know of; none where they may not read the log.
func logged(a *api, organization string) []string {
	r := a.ask(`query($id: ID!) { node(id: $id) { ... on Organization { changes(last: 1) { nodes { at } } } } }`, map[string]any{"id": organization})
	if len(r.Errors) > 0 {
		return nil
	}
	return a.changes(organization)
}

func TestFaultsOfProjects(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme, other := tenantOf(t, db, "acme", enum.VisibilityPrivate), tenantOf(t, db, "other", enum.VisibilityPrivate)
		mel := a.as(named("mel"))
		mel.does("createProject", input{"organizationId": acme.organization, "slug": "taken", "name": "Taken"})
		mel.does("createProject", input{"organizationId": other.organization, "slug": "elsewhere", "name": "Elsewhere"})
		for _, c := range []struct {
			field string
			value any
			want  string
		}{
			{"slug", " ", "REQUIRED input.slug"},
			{"slug", "Shop", "INVALID input.slug"},
			{"slug", long41, "TOO_LONG input.slug"},
			{"slug", "taken", "TAKEN input.slug"},
			{"name", " ", "REQUIRED input.name"},
			{"name", offText, "INVALID input.name"},
			{"name", strings.Repeat("x", 101), "TOO_LONG input.name"},
			{"description", offText, "INVALID input.description"},
			{"description", strings.Repeat("x", 2001), "TOO_LONG input.description"},
			{"team", "a\nb", "INVALID input.team"},
			{"team", strings.Repeat("x", 101), "TOO_LONG input.team"},
			{"useCase", "no-such", "NOT_FOUND input.useCase"},
			{"useCase", "No\u0000such", "NOT_FOUND input.useCase"},
			{"monthlyCost", input{"amount": -1, "currency": "EUR"}, "OUT_OF_RANGE input.monthlyCost.amount"},
			{"monthlyCost", input{"amount": 2147483648, "currency": "EUR"}, "OUT_OF_RANGE input.monthlyCost.amount"},
			{"monthlyCost", input{"amount": 1, "currency": ""}, "REQUIRED input.monthlyCost.currency"},
			{"monthlyCost", input{"amount": -1, "currency": "eur"}, "OUT_OF_RANGE input.monthlyCost.amount, INVALID input.monthlyCost.currency"},
			{"monthlyCost", input{"amount": 1, "currency": "DEM"}, "INVALID input.monthlyCost.currency"},
			{"monthlyCost", input{"amount": 1, "currency": "XXX"}, "INVALID input.monthlyCost.currency"},
		} {
			create := input{"organizationId": acme.organization, "slug": "new", "name": "New"}
			create[c.field] = c.value
			if got := mel.outcome("createProject", create); got != c.want {
				t.Errorf("creating with %s %.20q: %s, want %s", c.field, c.value, got, c.want)
			}
			if got := mel.outcome("updateProject", input{"projectId": acme.project, c.field: c.value}); got != c.want {
				t.Errorf("updating with %s %.20q: %s, want %s", c.field, c.value, got, c.want)
			}
		}
		for _, field := range []string{"slug", "name", "visibility"} {
			if got := mel.rejects("updateProject", input{"projectId": acme.project, field: nil}); got != "REQUIRED input."+field {
				t.Errorf("%s: %s", field, got)
			}
		}
		got := mel.rejects("updateProject", input{"projectId": acme.project, "expectedRevision": 7, "slug": "taken", "name": "", "useCase": "none"})
		if want := "CONFLICT input.expectedRevision, REQUIRED input.name, NOT_FOUND input.useCase, TAKEN input.slug"; got != want {
			t.Error(got)
		}
		if got := mel.outcome("updateProject", input{"projectId": acme.project, "slug": "elsewhere", "monthlyCost": input{"amount": 0, "currency": "SLE"}}); got != "done" {
			t.Errorf("a slug of another organisation's project: %s", got)
		}
	})
}

func TestAnOrganisationHasOnlySoManyProjects(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme, other := tenantOf(t, db, "acme", enum.VisibilityPrivate), tenantOf(t, db, "other", enum.VisibilityPrivate)
		mel := a.as(named("mel"))
		write(t, db, func(w rows) {
			o, err := w.tx.Organization.Get(w.ctx, acme.key)
			w.must(err)
			for i := range 48 { // beside the shop: 49
				w.project(o, "p"+strconv.Itoa(i), enum.VisibilityPrivate)
			}
		})
		create := func(o tenant, slug string) string {
			return mel.outcome("createProject", input{"organizationId": o.organization, "slug": slug, "name": "New"})
		}
		if got := atOnce(3, func(i int) string { return create(acme, "new-"+strconv.Itoa(i)) }); strings.Count(strings.Join(got, ","), "done") != 1 {
			t.Errorf("three at once, with room for one: %v", got)
		}
		if got := create(acme, "more"); got != "LIMIT_REACHED input.organizationId" {
			t.Errorf("one too many: %s", got)
		}
		if got := create(other, "more"); got != "done" {
			t.Errorf("another organisation: %s", got)
		}
		mel.does("deleteProject", input{"projectId": acme.project})
		if got := create(acme, "more"); got != "done" {
			t.Errorf("after one was deleted: %s", got)
		}
	})
}

func TestADeletedProjectTakesItsStackAlong(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPublic)
		mel := a.as(named("mel"))
		mel.does("setStack", input{"projectId": acme.project, "components": []input{{"technology": "redis"}, {"technology": "nodejs"}}})
		if got := a.values(`{ technology(slug: "redis") { usedBy { nodes { slug } } } }`, nil); got != "shop" {
			t.Errorf("redis is used by %s", got)
		}
		if got := mel.does("deleteProject", input{"projectId": acme.project}); got != acme.project {
			t.Errorf("the id is %s", got)
		}
		want := []string{"PROJECT DELETED by mel", "STACK_COMPONENT DELETED by mel", "STACK_COMPONENT DELETED by mel"}
		got := mel.changes(acme.organization)
		if diff := cmp.Diff(want, got[len(got)-3:]); diff != "" {
			t.Error(diff)
		}
		if n, err := db.Read().StackComponent.Query().Count(t.Context()); n != 0 || err != nil {
			t.Errorf("%d components are left (%v)", n, err)
		}
		if got := a.values(`{ organization(slug: "acme") { id } }`, nil); got != "null" {
			t.Errorf("without a public project it is still seen: %s", got)
		}
	})
}

func TestAPrivateProjectOfAKnownOrganisationIsUnknown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPublic)
		private := a.as(named("mel")).does("createProject", input{"organizationId": acme.organization, "slug": "secret", "name": "Secret"})
		out := a.as(named("out"))
		for mutation, in := range map[string]input{"updateProject": {"name": "x"}, "deleteProject": {}, "setStack": {"components": []input{}}} {
			for id, want := range map[string]string{private: "NOT_FOUND input.projectId", acme.project: "FORBIDDEN"} {
				in["projectId"] = id
				if got := out.outcome(mutation, in); !strings.HasPrefix(got, want) {
					t.Errorf("%s: %s, want %s", mutation, got, want)
				}
			}
		}
	})
}
