package store

import (
	"cmp"
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"
)

// noteOrders notes the subjects whose lists are in another order than before. What
// came or went is a change of its own, and moves nothing.
func (r *recorder) noteOrders(ctx context.Context) error {
	for entity, s := range subjects {
		if s.order == nil {
			continue
		}
		moved, err := r.reordered(ctx, s, r.notes[entity])
		if err != nil {
			return err
		}
		if err := r.hold(ctx, s.order.entity, moved); err != nil {
			return err
		}
		for _, parent := range moved {
			if n := r.note(s.order.entity, parent); !n.isNew {
				n.reordered = append(n.reordered, s.order.field)
			}
		}
	}
	return nil
}

// reordered gives the parents of subjects that are not in the order in which the
// transaction found them.
func (r *recorder) reordered(ctx context.Context, s subject, notes map[int64]*note) ([]int64, error) {
	var parents []int64
	for _, n := range notes {
		if n.isWritten && n.row != nil {
			parents = append(parents, n.row.key(s.order.parent))
		}
	}
	slices.Sort(parents)
	parents = slices.Compact(parents)
	rows, err := r.lines(ctx, parents, r.rows(s.table, s.order.parent, parents).Select("id", s.order.parent, "position").
		OrderBy(sql.Asc("position"), sql.Asc("id")))
	if err != nil {
		return nil, err
	}
	were := map[int64][]standing{} // of those that stay, by parent, in the order in which they are now
	for _, row := range rows {
		is := standing{row.key("position"), row.key("id")}
		switch n := notes[is.id]; {
		case n != nil && n.isNew:
			continue
		case n != nil && n.row != nil:
			is.position = n.row.key("position")
		}
		parent := row.key(s.order.parent)
		were[parent] = append(were[parent], is)
	}
	return slices.DeleteFunc(parents, func(parent int64) bool { return slices.IsSortedFunc(were[parent], standing.compare) }), nil
}

// standing is where a row stands in a list.
type standing struct{ position, id int64 }

func (s standing) compare(other standing) int {
	return cmp.Or(cmp.Compare(s.position, other.position), cmp.Compare(s.id, other.id))
}
