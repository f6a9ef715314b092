package store

import (
	"context"

	"entgo.io/ent/dialect/sql"
)

// total is the name under which a number of rows is selected.
const total = "total"

// CountAll says how many rows of an entity's table the filter lets through.
func (db *DB) CountAll(ctx context.Context, table string, filter Filter) (int, error) {
	d := sql.Dialect(db.dialect)
	t := d.Table(table)
	s := d.Select().AppendSelectExprAs(sql.Raw("0"), ParentID).AppendSelectExprAs(sql.Raw("count(*)"), total).From(t)
	(&List{Filter: filter}).filter(s, t.C, t.C)
	counts, err := db.counts(ctx, s)
	return counts[0], err
}

// CountChildren says, for several parents, how many rows with their id in the
// column fk the filter lets through. Parents without any are missing.
func (db *DB) CountChildren(ctx context.Context, table, fk string, parents []int64, filter Filter) (map[int64]int, error) {
	d := sql.Dialect(db.dialect)
	t := d.Table(table)
	s := d.Select().AppendSelectAs(t.C(fk), ParentID).AppendSelectExprAs(sql.Raw("count(*)"), total).From(t).
		Where(In(t.C(fk), parents)).GroupBy(t.C(fk))
	(&List{Filter: filter}).filter(s, t.C, t.C)
	return db.counts(ctx, s)
}

// CountLinked says, for several parents, how many rows of an entity's table that
// are linked to them the filter lets through. Parents without any are missing.
func (db *DB) CountLinked(ctx context.Context, link Link, table string, parents []int64, filter Filter) (map[int64]int, error) {
	d := sql.Dialect(db.dialect)
	y, entity := d.Table(link.Table).As("y"), d.Table(table).As("e")
	s := d.Select().AppendSelectAs(y.C(link.Parent), ParentID).AppendSelectExprAs(sql.Raw("count(*)"), total).From(y)
	if len(filter.Conditions) > 0 {
		s.Join(entity).On(entity.C("id"), y.C(link.Child))
	}
	s.Where(In(y.C(link.Parent), parents)).GroupBy(y.C(link.Parent))
	link.once(d, s, y)
	(&List{Filter: filter}).filter(s, entity.C, link.columns(y, entity.C))
	return db.counts(ctx, s)
}

func (db *DB) counts(ctx context.Context, s *sql.Selector) (map[int64]int, error) {
	query, args := s.Query()
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[int64]int{}
	for rows.Next() {
		var parent int64
		var n int
		if err := rows.Scan(&parent, &n); err != nil {
			return nil, err
		}
		out[parent] = n
	}
	return out, rows.Err()
}
