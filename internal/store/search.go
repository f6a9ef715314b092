package store

import (
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"stackyard/internal/text"
)

// How well a technology matches a search, best first.
const (
	rankExact   = iota // the search is a name, slug or alias
	rankPrefix         // one of them begins with it
	rankName           // its words are in the name, slug or aliases
	rankSummary        // its words are in these and the summary: what it is
	rankText           // its words are anywhere: what is said of it
)

// prefixEnd follows every name that begins with what stands before it.
const prefixEnd = "\U0010FFFF"

// HasSearch says whether there is a word to search for.
func (f Filter) HasSearch() bool { return len(text.Query(f.Search)) > 0 }

// joinSearch narrows a selection to the technologies that match, and adds the
// column Rank to its columns. The column `id` is the technology's.
func joinSearch(s *sql.Selector, search string, col columns) columns {
	found := matches(sql.Dialect(s.Dialect()), search).As("found")
	s.Join(found).On(found.C("id"), col("id"))
	return func(column string) string {
		if column == Rank {
			return found.C(Rank)
		}
		return col(column)
	}
}

// matches selects id and rank of every technology that matches.
func matches(d *sql.DialectBuilder, search string) *sql.Selector {
	key := text.Key(search)
	names := d.Table("technology_names").As("n")
	end := append(append([]byte{}, key...), prefixEnd...)
	hits := d.Select().AppendSelectAs(names.C("technology_id"), "id").AppendSelectExprAs(sql.Raw(digit(rankExact)), Rank).
		From(names).Where(sql.EQ(names.C("name"), key))
	hits.UnionAll(d.Select().AppendSelectAs(names.C("technology_id"), "id").AppendSelectExprAs(sql.Raw(digit(rankPrefix)), Rank).
		From(names).Where(sql.And(sql.GTE(names.C("name"), key), sql.LT(names.C("name"), end))))
	words := text.Query(search)
	hits.UnionAll(indexed(d, "name", rankName, words))
	hits.UnionAll(indexed(d, "summary", rankSummary, words))
	hits.UnionAll(indexed(d, "words", rankText, words))
	return d.Select("id").AppendSelectExprAs(sql.Raw("min("+Rank+")"), Rank).From(hits.As("hits")).GroupBy("id")
}

// indexed asks the full-text index for technologies that have all words, the
// last being the beginning of one, in a part: name, summary (with the name) or words (all).
func indexed(d *sql.DialectBuilder, part string, rank int, words []string) *sql.Selector {
	s := d.Select()
	if s.Dialect() == dialect.Postgres {
		t := d.Table("technology_search").As(part)
		return s.AppendSelectAs(t.C("technology_id"), "id").AppendSelectExprAs(sql.Raw(digit(rank)), Rank).From(t).
			Where(sql.P(func(b *sql.Builder) {
				b.WriteString(t.C(part) + " @@ ").Arg(tsquery(words)).WriteString("::text::tsquery")
			}))
	}
	query := ftsQuery(words)
	if columns, isPart := map[string]string{"name": "{name}", "summary": "{name summary}"}[part]; isPart {
		query = columns + " : (" + query + ")"
	}
	t := d.Table("technology_search")
	return s.AppendSelectAs(t.C("rowid"), "id").AppendSelectExprAs(sql.Raw(digit(rank)), Rank).From(t).
		Where(sql.P(func(b *sql.Builder) { b.WriteString("technology_search MATCH ").Arg(query) }))
}

// Words hold letters, digits, `#`, `+` and `.` only (package text): quoting
// them is all it takes to keep them from being syntax.

func ftsQuery(words []string) string { return `"` + strings.Join(words, `" AND "`) + `" *` }

func tsquery(words []string) string { return "'" + strings.Join(words, "' & '") + "':*" }

func digit(n int) string { return string(rune('0' + n)) }
