package loader

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// ForecastEntry is a release cycle that ends while an organisation runs it.
type ForecastEntry struct {
	ReleaseCycle *ent.ReleaseCycle
	// Organization is the key of whose forecast it is.
	Organization int64
}

// EndOfLifeOn is the last day of security support; what has none is in no forecast.
func (e *ForecastEntry) EndOfLifeOn() calendar.Day { return *e.ReleaseCycle.EndOfLifeOn }

// ForecastArgs are the arguments of a forecast.
type ForecastArgs struct {
	relay.PageArgs
	Until calendar.Day `json:"until"`
}

// Forecast loads, by organisation, what ends from today until a day, soonest first.
// The forecasts of organisations that the reader is no member of are empty.
func (l *Loaders) Forecast(args ForecastArgs) Pages[*ForecastEntry] {
	soonest := order[*ForecastEntry]{
		store.Order{{Column: "end_of_life_on"}, {Column: "id"}},
		func(e *ForecastEntry) []any { return []any{int64(e.EndOfLifeOn()), e.ReleaseCycle.ID} },
	}
	filter := store.Filter{Conditions: []store.Condition{
		compare(sql.GTE, "end_of_life_on", int64(l.today)), compare(sql.LTE, "end_of_life_on", int64(args.Until)),
	}}
	list, err := newList(l, "Organization.forecast", soonest, args.Until, filter, args.PageArgs)
	if err != nil {
		return refused[*ForecastEntry](err)
	}
	link := store.Link{Table: tableStackComponents, Parent: "organization_id", Child: "release_cycle_id", Repeats: true, IsBare: true}
	return pages(l, list, func(e *ForecastEntry) int64 { return e.Organization },
		func(ctx context.Context, parents []int64) ([]*ForecastEntry, error) {
			parents, err := l.own(parents)
			if err != nil {
				return nil, err
			}
			rows, err := l.releaseCycles(ctx, list.Linked(link, parents))
			out := make([]*ForecastEntry, len(rows))
			for i, row := range rows {
				out[i] = &ForecastEntry{ReleaseCycle: row, Organization: store.Parent(row)}
			}
			return out, err
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			parents, err := l.own(parents)
			if err != nil {
				return nil, err
			}
			return l.db.CountLinked(ctx, link, tableReleaseCycles, parents, list.Filter)
		},
	)
}

// own are those of the organisations that the reader is a member of.
func (l *Loaders) own(organizations []int64) ([]int64, error) {
	reader, err := l.Reader()
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, o := range organizations {
		if reader.Role(o) != "" {
			out = append(out, o)
		}
	}
	return out, nil
}

// ForecastProjects loads, by release cycle, the projects of an organisation that
// run it, by name: one statement for each organisation that is asked about.
func (l *Loaders) ForecastProjects(organization int64, args relay.PageArgs) Pages[*ent.Project] {
	list, err := newList(l, "ForecastEntry.projects", projectOrder(nil), organization, store.Filter{Conditions: []store.Condition{compare(sql.EQ, "organization_id", organization)}}, args)
	if err != nil {
		return refused[*ent.Project](err)
	}
	g := guarded[*ent.Project]{list: list, rule: ownProjects}
	return pages(l, list, parentOf[*ent.Project],
		func(ctx context.Context, cycles []int64) ([]*ent.Project, error) {
			seen, err := g.seen(l)
			if err != nil {
				return nil, err
			}
			return l.projects(ctx, seen.Linked(store.CycleProjects, cycles))
		},
		func(ctx context.Context, cycles []int64) (map[int64]int, error) {
			seen, err := g.seen(l)
			if err != nil {
				return nil, err
			}
			return l.db.CountLinked(ctx, store.CycleProjects, tableProjects, cycles, seen.Filter)
		},
	)
}
