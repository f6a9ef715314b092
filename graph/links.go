package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/graph/loader"
)

type categoryResolver struct{}

func (categoryResolver) Technologies(ctx context.Context, c *ent.Category, first *int, after *string, last *int, before *string, filter *loader.TechnologyFilter, orderBy *loader.TechnologyOrder) (*loader.TechnologyConnection, error) {
	return loaders(ctx).CategoryTechnologies(loader.TechnologyArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter, OrderBy: orderBy,
	}).Load(ctx, c.ID)
}

type useCaseResolver struct{}

func (useCaseResolver) Technologies(ctx context.Context, u *ent.UseCase, first *int, after *string, last *int, before *string, filter *loader.TechnologyFilter, orderBy *loader.TechnologyOrder) (*loader.TechnologyConnection, error) {
	return loaders(ctx).UseCaseTechnologies(loader.TechnologyArgs{
		PageArgs: pageArgs(first, after, last, before), Filter: filter, OrderBy: orderBy,
	}).Load(ctx, u.ID)
}

type advisoryResolver struct{}

func (advisoryResolver) Affected(ctx context.Context, a *ent.Advisory) ([]*ent.AffectedRange, error) {
	return loaders(ctx).Affected().Load(ctx, a.ID)
}

func (advisoryResolver) Source(ctx context.Context, a *ent.Advisory) (*ent.Source, error) {
	return sourceOf(ctx, a.SourceID)
}

type affectedRangeResolver struct{}

func (affectedRangeResolver) Technology(ctx context.Context, r *ent.AffectedRange) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, r.TechnologyID)
}

type integrationResolver struct{}

func (integrationResolver) From(ctx context.Context, i *ent.Integration) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, i.FromID)
}

func (integrationResolver) To(ctx context.Context, i *ent.Integration) (loader.IntegrationTarget, error) {
	return loaders(ctx).Target(ctx, i)
}

type integrationEdgeResolver struct{}

func (integrationEdgeResolver) Target(ctx context.Context, e *loader.IntegrationEdge) (loader.IntegrationTarget, error) {
	return loaders(ctx).OtherSide(ctx, e.Node)
}

type reviewResolver struct{}

func (reviewResolver) Technology(ctx context.Context, r *ent.Review) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, r.TechnologyID)
}

func (reviewResolver) Author(ctx context.Context, r *ent.Review) (*ent.User, error) {
	return loaders(ctx).User().Load(ctx, r.AuthorID)
}

type userResolver struct{}

func (userResolver) Reviews(ctx context.Context, u *ent.User, first *int, after *string, last *int, before *string) (*loader.ReviewConnection, error) {
	return loaders(ctx).UserReviews(pageArgs(first, after, last, before)).Load(ctx, u.ID)
}
