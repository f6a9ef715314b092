package graph_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"stackyard/graph"
	"stackyard/internal/app"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// judgements are documents that judge what their variable lists, each with how many statements they take.
var judgements = map[string]struct {
	statements int
	document   string
}{
	// names, identifiers and packages of what was given; whether facts changed; technologies, cycles, advisories, their ranges, sources
	"a check": {9, `query ($components: [StackComponentInput!]!) {
		checkStack(components: $components) {
			components { technology { slug } releaseCycle { name } }
			findings { technology { slug } releaseCycle { name source { slug } } advisory { identifier affected { introduced } } }
		}
	}`},
	// whether facts changed; technologies
	"a comparison": {2, `query ($slugs: [String!]!) { compareTechnologies(slugs: $slugs) { technologies { slug } rows { best { slug } } } }`},
	// whether facts changed; the use case; categories, technologies, cycles, sources, criteria, alternatives, what is rejected
	"a recommendation": {9, `query ($slugs: [String!]!) {
		recommendStack(requirements: { useCase: "api-first", expertise: $slugs }) {
			components {
				category { slug } technology { slug } releaseCycle { name source { slug } } reasons { criterion { slug } }
				alternatives { technology { slug } reasons { criterion { slug } } }
			}
			unfilled { slug } rejected { technology { slug } } findings { technology { slug } }
		}
	}`},
	// technologies; whether facts changed; criteria
	"marks": {3, `query ($slugs: [String!]!) { technologies(filter: { slugs: $slugs }) { nodes { assessments { criterion { slug } score } } } }`},
}

// TestStatementsOfAnswersDoNotDependOnWhatIsJudged asks each document about a few technologies and about many.
func TestStatementsOfAnswersDoNotDependOnWhatIsJudged(t *testing.T) {
	few := []string{"django", "nodejs"}
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for name, q := range judgements {
			t.Run(name, func(t *testing.T) {
				many := []string{"django", "nodejs", "python", "postgresql", "nginx", "redis"}
				asked := func(slugs []string) []string {
					r := a.in(t).ask(q.document, map[string]any{"slugs": slugs, "components": inUse(slugs)})
					if len(r.Errors) > 0 || len(r.late) > 0 {
						t.Fatalf("errors: %+v; nobody looked ahead to %s", r.Errors, r.late)
					}
					return r.statements
				}
				one, all := asked(few), asked(many)
				if len(one) != q.statements || len(all) != q.statements {
					t.Errorf("%d technologies take %d statements, %d take %d, want %d:\n%s", len(few), len(one), len(many), len(all), q.statements, strings.Join(all, "\n"))
				}
				if diff := gocmp.Diff(slices.Sorted(slices.Values(one)), slices.Sorted(slices.Values(all))); diff != "" {
					t.Errorf("the text of the statements depends on the number of keys:\n%s", diff)
				}
			})
		}
	})
}

// inUse are components in old versions; one of them is a package.
func inUse(slugs []string) []any {
	out := []any{map[string]any{"technology": "pkg:pypi/django@4.2.1"}}
	for _, slug := range slugs {
		out = append(out, map[string]any{"technology": slug, "version": map[string]string{"nodejs": "18.20.4", "django": "4.2.1", "postgresql": "12.5"}[slug]})
	}
	return out
}

func TestACheckWritesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for name, q := range judgements {
			for _, s := range a.ask(q.document, map[string]any{"slugs": []string{"django", "nodejs"}, "components": inUse([]string{"nodejs"})}).statements {
				if !strings.HasPrefix(s, "SELECT ") {
					t.Errorf("%s: %s", name, s)
				}
			}
		}
	})
}

// TestWhatCannotBeJudgedIsRefused asks what is wrong in itself; each fault is named, with its place.
func TestWhatCannotBeJudgedIsRefused(t *testing.T) {
	components := func(n int) string { return strings.Repeat(`{ technology: "nodejs" } `, n) }
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for document, want := range map[string]string{
			`checkStack(components: [` + components(30) + `]) { score }`:                                                                      "",
			`checkStack(components: [` + components(31) + `]) { score }`:                                                                      "components lists 31 components, more than 30 (--max-checked-components)",
			`checkStack(components: [{ technology: " " }, { technology: "nodejs", version: "` + strings.Repeat("1", 101) + `" }]) { score }`:  "components.0.technology: it is missing or blank; components.1.version: it has more than 100 characters",
			`checkStack(components: [` + strings.Repeat(`{ technology: "" } `, 12) + `]) { score }`:                                           blanks(10) + "; and 2 more",
			`checkStack(components: [], context: { useCase: "nothing", endOfLifeHorizonDays: 0, allowedLicenses: ["MIT", "GLP"] }) { score }`: "endOfLifeHorizonDays: it is from 1 to 3650 days; allowedLicenses.1: it is no SPDX licence identifier, such as MIT or Apache-2.0; useCase: there is no use case with this slug",
			`recommendStack(requirements: { useCase: "nothing", expertise: ["Python", "go", "Klingon"], mustUse: ["redis", "?"], mustNotUse: ["redis"], categories: ["databases", "toys"] }) { score }`: "useCase: there is no use case with this slug; expertise.2: it is neither the slug of a technology nor the name of a language; " +
				"mustUse.1: there is no technology with this slug; categories.1: there is no category with this slug; mustNotUse.0: `mustUse` names it, too",
			`recommendStack(requirements: { useCase: " ", mustUse: ["go", "java", "php", "python", "nodejs", "ruby"], allowedLicenses: ["GLP"] }) { score }`: "allowedLicenses.0: it is no SPDX licence identifier, such as MIT or Apache-2.0; useCase: it is missing or blank; mustUse: it lists 6 technologies, more than 5 (--max-must-use)",
			`recommendStack(requirements: { useCase: "api-first", weights: [{ criterion: "luck", weight: 1 }, { criterion: "security", weight: 11 }, { criterion: "security", weight: 1 }] }) { score }`: "weights.0.criterion: there is no criterion with this slug; weights.1.weight: it is from 0 to 10; " +
				"weights.2.criterion: it has a weight already; weights: no criterion counts anything",
			`recommendStack(requirements: { useCase: "api-first", mustNotUse: [` + strings.Repeat(`"go" `, 31) + `] }) { score }`: "mustNotUse: it lists 31 values, more than 30 (--max-checked-components)",
			`compareTechnologies(slugs: []) { rows { label } }`:                                                                   "slugs lists fewer than 2 technologies",
			`compareTechnologies(slugs: ["go"]) { rows { label } }`:                                                               "slugs lists fewer than 2 technologies",
			`compareTechnologies(slugs: ["go", "go"]) { rows { label } }`:                                                         "slugs.1: it is listed already",
			`compareTechnologies(slugs: ["go", "Golang", "\u0000"]) { rows { label } }`:                                           "slugs.1: there is no technology with this slug: did you mean \"go\"?; slugs.2: there is no technology with this slug",
			`compareTechnologies(slugs: ["a", "b", "c", "d", "e", "f", "g"]) { rows { label } }`:                                  "slugs lists 7 technologies, more than 6 (--max-compared-technologies)",
			`compareTechnologies(slugs: ["go", "java", "php", "python", "nodejs", "ruby"]) { technologies { slug } }`:             "",
		} {
			r := a.in(t).ask(`{ `+document+` }`, nil)
			got := ""
			for _, e := range r.Errors {
				got += e.Message
				if e.Extensions["code"] != badUserInput {
					t.Errorf("%.60s: the code is %v", document, e.Extensions["code"])
				}
			}
			if got != want {
				t.Errorf("%.80s:\n got %q\nwant %q", document, got, want)
			}
		}
	})
}

func blanks(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("components.%d.technology: it is missing or blank", i)
	}
	return strings.Join(out, "; ")
}

type told struct{ Rule, Severity, Message string }

// TestARecommendedStackPassesTheCheck checks what is recommended in many situations: nothing above LOW is found.
func TestARecommendedStackPassesTheCheck(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for _, useCase := range []string{"small-medium-web", "enterprise-high-traffic", "api-first"} {
			for _, traffic := range []string{"LOW", "MODERATE", "HIGH"} {
				for _, logic := range []string{"CRUD", "REALTIME"} {
					var out struct {
						RecommendStack struct {
							Components []struct {
								Technology   struct{ Slug string }
								ReleaseCycle *struct{ Name, LatestVersion string }
							}
							Unfilled, Findings []any
						}
					}
					context := map[string]any{"useCase": useCase, "traffic": traffic, "hasUserAccounts": true, "isInternetFacing": true}
					a.in(t).data(`query ($useCase: String!, $traffic: Traffic!, $logic: BusinessLogic!) {
						recommendStack(requirements: { useCase: $useCase, traffic: $traffic, businessLogic: $logic }) {
							components { technology { slug } releaseCycle { name latestVersion } } unfilled { slug } findings { rule }
						}
					}`, map[string]any{"useCase": useCase, "traffic": traffic, "logic": logic}, &out)
					r := out.RecommendStack
					if len(r.Components) < 6 || len(r.Unfilled) > 0 {
						t.Errorf("%s, %s, %s: it recommends %v, and nothing for %v", useCase, traffic, logic, r.Components, r.Unfilled)
					}
					var components []any
					for _, c := range r.Components {
						one := map[string]any{"technology": c.Technology.Slug}
						if c.ReleaseCycle != nil {
							one["version"] = cmp.Or(c.ReleaseCycle.LatestVersion, c.ReleaseCycle.Name)
						}
						components = append(components, one)
					}
					var check struct {
						CheckStack struct {
							Findings []told
						}
					}
					a.in(t).data(`query ($components: [StackComponentInput!]!, $context: StackContextInput) {
						checkStack(components: $components, context: $context) { findings { rule severity message } }
					}`, map[string]any{"components": components, "context": context}, &check)
					known := slices.DeleteFunc(check.CheckStack.Findings, func(f told) bool { return f.Rule == "UNKNOWN_VERSION" })
					if len(known) != len(r.Findings) {
						t.Errorf("%s, %s, %s: it has %d findings, and the check %d", useCase, traffic, logic, len(r.Findings), len(known))
					}
					for _, f := range known {
						if f.Severity != "LOW" {
							t.Errorf("%s, %s, %s: %s: %s", useCase, traffic, logic, f.Severity, f.Message)
						}
					}
				}
			}
		}
	})
}

// A team that knows one language gets nothing that is bound to others, whatever it builds.
func TestATeamIsRecommendedWhatItKnows(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for _, language := range []string{"C#", "Elixir", "Go", "Java", "JavaScript", "Kotlin", "PHP", "Python", "Ruby", "Rust", "TypeScript"} {
			for _, useCase := range []string{"small-medium-web", "enterprise-high-traffic", "api-first"} {
				var out struct {
					RecommendStack struct {
						Components []struct {
							Technology struct {
								Slug      string
								Languages []string
							}
						}
					}
				}
				a.in(t).data(`query ($requirements: StackRequirementsInput!) {
					recommendStack(requirements: $requirements) { components { technology { slug languages } } }
				}`, map[string]any{"requirements": map[string]any{
					"useCase": useCase, "expertise": []string{language},
				}}, &out)
				if len(out.RecommendStack.Components) != 6 {
					t.Fatalf("%s, %s: it recommends %v", language, useCase, out.RecommendStack.Components)
				}
				for _, c := range out.RecommendStack.Components {
					if len(c.Technology.Languages) > 0 && !slices.Contains(c.Technology.Languages, language) {
						t.Errorf("%s, %s: it recommends %s, which is used from %v", language, useCase, c.Technology.Slug, c.Technology.Languages)
					}
				}
			}
		}
	})
}

func TestARecommendationThatTakesTooLongIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		a := serve(t, db, func(c *graph.Config) {
			c.App = app.New(db, (&clock{}).now, app.Limits{RecommendationSteps: 100})
		})
		r := a.ask(`{ recommendStack(requirements: { useCase: "api-first" }) { score } }`, nil)
		const want = "the best stack was not found by looking at options 100 times in one operation (--max-recommendation-steps); ask for fewer categories, or for fewer stacks at once"
		if len(r.Errors) != 1 || r.Errors[0].Message != want {
			t.Errorf("errors: %+v", r.Errors)
		}
	})
}

// All recommendations of an operation share what it may search: many of them take no longer than one.
func TestRecommendationsOfAnOperationShareTheirSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		for steps := 1000; ; steps *= 2 {
			a := serve(t, db, func(c *graph.Config) {
				c.App = app.New(db, (&clock{}).now, app.Limits{RecommendationSteps: steps})
			})
			const ask = `recommendStack(requirements: { useCase: "api-first" }) { score } `
			if r := a.ask(`{ `+ask+`}`, nil); len(r.Errors) > 0 {
				continue // not enough for one
			}
			if r := a.ask(`{ a: `+ask+`b: `+ask+`c: `+ask+`d: `+ask+`}`, nil); len(r.Errors) == 0 {
				t.Errorf("%d steps are enough for one and half of them are not, but they are for four", steps)
			}
			return
		}
	})
}
