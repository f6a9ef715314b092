package loader_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
	"stackyard/internal/text"
)

// queries are what people, and others, type into a search box.
var queries = []string{
	"node", "Node.js", "nodejs", "node.js", "js", ".js", "NODE", " node ", "nod", "n", "postgres", "postgresql", "pg", "k8s", "kubernetes",
	"C#", "c", "c++", ".NET", "net", "asp.net", "dotnet", "go", "golang", "rust", "java", "javascript", "type-safe", "full text", "full-text search",
	"web framework", "framework web", "python framework", "relational database", "database relational", "message queue", "key-value",
	"in-memory", "open source", "the", "a", "1", "2.0", "señor", "SQL Server", "sql-server", "apache kafka", "kafka apache", "mongo DB",
	`"node"`, `"`, "'", "it's", "node'; DROP TABLE technologies;--", `\`, `node\`, `\'`, "%", "_", "node%", "n_de", "*", "nod*", "node*",
	"-node", "node -js", "NOT node", "node NOT js", "node AND js", "node OR python", "NEAR", "NEAR(node js)", "node NEAR js", "name:node",
	"{name} : node", "^node", "node^2", "+node", "node!", "!node", "node & js", "node | js", "node <-> js", "node:*", "(node", "node)", "()", "$1", "?", ":x", "@p1",
	"node\x00js", "\x00", "node\nsql", "\t", "日本語", "ελληνικά", "الله", "naïve", "ﬁle", "①", "𝐧𝐨𝐝𝐞", "🚀", "node🚀", "\xff\xfe", "ſql", "İ", "ß",
	"node𞤢", "\u200bnode", "no\u00adde", "n\u0301ode", "", " ",
	strings.Repeat("x", 200), strings.Repeat("㌀", 200), strings.Repeat("ﷺ", 200), strings.Repeat("a ", 100), strings.Repeat("a-", 100), strings.Repeat("#", 200),
}

// catalogues are the seeded databases, by dialect.
type catalogues map[string]*store.DB

// seededBoth opens the catalogue on every database there is.
func seededBoth(t *testing.T) catalogues {
	t.Helper()
	dbs := catalogues{}
	storetest.Each(t, func(s *testing.T, dialect string) {
		storetest.Address(s, dialect) // skips where no such database answers
		dbs[dialect] = storetest.Seeded(t, dialect)
	})
	return dbs
}

// find gives all technologies that a search finds, best first.
func find(t *testing.T, db *store.DB, search string) ([]*ent.Technology, error) {
	t.Helper()
	var all []*ent.Technology
	size := relay.MaxPage
	args := loader.TechnologyArgs{Filter: &loader.TechnologyFilter{Search: &search}, PageArgs: relay.PageArgs{First: &size}}
	for {
		c, err := loader.New(db, today, limits, nil, loader.Nobody).Technologies(t.Context(), args)
		if err != nil {
			return nil, err
		}
		all = append(all, c.Nodes()...)
		if !c.PageInfo.HasNextPage {
			return all, nil
		}
		args.After = c.PageInfo.EndCursor()
	}
}

func slugsOf(rows []*ent.Technology) []string {
	slugs := make([]string, len(rows))
	for i, t := range rows {
		slugs[i] = t.Slug
	}
	return slugs
}

// agree searches on every database, and says what differs.
func (dbs catalogues) agree(t *testing.T, search string) string {
	t.Helper()
	var first []string
	for i, dialect := range storetest.Dialects {
		db, isThere := dbs[dialect]
		if !isThere {
			continue
		}
		rows, err := find(t, db, search)
		if err != nil {
			return dialect + ": " + err.Error()
		}
		if i == 0 {
			first = slugsOf(rows)
			continue
		}
		if diff := cmp.Diff(first, slugsOf(rows)); diff != "" {
			return "(-" + storetest.Dialects[0] + " +" + dialect + "):\n" + diff
		}
	}
	return ""
}

func TestASearchFindsTheSameInTheSameOrderOnEveryDatabase(t *testing.T) {
	t.Parallel()
	dbs := seededBoth(t)
	for _, q := range queries {
		if difference := dbs.agree(t, q); difference != "" {
			t.Errorf("%.40q: %s", q, difference)
		}
	}
}

func TestNothingThatIsTypedIsAnErrorOrSyntax(t *testing.T) {
	t.Parallel()
	dbs := seededBoth(t)
	nasty := rapid.StringOfN(rapid.RuneFrom([]rune("aeno.jsq19CN#+-_*\"'\\%?$:;&|!<>(){}[]^~@,/ \x00\n\u00a0\u0301\u200déßſİ①㌀ﷺ日\u1e922𞤢🚀\U0010ffff")), 0, 40, -1)
	words := rapid.SampledFrom([]string{"AND", "OR", "NOT", "NEAR", "NEAR/3", "node", "sql", "data", "base", "name:", ".js", "c#", "''", `""`, "--", "/*", "\x00"})
	sentence := rapid.Map(rapid.SliceOfN(words, 1, 6), func(w []string) string { return strings.Join(w, " ") })
	// The searches of one check are many, since the package's checks are few.
	searches := rapid.SliceOfN(rapid.OneOf(nasty, sentence), 1, 30)
	rapid.Check(t, func(r *rapid.T) {
		for _, q := range searches.Draw(r, "searches") {
			if difference := dbs.agree(t, q); difference != "" {
				r.Fatalf("%q: %s", q, difference)
			}
		}
	})
}

// searchable is what a search looks at of a technology.
type searchable struct {
	*ent.Technology
	names, inName, inSummary, anywhere []string
}

func searchableOf(t *ent.Technology) searchable {
	s := searchable{Technology: t, names: []string{text.Fold(t.Slug), text.Fold(t.Name)}}
	for _, a := range t.Aliases {
		s.names = append(s.names, text.Fold(a))
	}
	s.inName = text.Words(strings.Join(append([]string{t.Name, t.Slug}, t.Aliases...), " "))
	s.inSummary = slices.Concat(text.Words(t.Summary), s.inName)
	s.anywhere = s.inSummary
	if t.Description != nil {
		s.anywhere = slices.Concat(text.Words(*t.Description), s.inSummary)
	}
	return s
}

// standing says how well a technology matches a search, 0 being best.
func (s searchable) standing(key string, query []string) int {
	holds := func(words []string) bool {
		for i, q := range query {
			if !slices.ContainsFunc(words, func(w string) bool { return w == q || i == len(query)-1 && strings.HasPrefix(w, q) }) {
				return false
			}
		}
		return true
	}
	switch {
	case slices.Contains(s.names, key):
		return 0
	case slices.ContainsFunc(s.names, func(n string) bool { return strings.HasPrefix(n, key) }):
		return 1
	case holds(s.inName):
		return 2
	case holds(s.inSummary):
		return 3
	case holds(s.anywhere):
		return 4
	}
	return -1
}

func TestExactNamesComeFirstThenBeginningsThenWordsOfTheNameTheSummaryTheText(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		all, err := db.Read().Technology.Query().All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int]bool{}
		slugs := map[int64]string{}
		var catalogue []searchable
		for _, row := range all {
			slugs[row.ID] = row.Slug
			catalogue = append(catalogue, searchableOf(row))
		}
		for _, q := range queries {
			key, words := text.Fold(q), text.Query(q)
			if len(words) == 0 {
				continue
			}
			items := []item{}
			for _, row := range catalogue {
				if rank := row.standing(key, words); rank >= 0 {
					seen[rank] = true
					items = append(items, item{row.ID, []term{{value: rank}, {value: row.NameKey}, {value: row.ID}}})
				}
			}
			slices.SortFunc(items, item.compare)
			want := make([]string, len(items))
			for i, it := range items {
				want[i] = slugs[it.id]
			}
			got, err := find(t, db, q)
			if err != nil {
				t.Errorf("%q: %v", q, err)
				continue
			}
			if diff := cmp.Diff(want, slugsOf(got)); diff != "" {
				t.Errorf("%q (-naive +got):\n%s", q, diff)
			}
		}
		if len(seen) != 5 {
			t.Errorf("the searches meet only the standings %v", seen)
		}
	})
}

func TestNamesThatPunctuationMakesAreFoundFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		for search, want := range map[string]string{
			"node.js": "nodejs", "NODE.JS": "nodejs", "nodejs": "nodejs", "k8s": "kubernetes", "postgres": "postgresql",
			"asp.net core": "aspnet-core", ".net": "dotnet",
		} {
			got, err := find(t, db, search)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) == 0 || got[0].Slug != want {
				t.Errorf("%q finds %v first", search, slugsOf(got))
			}
		}
	})
}
