package graph

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/internal/relay"
)

// exceptions are where the contract breaks a rule, and why.
var exceptions = map[string]string{
	"ChangeConnection: it has no field totalCount":                  "a log grows while it is counted",
	"Member.since: a DateTime is named …At":                         "it reads better, and is no event of its own",
	"ModerateReviewInput.hidden: a Boolean is named is… or has…":    "it is what to do, not what is",
	"StackRecommendation.rejected: 300 items call for a connection": "it is part of one answer, and computed as a whole",
	"OrganizationRules: its name is a plural":                       "they are given and taken together",
}

func TestSDLKeepsTheRules(t *testing.T) {
	faults := sdlFaults(readSDL(t, "../schema.graphqls"))
	for _, fault := range faults {
		if exceptions[fault] == "" {
			t.Error(fault)
		}
	}
	for fault := range exceptions {
		if !slices.Contains(faults, fault) {
			t.Errorf("nothing needs the exception %q", fault)
		}
	}
}

func TestSDLRulesBite(t *testing.T) {
	sound := readSDL(t, "testdata/sdl/sound.graphqls")
	if faults := sdlFaults(sound); len(faults) > 0 {
		t.Fatalf("the sound schema has faults: %q", faults)
	}
	place := regexp.MustCompile(`^schema\.graphqls:\d+:\d+: `)
	for _, c := range []struct{ instead, write, fault string }{
		// Descriptions.
		{"\"A calendar day.\"\nscalar Date\n", "scalar Date\n", "Date: it has no description"},
		{"\"Something to read.\"\n", "", "Book: it has no description"},
		{"\"Whether someone has it at home.\"\n", "\n", "Book.isLent: it has no description"},
		{"\"As `id` gives it.\"\n", "\n", "Query.node(id:): it has no description"},
		{"\"Whether it is lent.\"\n", "\n", "BookFilter.isLent: it has no description"},
		{"\"Every condition that is given must hold.\"\n", "", "BookFilter: it has no description"},
		{"\"It has been read.\"\n", "\n", "BookState.WELL_READ: it has no description"},
		{"\"Anyone may read it.\"\n", "", "@public: it has no description"},
		{"\"Sets of scopes; one of them must be complete.\"\n", "\n", "@requiresScopes(scopes:): it has no description"},
		{"\"Anything that has a global id.\"\n", "", "Node: it has no description"},
		{"Where it stands; null where it is lent.", "Where it stands; null where it is lent", "Book.shelf: its description is no sentence"},
		{"Where it stands; null where it is lent.", "where it stands.", "Book.shelf: its description is no sentence"},
		{"Where it stands; null where it is lent.", " Where it stands.", "Book.shelf: its description is no sentence"},
		{"Where it stands; null where it is lent.", "The shelf.", "Book.shelf: its description says no more than its name"},
		{"A piece of furniture.", "One shelf.", "Shelf: its description says no more than its name"},
		{"Day of its first edition.", "Published on.", "Book.publishedOn: its description says no more than its name"},

		// Connections, edges and pages.
		{"totalCount: Int!", "totalCount: Int", "BookConnection.totalCount: it is Int, not Int!"},
		{"  \"How many there are in all.\"\n  totalCount: Int!\n", "", "BookConnection: it has no field totalCount"},
		{"pageInfo: PageInfo!", "pageInfo: PageInfo", "BookConnection.pageInfo: it is PageInfo, not PageInfo!"},
		{"edges: [BookEdge!]!", "edges: [BookEdge]", "BookConnection.edges: it is [BookEdge], not [BookEdge!]!"},
		{"nodes: [Book!]!", "nodes: [Book]!", "BookConnection.nodes: it is [Book]!, not [Book!]!"},
		{"cursor: String!", "cursor: ID!", "BookEdge.cursor: it is ID!, not String!"},
		{"  \"What stands there.\"\n  node: Book!\n", "", "BookEdge: it has no field node"},
		{"node: Book!", "node: Shelf!", "BookConnection.nodes: it is [Book!]!, not [Shelf!]!"},
		{"node: Book!", "node: Book", "BookEdge.node: it is Book, not Book!"},
		{"  ): BookConnection! @public", "  ): BookConnection @public", "Query.books: anyone may read the connection, but it can be null"},
		{"    \"Only what comes before.\"\n    before: String\n", "", "Query.books: it does not take before: String"},
		{"first: Int", "first: Int!", "Query.books: it does not take first: Int"},
		{`["first", "last"]`, `["first"]`, "Query.books: its @listSize does not slice by first and last"},
		{`sizedFields: ["edges", "nodes"]`, `sizedFields: ["nodes"]`, "Query.books: its @listSize does not size edges and nodes"},
		{"startCursor: String", "startCursor: String!", "PageInfo.startCursor: it is String!, not String"},
		{"endCursor: String", "endCursor: ID", "PageInfo.endCursor: it is ID, not String"},
		{"  \"Whether there is something before.\"\n  hasPreviousPage: Boolean!\n", "", "PageInfo: it has no field hasPreviousPage"},
		{"hasNextPage: Boolean!", "hasNextPage: Boolean", "PageInfo.hasNextPage: it is Boolean, not Boolean!"},

		// Objects with a global id.
		{"type Shelf implements Node @public {\n  \"Global id.\"\n  id: ID!", "type Shelf implements Node @public {", "For Shelf to implement Node it must have a field called id."},
		{"type Shelf implements Node @public {\n  \"Global id.\"\n  id: ID!", "type Shelf implements Node @public {\n  \"Global id.\"\n  id: ID", "For Shelf to implement Node the field id must have type ID!."},
		{"type Shelf implements Node @public", "type Shelf @public", "Shelf: it has an id, but does not implement Node"},
		{"interface Node {\n  \"Global id.\"\n  id: ID!", "interface Node {\n  \"Global id.\"\n  id: ID", "Node.id: it is ID, not ID!"},
		{"  ): Node @public", "  ): Node! @public", "Query.node: it is Node!, not Node"},
		{"  ): [Node]! @public", "  ): [Node!]! @public", "Query.nodes: it is [Node!]!, not [Node]!"},

		// Names.
		{"isLent: Boolean!", "lent: Boolean!", "Book.lent: a Boolean is named is… or has…"},
		{"isLent: Boolean!", "issued: Boolean!", "Book.issued: a Boolean is named is… or has…"},
		{"isLent: Boolean\n", "lent: Boolean\n", "BookFilter.lent: a Boolean is named is… or has…"},
		{"filter: BookFilter\n", "filter: BookFilter\n    \"A switch.\"\n    withLoans: Boolean\n", "Query.books(withLoans:): a Boolean is named is… or has…"},
		{"boughtAt: DateTime!", "bought: DateTime!", "Book.bought: a DateTime is named …At"},
		{"boughtAt: DateTime!", "boughtSince: DateTime!", "Book.boughtSince: a DateTime is named …At"},
		{"changedSince: DateTime", "changed: DateTime", "BookFilter.changed: a DateTime is named …At, or …Since, …From or …Until where it is a bound"},
		{"publishedOn: Date", "publishedAt: Date", "Book.publishedAt: a Date is named …On, …Until, …From or asOf"},
		{"publishedOn: Date", "published: Date", "Book.published: a Date is named …On, …Until, …From or asOf"},
		{"title: String!", "getTitle: String!", "Book.getTitle: its name begins with get"},
		{"shelves: [Shelf!]!", "findShelves: [Shelf!]!", "Query.findShelves: its name begins with find"},
		{"shelves: [Shelf!]!", "queryShelves: [Shelf!]!", "Query.queryShelves: its name begins with query"},
		{"title: String!", "book_title: String!", "Book.book_title: its name is not camelCase"},
		{"filter: BookFilter\n", "Filter: BookFilter\n", "Query.books(Filter:): its name is not camelCase"},
		{"WELL_READ", "WellRead", "BookState.WellRead: its name is not UPPER_SNAKE"},
		{"\"A point in time.\"", "\"What a book may be.\"\nunion Thing_ = Book\n\n\"A point in time.\"", "Thing_: its name is not PascalCase"},
		{"\"A point in time.\"", "\"What a book may be.\"\nunion Things = Book\n\n\"A point in time.\"", "Things: its name is a plural"},
		{"assumedSize: Int", "assumed_size: Int\n  \"The same.\"\n  assumedSize: Int", "@listSize(assumed_size:): its name is not camelCase"},
		{"directive @public", "directive @Public on OBJECT\n\n\"Anyone may read it.\"\ndirective @public", "@Public: its name is not camelCase"},

		// Lists.
		{"assumedSize: 50", "assumedSize: 51", "Query.shelves: 51 items call for a connection"},
		{" @listSize(assumedSize: 50)", "", "Query.shelves: nothing says how long the list may be"},
		{`slicingArguments: ["ids"]`, `slicingArguments: ["keys"]`, "Query.nodes: its @listSize names keys, which it does not take"},
		{`sizedFields: ["edges", "nodes"]`, `sizedFields: ["edges", "nodes", "items"]`, "Query.books: its @listSize names items, which BookConnection does not have"},

		// Access.
		{"notes: String @requires", "notes: String! @requires", "Book.notes: it is guarded, but cannot be null"},
		{"loan: Loan", "loan: Loan!", "Book.loan: it is guarded, but cannot be null"},
		{"loan: Loan", "loans: [Loan!]!", "Book.loans: it is guarded, but cannot be null"},
		{"type Shelf implements Node @public", "type Shelf implements Node", "type Shelf has no access rule"},
		{"shelves: [Shelf!]! @public", "shelves: [Shelf!]!", "Query.shelves: it is a root field without an access rule"},
	} {
		if !strings.Contains(sound, c.instead) {
			t.Errorf("%q: the sound schema does not have %q", c.fault, c.instead)
			continue
		}
		faults := sdlFaults(strings.Replace(sound, c.instead, c.write, 1))
		for i := range faults {
			faults[i] = place.ReplaceAllString(faults[i], "")
		}
		if diff := cmp.Diff([]string{c.fault}, faults); diff != "" {
			t.Errorf("%q instead of %q (-want +got):\n%s", c.write, c.instead, diff)
		}
	}
}

func TestSDLDescribesAnArgumentOfPagesTheSameEverywhere(t *testing.T) {
	sound := readSDL(t, "testdata/sdl/sound.graphqls")
	page := func(first string) string {
		return `(
    "` + first + `"
    first: Int
    "Only what comes after."
    after: String
    "How many from the end."
    last: Int
    "Only what comes before."
    before: String
  ): BookConnection! @public @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])`
	}
	with := func(first string) string {
		return strings.Replace(sound, "number: Int!", "number: Int!\n  \"What stands on it.\"\n  books"+page(first), 1)
	}
	if faults := sdlFaults(with("How many from the start.")); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
	want := []string{`Shelf.books(first:): elsewhere its description is "How many from the start."`}
	if diff := cmp.Diff(want, sdlFaults(with("The first ones."))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSDLSaysHowLongPagesAre(t *testing.T) {
	query := loadSDL(t, readSDL(t, "../schema.graphqls")).Query
	for _, c := range []struct {
		description string
		numbers     []int
	}{
		{query.Fields.ForName("technologies").Arguments.ForName("first").Description, []int{1, relay.MaxPage, relay.DefaultPage}},
		{query.Fields.ForName("technologies").Arguments.ForName("last").Description, []int{1, relay.MaxPage}},
		{query.Fields.ForName("nodes").Description, []int{maxNodes}},
	} {
		var got []int
		for _, digits := range regexp.MustCompile(`\d+`).FindAllString(c.description, -1) {
			n, _ := strconv.Atoi(digits)
			got = append(got, n)
		}
		if diff := cmp.Diff(c.numbers, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.description, diff)
		}
	}
}

func TestSDLAccessRules(t *testing.T) {
	const head = `directive @public on FIELD_DEFINITION | OBJECT
		directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT
		directive @authenticated on FIELD_DEFINITION | OBJECT
		directive @requiresRole(role: R!) on FIELD_DEFINITION | OBJECT
		enum R { VIEWER OWNER }
		`
	for _, c := range []struct {
		name, sdl string
		guarded   []string
		err       string
	}{
		{name: "a root field without a rule", sdl: `type Query { a: Int }`, err: "Query.a: it is a root field without an access rule"},
		{name: "the type's rule is not enough at the root", sdl: `type Query { a: A } type A @public { b: Int }`, err: "Query.a: it is a root field without an access rule"},
		{name: "a mutation without a rule", sdl: `type Query { a: Int @public } type Mutation { b: Int }`, err: "Mutation.b: it is a root field without an access rule"},
		{name: "a subscription without a rule", sdl: `type Query { a: Int @public } type Subscription { b: Int }`, err: "Subscription.b: it is a root field without an access rule"},
		{name: "a type without a rule", sdl: `type Query { a: A @public } type A { b: Int }`, err: "type A has no access rule"},
		{name: "no scopes on a field", sdl: `type Query { a: Int @requiresScopes(scopes: []) }`, err: "Query.a: requiresScopes names no scopes"},
		{name: "no scopes on a type", sdl: `type Query { a: A @public } type A @requiresScopes(scopes: []) { b: Int }`, err: "A: requiresScopes names no scopes"},
		{name: "connections and edges need none", sdl: `type Query { a: AConnection @public } type AConnection { edges: [AEdge] } type AEdge { cursor: Int }`},
		{name: "inputs, enums, unions and interfaces need none", sdl: `type Query { a(i: I): U @public } input I { e: E } enum E { X } union U = A interface N { b: Int } type A implements N @public { b: Int }`},
		{name: "a guarded field", sdl: `type Query { a: Int @requiresScopes(scopes: [["s", "t"], ["u"]]) }`, guarded: []string{"Query.a @requiresScopes s and t, or u"}},
		{name: "a guarded type guards what returns it", sdl: `type Query { a: A @public } type A @public { one: B many: [B!] } type B @requiresScopes(scopes: [["s"]]) { c: Int }`, guarded: []string{"A.many @requiresScopes s", "A.one @requiresScopes s"}},
		{name: "a field's rule comes before its type's", sdl: `type Query { a: A @public b: A @requiresScopes(scopes: [["t"]]) } type A @requiresScopes(scopes: [["s"]]) { c: Int }`, guarded: []string{"Query.b @requiresScopes t"}},
		{name: "a token", sdl: `type Query { a: Int @authenticated }`, guarded: []string{"Query.a @authenticated"}},
		{name: "a role", sdl: `type Query { a: A @public } type A @public { b: Int @requiresRole(role: OWNER) }`, guarded: []string{"A.b @requiresRole OWNER"}},
		{name: "a guarded type guards the pages of it", sdl: `type Query { a: A @public } type A @public { b: BConnection } type BConnection { nodes: [B!]! edges: [BEdge!]! } type BEdge { node: B! } type B @requiresRole(role: VIEWER) { c: Int }`, guarded: []string{"A.b @requiresRole VIEWER"}},
		{name: "two rules at once", sdl: `type Query { a: Int @public @authenticated }`, err: "Query.a: it has more than one access rule"},
		{name: "a set without scopes", sdl: `type Query { a: Int @requiresScopes(scopes: [[]]) }`, err: "Query.a: requiresScopes has a set without scopes"},
		{name: "payloads need none", sdl: `type Query { a: Int @public } type Mutation { b: BPayload @authenticated } type BPayload { c: Int }`, guarded: []string{"Mutation.b @authenticated"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rulesOf(loadSDL(t, head+c.sdl))
			if c.err != "" {
				if err == nil || err.Error() != c.err {
					t.Fatalf("got %v, want %s", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var guarded []string
			for f, r := range got {
				guarded = append(guarded, fmt.Sprintf("%s.%s %v", f.object, f.field, r))
			}
			slices.Sort(guarded)
			if diff := cmp.Diff(c.guarded, guarded); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func readSDL(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func loadSDL(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
