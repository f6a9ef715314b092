package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/advice"
	"stackyard/internal/app"
)

func (queryResolver) CheckStack(ctx context.Context, components []*app.StackComponentInput, about *app.StackContextInput) (*app.StackCheck, error) {
	check, err := operationOf(ctx).app.CheckStack(ctx, loaders(ctx).Today(), components, about)
	if err == nil {
		ahead(ctx).stackCheck(selection(ctx), check)
	}
	return check, err
}

func (queryResolver) CompareTechnologies(ctx context.Context, slugs []string) (*app.Comparison, error) {
	c, err := operationOf(ctx).app.Compare(ctx, loaders(ctx).Today(), slugs)
	if err == nil {
		ahead(ctx).comparison(selection(ctx), c)
	}
	return c, err
}

type checkedComponentResolver struct{}

func (checkedComponentResolver) Technology(ctx context.Context, c *app.CheckedComponent) (*ent.Technology, error) {
	return technologyOf(ctx, c.Of)
}

func (checkedComponentResolver) ReleaseCycle(ctx context.Context, c *app.CheckedComponent) (*ent.ReleaseCycle, error) {
	return releaseCycleOf(ctx, c.Cycle)
}

type stackFindingResolver struct{}

func (stackFindingResolver) Technology(ctx context.Context, f *advice.Finding) (*ent.Technology, error) {
	return technologyOf(ctx, f.Technology)
}

func (stackFindingResolver) ReleaseCycle(ctx context.Context, f *advice.Finding) (*ent.ReleaseCycle, error) {
	return releaseCycleOf(ctx, f.Cycle)
}

func (stackFindingResolver) Advisory(ctx context.Context, f *advice.Finding) (*ent.Advisory, error) {
	if f.Advisory == nil {
		return nil, nil
	}
	return loader.OrNull(loaders(ctx).Advisory().Load(ctx, f.Advisory.ID))
}

func (stackFindingResolver) FixedBy(_ context.Context, f *advice.Finding) (*string, error) {
	if f.FixedBy == "" {
		return nil, nil
	}
	return &f.FixedBy, nil
}

type comparisonResolver struct{}

func (comparisonResolver) Technologies(ctx context.Context, c *app.Comparison) ([]*ent.Technology, error) {
	return technologiesOf(ctx, c.Of)
}

type comparisonRowResolver struct{}

func (comparisonRowResolver) Best(ctx context.Context, r *app.ComparisonRow) ([]*ent.Technology, error) {
	return technologiesOf(ctx, r.BestOf)
}

type assessmentResolver struct{}

func (assessmentResolver) Criterion(ctx context.Context, a *advice.Assessment) (*ent.Criterion, error) {
	return loaders(ctx).CriterionOf().Load(ctx, a.Criterion)
}

func (technologyResolver) Assessments(ctx context.Context, t *ent.Technology) ([]*advice.Assessment, error) {
	facts, err := loaders(ctx).Facts().Load(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	return advice.Assess(facts, loaders(ctx).Today()), nil
}

// technologyOf loads the technology that facts are of; null where they are of none, or it is gone since.
func technologyOf(ctx context.Context, facts *advice.Technology) (*ent.Technology, error) {
	if facts == nil {
		return nil, nil
	}
	return loader.OrNull(loaders(ctx).Technology().Load(ctx, facts.ID))
}

func technologiesOf(ctx context.Context, facts []*advice.Technology) ([]*ent.Technology, error) {
	return loaders(ctx).Technology().Ahead(ctx, keys(facts, func(t *advice.Technology) int64 { return t.ID }))
}

func releaseCycleOf(ctx context.Context, c *advice.Cycle) (*ent.ReleaseCycle, error) {
	if c == nil {
		return nil, nil
	}
	return loader.OrNull(loaders(ctx).ReleaseCycle().Load(ctx, c.ID))
}
