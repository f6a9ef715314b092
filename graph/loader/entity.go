package loader

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// Node is anything that has a global id.
type Node interface{ GlobalID() relay.ID }

// IntegrationTarget is a technology or a tool.
type IntegrationTarget interface{ GlobalID() relay.ID }

type where = func(*sql.Selector)

// rule gives the condition that says which rows a reader sees.
type rule func(r *store.Reader) store.Condition

// byID is the edge from ids to the objects of a type, as far as the rules show them to the reader.
func byID[E interface{ GlobalID() relay.ID }](l *Loaders, name string, read func(context.Context, where) ([]E, error), rules ...rule) *Edge[int64, E] {
	return edge(l, name, one[E], func(ctx context.Context, ids []int64) (map[int64]E, error) {
		conditions, err := l.ruled(rules)
		if err != nil {
			return nil, err
		}
		rows, err := read(ctx, func(s *sql.Selector) {
			s.Where(store.In(s.C("id"), ids))
			for _, c := range conditions {
				s.Where(c(sql.Dialect(s.Dialect()), s.C))
			}
		})
		out := make(map[int64]E, len(rows))
		for _, row := range rows {
			out[row.GlobalID().Key] = row
		}
		return out, err
	})
}

// ruled gives the conditions that the rules are for the reader.
func (l *Loaders) ruled(rules []rule) ([]store.Condition, error) {
	if len(rules) == 0 {
		return nil, nil
	}
	reader, err := l.Reader()
	if err != nil {
		return nil, err
	}
	out := make([]store.Condition, len(rules))
	for i, r := range rules {
		out[i] = r(reader)
	}
	return out, nil
}

// Category loads by id.
func (l *Loaders) Category() *Edge[int64, *ent.Category] { return byID(l, "Category", l.categories) }

func (l *Loaders) categories(ctx context.Context, w where) ([]*ent.Category, error) {
	return l.db.Read().Category.Query().Where(w).Select(l.columns["Category"]...).All(ctx)
}

// UseCase loads by id.
func (l *Loaders) UseCase() *Edge[int64, *ent.UseCase] { return byID(l, "UseCase", l.useCases) }

func (l *Loaders) useCases(ctx context.Context, w where) ([]*ent.UseCase, error) {
	return l.db.Read().UseCase.Query().Where(w).Select(l.columns["UseCase"]...).All(ctx)
}

// Criterion loads by id.
func (l *Loaders) Criterion() *Edge[int64, *ent.Criterion] { return byID(l, "Criterion", l.criteria) }

func (l *Loaders) criteria(ctx context.Context, w where) ([]*ent.Criterion, error) {
	return l.db.Read().Criterion.Query().Where(w).Select(l.columns["Criterion"]...).All(ctx)
}

// Mistake loads by id.
func (l *Loaders) Mistake() *Edge[int64, *ent.Mistake] { return byID(l, "Mistake", l.mistakes) }

func (l *Loaders) mistakes(ctx context.Context, w where) ([]*ent.Mistake, error) {
	return l.db.Read().Mistake.Query().Where(w).Select(l.columns["Mistake"]...).All(ctx)
}

// Source loads by id.
func (l *Loaders) Source() *Edge[int64, *ent.Source] { return byID(l, "Source", l.sources) }

func (l *Loaders) sources(ctx context.Context, w where) ([]*ent.Source, error) {
	return l.db.Read().Source.Query().Where(w).Select(l.columns["Source"]...).All(ctx)
}

// Tool loads by id.
func (l *Loaders) Tool() *Edge[int64, *ent.Tool] { return byID(l, "Tool", l.tools) }

func (l *Loaders) tools(ctx context.Context, w where) ([]*ent.Tool, error) {
	return l.db.Read().Tool.Query().Where(w).Select(l.columns["Tool"]...).All(ctx)
}

// Technology loads by id.
func (l *Loaders) Technology() *Edge[int64, *ent.Technology] {
	return byID(l, "Technology", l.technologies)
}

func (l *Loaders) technologies(ctx context.Context, w where) ([]*ent.Technology, error) {
	return l.db.Read().Technology.Query().Where(w).Select(l.columns["Technology"]...).All(ctx)
}

// ReleaseCycle loads by id.
func (l *Loaders) ReleaseCycle() *Edge[int64, *ent.ReleaseCycle] {
	return byID(l, "ReleaseCycle", l.releaseCycles)
}

func (l *Loaders) releaseCycles(ctx context.Context, w where) ([]*ent.ReleaseCycle, error) {
	return l.db.Read().ReleaseCycle.Query().Where(w).Select(l.columns["ReleaseCycle"]...).All(ctx)
}

// Advisory loads by id.
func (l *Loaders) Advisory() *Edge[int64, *ent.Advisory] { return byID(l, "Advisory", l.advisories) }

func (l *Loaders) advisories(ctx context.Context, w where) ([]*ent.Advisory, error) {
	return l.db.Read().Advisory.Query().Where(w).Select(l.columns["Advisory"]...).All(ctx)
}

// Integration loads by id.
func (l *Loaders) Integration() *Edge[int64, *ent.Integration] {
	return byID(l, "Integration", l.integrations)
}

func (l *Loaders) integrations(ctx context.Context, w where) ([]*ent.Integration, error) {
	return l.db.Read().Integration.Query().Where(w).Select(l.columns["Integration"]...).All(ctx)
}

// User loads by id.
func (l *Loaders) User() *Edge[int64, *ent.User] { return byID(l, "User", l.users, visibleUsers) }

func (l *Loaders) users(ctx context.Context, w where) ([]*ent.User, error) {
	return l.db.Read().User.Query().Where(w).Select(l.columns["User"]...).All(ctx)
}

// Review loads by id.
func (l *Loaders) Review() *Edge[int64, *ent.Review] {
	return byID(l, "Review", l.reviews, visibleReviews)
}

func (l *Loaders) reviews(ctx context.Context, w where) ([]*ent.Review, error) {
	return l.db.Read().Review.Query().Where(w).Select(l.columns["Review"]...).All(ctx)
}

func visibleUsers(r *store.Reader) store.Condition   { return r.Users }
func visibleReviews(r *store.Reader) store.Condition { return r.Reviews }
