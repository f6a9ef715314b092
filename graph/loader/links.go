package loader

import (
	"cmp"
	"context"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// IntegrationFilter is what integrations must fulfil.
type IntegrationFilter struct {
	Areas []enum.IntegrationArea `json:"areas"`
}

// IntegrationArgs are the arguments of a list of integrations.
type IntegrationArgs struct {
	relay.PageArgs
	Filter *IntegrationFilter `json:"filter"`
}

// TechnologyIntegrations loads, by technology, what it works with, by the other side's name.
func (l *Loaders) TechnologyIntegrations(args IntegrationArgs) Pages[*ent.Integration] {
	f := cmp.Or(args.Filter, &IntegrationFilter{})
	if err := checkValues(l, "areas", f.Areas); err != nil {
		return refused[*ent.Integration](err)
	}
	var filter store.Filter
	if f.Areas != nil {
		filter.Conditions = append(filter.Conditions, columnIn("area", f.Areas))
	}
	byName := order[*ent.Integration]{
		store.Order{{Column: "name_key"}, {Column: "id"}},
		func(i *ent.Integration) []any { return []any{store.Column[[]byte](i, "name_key"), i.ID} },
	}
	list, err := newList(l, "Technology.integrations", byName, f, filter, args.PageArgs)
	if err != nil {
		return refused[*ent.Integration](err)
	}
	link := store.Link{Table: "integration_sides", Parent: "technology_id", Child: "integration_id"}
	return pages(l, list, parentOf[*ent.Integration],
		func(ctx context.Context, parents []int64) ([]*ent.Integration, error) {
			return l.integrations(ctx, list.Linked(link, parents, "name_key"))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			return l.db.CountLinked(ctx, link, "integrations", parents, list.Filter)
		},
	)
}

// Target loads what an integration leads to.
func (l *Loaders) Target(ctx context.Context, i *ent.Integration) (IntegrationTarget, error) {
	if i.ToToolID != nil {
		return l.Tool().Load(ctx, *i.ToToolID)
	}
	return l.Technology().Load(ctx, *i.ToTechnologyID)
}

// OtherSide loads the side of an integration that is not the technology under
// which it was listed.
func (l *Loaders) OtherSide(ctx context.Context, i *ent.Integration) (IntegrationTarget, error) {
	if store.Parent(i) == i.FromID {
		return l.Target(ctx, i)
	}
	return l.Technology().Load(ctx, i.FromID)
}

// OtherSides gives the keys of the technologies and tools that OtherSide loads.
func (l *Loaders) OtherSides(rows []*ent.Integration) (technologies, tools []int64) {
	for _, i := range rows {
		switch {
		case store.Parent(i) != i.FromID:
			technologies = append(technologies, i.FromID)
		case i.ToToolID != nil:
			tools = append(tools, *i.ToToolID)
		default:
			technologies = append(technologies, *i.ToTechnologyID)
		}
	}
	return technologies, tools
}

// shortList loads, by technology, a list that is short enough to come whole: what
// the link leads to, by position.
func shortList[T store.Row](l *Loaders, name string, link store.Link, read func(context.Context, where) ([]T, error)) *Edge[int64, []T] {
	return edge(l, name, many[T], func(ctx context.Context, technologies []int64) (map[int64][]T, error) {
		rows, err := read(ctx, func(s *sql.Selector) {
			k := sql.Dialect(s.Dialect()).Table(link.Table).As("l")
			s.Join(k).On(k.C(link.Child), s.C("id")).Where(store.In(k.C(link.Parent), technologies))
			s.AppendSelectAs(k.C(link.Parent), store.ParentID).OrderBy(k.C(link.Parent), k.C("position"))
		})
		return grouped(rows, parentOf[T]), err
	})
}

// TechnologyCategories loads, by technology, its categories, the main one first.
func (l *Loaders) TechnologyCategories() *Edge[int64, []*ent.Category] {
	return shortList(l, "Technology.categories", store.Link{Table: "technology_categories", Parent: "technology_id", Child: "category_id"}, l.categories)
}

// TechnologyUseCases loads, by technology, what it suits.
func (l *Loaders) TechnologyUseCases() *Edge[int64, []*ent.UseCase] {
	return shortList(l, "Technology.useCases", store.Link{Table: "technology_use_cases", Parent: "technology_id", Child: "use_case_id"}, l.useCases)
}

// Successors loads, by technology, what took its place.
func (l *Loaders) Successors() *Edge[int64, []*ent.Technology] {
	return shortList(l, "Technology.successors", store.Link{Table: "successors", Parent: "technology_id", Child: "successor_id"}, l.technologies)
}

// Identifiers loads, by technology, the names that other systems know it by.
func (l *Loaders) Identifiers() *Edge[int64, []*ent.Identifier] {
	return edge(l, "Technology.identifiers", many[*ent.Identifier], func(ctx context.Context, technologies []int64) (map[int64][]*ent.Identifier, error) {
		rows, err := l.db.Read().Identifier.Query().Where(func(s *sql.Selector) {
			s.Where(store.In(s.C("technology_id"), technologies)).OrderBy(s.C("technology_id"), s.C("position"))
		}).All(ctx)
		return grouped(rows, func(i *ent.Identifier) int64 { return i.TechnologyID }), err
	})
}
