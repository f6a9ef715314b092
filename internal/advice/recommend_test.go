package advice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stackyard/internal/enum"
)

// kinds are what software of each category is, in the catalogues that tests draw.
var kinds = map[string][]string{
	languagesCategory: {"language-runtime", "async-io", "parallel-threads"}, frameworkCategory: {"http-framework", "orm", "websockets"},
	apiCategory:      {"api-specification", "api-documentation"},
	databaseCategory: {"relational-database", "transactions", "replication", "cache"},
	securityCategory: {"identity-provider", "user-accounts", "audit-trail"}, cloudCategory: {"container-runtime", "container-orchestration"},
}

// drawCatalogue makes a few technologies of each category, some of which go together.
func drawCatalogue(t *rapid.T) map[int64]*Technology {
	all := map[int64]*Technology{}
	for _, category := range Categories() {
		for range rapid.IntRange(0, 3).Draw(t, category) {
			id := int64(len(all) + 1)
			one := library(fmt.Sprintf("t%02d", id), category, kinds[category][:rapid.IntRange(1, len(kinds[category])).Draw(t, "capabilities")]...)
			one.ID, one.FirstReleaseYear = id, rapid.IntRange(2000, 2026).Draw(t, "year")
			one.UseCases = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{useCaseSmall, useCaseLarge, useCaseAPIFirst}), 1, 3, rapid.ID).Draw(t, "useCases")
			if category == languagesCategory || category == frameworkCategory {
				one.Languages = []string{rapid.SampledFrom([]string{"A", "B"}).Draw(t, "language")}
			}
			one.Hosting = []enum.Hosting{rapid.SampledFrom([]enum.Hosting{enum.HostingSelfHosted, enum.HostingManaged}).Draw(t, "hosting")}
			switch rapid.IntRange(0, 4).Draw(t, "cycles") {
			case 0, 1:
				one.Cycles = []Cycle{cycle("2", "2.1", "2026-01-01", "2029-01-01"), cycle("1", "1.4", "2024-01-01", "2028-01-01")}
			case 2:
				one.Cycles = []Cycle{cycle("1", "1.4", "2020-01-01", "2024-01-01")}
			}
			all[id] = one
		}
	}
	for _, machine := range [][2]string{{"service-mesh", cloudCategory}, {"message-broker", databaseCategory}} { // of no place's kind
		one := library(machine[0], machine[1], machine[0])
		one.ID = int64(len(all) + 1)
		all[one.ID] = one
	}
	for range rapid.IntRange(0, 8).Draw(t, "ties") {
		a, b := all[rapid.Int64Range(1, int64(max(1, len(all)))).Draw(t, "from")], all[rapid.Int64Range(1, int64(max(1, len(all)))).Draw(t, "to")]
		if a == nil || b == nil || a == b {
			continue
		}
		support := rapid.SampledFrom([]enum.IntegrationSupport{enum.SupportNative, enum.SupportPlugin, enum.SupportManual}).Draw(t, "support")
		a.Integrations = append(a.Integrations, Integration{Area: enum.AreaData, Support: support, With: b.ID})
		b.Integrations = append(b.Integrations, Integration{Area: enum.AreaData, Support: support, With: a.ID})
		if len(a.Cycles) > 0 && rapid.Bool().Draw(t, "needs") {
			a.Cycles[0].Requirements = []Requirement{{Slug: b.Slug, Name: b.Name, Kind: enum.RequirementSupported, Min: "1", Max: "1"}}
		}
	}
	return all
}

func drawRequirements(t *rapid.T, all map[int64]*Technology) Requirements {
	r := Requirements{
		UseCase: rapid.SampledFrom([]string{useCaseSmall, useCaseLarge, useCaseAPIFirst}).Draw(t, "useCase"),
		Traffic: rapid.SampledFrom([]enum.Traffic{enum.TrafficLow, enum.TrafficModerate, enum.TrafficHigh}).Draw(t, "traffic"),
		Data:    enum.DataRelational, Logic: enum.LogicCRUD, Growth: enum.GrowthSteady,
		Expertise:       rapid.SampledFrom([][]string{nil, {"A"}, {"A", "B"}}).Draw(t, "expertise"),
		HasUserAccounts: rapid.Bool().Draw(t, "accounts"), IsInternetFacing: true, Categories: Categories(),
		Weights: Weights{1 + rapid.IntRange(0, 9).Draw(t, "w0"), rapid.IntRange(0, 9).Draw(t, "w1"), rapid.IntRange(0, 9).Draw(t, "w2"), rapid.IntRange(0, 9).Draw(t, "w3")},
	}
	for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 20), 0, 4, rapid.ID).Draw(t, "named") {
		switch {
		case all[id] == nil:
		case rapid.Bool().Draw(t, "must"):
			r.MustUse = append(r.MustUse, all[id].Slug)
		default:
			r.MustNotUse = append(r.MustNotUse, all[id].Slug)
		}
	}
	return r
}

const enough = 1 << 40

// exhaustive looks at every stack there is, without any bound.
func exhaustive(c *chooser) int64 {
	s := &searcher{chooser: c, chosen: make([]*option, len(c.slots))}
	best := int64(-1 << 62)
	var try func(i int, value int64)
	try = func(i int, value int64) {
		if i == len(c.slots) {
			best = max(best, value-findingCost*int64(len(s.flaws(s.chosen))))
			return
		}
		slot := c.slots[i]
		canBeFilled := false
		for _, o := range slot.options {
			adds, ok := c.worth(o), true
			for _, p := range s.chosen[:i] {
				if p != nil {
					ok = ok && c.gains[o.place][p.place] != impossible
					adds += c.tied(o, p)
				}
			}
			if ok {
				canBeFilled = true
				s.chosen[i] = o
				try(i+1, value+adds)
			}
		}
		s.chosen[i] = nil
		if !slot.isForced || !canBeFilled {
			try(i+1, value-emptyCost)
		}
	}
	try(0, 0)
	return best
}

// tester is a test, of rapid or not.
type tester interface {
	Helper()
	Fatal(args ...any)
	Context() context.Context
}

// recommended is what is recommended by a search that has time.
func recommended(t tester, all map[int64]*Technology, r Requirements) *Recommendation {
	t.Helper()
	steps := enough
	out, err := Recommend(t.Context(), all, r, today, &steps)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func searched(t tester, c *chooser) stackOf {
	t.Helper()
	steps := enough
	best, err := c.search(t.Context(), &steps)
	if err != nil {
		t.Fatal(err)
	}
	return best
}

func TestTheBestStackIsFoundAmongAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawCatalogue(t)
		r := drawRequirements(t, all)
		found := searched(t, newChooser(all, r, today))
		if want := exhaustive(newChooser(all, r, today)); found.value != want {
			t.Fatalf("the search found %d, the best is %d", found.value, want)
		}
	})
}

func TestWhatMustBeUsedIsAndWhatMustNotIsNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawCatalogue(t)
		r := drawRequirements(t, all)
		out, again := recommended(t, all, r), recommended(t, all, r)
		if diff := cmp.Diff(out, again); diff != "" {
			t.Fatalf("the same question has another answer:\n%s", diff)
		}
		var slugs []string
		for _, c := range out.Choices {
			slugs = append(slugs, c.Technology.Slug)
			if sum(c.Reasons) != c.Score || c.Score < 0 || c.Score > 100 {
				t.Errorf("%s has a score of %d, and reasons for %d", c.Technology.Slug, c.Score, sum(c.Reasons))
			}
			for _, a := range c.Alternatives {
				if a.Score > c.Score || a.Score != max(0, c.Score+sum(a.Reasons)) {
					t.Errorf("instead of %s with %d there is %s with %d, and reasons for %d", c.Technology.Slug, c.Score, a.Technology.Slug, a.Score, sum(a.Reasons))
				}
			}
		}
		for _, slug := range r.MustUse {
			if !slices.Contains(slugs, slug) {
				t.Errorf("%s is not in %v", slug, slugs)
			}
		}
		for _, slug := range r.MustNotUse {
			if slices.Contains(slugs, slug) {
				t.Errorf("%s is in %v", slug, slugs)
			}
		}
		for _, f := range out.Findings {
			if isGrave(f) && len(r.MustUse)+len(out.Unfilled) == 0 {
				t.Errorf("it recommends what it finds fault with: %s", f.Message)
			}
		}
	})
}

func TestAHigherWeightNeverLowersTheStacksPointsOnACriterion(t *testing.T) {
	total := func(c *chooser, s stackOf, criterion int) int {
		n := 0
		for _, o := range s.options {
			if o == nil {
				continue
			}
			n += o.points[criterion]
			if criterion == onRequirements {
				ties, _ := c.tiesOf(o, s.options)
				n += ties
			}
		}
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		all := drawCatalogue(t)
		r := drawRequirements(t, all)
		before := newChooser(all, r, today)
		was := searched(t, before)
		criterion := rapid.IntRange(0, criteria-1).Draw(t, "criterion")
		r.Weights[criterion] += rapid.IntRange(1, 10).Draw(t, "more")
		after := newChooser(all, r, today)
		is := searched(t, after)
		if a, b := total(before, was, criterion), total(after, is, criterion); b < a {
			t.Fatalf("with more weight, the points go from %d to %d", a, b)
		}
	})
}

func TestASearchThatIsNotFinishedAnswersNothing(t *testing.T) {
	all := map[int64]*Technology{}
	for i, slug := range []string{"a", "b", "c"} {
		all[int64(i+1)] = library(slug, databaseCategory, "relational-database", "transactions")
		all[int64(i+1)].ID = int64(i + 1)
	}
	r := Requirements{UseCase: useCaseSmall, Data: enum.DataRelational, Categories: []string{databaseCategory}, Weights: Weights{5, 5, 5, 5}}
	steps := 2
	if _, err := Recommend(t.Context(), all, r, today, &steps); !errors.Is(err, ErrUnfinished) {
		t.Error("a search of 2 looks at 3 options")
	}
	if out := recommended(t, all, r); len(out.Choices) != 1 || len(out.Choices[0].Alternatives) != 2 {
		t.Errorf("the whole search gives %+v", out)
	}
}

func TestASearchEndsWithItsContext(t *testing.T) {
	one := library("a", databaseCategory, "relational-database", "transactions")
	r := Requirements{UseCase: useCaseSmall, Data: enum.DataRelational, Categories: []string{databaseCategory}, Weights: Weights{5, 5, 5, 5}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	steps := enough
	if _, err := Recommend(ctx, map[int64]*Technology{1: one}, r, today, &steps); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatIsRuledOutIsSaidWithItsRequirement(t *testing.T) {
	database := func(slug string, change func(*Technology)) *Technology {
		d := library(slug, databaseCategory, "relational-database", "transactions", "encryption-at-rest")
		d.Hosting = []enum.Hosting{enum.HostingSelfHosted}
		change(d)
		return d
	}
	all := map[int64]*Technology{}
	for _, d := range []*Technology{
		database("good", func(*Technology) {}),
		database("unwanted", func(*Technology) {}),
		database("licensed", func(d *Technology) { d.License = "SSPL-1.0" }),
		database("managed", func(d *Technology) { d.Hosting = []enum.Hosting{enum.HostingManaged} }),
		database("plain", func(d *Technology) { d.Capabilities = d.Capabilities[:2] }),
		database("documents", func(d *Technology) { d.Capabilities = []string{"document-database"} }),
		database("over", func(d *Technology) { d.Cycles = []Cycle{cycle("1", "1.4", "2020-01-01", "2024-01-01")} }),
		database("flawed", func(d *Technology) {
			d.Cycles = []Cycle{cycle("1", "1.4", "2026-01-01", "2029-01-01")}
			d.Advisories = []Advisory{advisory("CVE-1", enum.SeverityHigh, "1.0", "")}
		}),
	} {
		d.ID = int64(len(all) + 1)
		all[d.ID] = d
	}
	out := recommended(t, all, Requirements{
		UseCase: useCaseSmall, Data: enum.DataRelational, Categories: []string{databaseCategory}, Weights: Weights{5, 5, 5, 5},
		MustNotUse: []string{"unwanted"}, AllowedLicenses: []string{"MIT"}, Hosting: []enum.Hosting{enum.HostingSelfHosted},
		Compliance: []enum.Compliance{enum.ComplianceHIPAA},
	})
	got := map[string]string{}
	for _, r := range out.Rejected {
		got[r.Technology.Slug] = r.Reason
	}
	want := map[string]string{
		"unwanted":  "`mustNotUse` names it.",
		"licensed":  "`allowedLicenses`: it is under SSPL-1.0.",
		"managed":   "`hosting`: it is managed only.",
		"plain":     "`compliance` HIPAA (ENCRYPTION_AT_REST): it has no encryption at rest.",
		"documents": "`dataComplexity` RELATIONAL: it is no relational database.",
		"over":      "No release cycle of it gets security fixes.",
		"flawed":    "Flawed 1.4 is affected by CVE-1 (high).",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(out.Choices) != 1 || out.Choices[0].Technology.Slug != "good" {
		t.Errorf("it recommends %+v", out.Choices)
	}
}
