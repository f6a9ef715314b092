package loader

import (
	"stackyard/ent"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

const tableReviews = "reviews"

// TechnologyReviews loads, by technology, the reviews of it that the reader sees, newest first.
func (l *Loaders) TechnologyReviews(args relay.PageArgs) Pages[*ent.Review] {
	return l.visibleReviewsOf("Technology.reviews", "technology_id", func(r *ent.Review) int64 { return r.TechnologyID }, args)
}

// UserReviews loads, by user, the reviews by them that the reader sees, newest first.
func (l *Loaders) UserReviews(args relay.PageArgs) Pages[*ent.Review] {
	return l.visibleReviewsOf("User.reviews", "author_id", func(r *ent.Review) int64 { return r.AuthorID }, args)
}

func (l *Loaders) visibleReviewsOf(scope, fk string, parent func(*ent.Review) int64, args relay.PageArgs) Pages[*ent.Review] {
	newest := order[*ent.Review]{
		store.Order{{Column: "created_at", Desc: true}, {Column: "id", Desc: true}},
		func(r *ent.Review) []any { return []any{int64(r.CreatedAt), r.ID} },
	}
	list, err := newList(l, scope, newest, nil, store.Filter{}, args)
	if err != nil {
		return refused[*ent.Review](err)
	}
	return guarded[*ent.Review]{list: list, table: tableReviews, fk: fk, parent: parent, read: l.reviews, rule: visibleReviews}.pages(l)
}
