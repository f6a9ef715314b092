package loader

import (
	"context"

	"stackyard/ent"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

const tableReviews = "reviews"

// TechnologyReviews loads, by technology, the reviews of it that are shown, newest first.
func (l *Loaders) TechnologyReviews(args relay.PageArgs) Pages[*ent.Review] {
	return l.shownReviews("Technology.reviews", "technology_id", func(r *ent.Review) int64 { return r.TechnologyID }, args)
}

// UserReviews loads, by user, the reviews by them that are shown, newest first.
func (l *Loaders) UserReviews(args relay.PageArgs) Pages[*ent.Review] {
	return l.shownReviews("User.reviews", "author_id", func(r *ent.Review) int64 { return r.AuthorID }, args)
}

func (l *Loaders) shownReviews(scope, fk string, parent func(*ent.Review) int64, args relay.PageArgs) Pages[*ent.Review] {
	newest := order[*ent.Review]{
		store.Order{{Column: "created_at", Desc: true}, {Column: "id", Desc: true}},
		func(r *ent.Review) []any { return []any{int64(r.CreatedAt), r.ID} },
	}
	list, err := newList(scope, newest, nil, store.Filter{Conditions: []store.Condition{store.VisibleReview}}, args)
	if err != nil {
		return refused[*ent.Review](err)
	}
	return pages(l, list, parent,
		func(ctx context.Context, parents []int64) ([]*ent.Review, error) {
			return l.reviews(ctx, list.Children(fk, parents))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			return l.db.CountChildren(ctx, tableReviews, fk, parents, list.Filter)
		},
	)
}
