package loader

import (
	"entgo.io/ent/dialect/sql"

	"stackyard/internal/store"
)

// columnIn is the condition that a column holds one of the values.
func columnIn[T ~string](column string, values []T) store.Condition {
	return func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		return store.In(col(column), plain(values))
	}
}

// compare is the condition that a column stands to a value as op says.
func compare(op func(string, any) *sql.Predicate, column string, value int64) store.Condition {
	return func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate { return op(col(column), value) }
}

// linkedTo is the condition that a technology is linked to something with one of the slugs.
func linkedTo(link, fk, table string, slugs []string) store.Condition {
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		y, to := d.Table(link).As("k"), d.Table(table).As("to")
		return sql.Exists(d.Select(y.C("id")).From(y).Join(to).On(to.C("id"), y.C(fk)).
			Where(sql.And(sql.ColumnsEQ(y.C("technology_id"), col("id")), store.In(to.C("slug"), slugs))))
	}
}

// tagged is the condition that a technology has one of the values as a tag of the kind.
func tagged[T ~string](kind string, values []T) store.Condition {
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		g := d.Table("technology_tags").As("g")
		return sql.Exists(d.Select(g.C("id")).From(g).Where(sql.And(
			sql.ColumnsEQ(g.C("technology_id"), col("id")), sql.EQ(g.C("kind"), kind), store.In(g.C("value"), plain(values)))))
	}
}

// usedFrom is the condition that a technology is used from one of the languages,
// or from any: then it names none.
func usedFrom(languages []string) store.Condition {
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		g := d.Table("technology_tags").As("g")
		return sql.Or(tagged(store.TagLanguage, languages)(d, col), sql.NotExists(d.Select(g.C("id")).From(g).Where(sql.And(
			sql.ColumnsEQ(g.C("technology_id"), col("id")), sql.EQ(g.C("kind"), store.TagLanguage)))))
	}
}

func plain[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
