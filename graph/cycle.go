package graph

import (
	"cmp"
	"context"
	"slices"

	"stackyard/ent"
	"stackyard/graph/generated"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
	"stackyard/internal/version"
)

type releaseCycleResolver struct{}

func (releaseCycleResolver) Technology(ctx context.Context, c *ent.ReleaseCycle) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, c.TechnologyID)
}

func (releaseCycleResolver) IsLongTerm(ctx context.Context, c *ent.ReleaseCycle) (bool, error) {
	return factsOf(c).IsLongTermOn(loaders(ctx).Today()), nil
}

func (releaseCycleResolver) IsEndOfLife(ctx context.Context, c *ent.ReleaseCycle) (bool, error) {
	return factsOf(c).IsEndOfLife(loaders(ctx).Today()), nil
}

func (releaseCycleResolver) Requirements(ctx context.Context, c *ent.ReleaseCycle) ([]*ent.VersionRequirement, error) {
	return loaders(ctx).Requirements().Load(ctx, c.ID)
}

func (releaseCycleResolver) Status(ctx context.Context, c *ent.ReleaseCycle) (enum.LifecycleStatus, error) {
	return factsOf(c).Status(loaders(ctx).Today()), nil
}

func (releaseCycleResolver) DaysUntilEndOfLife(ctx context.Context, c *ent.ReleaseCycle) (*int, error) {
	if c.EndOfLifeOn == nil {
		return nil, nil
	}
	days := c.EndOfLifeOn.Sub(loaders(ctx).Today())
	return &days, nil
}

func (releaseCycleResolver) Source(ctx context.Context, c *ent.ReleaseCycle) (*ent.Source, error) {
	return sourceOf(ctx, c.SourceID)
}

type versionRequirementResolver struct{}

func (versionRequirementResolver) Technology(ctx context.Context, r *ent.VersionRequirement) (*ent.Technology, error) {
	return loaders(ctx).Technology().Load(ctx, r.TechnologyID)
}

func factsOf(c *ent.ReleaseCycle) lifecycle.Cycle {
	return lifecycle.Cycle{
		ReleasedOn: c.ReleasedOn, IsLongTerm: c.IsLongTerm, LongTermFrom: c.LongTermFrom,
		ActiveSupportUntil: c.ActiveSupportUntil, ActiveSupportOver: c.ActiveSupportOver,
		EndOfLifeOn: c.EndOfLifeOn, EndOfLifePassed: c.EndOfLifePassed,
		ExtendedSupportUntil: c.ExtendedSupportUntil, ExtendedSupportOver: c.ExtendedSupportOver,
	}
}

// lifecycleOf says where a technology with these cycles stands today.
func lifecycleOf(cycles []*ent.ReleaseCycle, today calendar.Day) *generated.Lifecycle {
	newest := slices.SortedStableFunc(slices.Values(cycles), func(a, b *ent.ReleaseCycle) int {
		return cmp.Or(compareDays(b.ReleasedOn, a.ReleasedOn), version.Compare(b.Name, a.Name))
	})
	l := &generated.Lifecycle{}
	var statuses []enum.LifecycleStatus
	for _, c := range newest {
		facts := factsOf(c)
		s := facts.Status(today)
		statuses = append(statuses, s)
		if s == enum.StatusUpcoming {
			continue
		}
		if l.LatestCycle == nil {
			l.LatestCycle = c
		}
		if l.LatestLongTermCycle == nil && facts.IsLongTermOn(today) {
			l.LatestLongTermCycle = c
		}
		if lifecycle.IsMaintained(s) && c.EndOfLifeOn != nil && (l.NextEndOfLife == nil || *c.EndOfLifeOn < *l.NextEndOfLife.EndOfLifeOn) {
			l.NextEndOfLife = c
		}
	}
	l.Status = lifecycle.Best(statuses)
	return l
}

// compareDays orders days; what is not known comes first.
func compareDays(a, b *calendar.Day) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}
