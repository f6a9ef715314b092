package osv

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/source"
	"stackyard/internal/version"
)

var limits = source.Limits{Bytes: 1 << 20, UnpackedBytes: 1 << 20, RecordBytes: 1 << 20, Timeout: time.Minute}

// today is the day on which the records are read.
var today = calendar.DayOf(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))

const (
	redis, django, python = 1, 2, 3
)

var known = NewKnown(map[Package]int64{
	{"Bitnami", "redis"}: redis, {"Go", "example.org/redis"}: redis, {"PyPI", "Django"}: django,
}, map[string]int64{"https://github.com/Python/cpython.git": python, "https://github.com/django/django": django})

// read reads records of JSON.
func read(t *testing.T, records ...string) *Document {
	t.Helper()
	path := filepath.Join(t.TempDir(), "records.json")
	if err := os.WriteFile(path, []byte("["+strings.Join(records, ",")+"]"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Read(t.Context(), source.Content{Path: path}, limits, known, today)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// advisories reads and merges records, of which none may be skipped.
func advisories(t *testing.T, records ...string) []Advisory {
	t.Helper()
	d := read(t, records...)
	out := Merge(d.Records, known, &d.Skipped)
	if d.Skipped.Count > 0 {
		t.Errorf("skipped: %v", d.Skipped.First)
	}
	return out
}

func only(t *testing.T, records ...string) Advisory {
	t.Helper()
	all := advisories(t, records...)
	if len(all) != 1 {
		t.Fatalf("%d advisories", len(all))
	}
	return all[0]
}

// record writes a record; more is further fields.
func record(id, more string) string {
	return fmt.Sprintf(`{"id": %q, "modified": "2026-08-02T10:00:00Z", "published": "2026-08-01T10:00:00Z", %s}`, id, more)
}

// affects writes what is affected of a package: introduced, fixed, introduced, ...
func affects(ecosystem, name string, bounds ...string) string {
	var events []string
	for i, b := range bounds {
		events = append(events, fmt.Sprintf(`{%q: %q}`, []string{"introduced", "fixed"}[i%2], b))
	}
	return fmt.Sprintf(`{"package": {"ecosystem": %q, "name": %q}, "ranges": [{"type": "ECOSYSTEM", "events": [%s]}]}`, ecosystem, name, strings.Join(events, ","))
}

func concerning(of ...string) string { return `"affected": [` + strings.Join(of, ",") + `]` }

func ranges(a Advisory) []string {
	var out []string
	for _, r := range a.Affected {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s %s..%s%s %v", r.Technology, r.Package, r.Introduced, r.Fixed, r.LastAffected, r.Versions)))
	}
	return out
}

func TestRecordsOfOneVulnerabilityAreOneAdvisory(t *testing.T) {
	a := only(t,
		record("GO-2026-1", `"aliases": ["GHSA-1", "CVE-2026-1"], "summary": "Redis in Go breaks", "references": [{"url": "https://b"}, {"url": "https://a"}], `+concerning(affects("Go", "example.org/redis", "0", "1.2.0"))),
		record("BIT-redis-2026-1", `"aliases": ["cve-2026-1"], "summary": "Redis breaks", "references": [{"url": "https://a"}, {"url": "mailto:x@y"}, {"url": "https://a"}], `+
			concerning(affects("Bitnami", "redis", "7.0.0", "7.2.0", "8.0.0"), affects("Bitnami", "redis", "7.0.0", "7.2.0"))),
	)
	if a.Identifier != "CVE-2026-1" || !cmp.Equal(a.Aliases, []string{"GHSA-1", "BIT-redis-2026-1", "GO-2026-1"}) {
		t.Errorf("it is called %s, %v", a.Identifier, a.Aliases)
	}
	if a.Summary != "Redis in Go breaks" || !cmp.Equal(a.References, []string{"https://a", "https://b"}) {
		t.Errorf("%q, %v", a.Summary, a.References)
	}
	if diff := cmp.Diff([]string{"1 redis 7.0.0..7.2.0 []", "1 redis 8.0.0.. []", "1 example.org/redis ..1.2.0 []"}, ranges(a)); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsThatShareNoNameAreApart(t *testing.T) {
	all := advisories(t,
		record("A-1", `"aliases": ["B-1"], `+concerning(affects("PyPI", "django", "0"))),
		record("C-1", concerning(affects("PyPI", "django", "0"))),
		record("D-1", `"aliases": ["B-1"], `+concerning(affects("PyPI", "django", "0"))),
		record("E-1", `"aliases": ["D-1"], `+concerning(affects("PyPI", "django", "0"))),
	)
	if len(all) != 2 || !cmp.Equal(all[0].Names(), []string{"A-1", "B-1", "D-1", "E-1"}) || all[1].Identifier != "C-1" {
		t.Errorf("%+v", all)
	}
}

func TestAVersionIsAffectedIfItIsListedOrInARange(t *testing.T) {
	listed := func(versions string) string {
		return strings.Replace(affects("PyPI", "django", "1", "2"), `"ranges": `, `"versions": [`+versions+`], "ranges": `, 1)
	}
	for versions, want := range map[string][]string{
		``:                             {"2 django 1..2 []"},
		`"1.0", "1.9.1"`:               {"2 django 1..2 []"},
		`"0.9", "1.0", "2", "nightly"`: {"2 django 1..2 []", "2 django .. [0.9 2 nightly]"},
	} {
		if got := ranges(only(t, record("PYSEC-1", concerning(listed(versions))))); !cmp.Equal(got, want) {
			t.Errorf("%s: %v, want %v", versions, got, want)
		}
	}
}

func TestOnlyWhatIsKnownIsKept(t *testing.T) {
	d := read(t,
		record("AAA", concerning(affects("PyPI", "djangö", "0"))),
		record("BBB", concerning(affects("npm", "redis", "0"), affects("PyPI", "DJANGO", "0", "2"), affects("npm", "left-pad", "0"))),
		record("CCC", `"withdrawn": "2026-08-02T10:00:00Z", "affected": null`),
	)
	if d.Read != 3 || len(d.Records) != 1 || d.AsOf.String() != "2026-08-02" {
		t.Fatalf("%+v", d)
	}
	if got := ranges(Merge(d.Records, known, &d.Skipped)[0]); !cmp.Equal(got, []string{"2 DJANGO ..2 []"}) {
		t.Errorf("%v", got)
	}
}

func TestCommitsAloneCannotBeDecidedAndAreLeftOutBesideVersions(t *testing.T) {
	git := `{"ranges": [{"type": "GIT", "repo": "https://github.com/python/cpython", "events": [{"introduced": "0"}, {"fixed": "391e"}]}]}`
	a := only(t, record("PSF-1", concerning(git)))
	if len(a.Affected) != 1 || a.Affected[0].IsDecidable || a.Affected[0].Technology != python || a.Affected[0].Package != "" {
		t.Errorf("%+v", a.Affected)
	}
	both := strings.Replace(affects("PyPI", "django", "1", "2"), `"ranges": [`, `"ranges": [{"type": "GIT", "repo": "r", "events": [{"introduced": "0"}]}, `, 1)
	if got := ranges(only(t, record("PYSEC-1", concerning(both)))); !cmp.Equal(got, []string{"2 django 1..2 []"}) {
		t.Errorf("%v", got)
	}
}

func TestCommitsOfATechnologyAreLeftOutBesideItsPackages(t *testing.T) {
	git := `{"ranges": [{"type": "GIT", "repo": "https://github.com/django/django/", "events": [{"introduced": "0"}, {"fixed": "391e"}]}]}`
	if got := ranges(only(t, record("GHSA-1", concerning(git, affects("PyPI", "django", "1", "2"))))); !cmp.Equal(got, []string{"2 django 1..2 []"}) {
		t.Errorf("%v", got)
	}
}

func TestVersionsAreTakenWhereThereAreNoRanges(t *testing.T) {
	listed := `{"package": {"ecosystem": "PyPI", "name": "django"}, "versions": ["1.0", "1.1"]}`
	a := only(t, record("PYSEC-1", concerning(listed)))
	if got := ranges(a); !cmp.Equal(got, []string{"2 django .. [1.0 1.1]"}) || !a.Affected[0].IsDecidable {
		t.Errorf("%v", got)
	}
}

func TestAWithdrawnRecordSaysNothingBesideOthers(t *testing.T) {
	withdrawn := record("GO-1", `"withdrawn": "2026-08-03T10:00:00Z", "aliases": ["CVE-1"], `+concerning(affects("Go", "example.org/redis", "0")))
	if a := only(t, withdrawn); a.WithdrawnAt == nil || len(a.Affected) != 1 {
		t.Errorf("%+v", a)
	}
	a := only(t, withdrawn, record("BIT-1", `"aliases": ["CVE-1"], `+concerning(affects("Bitnami", "redis", "0"))))
	if a.WithdrawnAt != nil || !cmp.Equal(ranges(a), []string{"1 redis .. []"}) {
		t.Errorf("%+v", a)
	}
}

func TestTheSeverityIsThatOfTheHighestBaseScore(t *testing.T) {
	for name, c := range map[string]struct {
		fields string
		want   enum.Severity
		score  float64
	}{
		"CVSS 3.1":         {`"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"}]`, enum.SeverityHigh, 8.8},
		"CVSS 3.0":         {`"severity": [{"type": "CVSS_V3", "score": "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]`, enum.SeverityCritical, 9.8},
		"CVSS 2":           {`"severity": [{"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}]`, enum.SeverityHigh, 7.5},
		"CVSS 4 base only": {`"severity": [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P"}]`, enum.SeverityHigh, 8.9},
		"the highest":      {`"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"}, {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"}]`, enum.SeverityHigh, 8.8},
		"no impact":        {`"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"}]`, enum.SeverityNone, 0},
		"a broken one":     {`"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}], "database_specific": {"severity": "moderate"}`, enum.SeverityMedium, -1},
		"a word":           {`"database_specific": {"severity": "High"}`, enum.SeverityHigh, -1},
		"a word of none":   {`"database_specific": {"severity": 7}`, enum.SeverityUnknown, -1},
		"nothing":          {`"summary": ""`, enum.SeverityUnknown, -1},
	} {
		a := only(t, record("X-1", c.fields+", "+concerning(affects("PyPI", "django", "0"))))
		score := -1.0
		if a.Score != nil {
			score = *a.Score
		}
		if a.Severity != c.want || score != c.score {
			t.Errorf("%s: %s %v", name, a.Severity, score)
		}
	}
}

func TestABadRecordIsSkipped(t *testing.T) {
	django := concerning(affects("PyPI", "django", "0"))
	many := `["` + strings.TrimSuffix(strings.Repeat(`CVE-2026-1", "`, maxAliases+1), `, "`) + `]`
	bad := []string{
		`17`, `{}`, `{"id": "NO-DAY", ` + django + `}`, record("", django), record(strings.Repeat("x", 61), django), record("a\nb", django),
		record("ALIASES", `"aliases": `+many+`, `+django), record("ALIAS", `"aliases": [""], `+django),
		`{"id": "YEAR", "modified": "0001-02-01T00:00:00Z", ` + django + `}`,
		`{"id": "MOMENT", "modified": "yesterday", ` + django + `}`,
		record("RANGE", concerning(affects("PyPI", "django", "not a version", "1"))),
		record("BOUND", concerning(affects("PyPI", "django", strings.Repeat("1", 101)))),
		record("EVENT", concerning(`{"package": {"ecosystem": "PyPI", "name": "django"}, "ranges": [{"type": "ECOSYSTEM", "events": [{}]}]}`)),
		record("VERSION", concerning(`{"package": {"ecosystem": "PyPI", "name": "django"}, "versions": ["a\u0000"]}`)),
	}
	d := read(t, append(bad, record("GOOD", django))...)
	all := Merge(d.Records, known, &d.Skipped)
	if len(all) != 1 || all[0].Identifier != "GOOD" || d.Skipped.Count != len(bad) {
		t.Errorf("%d advisories; %d skipped: %v", len(all), d.Skipped.Count, d.Skipped.First)
	}
}

func TestASourceWithoutRecordsIsAnError(t *testing.T) {
	if _, err := Read(t.Context(), source.Content{Path: t.TempDir(), IsDir: true}, limits, known, today); err == nil {
		t.Error("an empty folder is a source")
	}
}

// TestNoControlCharacterReachesASummary has those that ring, and move a terminal's cursor.
func TestNoControlCharacterReachesASummary(t *testing.T) {
	a := only(t, record("X-1", `"summary": "\u0007Redis\u001b[31m\u0000 \u0085breaks\u009b2J\u007f", `+concerning(affects("PyPI", "django", "0"))))
	if a.Summary != "Redis [31m breaks 2J" {
		t.Errorf("%q", a.Summary)
	}
}

func TestARecordOfADayToComeDatesNothing(t *testing.T) {
	modified := func(id, day string) string {
		return fmt.Sprintf(`{"id": %q, "modified": "%sT10:00:00Z", %s}`, id, day, concerning(affects("PyPI", "django", "0")))
	}
	for _, c := range []struct{ days, want string }{
		{"2026-08-02 2031-01-01 2026-08-01", "2026-08-02"}, {"2026-11-22 2026-11-23", "2026-11-22"}, {"2031-01-01", "2026-11-22"},
	} {
		var records []string
		for i, day := range strings.Fields(c.days) {
			records = append(records, modified(fmt.Sprint("X-", i), day))
		}
		if d := read(t, records...); d.AsOf.String() != c.want || len(d.Records) != len(records) {
			t.Errorf("%s: as of %s, %d records", c.days, d.AsOf, len(d.Records))
		}
	}
}

func TestALongSummaryIsCutToALine(t *testing.T) {
	a := only(t, record("X-1", `"summary": " a\n b\u0000 `+strings.Repeat("ö", 400)+`", `+concerning(affects("PyPI", "django", "0"))))
	if r := []rune(a.Summary); len(r) != maxSummary || !strings.HasPrefix(a.Summary, "a b ö") {
		t.Errorf("%d characters: %q", len(r), a.Summary)
	}
}

func FuzzMerge(f *testing.F) {
	f.Add(record("GO-2026-1", `"aliases": ["CVE-1"], `+concerning(affects("Go", "example.org/redis", "0", "1.2.0"))))
	f.Add(record("PYSEC-1", concerning(affects("PyPI", "django", "1", "2", "3"))))
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parse([]byte(text))
		if err != nil {
			return
		}
		for _, a := range Merge([]Record{r}, known, &source.SkippedRecords{}) {
			for _, affected := range a.Affected {
				if len(affected.Introduced) > version.MaxLength || affected.Technology == 0 {
					t.Errorf("%+v", affected)
				}
			}
		}
	})
}
