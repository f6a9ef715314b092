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

// byID is the edge from ids to the objects of a type, as far as a rule shows them.
func byID[E interface{ GlobalID() relay.ID }](l *Loaders, name string, read func(context.Context, where) ([]E, error), rules ...store.Condition) *Edge[int64, E] {
	return edge(l, name, one[E], func(ctx context.Context, ids []int64) (map[int64]E, error) {
		rows, err := read(ctx, func(s *sql.Selector) {
			s.Where(store.In(s.C("id"), ids))
			for _, rule := range rules {
				s.Where(rule(sql.Dialect(s.Dialect()), s.C))
			}
		})
		out := make(map[int64]E, len(rows))
		for _, row := range rows {
			out[row.GlobalID().Key] = row
		}
		return out, err
	})
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
func (l *Loaders) User() *Edge[int64, *ent.User] { return byID(l, "User", l.users, store.VisibleUser) }

func (l *Loaders) users(ctx context.Context, w where) ([]*ent.User, error) {
	return l.db.Read().User.Query().Where(w).Select(l.columns["User"]...).All(ctx)
}

// Review loads by id.
func (l *Loaders) Review() *Edge[int64, *ent.Review] {
	return byID(l, "Review", l.reviews, store.VisibleReview)
}

func (l *Loaders) reviews(ctx context.Context, w where) ([]*ent.Review, error) {
	return l.db.Read().Review.Query().Where(w).Select(l.columns["Review"]...).All(ctx)
}

// Node loads any object by its global id.
func (l *Loaders) Node(ctx context.Context, id relay.ID) (Node, error) {
	switch id.Type {
	case relay.TypeCategory:
		return node(ctx, l.Category(), id)
	case relay.TypeUseCase:
		return node(ctx, l.UseCase(), id)
	case relay.TypeCriterion:
		return node(ctx, l.Criterion(), id)
	case relay.TypeMistake:
		return node(ctx, l.Mistake(), id)
	case relay.TypeSource:
		return node(ctx, l.Source(), id)
	case relay.TypeTool:
		return node(ctx, l.Tool(), id)
	case relay.TypeTechnology:
		return node(ctx, l.Technology(), id)
	case relay.TypeReleaseCycle:
		return node(ctx, l.ReleaseCycle(), id)
	case relay.TypeAdvisory:
		return node(ctx, l.Advisory(), id)
	case relay.TypeIntegration:
		return node(ctx, l.Integration(), id)
	case relay.TypeUser:
		return node(ctx, l.User(), id)
	case relay.TypeReview:
		return node(ctx, l.Review(), id)
	}
	return nil, ErrNotFound
}

func node[E Node](ctx context.Context, e *Edge[int64, E], id relay.ID) (Node, error) {
	n, err := e.Load(ctx, id.Key)
	if err != nil {
		return nil, err
	}
	return n, nil
}

// NodesAhead loads any objects by their global ids, one statement a type.
func (l *Loaders) NodesAhead(ctx context.Context, ids []*relay.ID) error {
	byType := map[relay.Type][]int64{}
	for _, id := range ids {
		byType[id.Type] = append(byType[id.Type], id.Key)
	}
	for of, keys := range byType {
		if err := l.nodesAhead(ctx, of, keys); err != nil {
			return err
		}
	}
	return nil
}

func (l *Loaders) nodesAhead(ctx context.Context, of relay.Type, keys []int64) (err error) {
	switch of {
	case relay.TypeCategory:
		_, err = l.Category().Ahead(ctx, keys)
	case relay.TypeUseCase:
		_, err = l.UseCase().Ahead(ctx, keys)
	case relay.TypeCriterion:
		_, err = l.Criterion().Ahead(ctx, keys)
	case relay.TypeMistake:
		_, err = l.Mistake().Ahead(ctx, keys)
	case relay.TypeSource:
		_, err = l.Source().Ahead(ctx, keys)
	case relay.TypeTool:
		_, err = l.Tool().Ahead(ctx, keys)
	case relay.TypeTechnology:
		_, err = l.Technology().Ahead(ctx, keys)
	case relay.TypeReleaseCycle:
		_, err = l.ReleaseCycle().Ahead(ctx, keys)
	case relay.TypeAdvisory:
		_, err = l.Advisory().Ahead(ctx, keys)
	case relay.TypeIntegration:
		_, err = l.Integration().Ahead(ctx, keys)
	case relay.TypeUser:
		_, err = l.User().Ahead(ctx, keys)
	case relay.TypeReview:
		_, err = l.Review().Ahead(ctx, keys)
	}
	return err
}
