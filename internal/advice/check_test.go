package advice

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
)

func drawDay(t *rapid.T, label string) *calendar.Day {
	if rapid.IntRange(0, 4).Draw(t, label+" is unknown") == 0 {
		return nil
	}
	d := today + calendar.Day(rapid.IntRange(-900, 900).Draw(t, label))
	return &d
}

func drawTechnology(t *rapid.T) *Technology {
	slug := rapid.SampledFrom([]string{"a", "b", "java", "kubernetes"}).Draw(t, "slug")
	out := &Technology{
		Slug: slug, Name: strings.ToUpper(slug), Categories: []string{"databases"}, AsOf: today,
		Capabilities: rapid.SliceOfDistinct(rapid.SampledFrom([]string{
			"relational-database", "transactions", "cache", "http-framework", "identity-provider", "container-orchestration", "event-streaming",
			"service-mesh", "api-specification", "reverse-proxy",
		}), rapid.ID).Draw(t, "capabilities"),
		License: rapid.SampledFrom([]string{"", "MIT", "SSPL-1.0 OR MIT"}).Draw(t, "license"),
		Steward: rapid.SampledFrom([]string{"", "Acme", "Foundation"}).Draw(t, "steward"),
	}
	for n := rapid.IntRange(0, 4).Draw(t, "cycles"); n > 0; n-- {
		c := Cycle{
			Cycle: lifecycle.Cycle{
				ReleasedOn: drawDay(t, "released"), ActiveSupportUntil: drawDay(t, "active until"),
				EndOfLifeOn: drawDay(t, "end of life"), ExtendedSupportUntil: drawDay(t, "extended until"),
			},
			Name: fmt.Sprint(n), LatestReleasedOn: drawDay(t, "latest"), AsOf: today - 90,
		}
		if m := rapid.IntRange(-1, 3).Draw(t, "latest minor"); m >= 0 {
			c.LatestVersion = fmt.Sprintf("%d.%d.0", n, m)
		}
		if rapid.Bool().Draw(t, "requires") {
			c.Requirements = []Requirement{{
				Slug: rapid.SampledFrom(slices.DeleteFunc([]string{"a", "b", "java"}, func(s string) bool { return s == slug })).Draw(t, "required"), Name: "Other",
				Min: rapid.SampledFrom([]string{"", "2", "2.1"}).Draw(t, "min"), Max: rapid.SampledFrom([]string{"", "3"}).Draw(t, "max"),
			}}
		}
		out.Cycles = append(out.Cycles, c)
	}
	for n := rapid.IntRange(0, 3).Draw(t, "advisories"); n > 0; n-- {
		a := Advisory{Identifier: fmt.Sprintf("CVE-%d", n), Severity: rapid.SampledFrom(severities).Draw(t, "severity"), AsOf: today - 100}
		for m := rapid.IntRange(1, 3).Draw(t, "ranges"); m > 0; m-- {
			a.Ranges = append(a.Ranges, Range{
				Package:    Package{Ecosystem: rapid.SampledFrom([]string{"", "npm", "Bitnami"}).Draw(t, "ecosystem")},
				Introduced: drawVersion(t, "introduced"), Fixed: drawVersion(t, "fixed"), IsDecidable: rapid.IntRange(0, 5).Draw(t, "commits") > 0,
			})
		}
		out.Advisories = append(out.Advisories, a)
	}
	return out
}

func drawVersion(t *rapid.T, label string) string {
	return rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[1-5](\.[0-4](\.[0-3](-rc\.1|-0)?)?)?`)).Draw(t, label)
}

func drawStack(t *rapid.T) []Component {
	var out []Component
	for n := rapid.IntRange(0, 4).Draw(t, "components"); n > 0; n-- {
		if rapid.IntRange(0, 5).Draw(t, "is unknown") == 0 {
			out = append(out, Component{Name: "acme"})
			continue
		}
		out = append(out, of(drawTechnology(t), drawVersion(t, "version")))
	}
	return out
}

func drawContext(t *rapid.T) Context {
	c := Context{
		UseCase:              rapid.SampledFrom([]string{"", "small-medium-web", "api-first", "enterprise-high-traffic"}).Draw(t, "use case"),
		Traffic:              rapid.SampledFrom([]enum.Traffic{"", enum.TrafficLow, enum.TrafficModerate, enum.TrafficHigh}).Draw(t, "traffic"),
		EndOfLifeHorizonDays: rapid.SampledFrom([]int{0, 1, 700}).Draw(t, "horizon"),
		AllowedLicenses:      rapid.SampledFrom([][]string{nil, {}, {"MIT"}}).Draw(t, "licenses"),
	}
	if rapid.Bool().Draw(t, "accounts") {
		c.HasUserAccounts = yes()
	}
	if rapid.Bool().Draw(t, "facing") {
		c.IsInternetFacing = yes()
	}
	return c
}

func TestEveryAnswerIsWellFormedAndTheSameAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		components, context := drawStack(t), drawContext(t)
		r := Check(components, context, today)
		if diff := cmp.Diff(r, Check(components, context, today)); diff != "" {
			t.Fatalf("asked again:\n%s", diff)
		}
		if r.Score < 0 || r.Score > 100 || (r.Score == 100) != (len(r.Findings) == 0) {
			t.Fatalf("score %d with %d findings", r.Score, len(r.Findings))
		}
		if r.AsOf > today {
			t.Fatalf("facts of %s", r.AsOf)
		}
		if !slices.IsSortedFunc(r.Findings, func(a, b Finding) int {
			return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
		}) {
			t.Fatalf("not the most severe first: %v", found(r))
		}
		type identity struct {
			component int
			key       string
		}
		seen := map[identity]bool{}
		for _, f := range r.Findings {
			if id := (identity{f.Component, f.Key()}); seen[id] {
				t.Fatalf("%v is there twice", id)
			}
			seen[identity{f.Component, f.Key()}] = true
			if f.Component < Whole || f.Component >= len(components) || f.Component >= 0 && components[f.Component].Technology != f.Technology {
				t.Fatalf("about component %d of %d, technology %v", f.Component, len(components), f.Technology)
			}
			if !isSentence(f.Message) || !isSentence(f.Advice) {
				t.Fatalf("%s says %q, %q", f.Rule, f.Message, f.Advice)
			}
		}
	})
}

func isSentence(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && strings.HasSuffix(s, ".") && !strings.Contains(s, "  ") && !strings.Contains(s, "\n")
}

func TestAnAnswerIsAsOldAsItsOldestFact(t *testing.T) {
	n, other := node(), library("chi", "frameworks")
	if got := Check([]Component{of(n, "26.2.0"), {Name: "acme"}}, Context{}, today).AsOf; got != today {
		t.Errorf("facts of %s, want %s", got, today)
	}
	for i, age := range []func(calendar.Day){
		func(d calendar.Day) { other.AsOf = d },
		func(d calendar.Day) { n.Cycles[3].AsOf = d },
		func(d calendar.Day) { n.Advisories = []Advisory{{Identifier: "CVE-1", AsOf: d}} },
	} {
		want := day("2026-01-01") - calendar.Day(i)
		age(want)
		if got := Check([]Component{of(n, "26.2.0"), of(other, "")}, Context{}, today).AsOf; got != want {
			t.Errorf("facts of %s, want %s", got, want)
		}
	}
	if got := Check(nil, Context{}, today).AsOf; got != today {
		t.Errorf("about nothing, facts of %s", got)
	}
}

func TestWithoutAContextOnlyFactsCount(t *testing.T) {
	facts := []enum.FindingRule{
		enum.RuleEndOfLife, enum.RuleEndOfLifeSoon, enum.RuleSecuritySupportOnly, enum.RuleVulnerable, enum.RuleIncompatible,
		enum.RuleOutdated, enum.RuleUnknownTechnology, enum.RuleUnknownVersion, enum.RuleLimitedCommunity,
	}
	for _, r := range rules {
		if (r.Needs == "") != slices.Contains(facts, r.ID) {
			t.Errorf("%s needs %q", r.ID, r.Needs)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, f := range Check(drawStack(t), Context{}, today).Findings {
			if !slices.Contains(facts, f.Rule) {
				t.Fatalf("%s without a context", f.Rule)
			}
		}
	})
}

func TestADisabledRuleFindsNothingAndLeavesTheOthersAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		components, context := drawStack(t), drawContext(t)
		want := Check(components, context, today).Findings
		context.DisabledRules = []enum.FindingRule{rapid.SampledFrom(rules).Draw(t, "rule").ID}
		want = slices.DeleteFunc(want, func(f Finding) bool { return f.Rule == context.DisabledRules[0] })
		if got := Check(components, context, today).Findings; !cmp.Equal(got, want) && len(got)+len(want) > 0 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestAHealthyComponentNeverLowersTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		components, context := drawStack(t), drawContext(t)
		before := Check(components, context, today)
		more := append(slices.Clone(components), of(drawTechnology(t), drawVersion(t, "more")))
		after := Check(more, context, today)
		isHealthy := !slices.ContainsFunc(after.Findings, func(f Finding) bool { return f.Component == len(components) })
		if isHealthy && len(after.Findings) <= len(before.Findings) && after.Score < before.Score {
			t.Fatalf("from %d to %d", before.Score, after.Score)
		}
	})
}

func TestALargeStackIsNotPunishedForItsSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		components := drawStack(t)
		once := Check(components, Context{}, today).Score
		if twice := Check(append(slices.Clone(components), components...), Context{}, today).Score; twice < once {
			t.Fatalf("%d once, %d twice", once, twice)
		}
	})
}

func TestOneFindingLessNeverLowersTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const components = 3
		findings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Finding {
			return Finding{Severity: rapid.SampledFrom(severities).Draw(t, "severity"), Component: rapid.IntRange(Whole, components-1).Draw(t, "component")}
		}), 1, 20).Draw(t, "findings")
		with, without := Score(components, findings), Score(components, findings[1:])
		if without < with || with > 99 || with < 0 {
			t.Fatalf("%d with, %d without", with, without)
		}
	})
}

func TestMendingACauseEndsItsFinding(t *testing.T) {
	mended := []enum.FindingRule{enum.RuleEndOfLife, enum.RuleEndOfLifeSoon, enum.RuleVulnerable, enum.RuleOutdated, enum.RuleIncompatible}
	rapid.Check(t, func(t *rapid.T) {
		components := drawStack(t)
		for _, f := range Check(components, Context{}, today).Findings {
			if f.FixedBy == "" || !slices.Contains(mended, f.Rule) {
				continue
			}
			better := slices.Clone(components)
			better[f.Component].Version = f.FixedBy
			for _, g := range Check(better, Context{}, today).Findings {
				if g.Component == f.Component && g.Key() == f.Key() && g.Severity == f.Severity {
					t.Fatalf("%s is still there with %s: %s", f.Key(), f.FixedBy, g.Message)
				}
			}
		}
	})
}

func TestTheScoreOfExamples(t *testing.T) {
	about := func(component int, s ...enum.Severity) (out []Finding) {
		for _, severity := range s {
			out = append(out, Finding{Component: component, Severity: severity})
		}
		return out
	}
	for _, c := range []struct {
		name       string
		components int
		findings   []Finding
		want       int
	}{
		{"nothing at all", 0, nil, 100},
		{"nothing found", 3, nil, 100},
		{"worth a note", 3, about(0, enum.SeverityNone), 99},
		{"one small thing alone", 1, about(0, enum.SeverityLow), 95},
		{"one small thing in ten", 10, about(0, enum.SeverityLow), 97},
		{"one critical thing in ten", 10, about(0, enum.SeverityCritical), 67},
		{"one critical thing in two hundred", 200, about(0, enum.SeverityCritical), 69},
		{"about the whole", 10, about(Whole, enum.SeverityMedium), 80},
		{"the same things thrice", 1, about(0, enum.SeverityHigh, enum.SeverityHigh, enum.SeverityHigh), 21},
	} {
		if got := Score(c.components, c.findings); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
