package graph

import (
	"context"
	"errors"

	"stackyard/ent"
	"stackyard/graph/generated"
	"stackyard/graph/loader"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
)

type queryResolver struct{}

// maxNodes is the most objects that `nodes` fetches, as the contract says.
const maxNodes = 100

func (queryResolver) Node(ctx context.Context, id relay.ID) (loader.Node, error) {
	n, err := nodeOrNull(loaders(ctx).Node(ctx, id))
	if err != nil || n == nil {
		return nil, err
	}
	ahead(ctx).nodes(selection(ctx), []loader.Node{n})
	return n, nil
}

func (queryResolver) Nodes(ctx context.Context, ids []*relay.ID) ([]loader.Node, error) {
	if len(ids) > maxNodes {
		return nil, fault.BadInput("ids lists %d ids, more than %d", len(ids), maxNodes)
	}
	l := loaders(ctx)
	if err := l.NodesAhead(ctx, ids); err != nil {
		return nil, err
	}
	out := make([]loader.Node, len(ids))
	for i, id := range ids {
		n, err := nodeOrNull(l.Node(ctx, *id))
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	ahead(ctx).nodes(selection(ctx), out)
	return out, nil
}

// nodeOrNull turns an object that is not found into null.
func nodeOrNull(n loader.Node, err error) (loader.Node, error) {
	if errors.Is(err, loader.ErrNotFound) {
		return nil, nil
	}
	return n, err
}

// RateLimit is null: there are no limits yet.
func (queryResolver) RateLimit(context.Context) (*generated.RateLimit, error) { return nil, nil }

func (queryResolver) Categories(ctx context.Context) ([]*ent.Category, error) {
	return then(ctx, lookAhead.categories)(loaders(ctx).Categories(ctx))
}

func (queryResolver) Category(ctx context.Context, slug string) (*ent.Category, error) {
	return thenOne(ctx, lookAhead.categories)(loaders(ctx).CategoryBySlug(ctx, slug))
}

func (queryResolver) UseCases(ctx context.Context) ([]*ent.UseCase, error) {
	return then(ctx, lookAhead.useCases)(loaders(ctx).UseCases(ctx))
}

func (queryResolver) UseCase(ctx context.Context, slug string) (*ent.UseCase, error) {
	return thenOne(ctx, lookAhead.useCases)(loaders(ctx).UseCaseBySlug(ctx, slug))
}

func (queryResolver) Criteria(ctx context.Context) ([]*ent.Criterion, error) {
	return loaders(ctx).Criteria(ctx)
}

func (queryResolver) Criterion(ctx context.Context, slug string) (*ent.Criterion, error) {
	return loader.OrNull(loaders(ctx).CriterionBySlug(ctx, slug))
}

func (queryResolver) Mistakes(ctx context.Context) ([]*ent.Mistake, error) {
	return loaders(ctx).Mistakes(ctx)
}

func (queryResolver) Mistake(ctx context.Context, slug string) (*ent.Mistake, error) {
	return loader.OrNull(loaders(ctx).MistakeBySlug(ctx, slug))
}

func (queryResolver) Sources(ctx context.Context) ([]*ent.Source, error) {
	return loaders(ctx).Sources(ctx)
}

func (queryResolver) Technology(ctx context.Context, slug string) (*ent.Technology, error) {
	return thenOne(ctx, lookAhead.technologies)(loaders(ctx).TechnologyBySlug(ctx, slug))
}

func (queryResolver) Technologies(ctx context.Context, first *int, after *string, last *int, before *string, filter *loader.TechnologyFilter, orderBy *loader.TechnologyOrder) (*loader.TechnologyConnection, error) {
	return thenPage(ctx, lookAhead.technologies)(loaders(ctx).Technologies(ctx, loader.TechnologyArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter, OrderBy: orderBy,
	}))
}

func (queryResolver) ReleaseCycles(ctx context.Context, first *int, after *string, last *int, before *string, filter *loader.ReleaseCycleFilter, orderBy *loader.ReleaseCycleOrder) (*loader.ReleaseCycleConnection, error) {
	return thenPage(ctx, lookAhead.releaseCycles)(loaders(ctx).ReleaseCycles(ctx, loader.ReleaseCycleArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter, OrderBy: orderBy,
	}))
}

func (queryResolver) Advisories(ctx context.Context, first *int, after *string, last *int, before *string, filter *loader.AdvisoryFilter) (*loader.AdvisoryConnection, error) {
	return thenPage(ctx, lookAhead.advisories)(loaders(ctx).Advisories(ctx, loader.AdvisoryArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter,
	}))
}

func pageArgs(first *int, after *string, last *int, before *string) relay.PageArgs {
	return relay.PageArgs{First: first, After: after, Last: last, Before: before}
}
