package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/graph/generated"
	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/fault"
	"stackyard/internal/text"
	"stackyard/internal/version"
)

type technologyResolver struct{}

func (technologyResolver) Description(_ context.Context, t *ent.Technology, truncateTo *int) (*string, error) {
	if truncateTo == nil || t.Description == nil {
		return t.Description, nil
	}
	if *truncateTo < 1 {
		return nil, fault.BadInput("truncateTo is %d; it must be at least 1", *truncateTo)
	}
	short := text.Truncate(*t.Description, *truncateTo)
	return &short, nil
}

func (technologyResolver) License(_ context.Context, t *ent.Technology) (*generated.License, error) {
	if t.LicenseExpression == nil {
		return nil, nil
	}
	return &generated.License{Expression: *t.LicenseExpression, IsOpenSource: t.LicenseIsOpenSource}, nil
}

func (technologyResolver) Identifiers(ctx context.Context, t *ent.Technology) ([]*ent.Identifier, error) {
	return loaders(ctx).Identifiers().Load(ctx, t.ID)
}

func (technologyResolver) Categories(ctx context.Context, t *ent.Technology) ([]*ent.Category, error) {
	return loaders(ctx).TechnologyCategories().Load(ctx, t.ID)
}

func (technologyResolver) UseCases(ctx context.Context, t *ent.Technology) ([]*ent.UseCase, error) {
	return loaders(ctx).TechnologyUseCases().Load(ctx, t.ID)
}

func (technologyResolver) Lifecycle(ctx context.Context, t *ent.Technology) (*generated.Lifecycle, error) {
	cycles, err := loaders(ctx).AllCycles().Load(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	return lifecycleOf(cycles, loaders(ctx).Today()), nil
}

func (technologyResolver) ReleaseCycle(ctx context.Context, t *ent.Technology, v string) (*ent.ReleaseCycle, error) {
	if len(v) > version.MaxLength {
		return nil, fault.BadInput("version has more than %d characters", version.MaxLength)
	}
	cycles, err := loaders(ctx).AllCycles().Load(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	return app.CycleOf(t, cycles, v), nil
}

func (technologyResolver) ReleaseCycles(ctx context.Context, t *ent.Technology, first *int, after *string, last *int, before *string, filter *loader.ReleaseCycleFilter, orderBy *loader.ReleaseCycleOrder) (*loader.ReleaseCycleConnection, error) {
	return loaders(ctx).TechnologyReleaseCycles(loader.ReleaseCycleArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter, OrderBy: orderBy,
	}).Load(ctx, t.ID)
}

func (technologyResolver) Advisories(ctx context.Context, t *ent.Technology, first *int, after *string, last *int, before *string, filter *loader.AdvisoryFilter, affectsVersion *string) (*loader.AdvisoryConnection, error) {
	return loaders(ctx).TechnologyAdvisories(loader.AdvisoryArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter, AffectsVersion: affectsVersion,
	}).Load(ctx, t.ID)
}

func (technologyResolver) Integrations(ctx context.Context, t *ent.Technology, first *int, after *string, last *int, before *string, filter *loader.IntegrationFilter) (*loader.IntegrationConnection, error) {
	return loaders(ctx).TechnologyIntegrations(loader.IntegrationArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter,
	}).Load(ctx, t.ID)
}

func (technologyResolver) Successors(ctx context.Context, t *ent.Technology) ([]*ent.Technology, error) {
	return loaders(ctx).Successors().Load(ctx, t.ID)
}

func (technologyResolver) Alternatives(ctx context.Context, t *ent.Technology, first *int, after *string, last *int, before *string) (*loader.TechnologyConnection, error) {
	return loaders(ctx).TechnologyAlternatives(pageArgs(first, after, last, before)).Load(ctx, t.ID)
}

func (technologyResolver) Rating(_ context.Context, t *ent.Technology) (*generated.Rating, error) {
	r := &generated.Rating{Average: t.RatingAverage, Distribution: t.RatingDistribution}
	for _, n := range t.RatingDistribution {
		r.Count += n
	}
	return r, nil
}

func (technologyResolver) Reviews(ctx context.Context, t *ent.Technology, first *int, after *string, last *int, before *string) (*loader.ReviewConnection, error) {
	return loaders(ctx).TechnologyReviews(pageArgs(first, after, last, before)).Load(ctx, t.ID)
}

func (technologyResolver) Source(ctx context.Context, t *ent.Technology) (*ent.Source, error) {
	return sourceOf(ctx, t.SourceID)
}

// sourceOf loads the source of a fact, where one is known.
func sourceOf(ctx context.Context, id *int64) (*ent.Source, error) {
	if id == nil {
		return nil, nil
	}
	return loaders(ctx).Source().Load(ctx, *id)
}
