package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

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
	_, err := a.db.Alone(ctx, "findings", recheckLease, func(ctx context.Context, _ store.Lease) error {
		if err := a.followCatalogue(ctx); err != nil {
			return fmt.Errorf("looking through the catalogue's changes: %w", err)
		}
		return a.checkStale(ctx)
	})
	return err
}

// followCatalogue marks the projects that changes of the catalogue concern.
func (a *App) followCatalogue(ctx context.Context) error {
	for hasMore := true; hasMore; {
		after, err := a.rechecked(ctx)
		if err != nil {
			return err
		}
		c, err := a.concernOf(ctx, after)
		if err != nil {
			return err
		}
		if hasMore = c.hasMore; c.until == after {
			return nil
		}
		if err := a.mark(ctx, c); err != nil {
			return err
		}
	}
	return nil
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
	until   int64
	hasMore bool
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
	c := concern{until: log.LastSequence}
	if (store.Span{DroppedUntil: log.DroppedUntil, Last: log.LastSequence}).CheckAfter(after) != nil {
		c.all = true
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
	for _, one := range changes {
		c.add(one)
	}
	return c, nil
}

// add adds what a change concerns. Of what is deleted, nobody can tell what it was about.
func (c *concern) add(one *ent.Change) {
	var keys *[]int64
	switch one.SubjectType {
	case enum.SubjectTechnology:
		if one.Operation == enum.ChangeUpdated && slices.Equal(one.Fields, []string{"rating"}) {
			return // no rule looks at it
		}
		keys = &c.technologies
	case enum.SubjectReleaseCycle:
		keys = &c.cycles
	case enum.SubjectAdvisory:
		keys = &c.advisories
	default:
		return
	}
	if one.Operation == enum.ChangeDeleted && one.SubjectType != enum.SubjectTechnology { // one that is in use is not deleted
		c.all = true
	}
	*keys = append(*keys, one.SubjectKey)
}

// mark has the projects checked that changes concern, and notes how far the log has been looked through.
func (a *App) mark(ctx context.Context, c concern) error {
	return a.db.Write(ctx, store.Cause{At: a.now()}, func(ctx context.Context, tx *ent.Tx) error {
		if c.all || len(c.technologies)+len(c.cycles)+len(c.advisories) > 0 {
			err := tx.Project.Update().Where(func(s *sql.Selector) {
				if !c.all {
					s.Where(c.concerns(sql.Dialect(s.Dialect()), s.C(project.FieldID)))
				}
			}).SetCheckedOn(unchecked).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return tx.Setting.Create().SetName(settingRechecked).SetValue(strconv.FormatInt(c.until, 10)).
			OnConflictColumns(setting.FieldName).UpdateValue().Exec(ctx)
	})
}

// concerns is the condition that a project runs what has changed, or has a finding about it.
func (c concern) concerns(d *sql.DialectBuilder, id string) *sql.Predicate {
	runs, found := d.Table(stackcomponent.Table), d.Table(finding.Table)
	cycles, advised := d.Table(releasecycle.Table), d.Table(technologyadvisory.Table)
	technology := runs.C(stackcomponent.FieldTechnologyID)
	return sql.Or(
		sql.In(id, d.Select(runs.C(stackcomponent.FieldProjectID)).From(runs).Where(sql.Or(
			store.In(technology, c.technologies),
			sql.In(technology, d.Select(cycles.C(releasecycle.FieldTechnologyID)).From(cycles).
				Where(store.In(cycles.C(releasecycle.FieldID), c.cycles))),
			sql.In(technology, d.Select(advised.C(technologyadvisory.FieldTechnologyID)).From(advised).
				Where(store.In(advised.C(technologyadvisory.FieldAdvisoryID), c.advisories))),
		))),
		sql.In(id, d.Select(found.C(finding.FieldProjectID)).From(found).
			Where(store.In(found.C(finding.FieldAdvisoryID), c.advisories))),
	)
}

// checkStale checks the projects whose findings are not those of today.
func (a *App) checkStale(ctx context.Context) error {
	var failed []error
	last := int64(0)
	for {
		stale, err := a.db.Read().Project.Query().
			Where(project.CheckedOnLT(calendar.DayOf(a.now())), project.IDGT(last)).
			Order(ent.Asc(project.FieldID)).Limit(checkedAtOnce).Select(project.FieldID, project.FieldOrganizationID).All(ctx)
		if err != nil {
			return err
		}
		if len(stale) == 0 {
			return errors.Join(failed...)
		}
		last = stale[len(stale)-1].ID
		of := map[int64][]int64{}
		for _, p := range stale {
			of[p.OrganizationID] = append(of[p.OrganizationID], p.ID)
		}
		for _, organization := range sortedKeys(of) {
			if err := a.checkAgain(ctx, organization, of[organization]); err != nil {
				failed = append(failed, err)
			}
		}
		if ctx.Err() != nil {
			return errors.Join(append(failed, ctx.Err())...)
		}
	}
}

// checkAgain checks projects of an organisation, if it is still there and they still need it.
func (a *App) checkAgain(ctx context.Context, of int64, projects []int64) error {
	now := a.now()
	err := a.db.Write(ctx, store.Cause{At: now}, func(ctx context.Context, tx *ent.Tx) error {
		isThere, err := tx.Organization.Query().Where(organization.ID(of), store.Locked).Select(organization.FieldID).Ints(ctx)
		if err != nil || len(isThere) == 0 {
			return err
		}
		stale, err := tx.Project.Query().Where(among(projects), project.CheckedOnLT(calendar.DayOf(now))).IDs(ctx)
		if err != nil || len(stale) == 0 {
			return err
		}
		facts, err := a.db.HoldFacts(ctx, tx)
		if err != nil {
			return err
		}
		return check(ctx, tx, facts, calendar.InstantOf(now), of, stale)
	})
	if err != nil {
		return fmt.Errorf("checking projects of organisation %d: %w", of, err)
	}
	return nil
}
