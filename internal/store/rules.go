package store

import "entgo.io/ent/dialect/sql"

// The rules below say which rows anyone may see. Every path to such rows adds
// them: lists, counts, single objects.

// VisibleReview lets through the reviews that are shown.
func VisibleReview(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	return sql.EQ(col("is_hidden"), false)
}

// VisibleUser lets through the users who have a review that is shown.
func VisibleUser(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	r := d.Table("reviews").As("shown")
	return sql.Exists(d.Select(r.C("id")).From(r).Where(sql.And(
		sql.ColumnsEQ(r.C("author_id"), col("id")),
		VisibleReview(d, r.C),
	)))
}
