package store

import (
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"stackyard/internal/relay"
)

// Rank is the column of how well a row matches a search: 0 is best.
const Rank = "search_rank"

// ParentID is the column under which a row of Linked has the parent it was found under.
const ParentID = "parent_id"

// Filter is what the rows of a list must fulfil.
type Filter struct {
	// Conditions are on columns of the entity; several must all hold.
	Conditions []Condition
	// Search is a full-text search of technologies; empty for none.
	Search string
}

// Condition is a condition on columns of an entity, on either database.
type Condition func(d *sql.DialectBuilder, col func(column string) string) *sql.Predicate

// List is a page of a list: what is in it, in which order, and which window of
// it is asked for.
type List struct {
	Order   Order
	Filter  Filter
	Window  relay.Window
	cursors *relay.Cursors
	after   place
	before  place
}

// Cursor names a place of the list by the values of its order's terms.
func (l *List) Cursor(place ...any) string { return l.cursors.Encode(place) }

// NewList checks a page that is asked for. Cursors other than those of the list, as
// it is filtered and ordered, are refused.
func NewList(cursors *relay.Cursors, order Order, filter Filter, page relay.PageArgs) (*List, error) {
	window, err := page.Window()
	if err != nil {
		return nil, err
	}
	l := &List{Order: order, Filter: filter, Window: window, cursors: cursors}
	if l.after, err = order.decode(cursors, page.After); err != nil {
		return nil, err
	}
	if l.before, err = order.decode(cursors, page.Before); err != nil {
		return nil, err
	}
	return l, nil
}

// With gives the page of the list of those rows that fulfil more conditions, too.
func (l *List) With(conditions ...Condition) *List {
	out := *l
	out.Filter.Conditions = slices.Concat(l.Filter.Conditions, conditions)
	return &out
}

// Link is a table that links an entity to parents.
type Link struct {
	Table  string
	Parent string
	Child  string
	// Only names the rows of the table that count, by their keys; nil for all.
	Only []int64
	// Repeats is true where the table may link the same two more than once.
	Repeats bool
	// IsBare is true where the table does not carry the columns that are ordered by: they are the entity's.
	IsBare bool
}

// CycleProjects links release cycles to the projects that run them, as of their last checks.
var CycleProjects = Link{Table: "stack_components", Parent: "release_cycle_id", Child: "project_id", Repeats: true, IsBare: true}

// Root makes a selection of an entity the page of the whole list, and one row
// more where there are more.
func (l *List) Root() func(*sql.Selector) {
	return func(s *sql.Selector) {
		col := l.filter(s, s.C, s.C)
		if l.Filter.HasSearch() {
			s.AppendSelectAs(col(Rank), Rank)
		}
		l.page(s, col)
	}
}

// Children makes a selection of an entity the pages of several parents, whose
// ids stand in the column fk: one statement, however many.
func (l *List) Children(fk string, parents []int64) func(*sql.Selector) {
	return func(s *sql.Selector) {
		y := sql.Dialect(s.Dialect()).Table(s.TableName()).As("y")
		inner := sql.Dialect(s.Dialect()).Select(y.C("id")).From(y).Where(sql.P(func(b *sql.Builder) {
			b.WriteString(y.C(fk) + " = p.value")
		}))
		l.page(inner, l.filter(inner, y.C, y.C))
		s.Where(amongFirst(s.TableName(), s.C("id"), parents, inner))
		s.OrderBy(sql.Asc(s.C(fk)))
		l.Order.sort(s, s.C, l.Window.Backward)
	}
}

// Linked makes a selection of an entity the pages of several parents that a
// table links it to. Each row says in ParentID whose it is; terms of the order
// are columns of the table, `id` is the entity's, and with them come as columns
// of their own what extra names.
func (l *List) Linked(link Link, parents []int64, extra ...string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		d := sql.Dialect(s.Dialect())
		y, entity := d.Table(link.Table).As("y"), d.Table(s.TableName()).As("e")
		inner := d.Select(y.C("id")).From(y).Where(sql.P(func(b *sql.Builder) {
			b.WriteString(y.C(link.Parent) + " = p.value")
		}))
		link.once(d, inner, y)
		if len(l.Filter.Conditions) > 0 || link.IsBare {
			inner.Join(entity).On(entity.C("id"), y.C(link.Child))
		}
		l.page(inner, l.filter(inner, entity.C, link.columns(y, entity.C)))

		outer := d.Table(link.Table).As("l")
		s.Join(outer).On(s.C("id"), outer.C(link.Child))
		s.AppendSelectAs(outer.C(link.Parent), ParentID)
		col := link.columns(outer, s.C)
		if l.Filter.HasSearch() {
			col = joinSearch(s, l.Filter.Search, col)
			s.AppendSelectAs(col(Rank), Rank)
		}
		for _, column := range extra {
			s.AppendSelectAs(outer.C(column), column)
		}
		s.Where(amongFirst(link.Table, outer.C("id"), parents, inner))
		s.OrderBy(sql.Asc(outer.C(link.Parent)))
		l.Order.sort(s, col, l.Window.Backward)
	}
}

// once lets each row of the table through that counts, and each link once.
func (link Link) once(d *sql.DialectBuilder, s *sql.Selector, y *sql.SelectTable) {
	if link.Only != nil {
		s.Where(In(y.C("id"), link.Only))
	}
	if link.Repeats {
		z := d.Table(link.Table).As("z")
		s.Where(sql.NotExists(d.Select(z.C("id")).From(z).Where(sql.And(
			sql.ColumnsEQ(z.C(link.Parent), y.C(link.Parent)), sql.ColumnsEQ(z.C(link.Child), y.C(link.Child)),
			sql.ColumnsLT(z.C("id"), y.C("id"))))))
	}
}

// columns finds an order's columns in the link table, or in the entity where that
// has them alone; the key is the entity's.
func (link Link) columns(t *sql.SelectTable, entity columns) columns {
	return func(column string) string {
		switch {
		case column == "id":
			return t.C(link.Child)
		case link.IsBare:
			return entity(column)
		}
		return t.C(column)
	}
}

// filter adds the conditions to a selection, and gives the columns to order by.
func (l *List) filter(s *sql.Selector, entity, order columns) columns {
	for _, c := range l.Filter.Conditions {
		s.Where(c(sql.Dialect(s.Dialect()), entity))
	}
	if l.Filter.HasSearch() {
		return joinSearch(s, l.Filter.Search, order)
	}
	return order
}

// page adds the window to a selection: from the cursor on, as many as fit, and one.
func (l *List) page(s *sql.Selector, col columns) {
	if l.after != nil {
		s.Where(l.Order.after(col, l.after, false))
	}
	if l.before != nil {
		s.Where(l.Order.after(col, l.before, true))
	}
	l.Order.sort(s, col, l.Window.Backward)
	s.Limit(l.Window.Limit + 1)
}

// amongFirst is the condition that a key is among the rows that inner finds for
// each parent. PostgreSQL does it by LATERAL, SQLite by a correlated LIMIT; the
// text of the statement does not depend on how many parents there are.
func amongFirst(table, key string, parents []int64, inner *sql.Selector) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.WriteString(key + " IN (SELECT x.id FROM ")
		writeSet(b, parents)
		if b.Dialect() == dialect.Postgres {
			b.WriteString(" p(value) CROSS JOIN LATERAL (").Join(inner).WriteString(") x)")
			return
		}
		b.WriteString(" p CROSS JOIN " + table + " x ON x.id IN (").Join(inner).WriteString("))")
	})
}
