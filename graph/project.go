package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/graph/generated"
	"stackyard/graph/loader"
	"stackyard/internal/app"
)

type projectResolver struct{}

func (projectResolver) Organization(ctx context.Context, p *ent.Project) (*ent.Organization, error) {
	return loaders(ctx).Organization().Load(ctx, p.OrganizationID)
}

func (projectResolver) UseCase(ctx context.Context, p *ent.Project) (*ent.UseCase, error) {
	if p.UseCaseID == nil {
		return nil, nil
	}
	return loaders(ctx).UseCase().Load(ctx, *p.UseCaseID)
}

func (projectResolver) Stack(ctx context.Context, p *ent.Project, first *int, after *string, last *int, before *string) (*loader.StackComponentConnection, error) {
	return loaders(ctx).ProjectStack(pageArgs(first, after, last, before)).Load(ctx, p.ID)
}

func (projectResolver) MonthlyCost(_ context.Context, p *ent.Project) (*generated.Money, error) {
	if p.CostAmount == nil || p.CostCurrency == nil {
		return nil, nil
	}
	return &generated.Money{Amount: *p.CostAmount, Currency: *p.CostCurrency}, nil
}

type stackComponentResolver struct{}

func (stackComponentResolver) Project(ctx context.Context, c *ent.StackComponent) (*ent.Project, error) {
	return loaders(ctx).Project().Load(ctx, c.ProjectID)
}

func (stackComponentResolver) Technology(ctx context.Context, c *ent.StackComponent) (*ent.Technology, error) {
	if c.TechnologyID == nil {
		return nil, nil
	}
	return loaders(ctx).Technology().Load(ctx, *c.TechnologyID)
}

func (stackComponentResolver) ReleaseCycle(ctx context.Context, c *ent.StackComponent) (*ent.ReleaseCycle, error) {
	if c.TechnologyID == nil || c.InstalledVersion == nil {
		return nil, nil
	}
	t, err := loaders(ctx).Technology().Load(ctx, *c.TechnologyID)
	if err != nil {
		return nil, err
	}
	cycles, err := loaders(ctx).AllCycles().Load(ctx, *c.TechnologyID)
	if err != nil {
		return nil, err
	}
	return app.CycleOf(t, cycles, *c.InstalledVersion), nil
}

func (technologyResolver) UsedBy(ctx context.Context, t *ent.Technology, first *int, after *string, last *int, before *string) (*loader.ProjectConnection, error) {
	return loaders(ctx).TechnologyUsedBy(pageArgs(first, after, last, before)).Load(ctx, t.ID)
}
