package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/changelog"
	"stackyard/ent/finding"
	"stackyard/ent/organization"
	"stackyard/ent/project"
	"stackyard/ent/releasecycle"
	"stackyard/ent/setting"
	"stackyard/ent/stackcomponent"
	"stackyard/ent/technologyadvisory"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
)

const (
	// unchecked is the day for which a project was checked whose findings are to be computed anew.
	unchecked calendar.Day = 0
	// recheckLease is how long others wait for an instance that died while it checked.
	recheckLease = time.Minute
	// settingRechecked says how far the public change log has been looked through for what concerns projects.
	settingRechecked = "rechecked"
	// settling is how long a change of the catalogue is looked at again: longer than a transaction takes.
	settling = 5 * time.Minute
	// lookedAtOnce is how many changes of the catalogue are looked through at a time.
	lookedAtOnce = 1000
	// checkedAtOnce is how many projects are checked in one transaction.
	checkedAtOnce = 25
)

// wake has the findings computed anew that are out of date.
func (a *App) wake() {
	select {
	case a.stale <- struct{}{}:
	default: // it has been told already
	}
}

// Stale gives something when findings may be out of date because of what this instance did.
func (a *App) Stale() <-chan struct{} { return a.stale }

// Recheck computes findings anew where the catalogue has changed in what concerns
// them, where an organisation's rules have, and for every project when the day
// has. One instance does so at a time, and the others do nothing. A project that
// cannot be checked keeps no other from it; its error is among those that come back.
func (a *App) Recheck(ctx context.Context) error {
	_, err := a.db.Alone(ctx, "findings", recheckLease, func(ctx context.Context, _ store.Lease) error { // twice would do no harm
		if err := a.followCatalogue(ctx); err != nil {
			return fmt.Errorf("looking through the catalogue's changes: %w", err)
		}
		return a.checkStale(ctx)
	})
	return err
}

// followCatalogue marks the projects that changes of the catalogue concern. It looks
// through the changes of the last minutes each time: a check that began before one of
// them, and has only now ended, knows nothing of it.
func (a *App) followCatalogue(ctx context.Context) error {
	after, err := a.rechecked(ctx)
	if err != nil {
		return err
	}
	isYoung, kept := false, after
	for {
		c, err := a.concernOf(ctx, after)
		if err != nil {
			return err
		}
		if isYoung { // what comes after changes that are looked at again is, too
			c.settled = kept
		}
		if c.newest > 0 || c.settled > kept {
			if err := a.mark(ctx, c); err != nil {
				return err
			}
		}
		if !c.hasMore {
			return nil
		}
		isYoung, kept, after = isYoung || c.settled < c.until, c.settled, c.until
	}
}

// rechecked is how far the public change log has been looked through; -1 where it never was.
func (a *App) rechecked(ctx context.Context) (int64, error) {
	row, err := a.db.Read().Setting.Query().Where(setting.Name(settingRechecked)).Only(ctx)
	if ent.IsNotFound(err) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(row.Value, 10, 64)
}

// concern is what a piece of the public change log concerns.
type concern struct {
	// until is how far it goes, and settled how far it need not be looked at again.
	until, settled int64
	hasMore        bool
	// newest is the last change that concerns anything.
	newest int64
	// all is true where nobody can tell.
	all                              bool
	technologies, cycles, advisories []int64
}

// concernOf looks through the public change log.
func (a *App) concernOf(ctx context.Context, after int64) (concern, error) {
	log, err := a.db.Read().ChangeLog.Query().Where(changelog.ID(store.PublicLog)).Only(ctx)
	if err != nil {
		return concern{}, err
	}
	c := concern{until: log.LastSequence, settled: after}
	if (store.Span{DroppedUntil: log.DroppedUntil, Last: log.LastSequence}).CheckAfter(after) != nil {
		c.all, c.settled, c.newest = true, c.until, c.until
		return c, nil
	}
	changes, err := a.db.Read().Change.Query().
		Where(change.LogID(store.PublicLog), change.SequenceGT(after), change.SequenceLTE(c.until)).
		Order(ent.Asc(change.FieldSequence)).Limit(lookedAtOnce).All(ctx)
	if err != nil {
		return concern{}, err
	}
	if len(changes) == lookedAtOnce {
		c.until, c.hasMore = changes[lookedAtOnce-1].Sequence, true
	}
	old := calendar.InstantOf(a.now().Add(-settling))
	for _, one := range changes {
		c.add(one)
		if one.At < old {
			c.settled = one.Sequence
		}
	}
	return c, nil
}

// add adds what a change concerns. Of what is deleted nobody can tell what it was about,
// other technologies' findings name a technology, and a source says how old all its facts are.
func (c *concern) add(one *ent.Change) {
	switch one.SubjectType {
	case enum.SubjectTechnology:
		if one.Operation == enum.ChangeUpdated && slices.Equal(one.Fields, []string{"rating"}) {
			return // no rule looks at it
		}
		c.all = c.all || one.Operation == enum.ChangeDeleted || slices.Contains(one.Fields, "name")
		c.technologies = append(c.technologies, one.SubjectKey)
	case enum.SubjectReleaseCycle:
		c.all = c.all || one.Operation == enum.ChangeDeleted
		c.cycles = append(c.cycles, one.SubjectKey)
	case enum.SubjectAdvisory:
		c.all = c.all || one.Operation == enum.ChangeDeleted
		c.advisories = append(c.advisories, one.SubjectKey)
	case enum.SubjectSource:
		c.all = true
	default:
		return
	}
	c.newest = one.Sequence
}

// mark has the projects checked that changes concern and that were checked before them,
// and notes how far the log has been looked through.
func (a *App) mark(ctx context.Context, c concern) error {
	return a.db.Write(ctx, store.Cause{At: a.now()}, func(ctx context.Context, tx *ent.Tx) error {
		if c.newest > 0 {
			update := tx.Project.Update().Where(project.CheckedSequenceLT(c.newest)).SetCheckedOn(unchecked)
			if !c.all {
				concerned, err := c.projects(ctx, tx)
				if err != nil {
					return err
				}
				update.Where(among(concerned))
			}
			if err := update.Exec(ctx); err != nil {
				return err
			}
		}
		return tx.Setting.Create().SetName(settingRechecked).SetValue(strconv.FormatInt(c.settled, 10)).
			OnConflictColumns(setting.FieldName).UpdateValue().Exec(ctx)
	})
}

// projects are those that run what has changed, or have a finding about it. They are asked for step by
// step, each by an index: in one statement PostgreSQL at times looks at all stacks.
func (c concern) projects(ctx context.Context, tx *ent.Tx) ([]int64, error) {
	var technologies, advised, running, found []int64
	err := tx.ReleaseCycle.Query().Where(among(c.cycles)).Select(releasecycle.FieldTechnologyID).Scan(ctx, &technologies)
	if err != nil {
		return nil, err
	}
	err = tx.TechnologyAdvisory.Query().Where(oneOf(technologyadvisory.FieldAdvisoryID, c.advisories)).
		Select(technologyadvisory.FieldTechnologyID).Scan(ctx, &advised)
	if err != nil {
		return nil, err
	}
	technologies = distinct(c.technologies, technologies, advised)
	err = tx.StackComponent.Query().Where(oneOf(stackcomponent.FieldTechnologyID, technologies)).
		Select(stackcomponent.FieldProjectID).Scan(ctx, &running)
	if err != nil {
		return nil, err
	}
	err = tx.Finding.Query().Where(oneOf(finding.FieldAdvisoryID, c.advisories)).Select(finding.FieldProjectID).Scan(ctx, &found)
	return distinct(running, found), err
}

// distinct gives keys in order, each once.
func distinct(keys ...[]int64) []int64 {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(keys...))))
}

// checkStale checks the projects whose findings are not those of today.
func (a *App) checkStale(ctx context.Context) error {
	var failed []error
	var last *ent.Project
	for {
		after := project.CheckedOnLT(calendar.DayOf(a.now()))
		if last != nil { // in the order of the index, so that nothing else is looked at
			after = project.And(after, project.Or(project.CheckedOnGT(last.CheckedOn), project.And(project.CheckedOn(last.CheckedOn), project.IDGT(last.ID))))
		}
		stale, err := a.db.Read().Project.Query().Where(after).Order(ent.Asc(project.FieldCheckedOn, project.FieldID)).Limit(checkedAtOnce).
			Select(project.FieldID, project.FieldOrganizationID, project.FieldCheckedOn).All(ctx)
		if err != nil {
			return err
		}
		if len(stale) == 0 {
			return errors.Join(failed...)
		}
		last = stale[len(stale)-1]
		of := map[int64][]int64{}
		for _, p := range stale {
			of[p.OrganizationID] = append(of[p.OrganizationID], p.ID)
		}
		for _, organization := range sortedKeys(of) {
			failed = append(failed, a.checkAgain(ctx, organization, of[organization])...)
		}
		if ctx.Err() != nil {
			return errors.Join(append(failed, ctx.Err())...)
		}
	}
}

// checkAgain checks projects of an organisation together, and each alone where that
// fails; it gives the errors of those that cannot be checked.
func (a *App) checkAgain(ctx context.Context, of int64, projects []int64) (failed []error) {
	err := a.checkTogether(ctx, of, projects)
	switch {
	case err == nil:
		return nil
	case len(projects) == 1 || ctx.Err() != nil:
		return []error{fmt.Errorf("checking projects of organisation %d: %w", of, err)}
	}
	for _, p := range projects {
		failed = append(failed, a.checkAgain(ctx, of, []int64{p})...)
	}
	return failed
}

// checkTogether checks projects of an organisation, if it is still there and they still need it.
func (a *App) checkTogether(ctx context.Context, of int64, projects []int64) error {
	now := a.now()
	return a.db.Write(ctx, store.Cause{At: now}, func(ctx context.Context, tx *ent.Tx) error {
		isThere, err := tx.Organization.Query().Where(organization.ID(of), store.Locked).Select(organization.FieldID).Ints(ctx)
		if err != nil || len(isThere) == 0 {
			return err
		}
		stale, err := tx.Project.Query().Where(among(projects), project.CheckedOnLT(calendar.DayOf(now))).IDs(ctx)
		if err != nil || len(stale) == 0 {
			return err
		}
		facts, err := a.db.Facts(ctx)
		if err != nil {
			return err
		}
		return check(ctx, tx, facts, calendar.InstantOf(now), of, stale)
	})
}
