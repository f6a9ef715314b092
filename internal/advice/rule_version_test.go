package advice

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

func TestOnlyOlderReleasesOfAMaintainedCycleAreOutdated(t *testing.T) {
	undated := &Technology{Name: "Tool", Slug: "tool", AsOf: today, Cycles: []Cycle{{Name: "2", LatestVersion: "2.5.0", AsOf: today}}}
	for _, c := range []struct {
		name       string
		technology *Technology
		version    string
		want       []string
	}{
		{"older", node(), "26.1.9", []string{"LOW OUTDATED 26.2.0"}},
		{"the newest", node(), "26.2.0", []string{}},
		{"newer than the catalogue knows", node(), "26.10.0", []string{}},
		{"the last number left open", node(), "26.2", []string{}},
		{"the cycle alone", node(), "26", []string{}},
		{"of a cycle past its end", node(), "20.1.0", []string{"HIGH END_OF_LIFE 24"}},
		{"of a cycle without dates", undated, "2.4.0", []string{"LOW OUTDATED 2.5.0"}},
		{"a text behind it", node(), "26.2.0-alpine", []string{}},
	} {
		got := found(Check([]Component{of(c.technology, c.version)}, Context{}, today))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestWhatCannotBeCheckedIsSaidWhereItMatters(t *testing.T) {
	withAdvisory := library("fastapi", "frameworks")
	withAdvisory.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "", "0.65.2")}
	withdrawn := library("gone", "frameworks")
	withdrawn.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "", "0.65.2")}
	withdrawn.Advisories[0].WithdrawnAt = new(calendar.Instant)
	yearly := &Technology{Name: "Yearly", Slug: "yearly", AsOf: today, Cycles: []Cycle{cycle("2026", "2026.1", "2026-01-01", "2027-01-01"), cycle("2025", "2025.3", "2025-01-01", "2026-01-01")}}
	for _, c := range []struct {
		name      string
		component Component
		want      string
	}{
		{"not in the catalogue", Component{Name: "acme-billing", Version: "1"}, `The catalogue does not know "acme-billing".`},
		{"no version", of(node(), ""), "No version of Node.js is given, so that its support and its vulnerabilities cannot be checked."},
		{"blank", of(node(), "  "), "No version of Node.js is given, so that its support and its vulnerabilities cannot be checked."},
		{"newer than all cycles", of(node(), "5000"), "Node.js 5000 is newer than every release cycle that the catalogue knows."},
		{"older than all cycles", of(node(), "0.10.48"), "Node.js 0.10.48 is older than every release cycle that the catalogue knows."},
		{"a year where cycles are numbered", of(node(), "2019"), "Node.js 2019 belongs to no release cycle that the catalogue knows."},
		{"a number where cycles are years", of(yearly, "5.1"), "Yearly 5.1 belongs to no release cycle that the catalogue knows."},
		{"a later year", of(yearly, "2027"), "Yearly 2027 is newer than every release cycle that the catalogue knows."},
		{"an earlier year", of(yearly, "2020.1"), "Yearly 2020.1 is older than every release cycle that the catalogue knows."},
		{"of no cycle", of(node(), "17.1.0"), "Node.js 17.1.0 belongs to no release cycle that the catalogue knows."},
		{"no version at all", of(node(), "latest"), "Node.js latest belongs to no release cycle that the catalogue knows."},
		{"nothing to hold it against", of(library("chi", "frameworks"), ""), ""},
		{"only withdrawn advisories", of(withdrawn, ""), ""},
		{"advisories to hold it against", of(withAdvisory, ""), "No version of Fastapi is given, so that its support and its vulnerabilities cannot be checked."},
		{"no version that advisories could be held against", of(withAdvisory, "stable"), `"stable" is no version of Fastapi that advisories could be held against.`},
		{"a pattern without cycles", of(withAdvisory, "0.x"), `"0.x" is no version of Fastapi that advisories could be held against.`},
		{"a version without cycles", of(withAdvisory, "0.65.2"), ""},
	} {
		r := Check([]Component{c.component}, Context{}, today)
		got := ""
		for _, f := range r.Findings {
			got += f.Message
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAPatternOrATagOfAnImageIsNoRelease(t *testing.T) {
	affected := node()
	affected.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "26.0.0", "26.1.0")}
	for version, want := range map[string]string{
		"26": "LOW UNKNOWN_VERSION", "26.x": "LOW UNKNOWN_VERSION", "26.X": "LOW UNKNOWN_VERSION", "v26.x.x": "LOW UNKNOWN_VERSION",
		"26.*": "LOW UNKNOWN_VERSION", "26-alpine": "LOW UNKNOWN_VERSION", "26-bookworm-slim": "LOW UNKNOWN_VERSION",
		"26.2.0-alpine": "", "26.0.9-alpine": "HIGH VULNERABLE CVE-1 26.1.0, LOW OUTDATED 26.2.0",
	} {
		if got := strings.Join(found(Check([]Component{of(affected, version)}, Context{}, today)), ", "); got != want {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
}

func TestTheCommandThatPrintsTheVersionIsNamed(t *testing.T) {
	r := Check([]Component{of(node(), "")}, Context{}, today)
	if got, want := r.Findings[0].Advice, "Give the exact version that is installed, as `node --version` prints it."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPartOfAVersionIsNoCycle(t *testing.T) {
	python := &Technology{Name: "Python", Slug: "python", AsOf: today, Cycles: []Cycle{cycle("3.14", "3.14.2", "2025-10-07", "2030-10-31")}}
	r := Check([]Component{of(python, "3")}, Context{}, today)
	if got, want := r.Findings[0].Message, "Python 3 does not say which release cycle is installed."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
