package graph

import (
	"context"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

func (organizationResolver) Findings(ctx context.Context, o *ent.Organization, first *int, after *string, last *int, before *string, filter *loader.FindingFilter) (*loader.FindingConnection, error) {
	args := loader.FindingArgs{PageArgs: pageArgs(first, after, last, before), Filter: filter}
	return loaders(ctx).OrganizationFindings(args).Load(ctx, o.ID)
}

func (organizationResolver) Forecast(ctx context.Context, o *ent.Organization, until calendar.Day, first *int, after *string, last *int, before *string) (*loader.ForecastConnection, error) {
	args := loader.ForecastArgs{PageArgs: pageArgs(first, after, last, before), Until: until}
	return loaders(ctx).Forecast(args).Load(ctx, o.ID)
}

func (projectResolver) Findings(ctx context.Context, p *ent.Project, first *int, after *string, last *int, before *string, filter *loader.FindingFilter) (*loader.FindingConnection, error) {
	args := loader.FindingArgs{PageArgs: pageArgs(first, after, last, before), Filter: filter}
	return loaders(ctx).ProjectFindings(args).Load(ctx, p.ID)
}

type forecastEntryResolver struct{}

func (forecastEntryResolver) Projects(ctx context.Context, e *loader.ForecastEntry, first *int, after *string, last *int, before *string) (*loader.ProjectConnection, error) {
	return loaders(ctx).ForecastProjects(e.Organization, pageArgs(first, after, last, before)).Load(ctx, e.ReleaseCycle.ID)
}

type findingResolver struct{}

func (findingResolver) Project(ctx context.Context, f *ent.Finding) (*ent.Project, error) {
	return loaders(ctx).Project().Load(ctx, f.ProjectID)
}

func (findingResolver) Component(ctx context.Context, f *ent.Finding) (*ent.StackComponent, error) {
	if f.ComponentID == nil {
		return nil, nil
	}
	return loaders(ctx).StackComponent().Load(ctx, *f.ComponentID)
}

func (findingResolver) Advisory(ctx context.Context, f *ent.Finding) (*ent.Advisory, error) {
	if f.AdvisoryID == nil {
		return nil, nil
	}
	return loaders(ctx).Advisory().Load(ctx, *f.AdvisoryID)
}

func (findingResolver) State(ctx context.Context, f *ent.Finding) (enum.FindingState, error) {
	return loaders(ctx).FindingState(f), nil
}

// LastSeenAt is the last check of the project as long as checks see the finding.
func (findingResolver) LastSeenAt(ctx context.Context, f *ent.Finding) (calendar.Instant, error) {
	if f.LastSeenAt != nil {
		return *f.LastSeenAt, nil
	}
	p, err := loaders(ctx).Project().Load(ctx, f.ProjectID)
	if err != nil {
		return 0, err
	}
	return p.CheckedAt, nil
}

func (findingResolver) Acknowledgement(ctx context.Context, f *ent.Finding) (*loader.Acknowledgement, error) {
	return loaders(ctx).Acknowledgement(f), nil
}

type acknowledgementResolver struct{}

func (acknowledgementResolver) By(ctx context.Context, a *loader.Acknowledgement) (*ent.User, error) {
	return loaders(ctx).User().Load(ctx, a.ByID)
}
