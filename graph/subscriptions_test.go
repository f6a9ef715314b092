package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

const catalogChanged = `subscription($after: String, $types: [ChangeSubjectType!]) {
	catalogChanged(after: $after, subjectTypes: $types) { node { operation subjectType fields subject { ... on Tool { name } ... on Technology { summary } } } }
}`

func TestChangesOfTheCatalogueComeAsTheyHappen(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		var hammer *ent.Tool
		write(t, db, func(w rows) { w.tool("before", "Before") })
		s := a.subscribe(catalogChanged, nil)
		write(t, db, func(w rows) { hammer = w.tool("hammer", "Hammer") })
		if got := s.event(); got != "CREATED Hammer TOOL" {
			t.Error(got)
		}
		write(t, db, func(w rows) {
			w.must(w.tx.Tool.UpdateOne(hammer).SetName("Mallet").SetHomepage("https://mallet.example").Exec(w.ctx))
			w.must(w.technology("go").Update().SetSummary("G").Exec(w.ctx))
		})
		for _, want := range []string{"summary UPDATED G TECHNOLOGY", "homepage name UPDATED Mallet TOOL"} {
			if got := s.event(); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		write(t, db, func(w rows) { w.must(w.tx.Tool.DeleteOne(hammer).Exec(w.ctx)) })
		if got := s.event(); got != "DELETED null TOOL" {
			t.Error(got)
		}
		s.stop()
		if got := s.ended(); got != "" {
			t.Errorf("whoever leaves is told %s", got)
		}
	})
}

func TestAnEventShowsItsSubjectAsItIsWhenItIsTaken(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		s := a.subscribe(`subscription { catalogChanged { node { subject { ... on Technology {
			releaseCycles(filter: { statuses: [END_OF_LIFE] }) { totalCount } } ... on Tool { name } } } } }`, nil)
		var tool *ent.Tool
		write(t, db, func(w rows) { tool = w.tool("hammer", "Hammer") })
		write(t, db, func(w rows) { w.must(w.tx.Tool.UpdateOne(tool).SetName("Mallet").Exec(w.ctx)) })
		if first, second := s.event(), s.event(); first != "Mallet" || second != "Mallet" {
			t.Errorf("%s, then %s", first, second)
		}
		write(t, db, func(w rows) { w.must(w.tx.Tool.UpdateOne(tool).SetName("Axe").Exec(w.ctx)) })
		if got := s.event(); got != "Axe" {
			t.Errorf("the second write is %s", got)
		}

		// The clock is read when an event is taken, too: a stream lives longer than a day.
		until := storetest.Today.AddDate(0, 0, 3)
		write(t, db, func(w rows) {
			c := w.cycles("go")[0]
			w.must(c.Update().SetEndOfLifeOn(calendar.DayOf(until)).ClearExtendedSupportUntil().Exec(w.ctx))
		})
		write(t, db, func(w rows) { w.must(w.technology("go").Update().SetSummary("1").Exec(w.ctx)) })
		s.event()
		before := s.event()
		a.clock.advance(96 * time.Hour)
		write(t, db, func(w rows) { w.must(w.technology("go").Update().SetSummary("2").Exec(w.ctx)) })
		if after := s.event(); before == after {
			t.Errorf("days later it is still %s", after)
		}
	})
}

func TestOnlyWhatIsAskedForComes(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		some := a.subscribe(catalogChanged, map[string]any{"types": []string{"TECHNOLOGY", "REVIEW", "TECHNOLOGY"}})
		none := a.subscribe(catalogChanged, map[string]any{"types": []string{}, "after": ""})
		write(t, db, func(w rows) {
			w.tool("hammer", "Hammer")
			w.must(w.technology("go").Update().SetSummary("G").Exec(w.ctx))
			w.review(w.technology("go"), w.user("ada"), 1, false)
		})
		if first, second := some.event(), some.event(); first != "CREATED REVIEW" || second != "summary UPDATED G TECHNOLOGY" {
			t.Errorf("%s, then %s", first, second)
		}
		none.stop()
		if got := none.ended(); got != "" {
			t.Error(got)
		}
	})
}

func TestAStreamBeginsWhereItsCursorSays(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		const named = `subscription($after: String) { catalogChanged(after: $after) { node { subject { ... on Tool { name } } } } }`
		write(t, db, func(w rows) { w.tool("one", "One"); w.tool("two", "Two"); w.tool("three", "Three") })
		cursor := a.values(`{ catalogChanges(first: 1) { pageInfo { endCursor } } }`, nil)
		now := a.subscribe(named, nil)
		beginning := a.subscribe(named, map[string]any{"after": ""})
		after := a.subscribe(named, map[string]any{"after": cursor})
		write(t, db, func(w rows) { w.tool("four", "Four") })
		for want, s := range map[string]*stream{"Four": now, "One Two Three Four": beginning, "Two Three Four": after} {
			for _, name := range strings.Fields(want) {
				if got := s.event(); got != name {
					t.Errorf("%s: %s came instead of %s", want, got, name)
				}
			}
		}
		var last struct {
			CatalogChanges struct{ PageInfo struct{ EndCursor string } }
		}
		a.data(`{ catalogChanges(last: 1) { pageInfo { endCursor } } }`, nil, &last)
		same := a.subscribe(`subscription($after: String) { catalogChanged(after: $after) { cursor } }`, map[string]any{"after": cursor})
		same.event()
		same.event()
		if got := same.event(); got != last.CatalogChanges.PageInfo.EndCursor {
			t.Errorf("the stream's cursor %s is not the list's, %s", got, last.CatalogChanges.PageInfo.EndCursor)
		}
	})
}

func TestAStreamDoesNotBeginAtAnyOtherCursor(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		var acme *ent.Organization
		write(t, db, func(w rows) {
			acme = w.organization("acme", w.user("ada"))
			w.tool("one", "One")
		})
		cursorOf := func(values ...any) string { return db.Cursors("changes").Encode(values) }
		public := func(after string) string {
			return a.in(t).subscribe(`subscription($c: String) { catalogChanged(after: $c) { cursor } }`, map[string]any{"c": after}).refused()
		}
		list := a.values(`{ technologies(first: 1) { pageInfo { endCursor } } }`, nil)
		organizations := a.as(named("ada")).values(`{ organization(slug: "acme") { changes(first: 1) { pageInfo { endCursor } } } }`, nil)
		for after, want := range map[string]string{
			"nonsense": "BAD_USER_INPUT", list: "BAD_USER_INPUT", organizations: "BAD_USER_INPUT",
			cursorOf(0, 99): "CURSOR_EXPIRED", cursorOf(0, -1): "CURSOR_EXPIRED", cursorOf(acme.ID, 1): "BAD_USER_INPUT",
			cursorOf(0): "BAD_USER_INPUT", cursorOf(nil, 1): "BAD_USER_INPUT",
		} {
			if got := public(after); !strings.Contains(got, want) || !strings.Contains(got, `"catalogChanged"`) {
				t.Errorf("after %q: %s", after, got)
			}
		}
		if got := a.in(t).subscribe(`subscription { catalogChanged @skip(if: true) { cursor } }`, nil).refused(); !strings.Contains(got, "BAD_USER_INPUT") {
			t.Error(got)
		}
	})
}

// TestWhoIsCutOffAndComesBackMissesNothing reads a log with streams that are cut
// off at any place, and go on from the cursor of the last event that was taken.
func TestWhoIsCutOffAndComesBackMissesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		at := 0
		rapid.Check(t, func(r *rapid.T) {
			at++
			write(t, db, func(w rows) { w.tool(fmt.Sprint("begin-", at), "begin") })
			cursor := a.values(`{ catalogChanges(last: 1) { pageInfo { endCursor } } }`, nil)
			types := rapid.SampledFrom([][]enum.ChangeSubjectType{nil, {enum.SubjectTool}, {enum.SubjectTool, enum.SubjectTechnology}}).Draw(r, "types")
			var want, got []string
			pending := 0
			change := func() {
				n := rapid.IntRange(1, 4).Draw(r, "changes")
				write(t, db, func(w rows) {
					for range n {
						at++
						w.must(w.technology("go").Update().SetSummary(fmt.Sprint(at)).Exec(w.ctx))
						w.tool(fmt.Sprint("tool-", at), fmt.Sprint(at))
					}
				})
				if len(types) != 1 { // of one transaction they are sorted by type
					want = append(want, "TECHNOLOGY")
					pending++
				}
				for range n {
					want = append(want, "TOOL")
					pending++
				}
			}
			var s *stream
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				switch step := rapid.IntRange(0, 3).Draw(r, "step"); {
				case step == 0 || s == nil:
					if s != nil {
						s.stop()
					}
					s = a.subscribe(`subscription($after: String, $types: [ChangeSubjectType!]) { catalogChanged(after: $after, subjectTypes: $types) {
						cursor node { subjectType } } }`, map[string]any{"after": cursor, "types": types})
				case step == 1:
					change()
				case pending > 0:
					for range rapid.IntRange(1, pending).Draw(r, "taken") {
						pending--
						event := strings.Fields(s.event())
						cursor, got = event[0], append(got, event[1])
					}
				}
			}
			s.stop()
			if !slices.Equal(got, want[:len(got)]) || len(got) != len(want)-pending {
				r.Fatalf("%v came of %v", got, want)
			}
		})
	})
}

func TestEventsHavePlacesAndErrorsOfTheirOwn(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		s := a.subscribe(`subscription { here: catalogChanged { node { operation actor { name } subject { ... on User { email } } } } }`, nil)
		for range 2 {
			write(t, db, func(w rows) { w.tool(fmt.Sprint("t", time.Now().UnixNano()), "T") })
			r, _ := s.take()
			var data struct{ Here struct{ Node map[string]any } }
			if err := json.Unmarshal(r.Data, &data); err != nil {
				t.Fatal(err)
			}
			if data.Here.Node["operation"] != "CREATED" || data.Here.Node["actor"] != nil {
				t.Errorf("%s", r.Data)
			}
			if len(r.Errors) != 1 || fmt.Sprint(r.Errors[0].Path) != "[here node actor]" || r.Errors[0].Extensions["code"] != "UNAUTHENTICATED" || r.Errors[0].Extensions["places"] != 1.0 {
				t.Errorf("%+v", r.Errors)
			}
		}
	})
}
