package endoflife

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/calendar"
)

func day(t *testing.T, text string) *calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func parse(t *testing.T, text string) *Document {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func products(list string) string {
	return `{"schema_version": "1.2.1", "generated_at": "2026-11-22T23:30:00+00:00", "total": 9, "result": [` + list + `]}`
}

func TestProductsAreRead(t *testing.T) {
	d := parse(t, products(`{"name": "nodejs", "labels": {"eol": "x"}, "releases": [
		{"name": "26", "codename": "K", "releaseDate": "2026-05-05", "isLts": false, "ltsFrom": "2026-10-28", "isEoas": false, "eoasFrom": "2027-10-27",
		 "isEol": false, "eolFrom": "2029-04-30", "isEoes": null, "eoesFrom": null, "latest": {"name": "26.7.0", "date": "2026-08-05", "link": "https://x"}},
		{"name": "1", "codename": null, "releaseDate": null, "isLts": true, "ltsFrom": null, "isEol": true, "eolFrom": null, "isEoes": false, "latest": null}]}`))
	yes, no := true, false
	want := []Product{{Name: "nodejs", Cycles: []Cycle{
		{
			Name: "26", Codename: "K", ReleasedOn: day(t, "2026-05-05"), IsLongTerm: true, LongTermFrom: day(t, "2026-10-28"),
			ActiveSupportUntil: day(t, "2027-10-27"), EndOfLifeOn: day(t, "2029-04-30"), LatestVersion: "26.7.0", LatestReleasedOn: day(t, "2026-08-05"),
		},
		{Name: "1", IsLongTerm: true, IsEndOfLife: &yes, IsExtendedSupportOver: &no},
	}}}
	if diff := cmp.Diff(want, d.Products); diff != "" || d.AsOf != *day(t, "2026-11-22") || d.Skipped.Count > 0 {
		t.Errorf("as of %v, skipped %v (-want +got):\n%s", d.AsOf, d.Skipped, diff)
	}
}

func TestABadProductIsSkippedAndTheOthersAreRead(t *testing.T) {
	long := strings.Repeat("x", 61)
	bad := []string{
		`{"releases": [{"name": "1"}]}`,
		`{"name": "day", "releases": [{"name": "1", "eolFrom": "2026-02-30"}]}`,
		`{"name": "type", "releases": [{"name": 1}]}`,
		`{"name": "none", "releases": []}`,
		`{"name": "nameless", "releases": [{"name": ""}]}`,
		`{"name": "long", "releases": [{"name": "` + long + `"}]}`,
		`{"name": "control", "releases": [{"name": "1", "codename": "a\u0000b"}]}`,
		`{"name": "twice", "releases": [{"name": "1"}, {"name": "1"}]}`,
		`{"name": "version", "releases": [{"name": "1", "latest": {"name": "` + long + long + `"}}]}`,
		`{"name": "good", "releases": [{"name": "2"}]}`,
		`17`,
	}
	d := parse(t, products(`{"name": "good", "releases": [{"name": "1"}]}, `+strings.Join(bad, ", ")+`, {"name": "last", "releases": [{"name": "1"}]}`))
	var names []string
	for _, p := range d.Products {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{"good", "last"}, names); diff != "" || d.Skipped.Count != len(bad) {
		t.Errorf("%d were skipped: %v (-want +got):\n%s", d.Skipped.Count, d.Skipped.First, diff)
	}
}

func TestReleasesAreRead(t *testing.T) {
	d := parse(t, `{"schema_version": 1, "snapshot": "2026-08-22", "products": {
		"a": {"1.0": "2026-01-01", "1.1": "2026-02-01"}, "bad": {"1": "soon"}, "worse": 7, "long": {"`+strings.Repeat("1", 101)+`": "2026-01-01", "2": "2026-01-02"}}}`)
	want := map[string]map[string]calendar.Day{
		"a": {"1.0": *day(t, "2026-01-01"), "1.1": *day(t, "2026-02-01")}, "long": {"2": *day(t, "2026-01-02")},
	}
	if diff := cmp.Diff(want, d.Releases); diff != "" || d.Skipped.Count != 3 || d.AsOf != *day(t, "2026-08-22") {
		t.Errorf("skipped %v (-want +got):\n%s", d.Skipped, diff)
	}
}

func TestWhatIsNoDocumentIsAnError(t *testing.T) {
	for name, text := range map[string]string{
		"cut short":         products(`{"name": "a", "releases": [{"name": "1"}]}`)[:120],
		"no JSON":           "<html>",
		"another version":   `{"schema_version": "2.0", "generated_at": "2026-11-22T00:00:00Z", "result": []}`,
		"no version":        `{"generated_at": "2026-11-22T00:00:00Z", "result": []}`,
		"no moment":         `{"schema_version": "1.2", "result": []}`,
		"no day":            `{"schema_version": 1, "products": {}}`,
		"nothing":           `{"schema_version": 1}`,
		"one product alone": `{"schema_version": "1.2", "generated_at": "2026-11-22T00:00:00Z", "result": {"name": "a"}}`,
	} {
		if d, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s was read as %+v", name, d)
		}
	}
}

func TestTheLatestReleaseOfACycleIsTheNewestThatIsFinal(t *testing.T) {
	releases := map[string]calendar.Day{
		"3.9.1": 1, "3.10.2": 2, "3.10.10": 3, "3.10.11-rc1": 4, "v3.12.0": 5, "3.12.1b2": 6, "4.0": 7, "nightly": 8,
	}
	want := map[string]Latest{"3.9": {"3.9.1", 1}, "3.10": {"3.10.10", 3}, "3.12": {"v3.12.0", 5}}
	if diff := cmp.Diff(want, LatestOf(releases, []string{"3.12", "3.10", "3.9", "3.1", "2"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(products(`{"name": "a", "releases": [{"name": "1", "latest": {"name": "1.1"}}]}`)))
	f.Add([]byte(`{"schema_version": 1, "snapshot": "2026-08-22", "products": {"a": {"1.0": "2026-01-01"}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Parse(b)
		if err != nil {
			return
		}
		for _, p := range d.Products {
			if p.Name == "" || len(p.Cycles) == 0 {
				t.Errorf("a product without name or cycles: %+v", p)
			}
		}
	})
}
