package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// curator is the api as asked by a curator.
func (a *api) curator() *api { return a.as(named("cora", auth.ScopeCatalogWrite)) }

func TestATechnologyIsAdded(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		cora := a.curator()
		a.logs("adding a technology", func() {
			got := cora.did("createTechnology", `technology {
				aliases asOf categories { slug } curatorNotes description documentation firstReleaseYear homepage hosting
				license { expression isOpenSource } name repository revision slug source { slug } steward summary useCases { slug }
			}`, input{
				"slug": "yarddb", "name": " YardDB ", "summary": "Keeps planks.", "description": "Planks,\r\n\r\nand nails.",
				"homepage": "https://yard.example/", "documentation": "http://yard.example/docs", "repository": "https://git.example/y?x=1#y",
				"steward": "Yard Inc.", "license": "zlib OR (mit AND BUSL-1.1)", "firstReleaseYear": 2027, "hosting": []any{"MANAGED", "SELF_HOSTED", "MANAGED"},
				"categories": []any{"databases", "frameworks"}, "useCases": []any{"api-first"}, "aliases": []any{"ydb", "Yard Base"}, "curatorNotes": "New.",
			})
			want := "ydb Yard Base 2026-11-22 databases frameworks New. Planks,\\n\\nand nails. http://yard.example/docs 2027 https://yard.example/ " +
				"MANAGED SELF_HOSTED Zlib OR (MIT AND BUSL-1.1) true YardDB https://git.example/y?x=1#y 1 yarddb null Yard Inc. Keeps planks. api-first"
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}, "CREATED TECHNOLOGY yarddb")
		cora.did("createTechnology", "technology { id }", input{"slug": "aa", "name": "A a", "summary": "A.", "categories": []any{"databases"}})
		for condition, want := range map[string]string{
			`search: "yard base"`: "yarddb", `search: "planks nails"`: "yarddb", `search: "ydb"`: "yarddb", `slugs: ["aa"]`: "aa",
			`licenses: ["Zlib"], categories: ["frameworks"]`: "yarddb", `hosting: [MANAGED], search: "yard"`: "yarddb",
		} {
			got := a.values(`{ technologies(filter: {`+condition+`}) { nodes { slug } } }`, nil)
			if got != want {
				t.Errorf("%s finds %s", condition, got)
			}
		}
		got := a.values(`{ category(slug: "databases") { technologies(first: 1) { nodes { slug } } }
			useCase(slug: "api-first") { technologies(filter: { search: "yard" }) { nodes { slug } } } }`, nil)
		if want := "aa yarddb"; got != want {
			t.Errorf("they stand in lists as %s, want %s", got, want)
		}
		if got := a.ratingOf("aa"); got != "null 0 0 0 0 0 0" {
			t.Errorf("a new technology is rated %s", got)
		}
	})
}

func TestFaultsOfTechnologies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		cora := a.curator()
		good := input{"slug": "new", "name": "New", "summary": "S.", "categories": []any{"databases"}}
		own := input{"technologyId": a.idOf("nodejs")}
		few := func(n int) (out []any) {
			for i := range n {
				out = append(out, fmt.Sprint("a", i))
			}
			return out
		}
		long := func(n int) string { return strings.Repeat("ä", n) }
		for _, c := range []struct {
			field string
			value any
			want  string
		}{
			{"slug", "", "REQUIRED input.slug"},
			{"slug", "a", "INVALID input.slug"},
			{"slug", "New", "INVALID input.slug"},
			{"slug", "n.js", "INVALID input.slug"},
			{"slug", strings.Repeat("a", 61), "TOO_LONG input.slug"},
			{"slug", "postgresql", "TAKEN input.slug"},
			{"name", "\t", "REQUIRED input.name"},
			{"name", offText, "INVALID input.name"},
			{"name", long(101), "TOO_LONG input.name"},
			{"name", "POSTGRESQL", "TAKEN input.name"},
			{"summary", "", "REQUIRED input.summary"},
			{"summary", "a\nb", "INVALID input.summary"},
			{"summary", long(301), "TOO_LONG input.summary"},
			{"description", long(10001), "TOO_LONG input.description"},
			{"homepage", "yard.example", "INVALID input.homepage"},
			{"documentation", "ftp://yard.example", "INVALID input.documentation"},
			{"repository", "javascript:alert(1)", "INVALID input.repository"},
			{"repository", "https://e.example/" + strings.Repeat("a", 2000), "TOO_LONG input.repository"},
			{"steward", long(201), "TOO_LONG input.steward"},
			{"license", "Free", "INVALID input.license"},
			{"license", "MIT AND (", "INVALID input.license"},
			{"license", "MIT or ISC", "INVALID input.license"},
			{"license", strings.Repeat("MIT OR ", 30) + "MIT", "TOO_LONG input.license"},
			{"license", "(MIT OR ISC)" + strings.Repeat("AND(MIT OR ISC)", 5), "TOO_LONG input.license"},
			{"license", "Free" + strings.Repeat(" OR MIT", 10), "INVALID input.license"},
			{"firstReleaseYear", 1949, "OUT_OF_RANGE input.firstReleaseYear"},
			{"firstReleaseYear", 2028, "OUT_OF_RANGE input.firstReleaseYear"},
			{"categories", []any{}, "REQUIRED input.categories"},
			{"categories", []any{"databases", "none", " "}, "REQUIRED input.categories.2, NOT_FOUND input.categories.1"},
			{"categories", []any{"databases", "databases"}, "INVALID input.categories.1"},
			{"categories", []any{"databases", "frameworks", "languages-runtimes", "auth-security"}, "TOO_LONG input.categories"},
			{"useCases", []any{"api-first", "a\u0000", "databases"}, "NOT_FOUND input.useCases.1, NOT_FOUND input.useCases.2"},
			{"useCases", few(101), "TOO_LONG input.useCases"},
			{"aliases", []any{"ok", "", "OK", long(101)}, "REQUIRED input.aliases.1, INVALID input.aliases.2, TOO_LONG input.aliases.3"},
			{"aliases", few(21), "TOO_LONG input.aliases"},
			{"curatorNotes", long(2001), "TOO_LONG input.curatorNotes"},
			{"curatorNotes", "\u0000", "INVALID input.curatorNotes"},
		} {
			for mutation, base := range map[string]input{"createTechnology": good, "updateTechnology": own} {
				in := maps.Clone(base)
				in[c.field] = c.value
				if got := cora.rejects(mutation, in); got != c.want {
					t.Errorf("%s with %s %.60v: %s, want %s", mutation, c.field, fmt.Sprint(c.value), got, c.want)
				}
			}
		}
		for _, field := range []string{"slug", "name", "summary", "categories"} {
			if got := cora.rejects("updateTechnology", input{"technologyId": own["technologyId"], field: nil}); got != "REQUIRED input."+field {
				t.Errorf("no %s: %s", field, got)
			}
		}
		for _, id := range []string{nobodys(relay.TypeTechnology), nobodys(relay.TypeReview)} {
			for _, mutation := range []string{"updateTechnology", "deleteTechnology"} {
				if got := cora.rejects(mutation, input{"technologyId": id}); got != "NOT_FOUND input.technologyId" {
					t.Errorf("%s of nothing: %s", mutation, got)
				}
			}
		}
		_, _, r := cora.mutate("updateTechnology", "technology { id }", input{"technologyId": own["technologyId"], "license": "MIT" + strings.Repeat(" OR ISC", 11)})
		if !strings.Contains(string(r.Data), "more than 10 operators") {
			t.Errorf("the limit is not named: %s", r.Data)
		}
		got := cora.rejects("updateTechnology", input{"technologyId": own["technologyId"], "expectedRevision": 7, "name": "", "license": "?"})
		if want := "CONFLICT input.expectedRevision, REQUIRED input.name, INVALID input.license"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		for _, by := range []*api{a, a.as(named("ann", auth.ScopeReviewsModerate, auth.ScopeCatalogSync))} {
			want := "FORBIDDEN"
			if by == a {
				want = "UNAUTHENTICATED"
			}
			if got := by.outcome("createTechnology", good); got != want {
				t.Errorf("without the scope: %s", got)
			}
		}
		if got := a.values(`{ technologies(filter: { slugs: ["new"] }) { totalCount } technology(slug: "nodejs") { revision } }`, nil); got != "0 1" {
			t.Errorf("what was refused left %s", got)
		}
	})
}

func TestATechnologyIsCorrected(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		cora, id := a.curator(), a.idOf("nodejs")
		before := a.values(`{ technology(slug: "nodejs") { asOf source { slug } updatedAt } }`, nil)
		a.clock.advance(time.Hour)
		revision := 1
		correct := func(what string, in input, fields string) {
			in["technologyId"], in["expectedRevision"] = id, revision
			want := []string{}
			if fields != "" {
				revision++
				want = []string{"UPDATED TECHNOLOGY nodejs " + fields}
			}
			a.logs(what, func() {
				if got := cora.did("updateTechnology", "technology { revision }", in); got != fmt.Sprint(revision) {
					t.Errorf("%s: revision %s, want %d", what, got, revision)
				}
			}, want...)
		}
		correct("nothing", input{}, "")
		correct("a note, which is for curators alone", input{"curatorNotes": "Ours."}, "")
		correct("what it is already", input{"slug": "nodejs", "name": "Node.js", "license": "MIT", "curatorNotes": " Ours. "}, "")
		if got := a.values(`{ technology(slug: "nodejs") { asOf source { slug } updatedAt } }`, nil); got != before {
			t.Errorf("what changes nothing makes %s of %s", got, before)
		}
		correct("texts", input{"name": "Nodule", "summary": "Runs nodules.", "description": nil, "steward": "N."}, "description name steward summary")
		correct("addresses", input{"homepage": "https://n.example", "documentation": nil, "repository": "https://n.example/r"}, "documentation homepage repository")
		correct("the licence", input{"license": "BUSL-1.1"}, "license")
		correct("the licence, taken back", input{"license": nil}, "license")
		correct("lists", input{"aliases": []any{"nodular"}, "hosting": []any{"EMBEDDED"}, "firstReleaseYear": nil}, "aliases firstReleaseYear hosting")
		correct("lists that are emptied", input{"aliases": nil, "hosting": []any{}, "useCases": nil}, "aliases hosting useCases")
		correct("links", input{"categories": []any{"api-development"}, "useCases": []any{"api-first"}}, "categories useCases")
		got := cora.values(`{ technology(slug: "nodejs") {
			aliases curatorNotes description homepage hosting license { expression } name useCases { slug } categories { slug } updatedAt
		} }`, nil)
		if want := "api-development Ours. null https://n.example null Nodule 2026-11-22T10:30:00Z api-first"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		for condition, want := range map[string]string{
			`search: "nodule"`: "nodejs", `search: "node.js", slugs: ["nodejs"]`: "", `hosting: [EMBEDDED], search: "nodules"`: "",
			`categories: ["api-development"], search: "nodules"`: "nodejs", `useCases: ["api-first"], search: "nodu"`: "nodejs",
		} {
			if got := a.values(`{ technologies(filter: {`+condition+`}) { nodes { slug } } }`, nil); got != want {
				t.Errorf("%s finds %s", condition, got)
			}
		}
	})
}

func TestListsAreOrderedByTheNewName(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		write(t, db, func(w rows) {
			w.unlink()
			w.integration(w.technology("nodejs"), enum.AreaData, w.technology("postgresql"), nil)
			w.integration(w.technology("nodejs"), enum.AreaData, w.technology("mysql"), nil)
		})
		const lists = `{
			category(slug: "databases") { technologies(first: 1) { nodes { slug } } }
			technology(slug: "nodejs") { integrations { nodes { to { ... on Technology { slug } } } } }
		}`
		before := a.values(lists, nil)
		a.curator().does("updateTechnology", input{"technologyId": a.idOf("postgresql"), "name": "AAA"})
		got := a.values(lists, nil)
		if want := "postgresql postgresql mysql"; got != want || before == got {
			t.Errorf("got %s, before %s, want %s", got, before, want)
		}
	})
}

func TestATechnologyGetsAnotherSlug(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		cora, id := a.curator(), a.idOf("nodejs")
		a.logs("another slug", func() { cora.does("updateTechnology", input{"technologyId": id, "slug": "node"}) }, "UPDATED TECHNOLOGY node slug")
		got := a.values(`{ new: technology(slug: "node") { id } old: technology(slug: "nodejs") { id } found: technologies(filter: { search: "node" }, first: 1) { nodes { slug } } }`, nil)
		if want := "node " + id + " null"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		other := input{"technologyId": a.idOf("deno"), "slug": "nodejs"}
		if got := cora.rejects("updateTechnology", other); got != "TAKEN input.slug" {
			t.Errorf("the slug that the files have for it: %s", got)
		}
		got = cora.rejects("createTechnology", input{"slug": "nodejs", "name": "N", "summary": "S", "categories": []any{"languages-runtimes"}})
		if got != "TAKEN input.slug" {
			t.Errorf("the slug that the files have for it: %s", got)
		}
		cora.does("updateTechnology", input{"technologyId": id, "slug": "node-js"})
		cora.does("updateTechnology", input{"technologyId": id, "slug": "nodejs"})
		cora.does("createTechnology", input{"slug": "node", "name": "N", "summary": "S", "categories": []any{"languages-runtimes"}})
	})
}

func TestOfTwoCorrectionsOfOneRevisionOneWins(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		cora, id := a.curator(), a.idOf("nodejs")
		cora.does("updateTechnology", input{"technologyId": id, "curatorNotes": "."}) // cora is registered
		outcomes := make([]string, 4)
		var all sync.WaitGroup
		for i := range outcomes {
			all.Go(func() {
				outcomes[i] = cora.outcome("updateTechnology", input{"technologyId": id, "expectedRevision": 1, "name": fmt.Sprint("Name ", i)})
			})
		}
		all.Wait()
		count := map[string]int{}
		for _, o := range outcomes {
			count[o]++
		}
		if diff := cmp.Diff(map[string]int{"done": 1, "CONFLICT input.expectedRevision": 3}, count); diff != "" {
			t.Error(diff)
		}
	})
}
