package loader

import (
	"cmp"
	"context"
	"errors"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// ReleaseCycleFilter is what release cycles must fulfil; every condition that is given must hold.
type ReleaseCycleFilter struct {
	Statuses       []enum.LifecycleStatus `json:"statuses"`
	IsLongTerm     *bool                  `json:"isLongTerm"`
	Technologies   []string               `json:"technologies"`
	EndOfLifeFrom  *calendar.Day          `json:"endOfLifeFrom"`
	EndOfLifeUntil *calendar.Day          `json:"endOfLifeUntil"`
	ReleasedFrom   *calendar.Day          `json:"releasedFrom"`
	ReleasedUntil  *calendar.Day          `json:"releasedUntil"`
}

// ReleaseCycleOrder is what release cycles are ordered by.
type ReleaseCycleOrder struct {
	Field     enum.ReleaseCycleOrderField `json:"field"`
	Direction enum.OrderDirection         `json:"direction"`
}

// ReleaseCycleArgs are the arguments of a list of release cycles.
type ReleaseCycleArgs struct {
	relay.PageArgs
	Filter  *ReleaseCycleFilter `json:"filter"`
	OrderBy *ReleaseCycleOrder  `json:"orderBy"`
}

const tableReleaseCycles = "release_cycles"

func (l *Loaders) cycleList(scope string, args ReleaseCycleArgs) (list[*ent.ReleaseCycle], error) {
	f := cmp.Or(args.Filter, &ReleaseCycleFilter{})
	filter, err := l.cycleFilter(f)
	if err != nil {
		return list[*ent.ReleaseCycle]{}, err
	}
	return newList(l, scope, cycleOrder(args.OrderBy), f, filter, args.PageArgs)
}

// cycleOrder is by end of life, soonest first, where nothing else is asked for.
func cycleOrder(by *ReleaseCycleOrder) order[*ent.ReleaseCycle] {
	isDesc := by != nil && by.Direction == enum.Desc
	id := store.Term{Column: "id", Desc: isDesc}
	day := func(column string, of func(*ent.ReleaseCycle) *calendar.Day) order[*ent.ReleaseCycle] {
		return order[*ent.ReleaseCycle]{
			store.Order{{Column: column, Nullable: true, Desc: isDesc}, id},
			func(c *ent.ReleaseCycle) []any {
				if d := of(c); d != nil {
					return []any{int64(*d), c.ID}
				}
				return []any{nil, c.ID}
			},
		}
	}
	if by != nil && by.Field == enum.CyclesByReleasedOn {
		return day("released_on", func(c *ent.ReleaseCycle) *calendar.Day { return c.ReleasedOn })
	}
	return day("end_of_life_on", func(c *ent.ReleaseCycle) *calendar.Day { return c.EndOfLifeOn })
}

func (l *Loaders) cycleFilter(f *ReleaseCycleFilter) (store.Filter, error) {
	var out store.Filter
	add := func(c store.Condition) { out.Conditions = append(out.Conditions, c) }
	if f.Statuses != nil {
		add(store.CycleStatusIn(f.Statuses, l.today))
	}
	if f.IsLongTerm != nil {
		add(store.CycleIsLongTerm(*f.IsLongTerm, l.today))
	}
	if f.Technologies != nil {
		add(ofTechnologies(f.Technologies))
	}
	for _, bound := range []struct {
		day    *calendar.Day
		op     func(string, any) *sql.Predicate
		column string
	}{
		{f.EndOfLifeFrom, sql.GTE, "end_of_life_on"},
		{f.EndOfLifeUntil, sql.LTE, "end_of_life_on"},
		{f.ReleasedFrom, sql.GTE, "released_on"},
		{f.ReleasedUntil, sql.LTE, "released_on"},
	} {
		if bound.day != nil {
			add(compare(bound.op, bound.column, int64(*bound.day)))
		}
	}
	return out, errors.Join(checkValues(l, "statuses", f.Statuses), checkValues(l, "technologies", f.Technologies))
}

// ofTechnologies is the condition that a cycle is of a technology with one of the slugs.
func ofTechnologies(slugs []string) store.Condition {
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		t := d.Table(tableTechnologies).As("t")
		return sql.In(col("technology_id"), d.Select(t.C("id")).From(t).Where(store.In(t.C("slug"), slugs)))
	}
}

// ReleaseCycles is the list of all release cycles.
func (l *Loaders) ReleaseCycles(ctx context.Context, args ReleaseCycleArgs) (*ReleaseCycleConnection, error) {
	list, err := l.cycleList("releaseCycles", args)
	if err != nil {
		return nil, err
	}
	rows, err := l.releaseCycles(ctx, list.Root())
	if err != nil {
		return nil, err
	}
	return list.connection(rows, func(ctx context.Context) (int, error) {
		return l.db.CountAll(ctx, tableReleaseCycles, list.Filter)
	}), nil
}

// TechnologyReleaseCycles loads, by technology, its release cycles.
func (l *Loaders) TechnologyReleaseCycles(args ReleaseCycleArgs) Pages[*ent.ReleaseCycle] {
	list, err := l.cycleList("Technology.releaseCycles", args)
	if err != nil {
		return refused[*ent.ReleaseCycle](err)
	}
	return pages(l, list, func(c *ent.ReleaseCycle) int64 { return c.TechnologyID },
		func(ctx context.Context, parents []int64) ([]*ent.ReleaseCycle, error) {
			return l.releaseCycles(ctx, list.Children("technology_id", parents))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			return l.db.CountChildren(ctx, tableReleaseCycles, "technology_id", parents, list.Filter)
		},
	)
}

// AllCycles loads, by technology, every release cycle of it as published, newest
// first: what a lifecycle and the search for a version's cycle need.
func (l *Loaders) AllCycles() *Edge[int64, []*ent.ReleaseCycle] {
	return edge(l, "Technology.cycles", many[*ent.ReleaseCycle], func(ctx context.Context, parents []int64) (map[int64][]*ent.ReleaseCycle, error) {
		rows, err := l.releaseCycles(ctx, func(s *sql.Selector) {
			s.Where(store.In(s.C("technology_id"), parents)).OrderBy(s.C("technology_id"), s.C("position"), s.C("id"))
		})
		return grouped(rows, func(c *ent.ReleaseCycle) int64 { return c.TechnologyID }), err
	})
}

// Requirements loads, by release cycle, what it needs.
func (l *Loaders) Requirements() *Edge[int64, []*ent.VersionRequirement] {
	return edge(l, "ReleaseCycle.requirements", many[*ent.VersionRequirement], func(ctx context.Context, cycles []int64) (map[int64][]*ent.VersionRequirement, error) {
		rows, err := l.db.Read().VersionRequirement.Query().Where(func(s *sql.Selector) {
			s.Where(store.In(s.C("release_cycle_id"), cycles)).OrderBy(s.C("release_cycle_id"), s.C("position"))
		}).All(ctx)
		return grouped(rows, func(r *ent.VersionRequirement) int64 { return r.ReleaseCycleID }), err
	})
}

// grouped puts rows under their parents, in the order in which they came.
func grouped[T any](rows []T, parent func(T) int64) map[int64][]T {
	out := map[int64][]T{}
	for _, row := range rows {
		out[parent(row)] = append(out[parent(row)], row)
	}
	return out
}
