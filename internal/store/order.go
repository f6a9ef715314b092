package store

import (
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/internal/relay"
)

// Term is one term of a total order. The last term of an order is a key that no
// two rows share.
type Term struct {
	Column string
	Desc   bool
	// Nullable terms may be unknown; what is not known comes last, whatever the direction.
	Nullable bool
}

// Order is a total order of a list. Its zero value orders nothing.
type Order []Term

// place is where a row stands in an order: the values of the terms.
type place []any

// columns finds the SQL of a term's column.
type columns func(column string) string

// decode reads a cursor of the list.
func (o Order) decode(cursors *relay.Cursors, cursor *string) (place, error) {
	if cursor == nil {
		return nil, nil
	}
	return cursors.Decode(*cursor, len(o))
}

// sort orders a selection, or its reverse.
func (o Order) sort(s *sql.Selector, col columns, isReverse bool) {
	for _, t := range o {
		c := col(t.Column)
		if t.Nullable {
			s.OrderExprFunc(func(b *sql.Builder) {
				b.WriteString("(" + c + " IS NULL)")
				if isReverse {
					b.WriteString(" DESC")
				}
			})
		}
		if t.Desc != isReverse {
			s.OrderBy(sql.Desc(c))
			continue
		}
		s.OrderBy(sql.Asc(c))
	}
}

// after is the condition that a row comes after the place, or before it where
// the order is reversed. On the leading term it is a range that an index can
// begin at.
func (o Order) after(col columns, at place, isReverse bool) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		if lead := o[0]; !lead.Nullable && len(o) > 1 {
			op := " >= "
			if lead.Desc != isReverse {
				op = " <= "
			}
			b.WriteString(col(lead.Column) + op).Arg(at[0]).WriteString(" AND ")
		}
		o.writeAfter(b, col, at, isReverse)
	})
}

func (o Order) writeAfter(b *sql.Builder, col columns, at place, isReverse bool) {
	t, c, isLast := o[0], col(o[0].Column), len(o) == 1
	rest := func(equal func()) {
		if isLast {
			b.WriteString("1 = 0")
			return
		}
		b.WriteString("(")
		equal()
		b.WriteString(" AND ")
		o[1:].writeAfter(b, col, at[1:], isReverse)
		b.WriteString(")")
	}
	b.WriteString("(")
	if at[0] == nil {
		if isReverse {
			b.WriteString(c + " IS NOT NULL OR ")
		}
		rest(func() { b.WriteString(c + " IS NULL") })
		b.WriteString(")")
		return
	}
	op := " > "
	if t.Desc != isReverse {
		op = " < "
	}
	b.WriteString(c + op).Arg(at[0])
	if t.Nullable && !isReverse {
		b.WriteString(" OR " + c + " IS NULL")
	}
	if !isLast {
		b.WriteString(" OR ")
		rest(func() { b.WriteString(c + " = ").Arg(at[0]) })
	}
	b.WriteString(")")
}

// Reverse gives the order in which every term runs the other way; what is not
// known still comes last.
func (o Order) Reverse() Order {
	out := slices.Clone(o)
	for i := range out {
		out[i].Desc = !out[i].Desc
	}
	return out
}
