package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/internal/advice"
	"stackyard/internal/app"
)

func (queryResolver) RecommendStack(ctx context.Context, requirements app.StackRequirementsInput) (*advice.Recommendation, error) {
	r, err := operationOf(ctx).app.RecommendStack(ctx, loaders(ctx).Today(), requirements, operationOf(ctx).searches)
	if err == nil {
		ahead(ctx).recommendation(selection(ctx), r)
	}
	return r, err
}

type stackRecommendationResolver struct{}

func (stackRecommendationResolver) Unfilled(ctx context.Context, r *advice.Recommendation) ([]*ent.Category, error) {
	return loaders(ctx).CategoryOf().Ahead(ctx, r.Unfilled)
}

type recommendedComponentResolver struct{}

func (recommendedComponentResolver) Category(ctx context.Context, c *advice.Choice) (*ent.Category, error) {
	return loaders(ctx).CategoryOf().Load(ctx, c.Category)
}

func (recommendedComponentResolver) Technology(ctx context.Context, c *advice.Choice) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, c.Technology.ID)
}

func (recommendedComponentResolver) ReleaseCycle(ctx context.Context, c *advice.Choice) (*ent.ReleaseCycle, error) {
	return releaseCycleOf(ctx, c.Cycle)
}

type recommendedAlternativeResolver struct{}

func (recommendedAlternativeResolver) Technology(ctx context.Context, a *advice.Alternative) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, a.Technology.ID)
}

type reasonResolver struct{}

func (reasonResolver) Criterion(ctx context.Context, r *advice.Reason) (*ent.Criterion, error) {
	return loaders(ctx).CriterionOf().Load(ctx, r.Criterion)
}

type rejectedTechnologyResolver struct{}

func (rejectedTechnologyResolver) Technology(ctx context.Context, r *advice.Rejection) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, r.Technology.ID)
}
