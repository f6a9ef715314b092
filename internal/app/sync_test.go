package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/change"
	"stackyard/ent/releasecycle"
	entsource "stackyard/ent/source"
	"stackyard/ent/technology"
	"stackyard/internal/app"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/fault"
	"stackyard/internal/source"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// library is a seeded database that sources are read into.
type library struct {
	t *testing.T
	*store.DB
	*app.App
	clock time.Time
	mu    sync.Mutex
	wrote []string // statements that write
}

func newLibrary(t *testing.T, dialect string) *library {
	t.Helper()
	l := &library{t: t, clock: storetest.Today}
	l.DB = storetest.Seeded(t, dialect, storetest.Observing(func(_ context.Context, statement string) {
		if verb, _, _ := strings.Cut(statement, " "); slices.Contains([]string{"INSERT", "UPDATE", "DELETE"}, verb) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.wrote = append(l.wrote, statement)
		}
	}))
	l.App = app.New(l.DB, func() time.Time { return l.clock }, app.Limits{})
	l.readFrom(nil)
	return l
}

func (l *library) readFrom(addresses map[string]string) {
	l.ReadFrom(app.Sources{Addresses: addresses, Interval: 24 * time.Hour, Limits: limits})
}

var limits = source.Limits{Bytes: 1 << 23, UnpackedBytes: 1 << 23, RecordBytes: 1 << 20, Timeout: 5 * time.Minute}

// sync reads a source from a file with the text.
func (l *library) sync(slug, text string) app.SyncReport {
	l.t.Helper()
	report, err := l.try(slug, text)
	if err != nil {
		l.t.Fatal(err)
	}
	return report
}

func (l *library) try(slug, text string) (app.SyncReport, error) {
	l.t.Helper()
	path := filepath.Join(l.t.TempDir(), "source.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return l.Sync(l.t.Context(), slug, path)
}

func (l *library) source(slug string) *ent.Source {
	l.t.Helper()
	return l.Read().Source.Query().Where(entsource.Slug(slug)).OnlyX(l.t.Context())
}

func (l *library) cycle(slug, name string) *ent.ReleaseCycle {
	l.t.Helper()
	t := l.Read().Technology.Query().Where(technology.Slug(slug)).OnlyX(l.t.Context())
	c, err := l.Read().ReleaseCycle.Query().Where(releasecycle.TechnologyID(t.ID), releasecycle.Name(name)).Only(l.t.Context())
	if ent.IsNotFound(err) {
		return nil
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

func (l *library) by(do func(ctx context.Context, tx *ent.Tx) error) {
	l.t.Helper()
	if err := l.Write(l.t.Context(), store.Cause{At: storetest.Today}, do); err != nil {
		l.t.Fatal(err)
	}
}

// logged gives what the public log says since the last time, a kind of change a line with how often.
func (l *library) logged(after int) (lines []string, last int) {
	l.t.Helper()
	count := map[string]int{}
	changes := l.Read().Change.Query().Where(change.LogID(store.PublicLog), change.SequenceGT(int64(after))).AllX(l.t.Context())
	for _, c := range changes {
		count[strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Operation, c.SubjectType, strings.Join(c.Fields, " ")))]++
	}
	for _, line := range slices.Sorted(maps.Keys(count)) {
		lines = append(lines, fmt.Sprintf("%d %s", count[line], line))
	}
	return lines, after + len(changes)
}

type (
	product = map[string]any
	cycle   = map[string]any
)

// upstream are the products that the catalogue was made from.
func upstream(t *testing.T) map[string]product {
	t.Helper()
	content, err := os.ReadFile("../catalog/testdata/endoflife-products.json")
	var d struct{ Products []product }
	if err == nil {
		err = json.Unmarshal(content, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]product{}
	for _, p := range d.Products {
		out[p["name"].(string)] = p
	}
	return out
}

// published writes products as endoflife.date does.
func published(t *testing.T, day string, products ...product) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"schema_version": "1.2.1", "generated_at": day + "T00:00:00+00:00", "result": products})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// node is Node.js with a change, as published on a day.
func node(t *testing.T, day string, change func(cycles []any) []any) string {
	t.Helper()
	p := upstream(t)["nodejs"]
	if change != nil {
		p["releases"] = change(p["releases"].([]any))
	}
	return published(t, day, p)
}

func named(cycles []any, name string) cycle {
	i := slices.IndexFunc(cycles, func(c any) bool { return c.(cycle)["name"] == name })
	return cycles[i].(cycle)
}

func samples(t *testing.T) map[string]string {
	t.Helper()
	osv, err := os.ReadFile("../catalog/testdata/osv-sample.json")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		app.SourceEndOfLife: published(t, "2026-11-22", slices.Collect(maps.Values(upstream(t)))...),
		app.SourceOSV:       string(osv),
	}
}

func TestWhatTheCatalogueWasMadeOfChangesNothingButItsDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		texts := samples(t)
		l.sync(app.SourceEndOfLife, texts[app.SourceEndOfLife])
		l.sync(app.SourceOSV, texts[app.SourceOSV])
		lines, last := l.logged(0)
		if diff := cmp.Diff([]string{"2 UPDATED SOURCE lastSyncedAt"}, lines); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if c := l.cycle("nodejs", "22"); c.AsOf.String() != "2026-11-22" || c.Revision != 1 {
			t.Errorf("Node.js 22 is as of %v, revision %d", c.AsOf, c.Revision)
		}
		l.wrote = nil
		l.clock = l.clock.Add(time.Hour)
		for slug, text := range texts {
			if report := l.sync(slug, text); report.Changed() > 0 || report.Confirmed > 0 {
				t.Errorf("%s, a second time: %v", slug, report)
			}
			if s := l.source(slug); s.LastSyncedAt == nil || *s.LastSyncedAt != calendar.InstantOf(l.clock) {
				t.Errorf("%s was synced at %v", slug, s.LastSyncedAt)
			}
		}
		for _, statement := range l.wrote {
			if !strings.Contains(statement, "leases") && !strings.Contains(statement, "settings") && !strings.HasPrefix(strings.ReplaceAll(statement, "`", `"`), `UPDATE "sources"`) {
				t.Errorf("a second time, it wrote %s", statement)
			}
		}
		if lines, _ := l.logged(last); len(lines) > 0 {
			t.Errorf("a second time: %v", lines)
		}
	})
}

func TestASyncBringsWhatIsNewAndNothingElse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		report := l.sync(app.SourceEndOfLife, node(t, "2026-11-20", func(cycles []any) []any {
			named(cycles, "22")["eolFrom"] = "2027-05-31"
			fresh := cycle{"name": "27", "releaseDate": "2026-11-19", "isLts": false, "isEol": false, "latest": cycle{"name": "27.0.0", "date": "2026-11-19"}}
			return append([]any{fresh}, slices.DeleteFunc(cycles, func(c any) bool { return c.(cycle)["name"] == "21" })...)
		}))
		if report.Created != 1 || report.Removed != 1 || report.Unknown != 0 || report.AsOf.String() != "2026-11-20" {
			t.Errorf("%v", report)
		}
		lines, last := l.logged(0)
		want := []string{
			"1 CREATED RELEASE_CYCLE", "1 DELETED RELEASE_CYCLE", "1 UPDATED RELEASE_CYCLE endOfLifeOn", "1 UPDATED SOURCE lastSyncedAt",
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if c := l.cycle("nodejs", "27"); c == nil || *c.LatestVersion != "27.0.0" || c.Position != 0 {
			t.Errorf("Node.js 27 is %+v", c)
		}
		if c := l.cycle("python", "3.12"); c.AsOf.String() != "2026-08-22" {
			t.Errorf("Python was not read and is as of %v", c.AsOf)
		}
		// Older data, which still have 21, come too late.
		if report := l.sync(app.SourceEndOfLife, node(t, "2026-11-01", func(cycles []any) []any {
			named(cycles, "22")["eolFrom"] = "2026-01-01"
			return cycles
		})); report.Updated > 0 || report.Kept == 0 {
			t.Errorf("older data: %v", report)
		}
		if lines, _ := l.logged(last); slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "UPDATED RELEASE_CYCLE") }) {
			t.Errorf("older data: %v", lines)
		}
	})
}

func TestAnUpgradeToOlderFilesLeavesAloneWhatWasRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		l.sync(app.SourceEndOfLife, node(t, "2026-11-20", func(cycles []any) []any {
			named(cycles, "22")["eolFrom"] = "2027-05-31"
			return slices.DeleteFunc(cycles, func(c any) bool { return c.(cycle)["name"] == "21" })
		}))
		l.sync(app.SourceOSV, osvList(record("BIT-node-2026-1", "2026-11-21", "Bitnami", "node", "1.0.0", "2.0.0")))
		files, err := catalog.Load()
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(files.Technologies, func(t catalog.Technology) bool { return t.Slug == "nodejs" })
		for j := range files.Technologies[i].ReleaseCycles { // a later copy, but an older one than what was read
			c := &files.Technologies[i].ReleaseCycles[j]
			c.AsOf, c.Codename = c.AsOf+30, "Upgraded"
		}
		if _, err := l.SeedFrom(t.Context(), files, "another digest", storetest.Today); err != nil {
			t.Fatal(err)
		}
		if c := l.cycle("nodejs", "22"); c.EndOfLifeOn.String() != "2027-05-31" || c.Codename != nil {
			t.Errorf("Node.js 22 is %+v", c)
		}
		if l.cycle("nodejs", "21") != nil {
			t.Error("Node.js 21 came back")
		}
		if n := l.Read().Advisory.Query().Where(advisory.Identifier("BIT-node-2026-1")).CountX(t.Context()); n != 1 {
			t.Error("the files removed an advisory that they never had")
		}
	})
}

func TestWhatPeopleDidWinsOverASource(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		edited, deleted, kept := l.cycle("nodejs", "22"), l.cycle("nodejs", "18"), l.cycle("nodejs", "21")
		l.by(func(ctx context.Context, tx *ent.Tx) error {
			day := calendar.Day(30000)
			tx.ReleaseCycle.UpdateOne(edited).SetEndOfLifeOn(day).SetEditedFields([]string{"end_of_life_on", "latest_version"}).ExecX(ctx)
			tx.ReleaseCycle.UpdateOne(kept).SetCodename("Mine").SetEditedFields([]string{"codename"}).ExecX(ctx)
			node := tx.Technology.GetX(ctx, deleted.TechnologyID)
			return store.DeleteReleaseCycle(ctx, tx, node, deleted, calendar.InstantOf(storetest.Today))
		})
		l.sync(app.SourceEndOfLife, node(t, "2026-11-20", func(cycles []any) []any {
			named(cycles, "22")["eolFrom"], named(cycles, "22")["codename"] = "2027-05-31", "Jod"
			named(cycles, "18")["codename"] = "Back"
			return slices.DeleteFunc(cycles, func(c any) bool { return c.(cycle)["name"] == "21" })
		}))
		if c := l.cycle("nodejs", "22"); *c.EndOfLifeOn != 30000 || *c.Codename != "Jod" {
			t.Errorf("Node.js 22 ends on %v, and is called %s", c.EndOfLifeOn, *c.Codename)
		}
		if l.cycle("nodejs", "18") != nil {
			t.Error("what was deleted came back")
		}
		if l.cycle("nodejs", "21") == nil {
			t.Error("what a person had a hand in was removed")
		}
		l.sync(app.SourceEndOfLife, `{"schema_version": 1, "snapshot": "2026-11-21", "products": {"nodejs": {"22.99.0": "2026-11-21", "24.99.0": "2026-11-21"}}}`)
		if c := l.cycle("nodejs", "22"); *c.LatestVersion == "22.99.0" {
			t.Error("a release won over a person's edit")
		}
		if c := l.cycle("nodejs", "24"); *c.LatestVersion != "24.99.0" || c.LatestReleasedOn.String() != "2026-11-21" {
			t.Errorf("Node.js 24 is at %s", *c.LatestVersion)
		}
	})
}

func TestReleasesOnlyRaiseTheLatestVersion(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		releases := func(day, version string) string {
			return fmt.Sprintf(`{"schema_version": 1, "snapshot": %q, "products": {"nodejs": {%q: "2026-08-22"}, "no-such-product": {"1": "2026-01-01"}}}`, day, version)
		}
		before := *l.cycle("nodejs", "22").LatestVersion
		for text, want := range map[string]string{
			releases("2026-11-21", "22.0.1"): before, releases("2026-11-21", "22.99.0-rc.1"): before, releases("2026-01-01", "22.99.0"): before,
		} {
			if report := l.sync(app.SourceEndOfLife, text); report.Changed() > 0 || report.Unknown != 1 {
				t.Errorf("%s: %v", text, report)
			}
			if got := *l.cycle("nodejs", "22").LatestVersion; got != want {
				t.Errorf("%s: %s", text, got)
			}
		}
		if report := l.sync(app.SourceEndOfLife, releases("2026-08-22", "22.99.0")); report.Updated != 1 {
			t.Errorf("%v", report)
		}
		if c := l.cycle("nodejs", "22"); *c.LatestVersion != "22.99.0" || c.Revision != 2 {
			t.Errorf("%s, revision %d", *c.LatestVersion, c.Revision)
		}
		if report := l.sync(app.SourceEndOfLife, releases("2026-08-22", "22.99.0")); report.Changed() > 0 {
			t.Errorf("a second time: %v", report)
		}
	})
}

func TestASourceThatIsHalfReadChangesNothingAndSaysWhy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		change := func(cycles []any) []any {
			named(cycles, "22")["eolFrom"] = "2027-05-31"
			return cycles
		}
		whole := node(t, "2026-11-20", change)
		if _, err := l.try(app.SourceEndOfLife, whole[:len(whole)-20]); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%v", err)
		}
		if s := l.source(app.SourceEndOfLife); s.LastSyncedAt != nil || s.LastError == nil || strings.Contains(*s.LastError, "\n") {
			t.Errorf("synced at %v, error %v", s.LastSyncedAt, s.LastError)
		}
		if lines, _ := l.logged(0); len(lines) > 0 {
			t.Errorf("%v", lines)
		}
		l.sync(app.SourceEndOfLife, whole)
		if s := l.source(app.SourceEndOfLife); s.LastSyncedAt == nil || s.LastError != nil {
			t.Errorf("synced at %v, error %v", s.LastSyncedAt, *s.LastError)
		}
	})
}

func TestABadRecordIsSkippedAndNamed(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	good := upstream(t)["nodejs"]
	named(good["releases"].([]any), "22")["eolFrom"] = "2027-05-31"
	bad := product{"name": "python", "releases": []any{cycle{"name": "3.12", "eolFrom": "never"}}}
	report := l.sync(app.SourceEndOfLife, published(t, "2026-11-20", bad, good, product{"name": "unheard-of", "releases": []any{cycle{"name": "1"}}}))
	if report.Skipped.Count != 1 || report.Updated != 1 || report.Unknown != 1 || report.Records != 3 {
		t.Errorf("%v", report)
	}
	if s := l.source(app.SourceEndOfLife); s.LastError == nil || !strings.HasPrefix(*s.LastError, "1 records were skipped; the first is python: ") {
		t.Errorf("%v", s.LastError)
	}
	var b strings.Builder
	if err := report.Write(&b); err != nil || !strings.Contains(b.String(), "  skipped python: ") {
		t.Errorf("%v\n%s", err, &b)
	}
	if n := l.Read().Technology.Query().CountX(t.Context()); n != 291 {
		t.Errorf("%d technologies", n)
	}
}
