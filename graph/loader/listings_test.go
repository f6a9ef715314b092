package loader_test

import (
	"context"
	"encoding/json"
	"slices"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
)

// listing is a list of the contract, read by the loaders and in the naive way.
type listing struct {
	name    string
	parents []int64 // zero stands for the root
	read    func(ctx context.Context, l *loader.Loaders, args relay.PageArgs) (map[int64]page, error)
	naive   func(r *rows, parent int64) []item
}

// page is what a connection holds.
type page struct {
	ids     []int64
	cursors []string
	info    loader.PageInfo
	total   func(context.Context) (int, error)
}

func pageOf[T interface{ GlobalID() relay.ID }](c *loader.Connection[T]) page {
	p := page{ids: []int64{}, info: c.PageInfo, total: c.TotalCount}
	for _, e := range c.Edges {
		p.ids, p.cursors = append(p.ids, e.Node.GlobalID().Key), append(p.cursors, e.Cursor())
	}
	return p
}

// rooted reads a list of the root.
func rooted[T interface{ GlobalID() relay.ID }](c *loader.Connection[T], err error) (map[int64]page, error) {
	if err != nil {
		return nil, err
	}
	return map[int64]page{0: pageOf(c)}, nil
}

// below reads the lists of parents, in one statement.
func below[T interface{ GlobalID() relay.ID }](ctx context.Context, pages loader.Pages[T], parents []int64) (map[int64]page, error) {
	if _, err := pages.Ahead(ctx, parents); err != nil {
		return nil, err
	}
	out := map[int64]page{}
	for _, p := range parents {
		c, err := pages.Load(ctx, p)
		if err != nil {
			return nil, err
		}
		out[p] = pageOf(c)
	}
	return out, nil
}

var root = []int64{0}

// of filters and sorts rows in the naive way.
func of[R any](all []R, in func(R) (item, bool)) []item {
	items := []item{}
	for _, row := range all {
		if it, ok := in(row); ok {
			items = append(items, it)
		}
	}
	slices.SortFunc(items, item.compare)
	return items
}

func technologies(args loader.TechnologyArgs) listing {
	return listing{
		name: "technologies" + describe(args.Filter, args.OrderBy), parents: root,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return rooted(l.Technologies(ctx, args))
		},
		naive: func(r *rows, _ int64) []item {
			return of(r.technologies, func(t *ent.Technology) (item, bool) { return r.technologyItem(t, args) })
		},
	}
}

func (w *world) categoryTechnologies(args loader.TechnologyArgs) listing {
	return listing{
		name: "Category.technologies" + describe(args.Filter, args.OrderBy), parents: w.categories,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return below(ctx, l.CategoryTechnologies(args), w.categories)
		},
		naive: func(r *rows, category int64) []item {
			return of(r.technologies, func(t *ent.Technology) (item, bool) {
				isIn := slices.ContainsFunc(r.inCategory, func(k *ent.TechnologyCategory) bool {
					return k.CategoryID == category && k.TechnologyID == t.ID
				})
				it, ok := r.technologyItem(t, args)
				return it, ok && isIn
			})
		},
	}
}

func (w *world) useCaseTechnologies(args loader.TechnologyArgs) listing {
	return listing{
		name: "UseCase.technologies" + describe(args.Filter, args.OrderBy), parents: w.useCases,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return below(ctx, l.UseCaseTechnologies(args), w.useCases)
		},
		naive: func(r *rows, useCase int64) []item {
			return of(r.technologies, func(t *ent.Technology) (item, bool) {
				isIn := slices.ContainsFunc(r.forUseCase, func(k *ent.TechnologyUseCase) bool {
					return k.UseCaseID == useCase && k.TechnologyID == t.ID
				})
				it, ok := r.technologyItem(t, args)
				return it, ok && isIn
			})
		},
	}
}

func releaseCycles(args loader.ReleaseCycleArgs) listing {
	return listing{
		name: "releaseCycles" + describe(args.Filter, args.OrderBy), parents: root,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return rooted(l.ReleaseCycles(ctx, args))
		},
		naive: func(r *rows, _ int64) []item {
			return of(r.cycles, func(c *ent.ReleaseCycle) (item, bool) { return r.cycleItem(c, args) })
		},
	}
}

func (w *world) technologyCycles(args loader.ReleaseCycleArgs) listing {
	return listing{
		name: "Technology.releaseCycles" + describe(args.Filter, args.OrderBy), parents: w.technologies,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return below(ctx, l.TechnologyReleaseCycles(args), w.technologies)
		},
		naive: func(r *rows, technology int64) []item {
			return of(r.cycles, func(c *ent.ReleaseCycle) (item, bool) {
				it, ok := r.cycleItem(c, args)
				return it, ok && c.TechnologyID == technology
			})
		},
	}
}

func advisories(args loader.AdvisoryArgs) listing {
	return listing{
		name: "advisories" + describe(args.Filter), parents: root,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return rooted(l.Advisories(ctx, args))
		},
		naive: func(r *rows, _ int64) []item {
			return of(r.advisories, func(a *ent.Advisory) (item, bool) { return r.advisoryItem(a, args) })
		},
	}
}

func (w *world) technologyAdvisories(args loader.AdvisoryArgs) listing {
	return listing{
		name: "Technology.advisories" + describe(args.Filter, args.AffectsVersion), parents: w.technologies,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return below(ctx, l.TechnologyAdvisories(args), w.technologies)
		},
		naive: func(r *rows, technology int64) []item {
			return of(r.advisories, func(a *ent.Advisory) (item, bool) {
				concerns := slices.ContainsFunc(r.concerns, func(k *ent.TechnologyAdvisory) bool {
					return k.AdvisoryID == a.ID && k.TechnologyID == technology
				})
				it, ok := r.advisoryItem(a, args)
				return it, ok && concerns && r.affects(a.ID, technology, args.AffectsVersion)
			})
		},
	}
}

func (w *world) integrations(args loader.IntegrationArgs) listing {
	return listing{
		name: "Technology.integrations" + describe(args.Filter), parents: w.technologies,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			args.PageArgs = p
			return below(ctx, l.TechnologyIntegrations(args), w.technologies)
		},
		naive: func(r *rows, technology int64) []item {
			return of(r.sides, func(s *ent.IntegrationSide) (item, bool) {
				passes := args.Filter == nil || among(args.Filter.Areas, s.Area)
				return item{s.IntegrationID, []term{{value: s.NameKey}, {value: s.IntegrationID}}}, passes && s.TechnologyID == technology
			})
		},
	}
}

func (w *world) technologyReviews() listing {
	return listing{
		name: "Technology.reviews", parents: w.technologies,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			return below(ctx, l.TechnologyReviews(p), w.technologies)
		},
		naive: func(r *rows, technology int64) []item {
			return shownReviews(r, func(v *ent.Review) bool { return v.TechnologyID == technology })
		},
	}
}

func (w *world) userReviews() listing {
	return listing{
		name: "User.reviews", parents: []int64{w.critic},
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			return below(ctx, l.UserReviews(p), []int64{w.critic})
		},
		naive: func(r *rows, user int64) []item {
			return shownReviews(r, func(v *ent.Review) bool { return v.AuthorID == user })
		},
	}
}

func shownReviews(r *rows, isIn func(*ent.Review) bool) []item {
	return of(r.reviews, func(v *ent.Review) (item, bool) {
		return item{v.ID, []term{{v.CreatedAt, true}, {v.ID, true}}}, isIn(v) && !v.IsHidden
	})
}

func (w *world) alternatives() listing {
	return listing{
		name: "Technology.alternatives", parents: w.technologies,
		read: func(ctx context.Context, l *loader.Loaders, p relay.PageArgs) (map[int64]page, error) {
			return below(ctx, l.TechnologyAlternatives(p), w.technologies)
		},
		naive: func(r *rows, technology int64) []item {
			return of(r.alternatives, func(a *ent.Alternative) (item, bool) {
				return item{a.AlternativeID, []term{{value: a.Position}, {value: a.AlternativeID}}}, a.TechnologyID == technology
			})
		},
	}
}

// everyOrder gives every list in every order that it can be asked for.
func (w *world) everyOrder() []listing {
	alpha := "alpha"
	searched := &loader.TechnologyFilter{Search: &alpha}
	all := []listing{
		technologies(loader.TechnologyArgs{}), technologies(loader.TechnologyArgs{Filter: searched}), releaseCycles(loader.ReleaseCycleArgs{}),
		advisories(loader.AdvisoryArgs{}), w.technologyAdvisories(loader.AdvisoryArgs{}), w.integrations(loader.IntegrationArgs{}),
		w.technologyReviews(), w.userReviews(), w.alternatives(),
	}
	for _, direction := range []enum.OrderDirection{enum.Asc, enum.Desc} {
		for _, field := range as[enum.TechnologyOrderField](enum.TechnologyByName.Values()) {
			args := loader.TechnologyArgs{OrderBy: &loader.TechnologyOrder{Field: field, Direction: direction}}
			if field == enum.TechnologyByRelevance {
				args.Filter = searched
			}
			all = append(all, technologies(args), w.categoryTechnologies(args), w.useCaseTechnologies(args))
		}
		for _, field := range as[enum.ReleaseCycleOrderField](enum.CyclesByReleasedOn.Values()) {
			args := loader.ReleaseCycleArgs{OrderBy: &loader.ReleaseCycleOrder{Field: field, Direction: direction}}
			all = append(all, releaseCycles(args), w.technologyCycles(args))
		}
	}
	return all
}

func describe(parts ...any) string {
	s := ""
	for _, p := range parts {
		b, err := json.Marshal(p)
		if err != nil {
			panic(err)
		}
		s += " " + string(b)
	}
	return s
}
