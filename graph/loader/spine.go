package loader

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/store"
)

// inOrder selects everything in its natural order.
func inOrder(s *sql.Selector) { s.OrderBy(s.C("position"), s.C("id")) }

// bySlug gives the object of a slug.
func bySlug[E any](ctx context.Context, slug string, read func(context.Context, where) ([]E, error)) (E, error) {
	var none E
	rows, err := read(ctx, func(s *sql.Selector) { s.Where(store.In(s.C("slug"), []string{slug})) })
	if err != nil {
		return none, err
	}
	if len(rows) == 0 {
		return none, ErrNotFound
	}
	return rows[0], nil
}

// Categories are all kinds of software, in their natural order.
func (l *Loaders) Categories(ctx context.Context) ([]*ent.Category, error) {
	return l.categories(ctx, inOrder)
}

// UseCases are all situations, in their natural order.
func (l *Loaders) UseCases(ctx context.Context) ([]*ent.UseCase, error) {
	return l.useCases(ctx, inOrder)
}

// Criteria are all questions, in their natural order.
func (l *Loaders) Criteria(ctx context.Context) ([]*ent.Criterion, error) {
	return l.criteria(ctx, inOrder)
}

// Mistakes are all mistakes, in their natural order.
func (l *Loaders) Mistakes(ctx context.Context) ([]*ent.Mistake, error) {
	return l.mistakes(ctx, inOrder)
}

// Sources are all sources, in their natural order.
func (l *Loaders) Sources(ctx context.Context) ([]*ent.Source, error) {
	return l.sources(ctx, inOrder)
}

// CategoryBySlug gives the category of a slug.
func (l *Loaders) CategoryBySlug(ctx context.Context, slug string) (*ent.Category, error) {
	return bySlug(ctx, slug, l.categories)
}

// UseCaseBySlug gives the use case of a slug.
func (l *Loaders) UseCaseBySlug(ctx context.Context, slug string) (*ent.UseCase, error) {
	return bySlug(ctx, slug, l.useCases)
}

// CriterionBySlug gives the criterion of a slug.
func (l *Loaders) CriterionBySlug(ctx context.Context, slug string) (*ent.Criterion, error) {
	return bySlug(ctx, slug, l.criteria)
}

// MistakeBySlug gives the mistake of a slug.
func (l *Loaders) MistakeBySlug(ctx context.Context, slug string) (*ent.Mistake, error) {
	return bySlug(ctx, slug, l.mistakes)
}

// TechnologyBySlug gives the technology of a slug.
func (l *Loaders) TechnologyBySlug(ctx context.Context, slug string) (*ent.Technology, error) {
	return bySlug(ctx, slug, l.technologies)
}
