package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
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
	"stackyard/ent/affectedrange"
	"stackyard/ent/change"
	"stackyard/ent/releasecycle"
	entsource "stackyard/ent/source"
	"stackyard/ent/technology"
	"stackyard/internal/app"
	"stackyard/internal/auth"
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

// record writes an OSV record of one package, whose names are its id and its aliases.
func record(id, day, ecosystem, name, introduced, fixed string, aliases ...string) string {
	a, _ := json.Marshal(append([]string{}, aliases...))
	return fmt.Sprintf(`{"id": %q, "aliases": %s, "modified": "%sT10:00:00Z", "published": "2026-01-01T00:00:00Z", "summary": "About %s",
		"affected": [{"package": {"ecosystem": %q, "name": %q}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": %q}, {"fixed": %q}]}]}]}`,
		id, a, day, id, ecosystem, name, introduced, fixed)
}

func osvList(records ...string) string { return "[" + strings.Join(records, ",") + "]" }

// affected are the ranges of an advisory.
func (l *library) affected(identifier string) []string {
	l.t.Helper()
	a := l.Read().Advisory.Query().Where(advisory.Identifier(identifier)).OnlyX(l.t.Context())
	out := []string{}
	for _, r := range l.Read().AffectedRange.Query().Where(affectedrange.AdvisoryID(a.ID)).Order(ent.Asc(affectedrange.FieldPosition)).AllX(l.t.Context()) {
		out = append(out, fmt.Sprintf("%s %s", *r.Package, *r.Fixed))
	}
	return out
}

func TestOneVulnerabilityStaysOneAdvisoryHoweverItIsRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		bitnami := record("BIT-golang-2030-1", "2026-11-10", "Bitnami", "golang", "1.0.0", "1.5.0", "CVE-2030-1")
		golang := func(fixed string) string {
			return record("GO-2030-1", "2026-11-11", "Go", "stdlib", "1.0.0", fixed, "CVE-2030-1")
		}
		l.sync(app.SourceOSV, golang("1.5.0"))
		l.sync(app.SourceOSV, bitnami) // an older record of another database, by itself
		if got := l.affected("CVE-2030-1"); !slices.Equal(got, []string{"stdlib 1.5.0"}) {
			t.Errorf("data of an older day changed it to %v", got)
		}
		l.sync(app.SourceOSV, osvList(bitnami, golang("1.5.0")))
		if got := l.affected("CVE-2030-1"); !slices.Equal(got, []string{"stdlib 1.5.0", "golang 1.5.0"}) {
			t.Errorf("both: %v", got)
		}
		_, last := l.logged(0)
		l.clock = l.clock.Add(time.Hour)
		l.sync(app.SourceOSV, golang("1.6.0"))
		if got := l.affected("CVE-2030-1"); !slices.Equal(got, []string{"stdlib 1.6.0", "golang 1.5.0"}) {
			t.Errorf("one of both: %v", got)
		}
		lines, last := l.logged(last)
		if diff := cmp.Diff([]string{"1 UPDATED ADVISORY affected", "1 UPDATED SOURCE lastSyncedAt"}, lines); diff != "" {
			t.Error(diff)
		}
		for _, text := range []string{golang("1.6.0"), osvList(golang("1.6.0"), bitnami), golang("1.6.0")} {
			l.sync(app.SourceOSV, text)
		}
		if lines, _ := l.logged(last); len(lines) > 0 {
			t.Errorf("the same again: %v", lines)
		}
		names := l.Read().Advisory.Query().Where(advisory.Identifier("CVE-2030-1")).OnlyX(t.Context()).Aliases
		if !slices.Equal(names, []string{"GO-2030-1", "BIT-golang-2030-1"}) {
			t.Errorf("its aliases are %v", names)
		}
	})
}

func TestAnAdvisoryKeepsItsIdentifierAndLosesWhatIsWithdrawn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		l.sync(app.SourceOSV, record("GO-2030-2", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
		id := l.Read().Advisory.Query().Where(advisory.Identifier("GO-2030-2")).OnlyIDX(t.Context())
		l.sync(app.SourceOSV, osvList(record("GO-2030-2", "2026-11-11", "Go", "stdlib", "1.0.0", "1.5.0", "CVE-2030-2"),
			record("BIT-golang-2030-2", "2026-11-11", "Bitnami", "golang", "1.0.0", "1.5.0", "CVE-2030-2")))
		a := l.Read().Advisory.GetX(t.Context(), id)
		if a.Identifier != "GO-2030-2" || !slices.Equal(a.Aliases, []string{"CVE-2030-2", "BIT-golang-2030-2"}) {
			t.Errorf("%s, %v", a.Identifier, a.Aliases)
		}
		withdrawn := strings.Replace(record("GO-2030-2", "2026-11-12", "Go", "stdlib", "1.0.0", "1.5.0"), `"summary"`, `"withdrawn": "2026-11-12T00:00:00Z", "summary"`, 1)
		l.sync(app.SourceOSV, withdrawn)
		if a := l.Read().Advisory.GetX(t.Context(), id); a.WithdrawnAt != nil {
			t.Error("it is withdrawn, though another record of it stands")
		}
		if got := l.affected("GO-2030-2"); !slices.Equal(got, []string{"golang 1.5.0"}) {
			t.Errorf("%v", got)
		}
	})
}

// publisher serves a text, and counts who asks and who is told that it has not changed.
type publisher struct {
	mu              sync.Mutex
	text            string
	status          int
	asked, reminded int
}

func publish(t *testing.T, text string) (*publisher, string) {
	t.Helper()
	p := &publisher{text: text, status: http.StatusOK}
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	return p, s.URL
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	tag := fmt.Sprintf(`"%d"`, len(p.text))
	w.Header().Set("ETag", tag)
	if p.status == http.StatusOK && r.Header.Get("If-None-Match") == tag {
		p.reminded++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(p.status)
	_, _ = w.Write([]byte(p.text))
}

func (l *library) syncDue() (reports []string) {
	l.SyncDue(l.t.Context(), func(slug string, report app.SyncReport, err error) {
		if err != nil {
			reports = append(reports, slug+" failed")
			return
		}
		reports = append(reports, fmt.Sprintf("%s %d %v", slug, report.Changed(), report.IsUnmodified))
	})
	return reports
}

func TestTheScheduleReadsWhatIsDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		p, address := publish(t, record("GO-2030-3", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
		l.readFrom(map[string]string{app.SourceOSV: address})
		steps := []struct {
			wait time.Duration
			do   func()
			want []string
		}{
			{0, nil, []string{"osv 1 false"}},
			{23 * time.Hour, nil, nil},
			{time.Hour, nil, []string{"osv 0 true"}},
			{24 * time.Hour, func() { p.status = http.StatusServiceUnavailable }, []string{"osv failed"}},
			{59 * time.Second, nil, nil},
			{time.Second, nil, []string{"osv failed"}},
			{time.Minute, nil, nil},
			{time.Minute, nil, []string{"osv failed"}},
			{3 * time.Minute, nil, nil},
			{time.Minute, func() { p.status = http.StatusOK }, []string{"osv 0 true"}},
			{12 * time.Hour, nil, nil},
			{12 * time.Hour, func() { p.text = record("GO-2030-30", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0") }, []string{"osv 1 false"}},
		}
		for i, step := range steps {
			l.clock = l.clock.Add(step.wait)
			if step.do != nil {
				step.do()
			}
			if got := l.syncDue(); !slices.Equal(got, step.want) {
				t.Fatalf("step %d: %v, want %v", i, got, step.want)
			}
		}
		if p.reminded != 2 {
			t.Errorf("%d of %d requests were conditional", p.reminded, p.asked)
		}
		if s := l.source(app.SourceOSV); s.LastError != nil {
			t.Errorf("the error is still %s", *s.LastError)
		}
	})
}

func TestACopyThatIsUnmodifiedIsReadAgainByACatalogueThatKnowsMore(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	_, address := publish(t, record("X-2030-1", "2026-11-10", "npm", "left-pad", "1.0.0", "1.5.0"))
	l.readFrom(map[string]string{app.SourceOSV: address})
	if got := l.syncDue(); !slices.Equal(got, []string{"osv 0 false"}) {
		t.Fatalf("%v", got)
	}
	l.by(func(ctx context.Context, tx *ent.Tx) error {
		node := tx.Technology.Query().Where(technology.Slug("nodejs")).OnlyX(ctx)
		return tx.KnownPackage.Create().SetTechnologyID(node.ID).SetEcosystem("npm").SetName("left-pad").SetPurl("pkg:npm/left-pad").Exec(ctx)
	})
	l.clock = l.clock.Add(24 * time.Hour)
	if got := l.syncDue(); !slices.Equal(got, []string{"osv 1 false"}) {
		t.Errorf("%v", got)
	}
}

func TestOneOfManyInstancesReads(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		p, address := publish(t, record("GO-2030-4", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
		l.readFrom(map[string]string{app.SourceOSV: address})
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				l.SyncDue(t.Context(), func(_ string, _ app.SyncReport, err error) {
					if err != nil {
						t.Error(err)
					}
				})
			})
		}
		all.Wait()
		if p.asked != 1 {
			t.Errorf("the source was asked %d times", p.asked)
		}
	})
}

func TestASourceThatIsBeingReadIsNotReadTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		begun, finish := make(chan struct{}), make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(begun)
			<-finish
			_, _ = w.Write([]byte(record("GO-2030-5", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0")))
		}))
		defer s.Close()
		first := make(chan error, 1)
		go func() {
			_, err := l.Sync(t.Context(), app.SourceOSV, s.URL)
			first <- err
		}()
		<-begun
		_, err := l.Sync(t.Context(), app.SourceOSV, s.URL)
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("%v", err)
		}
		close(finish)
		if err := <-first; err != nil {
			t.Error(err)
		}
	})
}

func TestALeaseThatIsLostWhileReadingChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err := l.Write(t.Context(), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Lease.Update().SetHolder("another").Exec(ctx)
			})
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write([]byte(record("GO-2030-6", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0")))
		}))
		defer s.Close()
		if _, err := l.Sync(t.Context(), app.SourceOSV, s.URL); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("%v", err)
		}
		if l.source(app.SourceOSV).LastSyncedAt != nil || l.Read().Advisory.Query().Where(advisory.Identifier("GO-2030-6")).ExistX(t.Context()) {
			t.Error("it was written nevertheless")
		}
	})
}

func TestWhatIsNoSourceIsNotRead(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	for _, slug := range []string{"curated", "nonsense", ""} {
		if _, err := l.try(slug, "{}"); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%q: %v", slug, err)
		}
	}
	if got := l.syncDue(); len(got) > 0 {
		t.Errorf("read without an address: %v", got)
	}
}

func TestDataFromTomorrowAreOfToday(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	if report := l.sync(app.SourceEndOfLife, node(t, "2031-01-01", nil)); report.AsOf != calendar.DayOf(storetest.Today) {
		t.Errorf("as of %v", report.AsOf)
	}
	if c := l.cycle("nodejs", "22"); c.AsOf != calendar.DayOf(storetest.Today) {
		t.Errorf("Node.js 22 is as of %v", c.AsOf)
	}
}

// The GraphQL layer decides the same before anything is run.
func TestSyncSourceAsksForItsScopeItself(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	p, address := publish(t, record("GO-2030-7", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
	l.readFrom(map[string]string{app.SourceOSV: address})
	in := app.SyncSourceInput{SourceID: l.source(app.SourceOSV).GlobalID()}
	for name, viewer := range map[string]*auth.Viewer{
		"nobody": nil, "no scope": {Issuer: "i", Subject: "s"}, "another scope": {Issuer: "i", Subject: "s", Scopes: []string{auth.ScopeCatalogWrite}},
	} {
		_, _, err := l.SyncSource(t.Context(), app.Caller{Viewer: viewer}, in)
		if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p.asked > 0 {
		t.Errorf("the source was asked %d times", p.asked)
	}
}
