package loader

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/version"
)

// AdvisoryFilter is what advisories must fulfil; every condition that is given must hold.
type AdvisoryFilter struct {
	Severities    []enum.Severity   `json:"severities"`
	PublishedFrom *calendar.Instant `json:"publishedFrom"`
	Identifier    *string           `json:"identifier"`
}

// AdvisoryArgs are the arguments of a list of advisories.
type AdvisoryArgs struct {
	relay.PageArgs
	Filter         *AdvisoryFilter `json:"filter"`
	AffectsVersion *string         `json:"affectsVersion"`
}

const tableAdvisories = "advisories"

// newestFirst is the one order of advisories.
func newestFirst() order[*ent.Advisory] {
	return order[*ent.Advisory]{
		store.Order{{Column: "published_at", Desc: true}, {Column: "id", Desc: true}},
		func(a *ent.Advisory) []any { return []any{int64(a.PublishedAt), a.ID} },
	}
}

func (l *Loaders) advisoryList(scope string, args AdvisoryArgs) (list[*ent.Advisory], error) {
	f := cmp.Or(args.Filter, &AdvisoryFilter{})
	if err := checkValues(l, "severities", f.Severities); err != nil {
		return list[*ent.Advisory]{}, err
	}
	if f.Identifier != nil && len(*f.Identifier) > maxValue {
		return list[*ent.Advisory]{}, fault.BadInput("identifier has more than %d bytes", maxValue)
	}
	if v := args.AffectsVersion; v != nil && !version.IsVersion(*v) {
		return list[*ent.Advisory]{}, fault.BadInput("affectsVersion is not a version such as 18.20.4")
	}
	var filter store.Filter
	add := func(c store.Condition) { filter.Conditions = append(filter.Conditions, c) }
	if f.Severities != nil {
		add(columnIn("severity", f.Severities))
	}
	if f.PublishedFrom != nil {
		add(compare(sql.GTE, "published_at", int64(*f.PublishedFrom)))
	}
	if f.Identifier != nil {
		add(named(*f.Identifier))
	}
	scope += canonical(args.AffectsVersion)
	return newList(l, scope, newestFirst(), f, filter, args.PageArgs)
}

// named is the condition that an advisory has the identifier or alias, in any case.
func named(identifier string) store.Condition {
	return func(d *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		n := d.Table("advisory_names").As("n")
		return sql.In(col("id"), d.Select(n.C("advisory_id")).From(n).
			Where(store.In(n.C("name"), []string{strings.ToUpper(strings.TrimSpace(identifier))})))
	}
}

// Advisories is the list of all advisories.
func (l *Loaders) Advisories(ctx context.Context, args AdvisoryArgs) (*AdvisoryConnection, error) {
	list, err := l.advisoryList("advisories", args)
	if err != nil {
		return nil, err
	}
	rows, err := l.advisories(ctx, list.Root())
	if err != nil {
		return nil, err
	}
	return list.connection(rows, func(ctx context.Context) (int, error) {
		return l.db.CountAll(ctx, tableAdvisories, list.Filter)
	}), nil
}

// TechnologyAdvisories loads, by technology, the advisories that concern it, or a version of it.
func (l *Loaders) TechnologyAdvisories(args AdvisoryArgs) Pages[*ent.Advisory] {
	list, err := l.advisoryList("Technology.advisories", args)
	if err != nil {
		return refused[*ent.Advisory](err)
	}
	link := func(ctx context.Context, parents []int64) (store.Link, error) {
		link := store.Link{Table: "technology_advisories", Parent: "technology_id", Child: "advisory_id"}
		if args.AffectsVersion == nil {
			return link, nil
		}
		keys, err := l.affecting(*args.AffectsVersion).Ahead(ctx, parents)
		link.Only = append([]int64{}, slices.Concat(keys...)...)
		return link, err
	}
	return pages(l, list, parentOf[*ent.Advisory],
		func(ctx context.Context, parents []int64) ([]*ent.Advisory, error) {
			link, err := link(ctx, parents)
			if err != nil {
				return nil, err
			}
			return l.advisories(ctx, list.Linked(link, parents))
		},
		func(ctx context.Context, parents []int64) (map[int64]int, error) {
			link, err := link(ctx, parents)
			if err != nil {
				return nil, err
			}
			return l.db.CountLinked(ctx, link, tableAdvisories, parents, list.Filter)
		},
	)
}

// affecting loads, by technology, the keys of its links to the advisories that
// concern the version. Versions are compared here, never in SQL.
func (l *Loaders) affecting(v string) *Edge[int64, []int64] {
	return edge(l, "Technology.affecting "+v, many[int64], func(ctx context.Context, technologies []int64) (map[int64][]int64, error) {
		type pair struct{ technology, advisory int64 }
		hit := map[pair]bool{}
		ranges, err := l.db.Read().AffectedRange.Query().Where(func(s *sql.Selector) {
			s.Where(store.In(s.C("technology_id"), technologies))
		}).All(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range ranges {
			if rangeOf(r).Holds(v) == version.Yes {
				hit[pair{r.TechnologyID, r.AdvisoryID}] = true
			}
		}
		links, err := l.db.Read().TechnologyAdvisory.Query().Where(func(s *sql.Selector) {
			s.Where(store.In(s.C("technology_id"), technologies))
		}).All(ctx)
		if err != nil {
			return nil, err
		}
		out := map[int64][]int64{}
		for _, k := range links {
			if hit[pair{k.TechnologyID, k.AdvisoryID}] {
				out[k.TechnologyID] = append(out[k.TechnologyID], k.ID)
			}
		}
		return out, nil
	})
}

func rangeOf(r *ent.AffectedRange) version.Range {
	return version.Range{
		Ecosystem: orNothing(r.Ecosystem), Package: orNothing(r.Package),
		Introduced: orNothing(r.Introduced), Fixed: orNothing(r.Fixed), LastAffected: orNothing(r.LastAffected),
		Versions: r.Versions, IsDecidable: r.IsDecidable,
	}
}

func orNothing(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Affected loads, by advisory, the ranges of versions that it concerns.
func (l *Loaders) Affected() *Edge[int64, []*ent.AffectedRange] {
	return edge(l, "Advisory.affected", many[*ent.AffectedRange], func(ctx context.Context, advisories []int64) (map[int64][]*ent.AffectedRange, error) {
		rows, err := l.db.Read().AffectedRange.Query().Where(func(s *sql.Selector) {
			s.Where(store.In(s.C("advisory_id"), advisories)).OrderBy(s.C("advisory_id"), s.C("position"))
		}).All(ctx)
		return grouped(rows, func(r *ent.AffectedRange) int64 { return r.AdvisoryID }), err
	})
}
