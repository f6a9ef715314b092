package graph_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent/technology"
	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// fourLevels is the query that must take a constant, small number of statements.
const fourLevels = `query ($n: Int!, $slugs: [String!]) {
	technologies(first: $n, filter: { slugs: $slugs }) {
		nodes {
			name
			releaseCycles(first: 5) { nodes { name status endOfLifeOn } }
			advisories(first: 5) { nodes { identifier affected { technology { slug } introduced fixed lastAffected } } }
			integrations(first: 5) { edges { target { ... on Technology { slug categories { name } } ... on Tool { name } } } }
		}
	}
}`

// deep are documents that go down from technologies, with what they take.
var deep = map[string]struct {
	statements int
	document   string
}{
	// technologies, cycles, advisories, ranges, their technologies, integrations, their technologies and tools, categories
	"four levels": {9, fourLevels},
	"every list that comes whole": {10, `query ($n: Int!, $slugs: [String!]) {
		technologies(first: $n, filter: { slugs: $slugs }) {
			edges { node {
				identifiers { value } source { slug } license { expression } rating { count }
				categories { slug } useCases { slug technologies(first: 1) { nodes { slug } } }
				lifecycle { status latestCycle { name source { slug } } }
				successors { slug categories { slug } }
			} }
		}
	}`},
	"a version's cycle and what it needs": {5, `query ($n: Int!, $slugs: [String!]) {
		technologies(first: $n, filter: { slugs: $slugs }) {
			nodes {
				releaseCycle(version: "5.2") { technology { slug } requirements { kind technology { slug categories { slug } } } }
				lifecycle { latestCycle { name technology { slug } } }
			}
		}
	}`},
	"pages with their lengths, under aliases": {20, `query ($n: Int!, $slugs: [String!]) {
		technologies(first: $n, filter: { slugs: $slugs }) {
			totalCount
			nodes {
				releaseCycles(first: 1) { totalCount nodes { name } }
				longTerm: releaseCycles(last: 2, filter: { isLongTerm: true }) { totalCount nodes { name source { slug } } }
				advisories(first: 1) { totalCount edges { cursor node { identifier source { slug } } } }
				affecting: advisories(affectsVersion: "5.2", first: 1) { nodes { identifier } }
				integrations(first: 1) { totalCount nodes { area } }
				alternatives(first: 1) { totalCount nodes { slug useCases { slug } } }
				reviews(first: 1) { totalCount nodes { rating } }
			}
		}
	}`},
	"reviews and their authors' reviews": {6, `query ($n: Int!, $slugs: [String!]) {
		technologies(first: $n, filter: { slugs: $slugs }) {
			nodes { reviews(first: 2) { nodes { author { name reviews(first: 2) { nodes { technology { slug categories { slug } } } } } } } }
		}
	}`},
	"integrations from both ends": {7, `query ($n: Int!, $slugs: [String!]) {
		technologies(first: $n, filter: { slugs: $slugs }) {
			nodes { integrations(first: 3) { nodes { from { slug } to { __typename ... on Technology { slug releaseCycles(first: 1) { nodes { name } } advisories(first: 1) { nodes { identifier } } } ... on Tool { slug } } } } }
		}
	}`},
	"the calendar": {6, `query ($n: Int!, $slugs: [String!]) {
		releaseCycles(first: $n, filter: { technologies: $slugs }, orderBy: { field: RELEASED_ON, direction: DESC }) {
			nodes { name technology { slug categories { slug } } requirements { technology { slug } } source { slug } }
		}
	}`},
	"advisories": {4, `query ($n: Int!) {
		advisories(first: $n) { nodes { identifier affected { technology { slug lifecycle { status } } } } }
	}`},
	"nodes": {4, `query ($ids: [ID!]!) {
		nodes(ids: $ids) { ... on Technology { slug categories { slug } releaseCycles(first: 1) { totalCount nodes { name } } } }
	}`},
}

// one stands for a single parent: every edge of it leads somewhere.
const one = "django"

// outside are the technologies that links lead to; they are no parents themselves.
var outside = []string{"java", "kubernetes", "php", "python", "yii", "zookeeper"}

// linked writes links of a hundred technologies, and gives their slugs and ids;
// the first is the single parent's.
func linked(t *testing.T, db *store.DB) (slugs, ids []string) {
	t.Helper()
	write(t, db, func(w rows) {
		w.unlink()
		all, err := w.tx.Technology.Query().
			Where(technology.SlugNotIn(append([]string{one}, outside...)...)).Order(technology.BySlug()).Limit(99).All(w.ctx)
		w.must(err)
		all = slices.Insert(all, 0, w.technology(one))

		yii, zookeeper := w.technology("yii"), w.technology("zookeeper")
		tool, ann, bob := w.tool("a-tool", "A tool"), w.user("ann"), w.user("bob")
		for i, parent := range all {
			slugs, ids = append(slugs, parent.Slug), append(ids, parent.GlobalID().String())
			w.integration(parent, enum.AreaSEOAndAnalytics, yii, nil)
			w.integration(parent, enum.AreaFrontEnd, nil, tool)
			w.integration(zookeeper, enum.AreaData, parent, nil)
			w.alternative(parent, yii, 90)
			w.successor(parent, zookeeper, 90)
			w.suits(parent, "api-first", 90, nil)
			w.review(parent, ann, i, false)
			w.review(parent, bob, i, false)
		}
		for i, other := range []string{"yii", "zookeeper"} {
			w.review(w.technology(other), ann, 1000+i, false)
			w.review(w.technology(other), bob, 1000+i, false)
		}
		for _, c := range w.cycles(one) {
			w.must(w.tx.VersionRequirement.Create().SetReleaseCycleID(c.ID).SetTechnologyID(yii.ID).
				SetKind(enum.RequirementSupported).SetAsPublished("any").SetPosition(90).Exec(w.ctx))
		}
		w.concern(one, zookeeper)
	})
	return slugs, ids
}

func TestFourLevelsTakeNineStatements(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		slugs, _ := linked(t, db)
		r := a.ask(fourLevels, map[string]any{"n": 20, "slugs": slugs[:20]})
		if got := len(parents(t, r)); got != 20 {
			t.Fatalf("%d technologies", got)
		}
		if len(r.statements) != 9 {
			t.Errorf("it took %d statements, want 9:\n%s", len(r.statements), strings.Join(r.statements, "\n"))
		}
	})
}

// TestStatementsDoNotDependOnTheNumberOfParents asks each deep document for one
// parent and for a hundred.
func TestStatementsDoNotDependOnTheNumberOfParents(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		slugs, ids := linked(t, db)
		for name, q := range deep {
			t.Run(name, func(t *testing.T) {
				few := a.in(t).ask(q.document, map[string]any{"n": 1, "slugs": slugs[:1], "ids": ids[:1]})
				many := a.in(t).ask(q.document, map[string]any{"n": 100, "slugs": slugs, "ids": ids})
				if len(many.late) > 0 {
					t.Errorf("nobody looked ahead to what was loaded at %s", many.late)
				}
				if f, m := len(parents(t, few)), len(parents(t, many)); f != 1 || m != 100 {
					t.Fatalf("%d parents and %d, want 1 and 100", f, m)
				}
				if len(few.statements) != q.statements || len(many.statements) != q.statements {
					t.Errorf("1 parent takes %d statements, 100 take %d, want %d:\n%s", len(few.statements), len(many.statements), q.statements,
						cmp.Diff(few.statements, many.statements))
				}
				sameText := a.in(t).ask(q.document, map[string]any{"n": 100, "slugs": slugs[:1], "ids": ids[:1]})
				if diff := cmp.Diff(slices.Sorted(slices.Values(sameText.statements)), slices.Sorted(slices.Values(many.statements))); diff != "" {
					t.Errorf("the text of the statements depends on the number of keys:\n%s", diff)
				}
			})
		}
	})
}

// TestLookingAheadReadsArgumentsAsResolversDo asks for one page in several ways
// of writing it.
func TestLookingAheadReadsArgumentsAsResolversDo(t *testing.T) {
	written := map[string]struct{ declared, arguments string }{
		"lists":               {``, `first: 1, filter: { severities: [HIGH] }`},
		"one value as a list": {``, `first: 1, filter: { severities: HIGH }`},
		"variables":           {`$n: Int = 1, $s: Severity! = HIGH`, `first: $n, filter: { severities: [$s] }`},
		"a list variable":     {`$s: [Severity!] = [HIGH]`, `first: 1, filter: { severities: $s }`},
		"a filter variable":   {`$f: AdvisoryFilter = { severities: [HIGH] }`, `first: 1, filter: $f`},
		"a default of one":    {`$f: AdvisoryFilter = { severities: HIGH }`, `first: 1, filter: $f`},
		"nulls":               {`$n: Int`, `first: 1, last: $n, after: null, filter: { severities: [HIGH], identifier: null }`},
		"an empty list":       {``, `first: 1, filter: { severities: [] }`},
		"a date with offset":  {``, `first: 1, filter: { severities: [HIGH], publishedFrom: "2000-01-01T00:00:00+01:00" }`},
	}
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for name, w := range written {
			t.Run(name, func(t *testing.T) {
				declared := ""
				if w.declared != "" {
					declared = "query (" + w.declared + ") "
				}
				r := a.in(t).ask(declared+`{
					technologies(first: 100) { nodes { advisories(`+w.arguments+`) { totalCount nodes { identifier affected { introduced } } } } }
				}`, nil)
				if len(r.Errors) > 0 {
					t.Fatalf("errors: %+v", r.Errors)
				}
				if len(r.statements) > 4 || len(r.late) > 0 {
					t.Errorf("it took %d statements, want 4: technologies, advisories, their number, ranges; late: %s", len(r.statements), r.late)
				}
			})
		}
	})
}

// parents gives the items of the answer's root list.
func parents(t *testing.T, r reply) []any {
	t.Helper()
	if len(r.Errors) > 0 {
		t.Fatalf("errors: %+v", r.Errors)
	}
	var roots map[string]any
	if err := json.Unmarshal(r.Data, &roots); err != nil || len(roots) != 1 {
		t.Fatalf("%v: not one root: %s", err, r.Data)
	}
	for _, root := range roots {
		if list, ok := root.([]any); ok {
			return list
		}
		page := root.(map[string]any)
		for _, items := range []string{"nodes", "edges"} {
			if list, ok := page[items].([]any); ok {
				return list
			}
		}
	}
	return nil
}
