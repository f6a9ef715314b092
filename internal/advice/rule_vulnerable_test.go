package advice

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// only leaves one rule.
func only(rule enum.FindingRule) Context {
	var c Context
	for _, r := range rules {
		if r.ID != rule {
			c.DisabledRules = append(c.DisabledRules, r.ID)
		}
	}
	return c
}

func TestAVulnerabilityIsMendedByTheLowestReleaseThatIsNotAffected(t *testing.T) {
	ranges := func(bounds ...string) []Range {
		var out []Range
		for _, b := range bounds {
			introduced, fixed, _ := strings.Cut(b, "<")
			out = append(out, Range{Introduced: introduced, Fixed: fixed, IsDecidable: true})
		}
		return out
	}
	bitnami := func(bounds ...string) []Range {
		out := ranges(bounds...)
		for i := range out {
			out[i].Package = Package{"Bitnami", "node"}
		}
		return out
	}
	twoNumbers := &Technology{Name: "PostgreSQL", Slug: "postgresql", AsOf: today, Cycles: []Cycle{
		cycle("18", "18.6", "2025-09-25", "2030-11-14"), cycle("15", "15.19", "2022-10-13", "2027-11-11"), cycle("12", "12.22", "2019-10-03", "2024-11-21"),
	}}
	rails := &Technology{Name: "Rails", Slug: "rails", AsOf: today, Cycles: []Cycle{cycle("6.1", "6.1.7.10", "2020-12-09", "2024-10-01")}}
	java := &Technology{Name: "Java", Slug: "java", AsOf: today, Cycles: []Cycle{cycle("8", "8.0.482", "2014-03-18", "2030-12-31")}}
	for _, c := range []struct {
		name       string
		technology *Technology
		version    string
		ranges     []Range
		want       string
	}{
		{"in the same cycle", node(), "22.1.0", ranges("<22.4.1"), "HIGH VULNERABLE CVE-1 22.4.1"},
		{"the lowest of several", node(), "22.1.0", ranges("22.0.0<22.4.1", "20.0.0<20.9.1", "24.0.0<24.0.2"), "HIGH VULNERABLE CVE-1 22.4.1"},
		{"a fix that another range affects", node(), "22.1.0", ranges("<22.4.1", "22.0.0<22.6.0"), "HIGH VULNERABLE CVE-1 22.6.0"},
		{"in the next maintained cycle", node(), "18.1.0", ranges("<20.9.1", "22.0.0<22.4.1"), "HIGH VULNERABLE CVE-1 22.4.1"},
		{"in a maintained cycle after one that stays affected", node(), "18.1.0", ranges("<24.1.0"), "HIGH VULNERABLE CVE-1 24.1.0"},
		{"a whole cycle without it", node(), "18.1.0", ranges("<20.9.1"), "HIGH VULNERABLE CVE-1 22"},
		{"no fix", node(), "18.1.0", ranges("<"), "HIGH VULNERABLE CVE-1"},
		{"only the last affected is known", node(), "22.1.0", []Range{{LastAffected: "22.3.0", IsDecidable: true}}, "HIGH VULNERABLE CVE-1 22.12.0"},
		{"the fix itself", node(), "22.4.1", ranges("<22.4.1"), ""},
		{"before it began", node(), "22.1.0", ranges("22.2.0<22.4.1"), ""},
		{"commits only", node(), "22.1.0", []Range{{}}, ""},
		{"without cycles", library("chi", "frameworks"), "1.2.3", ranges("1.0.0<1.5.0", "2.0.0<2.1.0"), "HIGH VULNERABLE CVE-1 1.5.0"},
		{"a pre-release of a fix, where there is another", library("chi", "frameworks"), "1.2.3", ranges("<1.5.0-rc.1", "1.5.0<1.6.0"), "HIGH VULNERABLE CVE-1 1.6.0"},
		{"a pre-release of a fix alone", library("chi", "frameworks"), "1.2.3", ranges("<1.5.0-rc.1"), "HIGH VULNERABLE CVE-1 1.5.0-rc.1"},
		{"as the cycle writes it", twoNumbers, "12.5", bitnami("<14.23.0", "15.0.0<15.18.0"), "HIGH VULNERABLE CVE-1 15.18"},
		{"without the revision of a build", node(), "22.1.0", bitnami("<22.4.1-0"), "HIGH VULNERABLE CVE-1 22.4.1"},
		{"a line, all of it", node(), "22", ranges("<24.1.0"), "HIGH VULNERABLE CVE-1 24.1.0"},
		{"a line, some of it", node(), "22", ranges("<22.4.1"), ""},
		{"a line, the first and the last of it", node(), "22", ranges("<22.0.5", "22.9.0<24.1.0"), ""},
		{"a line, one of it by name", node(), "22", []Range{{Versions: []string{"22.0.0"}, IsDecidable: true}}, ""},
		{"a release with more numbers to come", rails, "6.1.7", ranges("<6.1.7.1"), "HIGH VULNERABLE CVE-1 6.1.7.1"},
		{"a line that has releases with more numbers", rails, "6.1", ranges("<6.1.7.1"), ""},
		{"as Java wrote it", java, "1.8.0_292", bitnami("8.0.0<8.0.300"), "HIGH VULNERABLE CVE-1 8.0.300"},
		{"as Java writes it in short", java, "8u292", bitnami("8.0.0<8.0.300"), "HIGH VULNERABLE CVE-1 8.0.300"},
		{"as Java writes it in short, mended", java, "8u300", bitnami("8.0.0<8.0.300"), ""},
		{"a line, until the last known", node(), "22", []Range{{LastAffected: "22.12.0", IsDecidable: true}}, "HIGH VULNERABLE CVE-1 24"},
		{"a line that is a release", node(), "22", ranges("22<22.4.1"), "HIGH VULNERABLE CVE-1 22.4.1"},
		{"part of the name of a line", node(), "2", ranges("<24.1.0"), "HIGH VULNERABLE CVE-1 24.1.0"},
	} {
		c.technology.Advisories = []Advisory{{Identifier: "CVE-1", Severity: enum.SeverityHigh, AsOf: today, Ranges: c.ranges}}
		got := strings.Join(found(Check([]Component{of(c.technology, c.version)}, only(enum.RuleVulnerable), today)), "; ")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAnAdvisoryThatWasWithdrawnIsNone(t *testing.T) {
	n := node()
	n.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "", "")}
	n.Advisories[0].WithdrawnAt = new(calendar.Instant)
	if got := found(Check([]Component{of(n, "26.2.0")}, Context{}, today)); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestALineOfReleasesOfWhichSomeAreAffectedIsAskedAbout(t *testing.T) {
	n := node()
	n.Advisories = []Advisory{
		advisory("CVE-1", enum.SeverityHigh, "26.1.0", "26.1.5"), // between the first and the last
		advisory("CVE-2", enum.SeverityHigh, "", "26.0.1"),       // the first
		advisory("CVE-3", enum.SeverityHigh, "26.2.0", ""),       // the last
		advisory("CVE-4", enum.SeverityHigh, "", "24.1.0"),       // none
		advisory("CVE-5", enum.SeverityHigh, "", "27.0.0"),       // all
	}
	r := Check([]Component{of(n, "26")}, Context{}, today)
	want := []string{"HIGH VULNERABLE CVE-5 27.0.0", "LOW UNKNOWN_VERSION"}
	if diff := cmp.Diff(want, found(r)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if got, want := r.Findings[1].Message, "Node.js 26 does not say which release is installed, and 3 advisories concern only some of them."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := found(Check([]Component{of(n, "26.1.7")}, only(enum.RuleUnknownVersion), today)); len(got) != 0 {
		t.Errorf("a release is asked about: %v", got)
	}
}

func TestAPackageIsHeldAgainstItsOwnRanges(t *testing.T) {
	spring := library("spring", "frameworks")
	spring.Advisories = []Advisory{{Identifier: "CVE-1", Severity: enum.SeverityHigh, AsOf: today, Ranges: []Range{
		{Package: Package{"Maven", "org.example:web"}, Fixed: "6.1.0", IsDecidable: true},
	}}}
	elsewhere := library("spring", "frameworks")
	elsewhere.Advisories = []Advisory{{Identifier: "CVE-1", Severity: enum.SeverityHigh, AsOf: today, Ranges: []Range{
		{Package: Package{"Bitnami", "spring"}, Fixed: "6.1.0", IsDecidable: true},
	}}}
	bitnami := of(elsewhere, "6.0.0")
	bitnami.Package = Package{"npm", "web"}
	if got := Check([]Component{bitnami}, only(enum.RuleVulnerable), today).Findings; len(got) != 1 {
		t.Errorf("ranges that name no package of a language: %d findings", len(got))
	}
	for _, c := range []struct {
		name string
		p    Package
		want int
	}{
		{"given by name", Package{}, 1},
		{"that package", Package{"Maven", "org.example:web"}, 1},
		{"another package", Package{"Maven", "org.example:core"}, 0},
		{"in other letters", Package{"Maven", "org.example:Web"}, 1},
		{"of another language", Package{"npm", "org.example:web"}, 0},
	} {
		component := of(spring, "6.0.0")
		component.Package = c.p
		if got := Check([]Component{component}, only(enum.RuleVulnerable), today).Findings; len(got) != c.want {
			t.Errorf("%s: %d findings, want %d", c.name, len(got), c.want)
		}
	}
}

func TestAnAdvisoryIsToldInOneSentence(t *testing.T) {
	score := 9.8
	n := node()
	n.Advisories = []Advisory{advisory("CVE-1", enum.SeverityCritical, "", "26.9.0"), advisory("CVE-2", enum.SeverityUnknown, "", "")}
	n.Advisories[0].Score = &score
	n.Advisories[0].Summary = "A  flaw in\n the parser. " + strings.Repeat("word ", 40)
	r := Check([]Component{of(n, "26.2.0")}, Context{}, today)
	want := "Node.js 26.2.0 is affected by CVE-1 (critical, 9.8): A flaw in the parser. " + strings.TrimSpace(strings.Repeat("word ", 19)) + "…"
	if got := r.Findings[0].Message; got != want {
		t.Errorf("got %q,\nwant %q", got, want)
	}
	if got, want := r.Findings[1].Message, "Node.js 26.2.0 is affected by CVE-2 (not rated yet)."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A record that names no end of what is affected knows nothing of releases that came after it was written.
func TestAReleaseThatIsNewerThanAnOpenAdvisoryMayBeMended(t *testing.T) {
	written := func(on string) calendar.Instant { return calendar.InstantOf(day(on).Time()) }
	open, closed := Range{IsDecidable: true}, Range{Fixed: "22.13.0", IsDecidable: true}
	until := Range{LastAffected: "22.12.0", IsDecidable: true}
	for _, c := range []struct {
		name, version string
		modified      calendar.Instant
		ranges        []Range
		want          string
	}{
		{"the newest release, a day later", "22.12.0", written("2024-04-23"), []Range{open}, "LOW VULNERABLE CVE-1"},
		{"a release that is newer still", "22.12.1", written("2024-04-23"), []Range{open}, "LOW VULNERABLE CVE-1"},
		{"the newest release, on that day", "22.12.0", written("2024-04-24"), []Range{open}, "HIGH VULNERABLE CVE-1"},
		{"a release before the newest", "22.11.0", written("2024-04-23"), []Range{open}, "HIGH VULNERABLE CVE-1"},
		{"a line of releases", "22", written("2024-04-23"), []Range{open}, "HIGH VULNERABLE CVE-1"},
		{"nobody knows when it was written", "22.12.0", 0, []Range{open}, "HIGH VULNERABLE CVE-1"},
		{"an end is named", "22.12.0", written("2024-04-23"), []Range{closed}, "HIGH VULNERABLE CVE-1 22.13.0"},
		{"the last affected is named", "22.12.0", written("2024-04-23"), []Range{until}, "HIGH VULNERABLE CVE-1 24"},
		{"one of two ranges names an end", "22.12.0", written("2024-04-23"), []Range{open, closed}, "HIGH VULNERABLE CVE-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := node()
			n.Advisories = []Advisory{{Identifier: "CVE-1", Severity: enum.SeverityHigh, ModifiedAt: c.modified, Ranges: c.ranges, AsOf: today}}
			if diff := cmp.Diff([]string{c.want}, found(Check([]Component{of(n, c.version)}, only(enum.RuleVulnerable), today))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
