package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/store"
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
				if diff := cmp.Diff(slices.Sorted(slices.Values(one)), slices.Sorted(slices.Values(all))); diff != "" {
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
			`compareTechnologies(slugs: []) { rows { label } }`:                                                                               "slugs lists fewer than 2 technologies",
			`compareTechnologies(slugs: ["go"]) { rows { label } }`:                                                                           "slugs lists fewer than 2 technologies",
			`compareTechnologies(slugs: ["go", "go"]) { rows { label } }`:                                                                     "slugs.1: it is listed already",
			`compareTechnologies(slugs: ["go", "Golang", "\u0000"]) { rows { label } }`:                                                       "slugs.1: there is no technology with this slug; slugs.2: there is no technology with this slug",
			`compareTechnologies(slugs: ["a", "b", "c", "d", "e", "f", "g"]) { rows { label } }`:                                              "slugs lists 7 technologies, more than 6 (--max-compared-technologies)",
			`compareTechnologies(slugs: ["go", "java", "php", "python", "nodejs", "ruby"]) { technologies { slug } }`:                         "",
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
