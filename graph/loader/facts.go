package loader

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/advice"
	"stackyard/internal/store"
)

// Facts gives, by technology, what the rules and marks look at.
func (l *Loaders) Facts() *Edge[int64, *advice.Technology] {
	return edge(l, "Technology.facts", one[*advice.Technology], func(ctx context.Context, _ []int64) (map[int64]*advice.Technology, error) {
		facts, err := l.db.Facts(ctx)
		if err != nil {
			return nil, err
		}
		return facts.Technologies, nil
	})
}

// CriterionOf loads criteria by their slugs.
func (l *Loaders) CriterionOf() *Edge[string, *ent.Criterion] {
	return slugs(l, "Criterion.slug", l.criteria, func(c *ent.Criterion) string { return c.Slug })
}

// CategoryOf loads categories by their slugs.
func (l *Loaders) CategoryOf() *Edge[string, *ent.Category] {
	return slugs(l, "Category.slug", l.categories, func(c *ent.Category) string { return c.Slug })
}

// slugs is the edge from slugs to the objects of a type.
func slugs[E any](l *Loaders, name string, read func(context.Context, where) ([]*E, error), slug func(*E) string) *Edge[string, *E] {
	missing := func(string) (*E, error) { return nil, ErrNotFound }
	return edge(l, name, missing, func(ctx context.Context, keys []string) (map[string]*E, error) {
		rows, err := read(ctx, func(s *sql.Selector) { s.Where(store.In(s.C("slug"), keys)) })
		out := make(map[string]*E, len(rows))
		for _, row := range rows {
			out[slug(row)] = row
		}
		return out, err
	})
}
