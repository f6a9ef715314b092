package app

import (
	"context"
	"fmt"
	"slices"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/ent/stackcomponent"
	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/version"
)

// SetReleaseCycle adds a release cycle to a technology, or corrects the one of
// that name. What a person has said no upgrade and no source changes any more.
func (a *App) SetReleaseCycle(ctx context.Context, by Caller, in SetReleaseCycleInput) (relay.ID, error) {
	return a.curate(ctx, by, "setReleaseCycle", func(ctx context.Context, w *work) (relay.ID, error) {
		t, err := w.technology(ctx, in.TechnologyID)
		if err != nil {
			return relay.ID{}, err
		}
		var f faults
		name := f.line(at("name"), in.Name, version.MaxLength)
		c, isThere, err := w.cycleNamed(ctx, t.ID, name)
		if err != nil {
			return relay.ID{}, err
		}
		var was cycleFacts
		switch {
		case isThere:
			was = factsOfCycle(c)
			f.revision(in.ExpectedRevision, c.Revision)
		case in.ExpectedRevision != nil:
			f.add(at("expectedRevision"), enum.InputConflict, "there is no such release cycle any more")
		}
		is := f.cycle(was, in, calendar.DayOf(w.now.Time()))
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		if !isThere {
			return w.addCycle(ctx, t.ID, name, is)
		}
		edited := is.edited(was)
		if len(edited) == 0 {
			return c.GlobalID(), nil
		}
		update := c.Update().SetEditedFields(union(c.EditedFields, edited)).AddRevision(1)
		is.write(update.Mutation())
		return c.GlobalID(), update.Exec(ctx)
	})
}

// cycleNamed finds a release cycle by its name.
func (w *work) cycleNamed(ctx context.Context, technology int64, name string) (c *ent.ReleaseCycle, isThere bool, err error) {
	c, err = w.ReleaseCycle.Query().Where(releasecycle.TechnologyID(technology), releasecycle.Name(name)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("finding a release cycle: %w", err)
	}
	return c, true, nil
}

// addCycle adds a release cycle behind those that are published.
func (w *work) addCycle(ctx context.Context, technology int64, name string, is cycleFacts) (relay.ID, error) {
	n, err := w.ReleaseCycle.Query().Where(releasecycle.TechnologyID(technology)).Count(ctx)
	if err != nil {
		return relay.ID{}, fmt.Errorf("counting release cycles: %w", err)
	}
	create := w.ReleaseCycle.Create().SetTechnologyID(technology).SetName(name).SetPosition(n).
		SetAsOf(calendar.DayOf(w.now.Time())).SetEditedFields(is.edited(cycleFacts{}))
	is.write(create.Mutation())
	c, err := create.Save(ctx)
	if err != nil {
		return relay.ID{}, err
	}
	return c.GlobalID(), nil
}

// DeleteReleaseCycle deletes a release cycle that no stack is on.
func (a *App) DeleteReleaseCycle(ctx context.Context, by Caller, in DeleteReleaseCycleInput) (relay.ID, error) {
	return a.curate(ctx, by, "deleteReleaseCycle", func(ctx context.Context, w *work) (relay.ID, error) {
		c, t, err := w.releaseCycle(ctx, in.ReleaseCycleID)
		if err != nil {
			return relay.ID{}, err
		}
		isInUse, err := w.isOnStack(ctx, t, c)
		if err != nil {
			return relay.ID{}, err
		}
		if isInUse { // and nobody learns whose
			return relay.ID{}, wrong("releaseCycleId", enum.InputInUse, "stacks have versions of it")
		}
		return c.GlobalID(), store.DeleteReleaseCycle(ctx, w.Tx, t, c, w.now)
	})
}

// isOnStack says whether a version that anybody runs belongs to the release cycle.
func (w *work) isOnStack(ctx context.Context, t *ent.Technology, c *ent.ReleaseCycle) (bool, error) {
	all, err := w.ReleaseCycle.Query().Where(releasecycle.TechnologyID(c.TechnologyID)).
		Order(ent.Asc(releasecycle.FieldPosition, releasecycle.FieldID)).All(ctx)
	if err != nil {
		return false, fmt.Errorf("reading release cycles: %w", err)
	}
	versions, err := w.StackComponent.Query().Where(stackcomponent.TechnologyID(c.TechnologyID), stackcomponent.InstalledVersionNotNil()).
		Unique(true).Select(stackcomponent.FieldInstalledVersion).Strings(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the versions of stacks: %w", err)
	}
	for _, v := range versions {
		if of := CycleOf(t, all, v); of != nil && of.ID == c.ID {
			return true, nil
		}
	}
	return false, nil
}

// CycleOf gives that one of a technology's release cycles that a version belongs to; nil where there is none.
func CycleOf(t *ent.Technology, cycles []*ent.ReleaseCycle, v string) *ent.ReleaseCycle {
	is := &advice.Technology{Slug: t.Slug, Name: t.Name, Aliases: t.Aliases, VersionCommand: orEmpty(t.VersionCommand), Cycles: make([]advice.Cycle, len(cycles))}
	for i, c := range cycles {
		is.Cycles[i] = advice.Cycle{ID: c.ID, Name: c.Name, Codename: orEmpty(c.Codename)}
	}
	found := is.CycleOf(v)
	if i := slices.IndexFunc(cycles, func(c *ent.ReleaseCycle) bool { return found != nil && c.ID == found.ID }); i >= 0 {
		return cycles[i]
	}
	return nil
}
