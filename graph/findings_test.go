package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent/finding"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/internal/app"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// watched is a project whose findings are looked at, with what runs in the background.
type watched struct {
	*api
	tenant
	cases *app.App
	db    *store.DB
}

func watch(t *testing.T, a *api, db *store.DB) watched {
	t.Helper()
	return watched{api: a, tenant: tenantOf(t, db, "acme", enum.VisibilityPublic), cases: app.New(db, a.clock.now, app.Limits{}), db: db}
}

// recheck does what runs in the background.
func (w watched) recheck() {
	w.t.Helper()
	if err := w.cases.Recheck(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// noScore stands for the score of what has none.
const noScore = -1

// found gives the project's findings of some states, as `RULE SEVERITY STATE component`, and its score.
func (w watched) found(states ...string) ([]string, int) {
	w.t.Helper()
	var data struct {
		Node struct {
			Score    *int
			Findings struct {
				TotalCount int
				Nodes      []struct {
					Rule, Severity, State string
					Component             *struct{ Name string }
				}
			}
		}
	}
	w.as(named("vic")).data(`query($id: ID!, $states: [FindingState!]) { node(id: $id) { ... on Project {
		score findings(first: 100, filter: { states: $states }) { totalCount nodes { rule severity state component { name } } }
	} } }`, map[string]any{"id": w.project, "states": states}, &data)
	out := []string{}
	for _, f := range data.Node.Findings.Nodes {
		line := strings.Join([]string{f.Rule, f.Severity, f.State}, " ")
		if f.Component != nil {
			line += " " + f.Component.Name
		}
		out = append(out, line)
	}
	if data.Node.Findings.TotalCount != len(out) {
		w.t.Errorf("%d findings, and %d are counted", len(out), data.Node.Findings.TotalCount)
	}
	if data.Node.Score == nil {
		return out, noScore
	}
	return out, *data.Node.Score
}

func (w watched) score() int {
	w.t.Helper()
	_, score := w.found()
	return score
}

// idOf gives the id of the only finding of a rule.
func (w watched) idOf(rule string) string {
	w.t.Helper()
	var data struct {
		Node struct {
			Findings struct{ Nodes []struct{ ID string } }
		}
	}
	w.as(named("vic")).data(`query($id: ID!, $rules: [FindingRule!]) { node(id: $id) { ... on Project { findings(filter: { rules: $rules }) { nodes { id } } } } }`,
		map[string]any{"id": w.project, "rules": []string{rule}}, &data)
	if len(data.Node.Findings.Nodes) != 1 {
		w.t.Fatalf("%d findings of %s", len(data.Node.Findings.Nodes), rule)
	}
	return data.Node.Findings.Nodes[0].ID
}

func (w watched) setStack(components ...input) {
	w.t.Helper()
	w.as(named("eve")).does("setStack", input{"projectId": w.project, "components": append([]input{}, components...)})
}

func part(technology, version string) input {
	return input{"technology": technology, "version": version}
}

func TestAFindingGoesAndComesBackUnderItsID(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		w.setStack(part("nodejs", "18.20.4"))
		w.expectRule("END_OF_LIFE", "OPEN nodejs")
		old := w.idOf("END_OF_LIFE")
		seen := func() string {
			return w.as(named("vic")).values(`query($id: ID!) { node(id: $id) { ... on Finding {
				component { id } firstSeenAt fixedAt lastSeenAt state project { slug } advisory { id } acknowledgement { reason } } } }`, map[string]any{"id": old})
		}
		component := w.as(named("vic")).values(`query($id: ID!) { node(id: $id) { ... on Project { stack { nodes { id } } } } }`, map[string]any{"id": w.project})
		first := "2026-11-22T09:30:00Z"
		if got, want := seen(), "null null "+component+" "+first+" null "+first+" shop OPEN"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		a.clock.advance(time.Hour)
		w.setStack(part("nodejs", "24.9.0"))
		w.expectRule("END_OF_LIFE", "FIXED nodejs")
		if got, want := seen(), "null null "+component+" "+first+" 2026-11-22T10:30:00Z "+first+" shop FIXED"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		w.setStack(part("nodejs", "18.20.4"))
		if is := w.idOf("END_OF_LIFE"); is != old {
			t.Errorf("it was %s, and is %s", old, is)
		}
		w.expectRule("END_OF_LIFE", "OPEN nodejs")
		w.setStack()
		w.expectRule("END_OF_LIFE", "FIXED")
		for _, stack := range [][]input{{}, {part("acme-billing", "1")}} {
			if w.setStack(stack...); w.score() != noScore {
				t.Errorf("the score of %v, of which nothing is known, is %d", stack, w.score())
			}
		}
		if w.setStack(part("acme-billing", "1"), part("postgresql", "17.9")); w.score() == noScore {
			t.Error("there is no score of what is known in part")
		}
		w.setStack()
		a.clock.advance(100 * 24 * time.Hour)
		if err := w.cases.Tidy(t.Context(), 90*24*time.Hour); err != nil {
			t.Fatal(err)
		}
		w.expectRule("END_OF_LIFE")
	})
}

// expectRule says how the project's findings of a rule stand.
func (w watched) expectRule(rule string, want ...string) {
	w.t.Helper()
	all, _ := w.found("OPEN", "ACKNOWLEDGED", "FIXED")
	got := []string{}
	for _, f := range all {
		if name, rest, _ := strings.Cut(f, " "); name == rule {
			_, rest, _ = strings.Cut(rest, " ") // without the severity
			got = append(got, rest)
		}
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("%s: %q, want %q", rule, got, want)
	}
}

func TestFindingsFollowTheCatalogueTheRulesAndTheDay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		w.recheck()
		w.setStack(part("nodejs", "24.9.0"), part("postgresql", "17.5"))
		w.expectRule("END_OF_LIFE")
		ends := calendar.DayOf(storetest.Today) + 300
		write(t, db, func(r rows) {
			r.must(r.tx.ReleaseCycle.Update().Where(releasecycle.Name("24"), ofSlug("nodejs")).SetEndOfLifeOn(ends).Exec(r.ctx))
		})
		w.recheck()
		w.expectRule("END_OF_LIFE_SOON")
		mel := w.as(named("mel"))
		mel.does("setOrganizationRules", input{"organizationId": w.organization, "endOfLifeHorizonDays": 365, "disabledRules": []string{}})
		w.recheck()
		w.expectRule("END_OF_LIFE_SOON", "OPEN nodejs")
		a.clock.advance(301 * 24 * time.Hour)
		w.expectRule("END_OF_LIFE_SOON", "OPEN nodejs") // nothing has looked yet
		w.recheck()
		w.expectRule("END_OF_LIFE_SOON", "FIXED nodejs")
		w.expectRule("END_OF_LIFE", "OPEN nodejs")
		mel.does("setOrganizationRules", input{"organizationId": w.organization, "endOfLifeHorizonDays": 365, "disabledRules": []string{"END_OF_LIFE"}})
		w.recheck()
		w.expectRule("END_OF_LIFE", "FIXED nodejs")
	})
}

func TestProjectsAreFoundByTheirFindings(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		mel := w.as(named("mel"))
		mel.does("createProject", input{"organizationId": w.organization, "slug": "empty", "name": "Empty"})
		mel.does("createProject", input{"organizationId": w.organization, "slug": "sound", "name": "Sound", "stack": []input{part("caddy", "")}})
		mel.does("createProject", input{"organizationId": w.organization, "slug": "worst", "name": "Worst", "stack": []input{part("nodejs", "12.1.0"), part("django", "1.11")}})
		w.setStack(part("nodejs", "18.20.4"))
		list := func(as *api, arguments string) string {
			return as.values(`{ organization(slug: "acme") { projects(`+arguments+`) { nodes { slug } } } }`, nil)
		}
		vic := w.as(named("vic"))
		for arguments, want := range map[string]string{
			`orderBy: { field: SCORE }`:                         "shop worst sound empty",
			`orderBy: { field: SCORE, direction: DESC }`:        "sound worst shop empty",
			`filter: { hasOpenFindings: true }`:                 "shop sound worst",
			`filter: { hasOpenFindings: false }`:                "empty",
			`orderBy: { field: SCORE }, first: 2`:               "shop worst",
			`orderBy: { field: SCORE }, last: 2`:                "sound empty",
			`filter: { hasOpenFindings: true }, last: 1`:        "worst",
			`filter: { hasOpenFindings: true, uses: "django" }`: "worst",
		} {
			if got := list(vic, arguments); got != want {
				t.Errorf("%s: %s, want %s", arguments, got, want)
			}
			for name, who := range map[string]*api{"nobody": a.as(nil), "a stranger": w.as(named("out"))} {
				r := who.ask(`{ organization(slug: "acme") { projects(`+arguments+`) { nodes { slug } } } }`, nil)
				if len(r.Errors) != 1 || r.Errors[0].Extensions["requiredRole"] != "VIEWER" {
					t.Errorf("%s asks %s: %s %+v", name, arguments, r.Data, r.Errors)
				}
			}
		}
		id := w.idOf("END_OF_LIFE")
		for name, who := range map[string]*api{"nobody": a.as(nil), "a stranger": w.as(named("out"))} {
			if got := who.values(`query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id}); got != "null" {
				t.Errorf("%s finds %s", name, got)
			}
		}
	})
}

func TestTheForecastIsWhatEndsAndWhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		mel := w.as(named("mel"))
		w.setStack(part("nodejs", "22.1.0"), part("nodejs", "22.2.0"), part("postgresql", "14.1"))
		for n := range 3 {
			mel.does("createProject", input{"organizationId": w.organization, "slug": fmt.Sprint("p", n), "name": fmt.Sprint("P", n), "stack": []input{part("nodejs", "22.3.0"), part("nodejs", "18.20.4")}})
		}
		other := tenantOf(t, db, "other", enum.VisibilityPublic)
		w.as(named("eve")).does("setStack", input{"projectId": other.project, "components": []input{part("nodejs", "22.9.0"), part("django", "5.2")}})
		const document = `{ organization(slug: "acme") { forecast(until: "2027-04-30") { totalCount nodes {
			releaseCycle { name technology { slug } } endOfLifeOn projects { totalCount nodes { slug } } } } } }`
		r := w.as(named("vic")).ask(document, nil)
		const want = `{"organization":{"forecast":{"totalCount":1,"nodes":[{"releaseCycle":{"name":"22","technology":{"slug":"nodejs"}},"endOfLifeOn":"2027-04-30","projects":{"totalCount":4,"nodes":[{"slug":"p0"},{"slug":"p1"},{"slug":"p2"},{"slug":"shop"}]}}]}}}`
		if string(r.Data) != want {
			t.Errorf("%s %+v", r.Data, r.Errors)
		}
		some := len(r.statements)
		mel.does("createProject", input{"organizationId": w.organization, "slug": "more", "name": "More", "stack": []input{part("php", "8.2.0"), part("python", "3.10.1"), part("debian", "11")}})
		r = w.as(named("vic")).ask(document, nil)
		if len(r.statements) != some {
			t.Errorf("%d statements, and %d for more", some, len(r.statements))
		}
		if r := w.as(named("out")).ask(document, nil); !strings.Contains(string(r.Data), `"forecast":null`) || len(r.Errors) != 1 {
			t.Errorf("a visitor reads %s", r.Data)
		}
	})
}

func TestManyInstancesCheckOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		w.recheck()
		w.setStack(part("nodejs", "24.9.0"))
		write(t, db, func(r rows) {
			r.must(r.tx.ReleaseCycle.Update().Where(releasecycle.Name("24"), ofSlug("nodejs")).SetEndOfLifeOn(20_000).Exec(r.ctx))
		})
		failures := make(chan error, 6)
		for range cap(failures) {
			go func() { failures <- app.New(db, a.clock.now, app.Limits{}).Recheck(t.Context()) }()
		}
		for range cap(failures) {
			if err := <-failures; err != nil {
				t.Error(err)
			}
		}
		w.recheck() // those who came too late did nothing
		w.expectRule("END_OF_LIFE", "OPEN nodejs")
		created := 0
		for _, c := range w.findingChanges() {
			if c == "FINDING CREATED" {
				created++
			}
		}
		all, _ := w.found("OPEN", "FIXED")
		if created != len(all) {
			t.Errorf("%d findings, and %d were created", len(all), created)
		}
	})
}

// A check that began before a change of the catalogue, and ended after that had been looked at, is made good.
func TestACheckThatKnewNothingOfAChangeIsRepeated(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		w.setStack(part("nodejs", "24.9.0"))
		w.recheck()
		write(t, db, func(r rows) {
			r.must(r.tx.ReleaseCycle.Update().Where(releasecycle.Name("24"), ofSlug("nodejs")).SetEndOfLifeOn(20_000).Exec(r.ctx))
		})
		var before int
		write(t, db, func(r rows) { // as the check of a stack that is committed only now
			log, err := r.tx.ChangeLog.Get(r.ctx, store.PublicLog)
			r.must(err)
			before = int(log.LastSequence) - 1
		})
		write(t, db, func(r rows) { // more than is looked through at a time
			others, err := r.tx.ReleaseCycle.Query().Where(releasecycle.Not(ofSlug("nodejs"))).Limit(1500).IDs(r.ctx)
			r.must(err)
			r.must(r.tx.ReleaseCycle.Update().Where(releasecycle.IDIn(others...)).SetCodename("another").Exec(r.ctx))
		})
		w.recheck()
		w.expectRule("END_OF_LIFE", "OPEN nodejs")
		write(t, db, func(r rows) {
			r.must(r.tx.Finding.Update().Where(finding.RuleEQ(enum.RuleEndOfLife)).SetFixedAt(now).Exec(r.ctx))
			r.must(r.tx.Project.Update().SetCheckedSequence(int64(before)).Exec(r.ctx))
		})
		w.expectRule("END_OF_LIFE", "FIXED nodejs")
		w.recheck()
		w.expectRule("END_OF_LIFE", "OPEN nodejs")
		write(t, db, func(r rows) {
			r.must(r.tx.Finding.Update().Where(finding.RuleEQ(enum.RuleEndOfLife)).SetFixedAt(now).Exec(r.ctx))
		})
		w.recheck() // it knew of the change: nobody looks again
		w.expectRule("END_OF_LIFE", "FIXED nodejs")
	})
}

// ofSlug is the condition that a release cycle is of a technology.
func ofSlug(slug string) func(*sql.Selector) {
	return releasecycle.HasTechnologyWith(technology.Slug(slug))
}
