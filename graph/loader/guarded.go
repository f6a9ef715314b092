package loader

import (
	"context"

	"stackyard/internal/store"
)

// guarded is a list of children of which each reader sees some.
type guarded[T any] struct {
	list[T]
	table  string
	fk     string // the column with the parent's key
	parent func(T) int64
	read   func(context.Context, where) ([]T, error)
	rule   rule
}

// pages gives the operation's edge of the list.
func (g guarded[T]) pages(l *Loaders) Pages[T] {
	return pages(l, g.list, g.parent,
		func(ctx context.Context, parents []int64) ([]T, error) {
			seen, err := g.seen(l)
			if err != nil {
				return nil, err
			}
			return g.read(ctx, seen.Children(g.fk, parents))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			seen, err := g.seen(l)
			if err != nil {
				return nil, err
			}
			return l.db.CountChildren(ctx, g.table, g.fk, parents, seen.Filter)
		},
	)
}

// seen is the list as the reader sees it.
func (g guarded[T]) seen(l *Loaders) (*store.List, error) {
	conditions, err := l.ruled([]rule{g.rule})
	if err != nil {
		return nil, err
	}
	return g.With(conditions...), nil
}
