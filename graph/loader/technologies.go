package loader

import (
	"cmp"
	"context"
	"errors"
	"math"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// TechnologyFilter is what technologies must fulfil; every condition that is given must hold.
type TechnologyFilter struct {
	Search       *string                `json:"search"`
	Slugs        []string               `json:"slugs"`
	Categories   []string               `json:"categories"`
	UseCases     []string               `json:"useCases"`
	Licenses     []string               `json:"licenses"`
	Hosting      []enum.Hosting         `json:"hosting"`
	Statuses     []enum.LifecycleStatus `json:"statuses"`
	Languages    []string               `json:"languages"`
	Capabilities []string               `json:"capabilities"`
	MinRating    *float64               `json:"minRating"`
	ChangedSince *calendar.Instant      `json:"changedSince"`
}

// TechnologyOrder is what technologies are ordered by.
type TechnologyOrder struct {
	Field     enum.TechnologyOrderField `json:"field"`
	Direction enum.OrderDirection       `json:"direction"`
}

// TechnologyArgs are the arguments of a list of technologies.
type TechnologyArgs struct {
	relay.PageArgs
	Filter  *TechnologyFilter `json:"filter"`
	OrderBy *TechnologyOrder  `json:"orderBy"`
}

const tableTechnologies = "technologies"

// technologyList checks what was asked for of the list scope.
func (l *Loaders) technologyList(scope string, args TechnologyArgs) (list[*ent.Technology], error) {
	f := cmp.Or(args.Filter, &TechnologyFilter{})
	filter, err := l.technologyFilter(f)
	if err != nil {
		return list[*ent.Technology]{}, err
	}
	return newList(l, scope, technologyOrder(args.OrderBy, filter), f, filter, args.PageArgs)
}

// technologyOrder is by name, or by relevance where there is something to search for.
func technologyOrder(by *TechnologyOrder, filter store.Filter) order[*ent.Technology] {
	field, isDesc := enum.TechnologyByName, false
	if filter.HasSearch() {
		field = enum.TechnologyByRelevance
	}
	if by != nil && (by.Field != enum.TechnologyByRelevance || filter.HasSearch()) {
		field, isDesc = by.Field, by.Direction == enum.Desc
	}
	if by != nil && by.Field == enum.TechnologyByRelevance && !filter.HasSearch() {
		field = enum.TechnologyByName
	}
	name := store.Term{Column: "name_key"}
	id := store.Term{Column: "id", Desc: isDesc}
	switch field {
	case enum.TechnologyByRelevance:
		id.Desc = false // best first in either direction
		return order[*ent.Technology]{
			store.Order{{Column: store.Rank}, name, id},
			func(t *ent.Technology) []any { return []any{store.Column[int64](t, store.Rank), t.NameKey, t.ID} },
		}
	case enum.TechnologyByRating:
		return order[*ent.Technology]{
			store.Order{{Column: "rating_average", Nullable: true, Desc: isDesc}, id},
			func(t *ent.Technology) []any { return []any{some(t.RatingAverage), t.ID} },
		}
	case enum.TechnologyByFirstReleaseYear:
		return order[*ent.Technology]{
			store.Order{{Column: "first_release_year", Nullable: true, Desc: isDesc}, id},
			func(t *ent.Technology) []any { return []any{some(t.FirstReleaseYear), t.ID} },
		}
	case enum.TechnologyByUpdatedAt:
		return order[*ent.Technology]{
			store.Order{{Column: "updated_at", Desc: isDesc}, id},
			func(t *ent.Technology) []any { return []any{int64(t.UpdatedAt), t.ID} },
		}
	}
	name.Desc = isDesc
	return order[*ent.Technology]{
		store.Order{name, id},
		func(t *ent.Technology) []any { return []any{t.NameKey, t.ID} },
	}
}

// some is a value of a cursor that may be unknown.
func some[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// technologyFilter gives the conditions of a filter.
func (l *Loaders) technologyFilter(f *TechnologyFilter) (store.Filter, error) {
	err := errors.Join(l.checkSearch(f.Search),
		checkValues(l, "slugs", f.Slugs), checkValues(l, "categories", f.Categories), checkValues(l, "useCases", f.UseCases),
		checkValues(l, "licenses", f.Licenses), checkValues(l, "hosting", f.Hosting), checkValues(l, "statuses", f.Statuses),
		checkValues(l, "languages", f.Languages), checkValues(l, "capabilities", f.Capabilities))
	if err != nil {
		return store.Filter{}, err
	}
	if f.MinRating != nil && (math.IsNaN(*f.MinRating) || math.IsInf(*f.MinRating, 0)) {
		return store.Filter{}, fault.BadInput("minRating is not a number")
	}
	var out store.Filter
	if f.Search != nil {
		out.Search = *f.Search
	}
	when := func(isGiven bool, c store.Condition) {
		if isGiven {
			out.Conditions = append(out.Conditions, c)
		}
	}
	when(f.Slugs != nil, columnIn("slug", f.Slugs))
	when(f.Categories != nil, linkedTo("technology_categories", "category_id", "categories", f.Categories))
	when(f.UseCases != nil, linkedTo("technology_use_cases", "use_case_id", "use_cases", f.UseCases))
	when(f.Licenses != nil, tagged(store.TagLicense, f.Licenses))
	when(f.Hosting != nil, tagged(store.TagHosting, f.Hosting))
	when(f.Capabilities != nil, tagged(store.TagCapability, f.Capabilities))
	when(f.Languages != nil, usedFrom(f.Languages))
	when(f.Statuses != nil, store.TechnologyStatusIn(f.Statuses, l.today))
	if f.MinRating != nil {
		when(true, func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
			return sql.GTE(col("rating_average"), *f.MinRating)
		})
	}
	if f.ChangedSince != nil {
		when(true, func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
			return sql.GTE(col("updated_at"), int64(*f.ChangedSince))
		})
	}
	return out, nil
}

// Technologies is the list of all technologies.
func (l *Loaders) Technologies(ctx context.Context, args TechnologyArgs) (*TechnologyConnection, error) {
	list, err := l.technologyList("technologies", args)
	if err != nil {
		return nil, err
	}
	rows, err := l.technologies(ctx, list.Root())
	if err != nil {
		return nil, err
	}
	return list.connection(rows, func(ctx context.Context) (int, error) {
		return l.db.CountAll(ctx, tableTechnologies, list.Filter)
	}), nil
}

// CategoryTechnologies loads, by category, the technologies of it.
func (l *Loaders) CategoryTechnologies(args TechnologyArgs) Pages[*ent.Technology] {
	return l.linkedTechnologies("Category.technologies", store.Link{Table: "technology_categories", Parent: "category_id", Child: "technology_id"}, args)
}

// UseCaseTechnologies loads, by use case, the technologies that suit it.
func (l *Loaders) UseCaseTechnologies(args TechnologyArgs) Pages[*ent.Technology] {
	return l.linkedTechnologies("UseCase.technologies", store.Link{Table: "technology_use_cases", Parent: "use_case_id", Child: "technology_id"}, args)
}

func (l *Loaders) linkedTechnologies(scope string, link store.Link, args TechnologyArgs) Pages[*ent.Technology] {
	list, err := l.technologyList(scope, args)
	if err != nil {
		return refused[*ent.Technology](err)
	}
	return pages(l, list, parentOf[*ent.Technology],
		func(ctx context.Context, parents []int64) ([]*ent.Technology, error) {
			return l.technologies(ctx, list.Linked(link, parents))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			return l.db.CountLinked(ctx, link, tableTechnologies, parents, list.Filter)
		},
	)
}

// TechnologyAlternatives loads, by technology, what could be taken instead, closest first.
func (l *Loaders) TechnologyAlternatives(args relay.PageArgs) Pages[*ent.Technology] {
	link := store.Link{Table: "alternatives", Parent: "technology_id", Child: "alternative_id"}
	byPosition := order[*ent.Technology]{
		store.Order{{Column: "position"}, {Column: "id"}},
		func(t *ent.Technology) []any { return []any{store.Column[int64](t, "position"), t.ID} },
	}
	list, err := newList(l, "Technology.alternatives", byPosition, nil, store.Filter{}, args)
	if err != nil {
		return refused[*ent.Technology](err)
	}
	return pages(l, list, parentOf[*ent.Technology],
		func(ctx context.Context, parents []int64) ([]*ent.Technology, error) {
			return l.technologies(ctx, list.Linked(link, parents, "position"))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			return l.db.CountLinked(ctx, link, tableTechnologies, parents, list.Filter)
		},
	)
}

// parentOf gives the parent that a linked row was found under.
func parentOf[T store.Row](row T) int64 { return store.Parent(row) }
