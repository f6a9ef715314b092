package graph_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"stackyard/internal/store"
)

// badInput are questions that cannot be answered, each with the one error that it gets.
var badInput = []struct {
	name      string
	document  string
	variables map[string]any
	message   string
	code      string
	path      []any
}{
	// pages
	page("first 0", `first: 0`, "first is 0; it must lie between 1 and 100"),
	page("first -1", `first: -1`, "first is -1; it must lie between 1 and 100"),
	page("first 101", `first: 101`, "first is 101; it must lie between 1 and 100"),
	page("first beyond 32 bits", `first: 4294967297`, "first is 4294967297; it must lie between 1 and 100"),
	page("last 0", `last: 0`, "last is 0; it must lie between 1 and 100"),
	page("first and last", `first: 1, last: 1`, "first and last cannot both be given"),
	page("an empty cursor", `after: ""`, notACursor("")),
	page("a cursor that is no base64", `before: "***"`, notACursor("***")),
	page("a cursor of garbage", `after: "`+garbage+`"`, notACursor(garbage)),
	{
		"a page below", `{ technology(slug: "nodejs") { releaseCycles(last: 101) { totalCount } } }`, nil,
		"last is 101; it must lie between 1 and 100", badUserInput,
		[]any{"technology", "releaseCycles"},
	},
	{
		"a cursor below", `{ technology(slug: "nodejs") { integrations(after: "x") { totalCount } } }`, nil,
		notACursor("x"), badUserInput,
		[]any{"technology", "integrations"},
	},

	// ids
	id("garbage", "garbage!", "garbage!"),
	id("nothing", "", ""),
	id("a type that there is not", "YwE", "YwE"),
	id("the key 0", "BQA", "BQA"),
	id("a key beyond 63 bits", "Bf___________wE", "Bf___________wE"),
	id("10 kB", tenKB, tenKB[:40]+"…"),
	{"an id that is a number", `{ node(id: 5) { id } }`, nil, "an id is a string", badUserInput, []any{"node", "id"}},
	{"an id among many", `{ nodes(ids: ["BQE", "x"]) { id } }`, nil, `"x" is not an id of this server`, badUserInput, []any{"nodes", "ids", 1.0}},
	{
		"101 ids", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
		map[string]any{"ids": times("BQE", 101)},
		"ids lists 101 ids, more than 100", badUserInput,
		[]any{"nodes"},
	},

	// values of filters
	{
		"a search of 10 kB", `query ($s: String) { technologies(filter: { search: $s }) { totalCount } }`,
		map[string]any{"s": tenKB},
		"search has more than 200 characters (--max-search-length)", badUserInput,
		[]any{"technologies"},
	},
	{
		"101 slugs", `query ($s: [String!]) { technologies(filter: { slugs: $s }) { totalCount } }`,
		map[string]any{"s": times("go", 101)},
		"slugs lists 101 values, more than 100 (--max-filter-values)", badUserInput,
		[]any{"technologies"},
	},
	{
		"101 technologies of a calendar", `query ($s: [String!]) { releaseCycles(filter: { technologies: $s }) { totalCount } }`,
		map[string]any{"s": times("go", 101)},
		"technologies lists 101 values, more than 100 (--max-filter-values)", badUserInput,
		[]any{"releaseCycles"},
	},
	{
		"101 severities", `query ($s: [Severity!]) { advisories(filter: { severities: $s }) { totalCount } }`,
		map[string]any{"s": times("LOW", 101)},
		"severities lists 101 values, more than 100 (--max-filter-values)", badUserInput,
		[]any{"advisories"},
	},
	{
		"a version of 10 kB", `query ($v: String) { technology(slug: "go") { advisories(affectsVersion: $v) { totalCount } } }`,
		map[string]any{"v": tenKB},
		"affectsVersion is not a version such as 18.20.4", badUserInput,
		[]any{"technology", "advisories"},
	},
	{
		"a version that is a word", `{ technology(slug: "go") { advisories(affectsVersion: "latest") { totalCount } } }`, nil,
		"affectsVersion is not a version such as 18.20.4", badUserInput,
		[]any{"technology", "advisories"},
	},
	{
		"a cycle's version of 10 kB", `query ($v: String!) { technology(slug: "go") { releaseCycle(version: $v) { name } } }`,
		map[string]any{"v": tenKB},
		"version has more than 100 characters", badUserInput,
		[]any{"technology", "releaseCycle"},
	},
	{
		"a day that no calendar has", `{ releaseCycles(filter: { endOfLifeFrom: "2026-02-30" }) { totalCount } }`, nil,
		`"2026-02-30" is not a day such as 2026-04-30`, badUserInput,
		[]any{"releaseCycles", "filter", "endOfLifeFrom"},
	},
	{
		"a day with a time", `query ($d: Date) { releaseCycles(filter: { releasedUntil: $d }) { totalCount } }`,
		map[string]any{"d": "2026-02-28T00:00:00Z"},
		`"2026-02-28T00:00:00Z" is not a day such as 2026-04-30`, badUserInput,
		[]any{"releaseCycles", "filter", "releasedUntil"},
	},
	{
		"an instant that is none", `{ technologies(filter: { changedSince: "yesterday" }) { totalCount } }`, nil,
		`"yesterday" is not an instant such as 2026-04-30T12:00:00Z`, badUserInput,
		[]any{"technologies", "filter", "changedSince"},
	},
	{
		"an instant without offset", `{ advisories(filter: { publishedFrom: "2026-04-30T12:00:00" }) { totalCount } }`, nil,
		`"2026-04-30T12:00:00" is not an instant such as 2026-04-30T12:00:00Z`, badUserInput,
		[]any{"advisories", "filter", "publishedFrom"},
	},
	{
		"a text cut to nothing", `{ technology(slug: "nodejs") { description(truncateTo: 0) } }`, nil,
		"truncateTo is 0; it must be at least 1", badUserInput,
		[]any{"technology", "description"},
	},

	// documents
	invalid("an unknown enum value", `{ technologies(filter: { statuses: [DEAD] }) { totalCount } }`, nil, `Value "DEAD" does not exist in "LifecycleStatus!" enum.`),
	invalid("first as a string", `{ technologies(first: "1") { totalCount } }`, nil, `Int cannot represent non-integer value: "1"`),
	invalid("an unknown field", `{ tecnologies { totalCount } }`, nil, `Cannot query field "tecnologies" on type "Query".`),
	invalid("null for an id", `{ nodes(ids: [null]) { id } }`, nil, `Expected value of type "ID!", found null.`),
	invalid("deferring", `{ technology(slug: "go") { ... @defer { name } } }`, nil, `Unknown directive "@defer".`),
	invalid("no operation", ` `, nil, `no operation provided`),
	{"a document over the limit", `{ ` + strings.Repeat("a: __typename ", 700) + `}`, nil, "exceeded token limit of 2000", "GRAPHQL_PARSE_FAILED", nil},
	{"half a document", `{ technologies {`, nil, "Expected Name, found <EOF>", "GRAPHQL_PARSE_FAILED", nil},

	// variables
	variable("an enum", `$s: [LifecycleStatus!]`, `statuses: $s`, map[string]any{"s": []string{"DEAD"}}, `DEAD is not a valid LifecycleStatus`, "s", 0.0),
	variable("a boolean for a string", `$s: String`, `search: $s`, map[string]any{"s": true}, `cannot use bool as String`, "s"),
	variable("half a number", `$s: Float`, `minRating: $s`, map[string]any{"s": "4,5"}, `cannot use string as Float`, "s"),
	variable("null in a list", `$s: [String!]`, `slugs: $s`, map[string]any{"s": []any{nil}}, `cannot be null`, "s", 0.0),
	variable("a missing one", `$s: String!`, `search: $s`, nil, `must be defined`, "s"),
	{
		"an unknown condition", `query ($f: TechnologyFilter) { technologies(filter: $f) { totalCount } }`,
		map[string]any{"f": map[string]any{"x": 1}},
		"unknown field", "GRAPHQL_VALIDATION_FAILED",
		[]any{"variable", "f", "x"},
	},
}

// mistaken is bad input whose error may have any words, as long as it blames the
// right one: it is the caller's, and no fault of the server.
var mistaken = map[string]struct {
	document  string
	variables string
}{
	"an enum value in lower case": {`query ($s: [Severity!]) { advisories(filter: { severities: $s }) { totalCount } }`, `{ "s": ["high"] }`},
	"an order in lower case":      {`query ($o: TechnologyOrder) { technologies(orderBy: $o) { totalCount } }`, `{ "o": { "field": "name" } }`},
	"a rating that is no number":  {`query ($r: Float) { technologies(filter: { minRating: $r }) { totalCount } }`, `{ "r": "NaN" }`},
	"an infinite rating":          {`query ($r: Float) { technologies(filter: { minRating: $r }) { totalCount } }`, `{ "r": "-Inf" }`},
}

func TestMistakesAreNeverTakenForFaultsOfTheServer(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for name, c := range mistaken {
			t.Run(name, func(t *testing.T) {
				var variables map[string]any
				if err := json.Unmarshal([]byte(c.variables), &variables); err != nil {
					t.Fatal(err)
				}
				for _, e := range a.in(t).ask(c.document, variables).Errors {
					if e.Extensions["code"] != badUserInput {
						t.Errorf("got %+v", e)
					}
				}
			})
		}
		if a.log.Len() > 0 {
			t.Errorf("bad input is logged: %s", a.log)
		}
	})
}

// unkept are texts that PostgreSQL refuses even to compare with. Nothing is called so.
var unkept = map[string]struct {
	document  string
	variables map[string]any
	answer    string
}{
	"in a slug":                   {`{ technology(slug: "a\u0000") { name } }`, nil, `{"technology":null}`},
	"in a list":                   {`{ technologies(filter: { slugs: ["go", "a\u0000"] }) { totalCount } }`, nil, `{"technologies":{"totalCount":1}}`},
	"in a search":                 {`{ technologies(filter: { search: "valkey\u0000" }, first: 1) { nodes { slug } } }`, nil, `{"technologies":{"nodes":[{"slug":"valkey"}]}}`},
	"in a variable":               {`query ($s: String!) { category(slug: $s) { name } }`, map[string]any{"s": "a\x00"}, `{"category":null}`},
	"deep in a variable":          {`query ($f: AdvisoryFilter) { advisories(filter: $f) { totalCount } }`, map[string]any{"f": map[string]any{"identifier": "\x00"}}, `{"advisories":{"totalCount":0}}`},
	"that is no UTF-8, in a slug": {"{ technology(slug: \"a\xff\") { name } }", nil, `{"technology":null}`},
}

func TestTextsThatNoDatabaseKeepsMatchNothing(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for name, c := range unkept {
			t.Run(name, func(t *testing.T) {
				r := a.in(t).ask(c.document, c.variables)
				if len(r.Errors) > 0 || string(r.Data) != c.answer {
					t.Errorf("got %s, errors %+v, want %s", r.Data, r.Errors, c.answer)
				}
			})
		}
	})
}

const badUserInput = "BAD_USER_INPUT"

var (
	tenKB = strings.Repeat("a", 10_000)
	// garbage reads as a cursor: a checksum and a payload, which do not belong together.
	garbage = base64.RawURLEncoding.EncodeToString([]byte("123456[\"YQ==\",1]"))
)

type badCase = struct {
	name      string
	document  string
	variables map[string]any
	message   string
	code      string
	path      []any
}

func page(name, args, message string) badCase {
	return badCase{name, `{ technologies(` + args + `) { totalCount } }`, nil, message, badUserInput, []any{"technologies"}}
}

func id(name, id, shown string) badCase {
	return badCase{
		"an id of " + name, `query ($id: ID!) { node(id: $id) { id } }`,
		map[string]any{"id": id},
		fmt.Sprintf("%q is not an id of this server", shown), badUserInput,
		[]any{"node", "id"},
	}
}

func invalid(name, document string, variables map[string]any, message string) badCase {
	return badCase{name, document, variables, message, "GRAPHQL_VALIDATION_FAILED", nil}
}

func variable(name, declared, condition string, variables map[string]any, message string, path ...any) badCase {
	document := `query (` + declared + `) { technologies(filter: { ` + condition + ` }) { totalCount } }`
	return badCase{"as a variable, " + name, document, variables, message, "GRAPHQL_VALIDATION_FAILED", append([]any{"variable"}, path...)}
}

func notACursor(cursor string) string {
	return fmt.Sprintf("%q is not a cursor of this list: a cursor goes with the list, filter and order that gave it", cursor)
}

func times(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

func TestBadInputGetsOneClearErrorAndNothingElse(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for _, c := range badInput {
			t.Run(c.name, func(t *testing.T) {
				a.in(t).refuses(c.document, c.variables, problem{Message: c.message, Path: c.path, Extensions: map[string]any{"code": c.code}})
			})
		}
		if a.log.Len() > 0 {
			t.Errorf("bad input is logged: %s", a.log)
		}
	})
}

// refuses asks what gets one error and no data.
func (a *api) refuses(document string, variables map[string]any, want problem) {
	a.t.Helper()
	r := a.ask(document, variables)
	if diff := cmp.Diff([]problem{want}, r.Errors, cmpopts.IgnoreFields(problem{}, "Locations")); diff != "" {
		a.t.Errorf("errors: -want +got:\n%s", diff)
	}
	var data any
	if err := json.Unmarshal(r.Data, &data); err != nil {
		a.t.Fatal(err)
	}
	if found := scalars(data); len(found) > 1 || len(found) == 1 && found[0] != "null" {
		a.t.Errorf("there is data: %s", r.Data)
	}
}

func TestACursorGoesWithItsListFilterAndOrder(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		const cursor = `{ technologies(first: 2, filter: { categories: ["databases"] }) { pageInfo { endCursor } } }`
		good := a.values(cursor, nil)
		ask := `query ($c: String) { technologies(after: $c, filter: { categories: ["databases"] }) { totalCount } }`
		if got := a.values(ask, map[string]any{"c": good}); got == "0" {
			t.Fatalf("the cursor itself finds %s", got)
		}
		refused := func(name, document, cursor string, path ...any) {
			t.Run(name, func(t *testing.T) {
				shown := cursor
				if r := []rune(cursor); len(r) > 40 {
					shown = string(r[:40]) + "…"
				}
				a.in(t).refuses(document, map[string]any{"c": cursor}, problem{
					Message: notACursor(shown), Path: path, Extensions: map[string]any{"code": badUserInput},
				})
			})
		}
		refused("another root list", `query ($c: String) { advisories(after: $c) { totalCount } }`, good, "advisories")
		refused("the same rows under a parent", `query ($c: String) { category(slug: "databases") { technologies(after: $c) { totalCount } } }`, good, "category", "technologies")
		refused("no filter", `query ($c: String) { technologies(after: $c) { totalCount } }`, good, "technologies")
		refused("another filter", `query ($c: String) { technologies(after: $c, filter: { categories: ["frameworks"] }) { totalCount } }`, good, "technologies")
		refused("another order", `query ($c: String) { technologies(after: $c, filter: { categories: ["databases"] }, orderBy: { field: RATING }) { totalCount } }`, good, "technologies")
		refused("another direction", `query ($c: String) { technologies(after: $c, filter: { categories: ["databases"] }, orderBy: { field: NAME, direction: DESC }) { totalCount } }`, good, "technologies")
		refused("a search", `query ($c: String) { technologies(after: $c, filter: { categories: ["databases"], search: "sql" }) { totalCount } }`, good, "technologies")

		raw, err := base64.RawURLEncoding.DecodeString(good)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw {
			forged := []byte(string(raw))
			forged[i] ^= 1
			refused(fmt.Sprintf("a flipped bit in byte %d", i), ask, base64.RawURLEncoding.EncodeToString(forged), "technologies")
		}
		refused("a missing end", ask, good[:len(good)-2], "technologies")
		refused("more at the end", ask, good+"AA", "technologies")
		refused("padding", ask, good+"=", "technologies")
	})
}
