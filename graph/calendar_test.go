package graph_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackyard/ent/organization"
	"stackyard/ent/releasecycle"
	"stackyard/internal/app"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// feed is the calendar of a project's organisation, and who asks for its address.
type feed struct{ watched }

var feedAddress = regexp.MustCompile(`^https://stackyard\.example/calendar/([A-Za-z0-9_-]{43})\.ics$`)

// reset makes a new address as the owner, and gives its token.
func (f feed) reset(of tenant) string {
	f.t.Helper()
	address := f.as(named("ada")).does("resetCalendarFeed", input{"organizationId": of.organization})
	parts := feedAddress.FindStringSubmatch(address)
	if parts == nil {
		f.t.Fatalf("the address is %s", address)
	}
	return parts[1]
}

// lines gives the events of a token's calendar, as `day name: projects` each.
func (f feed) lines(token string) []string {
	f.t.Helper()
	c, err := f.cases.OrganizationCalendar(f.t.Context(), token)
	if err != nil {
		f.t.Fatal(err)
	}
	out := []string{}
	for _, e := range c.Events {
		line := fmt.Sprintf("%s %s: %s", e.EndOfLifeOn(), e.Name(), strings.Join(e.Projects, ", "))
		if e.More > 0 {
			line += fmt.Sprintf(" +%d", e.More)
		}
		out = append(out, line)
	}
	return out
}

func (f feed) expect(token string, want ...string) {
	f.t.Helper()
	if got := f.lines(token); !slices.Equal(got, want) {
		f.t.Errorf("the calendar has\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (f feed) isGone(token string) bool {
	f.t.Helper()
	_, err := f.cases.OrganizationCalendar(f.t.Context(), token)
	return fault.KindOf(err) == fault.NotFound
}

func TestAnOrganisationsCalendarHasOneEventForEachReleaseCycleThatItRuns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		f := feed{watch(t, a, db)}
		mel := f.as(named("mel"))
		f.setStack(part("nodejs", "22.1.0"), part("nodejs", "22.2.0"), part("redis", ""), part("express", "4.19.2"), part("nodejs", "12.1.0"))
		for n := range 24 {
			mel.does("createProject", input{
				"organizationId": f.organization, "slug": fmt.Sprint("p", n), "name": fmt.Sprintf("P%02d", n),
				"visibility": "PRIVATE", "stack": []input{part("nodejs", "22.3.0")},
			})
		}
		gone := mel.did("createProject", "project { id }", input{
			"organizationId": f.organization, "slug": "gone", "name": "Gone", "stack": []input{part("postgresql", "16.1"), part("nodejs", "20.1.0")},
		})
		other := tenantOf(t, db, "other", enum.VisibilityPublic)
		f.as(named("eve")).does("setStack", input{"projectId": other.project, "components": []input{part("nodejs", "22.9.0"), part("django", "5.2")}})

		token, others := f.reset(f.tenant), f.reset(other)
		first := make([]string, 20)
		for i := range first {
			first[i] = fmt.Sprintf("P%02d", i)
		}
		node22 := "2027-04-30 Node.js 22: " + strings.Join(first, ", ") + " +5"
		f.expect(token, "2026-04-30 Node.js 20: Gone", node22, "2028-11-09 PostgreSQL 16: Gone")
		f.expect(others, "2027-04-30 Node.js 22: shop", "2028-04-30 Django 5.2: shop")
		mel.does("deleteProject", input{"projectId": gone})
		f.expect(token, node22)
		a.clock.advance(400 * 24 * 3600e9)
		f.expect(token, node22)
		a.clock.advance(200 * 24 * 3600e9)
		f.expect(token) // it ended more than a year ago
	})
}

func TestTheCalendarAgreesWithTheForecast(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		f := feed{watch(t, a, db)}
		f.setStack(part("nodejs", "22.1.0"), part("nodejs", "24.1.0"), part("postgresql", "16.1"), part("python", "3.12.1"), part("php", "8.3.1"),
			part("django", "5.2.1"), part("go", "1.26.0"), part("kubernetes", "1.34.1"), part("debian", "12"), part("redis", "8.0.0"))
		var data struct {
			Organization struct {
				Forecast struct {
					Nodes []struct {
						EndOfLifeOn  string
						ReleaseCycle struct {
							Name       string
							Technology struct{ Name string }
						}
						Projects struct{ Nodes []struct{ Name string } }
					}
				}
			}
		}
		f.as(named("vic")).data(`{ organization(slug: "acme") { forecast(until: "2999-12-31", first: 100) { nodes {
			endOfLifeOn releaseCycle { name technology { name } } projects { nodes { name } } } } } }`, nil, &data)
		var want []string
		for _, n := range data.Organization.Forecast.Nodes {
			want = append(want, fmt.Sprintf("%s %s %s: %s", n.EndOfLifeOn, n.ReleaseCycle.Technology.Name, n.ReleaseCycle.Name, n.Projects.Nodes[0].Name))
		}
		if len(want) < 5 {
			t.Fatalf("the forecast has only %q", want)
		}
		var got []string
		for _, line := range f.lines(f.reset(f.tenant)) {
			if line >= calendar.DayOf(storetest.Today).String() {
				got = append(got, line)
			}
		}
		slices.Sort(got) // the forecast has another order within a day
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("the calendar has\n%s, the forecast\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestAResetEndsTheAddressThatWas(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		f := feed{watch(t, a, db)}
		ada, mel := f.as(named("ada")), f.as(named("mel"))
		in := input{"organizationId": f.organization}
		before := mel.changes(f.organization)
		first := f.reset(f.tenant)
		second := f.reset(f.tenant)
		if first == second || !f.isGone(first) || f.isGone(second) {
			t.Errorf("of %s and %s, %v and %v are gone", first, second, f.isGone(first), f.isGone(second))
		}
		for name, want := range map[string]string{"mel": "FORBIDDEN OWNER", "eve": "FORBIDDEN OWNER", "vic": "FORBIDDEN OWNER", "out": "FORBIDDEN OWNER"} {
			if got := f.as(named(name)).outcome("resetCalendarFeed", in); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		if got := ada.rejects("resetCalendarFeed", input{"organizationId": nobodys(13)}); got != "NOT_FOUND input.organizationId" {
			t.Error(got)
		}
		if f.isGone(second) {
			t.Error("who may not reset has ended the address")
		}
		for _, wrong := range []string{"", "x", strings.Repeat("A", 43), second + "A", second[:42], strings.ToUpper(second), first} {
			if !f.isGone(wrong) {
				t.Errorf("%s opens a calendar", wrong)
			}
		}
		sum := sha256.Sum256([]byte(second))
		o := db.Read().Organization.Query().Where(organization.Slug("acme")).OnlyX(t.Context())
		if o.CalendarDigest == nil || *o.CalendarDigest != hex.EncodeToString(sum[:]) {
			t.Errorf("the database has %v", o.CalendarDigest)
		}
		if after := mel.changes(f.organization); !slices.Equal(after, before) {
			t.Errorf("the log had %q, and has %q", before, after)
		}
		if strings.Contains(a.log.String(), second) || strings.Contains(a.log.String(), first) {
			t.Errorf("a token is in the log: %s", a.log)
		}
		ada.does("deleteOrganization", in)
		if !f.isGone(second) {
			t.Error("the calendar outlives its organisation")
		}
	})
}

func TestTheAddressOfACalendarIsShownOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		f := feed{watch(t, a, db)}
		once := func() string {
			return f.as(named("ada")).values(`mutation($id: ID!) { resetCalendarFeed(input: { organizationId: $id }) @idempotent(key: "k") { url } }`,
				map[string]any{"id": f.organization})
		}
		address := once()
		parts := feedAddress.FindStringSubmatch(address)
		if parts == nil {
			t.Fatalf("the address is %s", address)
		}
		if again := once(); again != "null" {
			t.Errorf("the second time it answers %s", again)
		}
		if f.isGone(parts[1]) {
			t.Error("the second time has ended the address")
		}
		rows, err := json.Marshal(db.Read().IdempotencyKey.Query().AllX(t.Context()))
		if err != nil || strings.Contains(string(rows), parts[1]) {
			t.Errorf("the token is kept with the key: %s %v", rows, err)
		}
	})
}

// askedCalendar gives the calendar of what is named, as `day name` each, or why there is none.
func askedCalendar(t *testing.T, cases *app.App, named ...string) (lines, dateless []string, refusal string) {
	t.Helper()
	c, err := cases.Calendar(t.Context(), named)
	if fault.KindOf(err) == fault.BadUserInput {
		return nil, nil, err.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Events {
		lines = append(lines, e.EndOfLifeOn().String()+" "+e.Name())
	}
	return lines, c.Dateless, ""
}

func TestTheCalendarOfTechnologiesSaysAllThatItIsAskedAbout(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cases := app.New(db, a.clock.now, app.Limits{CalendarTechnologies: 5})
		for _, c := range []struct {
			named, want, dateless, refusal string
		}{
			{named: "nodejs@22 postgresql@16", want: "2027-04-30 Node.js 22, 2028-11-09 PostgreSQL 16"},
			{named: "postgresql@16 nodejs@22 node@22.1.0 Node.js@22", want: "2027-04-30 Node.js 22, 2028-11-09 PostgreSQL 16"},
			{named: "nodejs@12.1.0", want: "2022-04-30 Node.js 12"},
			{named: "nodejs", want: "2026-04-30 Node.js 20, 2026-06-01 Node.js 25, 2027-04-30 Node.js 22, 2028-04-30 Node.js 24, 2029-04-30 Node.js 26"},
			{named: "nodejs nodejs@22 nodejs@18", want: "2025-04-30 Node.js 18, 2026-04-30 Node.js 20, 2026-06-01 Node.js 25, 2027-04-30 Node.js 22, 2028-04-30 Node.js 24, 2029-04-30 Node.js 26"},
			{named: "pkg:npm/express nodejs@22", want: "2027-04-30 Node.js 22", dateless: "Express"},
			{named: "pkg:generic/x@1", refusal: `the catalogue knows no technology, or more than one, by the name of "pkg:generic/x@1"`},
			{named: "nope nodejs@99 nodejs@22 none@1 nodejs@", refusal: `the catalogue knows no technology, or more than one, by the name of "nope", "none@1"; ` +
				`there is no such release cycle: "nodejs@99", "nodejs@"`},
			{named: "nodejs@" + strings.Repeat("2", 101), refusal: `there is no such release cycle: "nodejs@` + strings.Repeat("2", 33) + `…"`},
			{named: "a b c d e f", refusal: "technologies lists 6 technologies, more than 5 (--max-calendar-technologies)"},
		} {
			lines, dateless, refusal := askedCalendar(t, cases, strings.Fields(c.named)...)
			if strings.Join(lines, ", ") != c.want || strings.Join(dateless, ", ") != c.dateless || refusal != c.refusal {
				t.Errorf("%s:\n%s, %s, %s; want\n%s, %s, %s", c.named, strings.Join(lines, ", "), dateless, refusal, c.want, c.dateless, c.refusal)
			}
		}
		if _, _, refusal := askedCalendar(t, cases, "no\x00de", "\xff", "\r\nX: y"); refusal != `the catalogue knows no technology, or more than one, by the name of "no\x00de", "\xff", "\r\nX: y"` {
			t.Error(refusal)
		}
	})
}

func TestTheCalendarOfTechnologiesAgreesWithTheAPI(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		cases := app.New(db, a.clock.now, app.Limits{CalendarTechnologies: 500})
		var slugs, want []string
		for _, c := range db.Read().ReleaseCycle.Query().Where(releasecycle.EndOfLifeOnGTE(calendar.DayOf(storetest.Today) - 365)).AllX(t.Context()) {
			of := db.Read().Technology.GetX(t.Context(), c.TechnologyID)
			slugs = append(slugs, of.Slug)
			want = append(want, c.EndOfLifeOn.String()+" "+of.Name+" "+c.Name)
		}
		slices.Sort(slugs)
		got, dateless, refusal := askedCalendar(t, cases, slices.Compact(slugs)...)
		if len(want) < 500 || len(dateless) > 0 || refusal != "" {
			t.Fatalf("%d ends, %s %s", len(want), dateless, refusal)
		}
		byDay := func(x, y string) int { return strings.Compare(x[:len("2026-11-22")], y[:len("2026-11-22")]) }
		if !slices.IsSortedFunc(got, byDay) {
			t.Error("the events are not in order of their days")
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d events, %d release cycles: the calendar has not what the catalogue has", len(got), len(want))
		}
		for _, v := range []string{"22.1.0", "24", "12.22", "18.20.4"} {
			day := a.values(`query($v: String!) { technology(slug: "nodejs") { releaseCycle(version: $v) { endOfLifeOn } } }`, map[string]any{"v": v})
			if lines, _, _ := askedCalendar(t, cases, "nodejs@"+v); len(lines) != 1 || !strings.HasPrefix(lines[0], day+" ") {
				t.Errorf("nodejs@%s: %q, and the API says %s", v, lines, day)
			}
		}
	})
}
