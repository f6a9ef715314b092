package app

import (
	"context"
	"fmt"
	"slices"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/ent/review"
	"stackyard/ent/stackcomponent"
	"stackyard/ent/successor"
	"stackyard/ent/technology"
	"stackyard/ent/versionrequirement"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// CreateTechnology adds a technology to the catalogue. Its facts are true of
// today, and have no source but whoever gave them.
func (a *App) CreateTechnology(ctx context.Context, by Caller, in CreateTechnologyInput) (relay.ID, error) {
	license := readLicense(in.License)
	return a.curate(ctx, by, "createTechnology", func(ctx context.Context, w *work) (relay.ID, error) {
		var f faults
		today := calendar.DayOf(w.now.Time())
		is := f.newTechnology(in, license, today)
		if err := w.checkTechnology(ctx, &f, is, technologyFacts{}, 0); err != nil {
			return relay.ID{}, err
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		create := w.Technology.Create().SetCreatedAt(w.now).SetUpdatedAt(w.now).SetAsOf(today).
			SetEditedFields(is.edited(technologyFacts{}))
		is.write(create.Mutation())
		t, err := create.Save(ctx)
		if err != nil {
			return relay.ID{}, err
		}
		if err := w.relate(ctx, t.ID, is, technologyFacts{}); err != nil {
			return relay.ID{}, err
		}
		return t.GlobalID(), store.Reindex(ctx, w.Tx, t.ID)
	})
}

// UpdateTechnology corrects a technology. What a person has corrected no upgrade
// and no source changes any more; where the other facts come from, and of which
// day they are, stays as it is.
func (a *App) UpdateTechnology(ctx context.Context, by Caller, in UpdateTechnologyInput) (relay.ID, error) {
	license := readLicense(in.License.Value())
	return a.curate(ctx, by, "updateTechnology", func(ctx context.Context, w *work) (relay.ID, error) {
		t, err := w.technology(ctx, in.TechnologyID)
		if err != nil {
			return relay.ID{}, err
		}
		was := factsOfTechnology(t)
		if err := w.readLists(ctx, t.ID, &was); err != nil {
			return relay.ID{}, err
		}
		var f faults
		f.revision(in.ExpectedRevision, t.Revision)
		is := f.changedTechnology(was, in, license, calendar.DayOf(w.now.Time()))
		if err := w.checkTechnology(ctx, &f, is, was, t.ID); err != nil {
			return relay.ID{}, err
		}
		if err := f.err(); err != nil {
			return relay.ID{}, err
		}
		return t.GlobalID(), w.correct(ctx, t, is, was)
	})
}

// correct writes what differs. Notes alone are for curators, and change nothing
// that others see.
func (w *work) correct(ctx context.Context, t *ent.Technology, is, was technologyFacts) error {
	edited := is.edited(was)
	if len(edited) == 0 {
		return nil
	}
	update := t.Update().SetEditedFields(union(t.EditedFields, edited))
	is.write(update.Mutation())
	if is.slug != was.slug && t.FileDigest != "" && t.FileKey == "" {
		update.SetFileKey(t.Slug) // the files go on calling it so
	}
	onlyNotes := slices.Equal(edited, []string{technology.FieldCuratorNotes})
	if !onlyNotes {
		update.AddRevision(1).SetUpdatedAt(w.now)
	}
	if err := update.Exec(ctx); err != nil || onlyNotes {
		return err
	}
	if err := w.relate(ctx, t.ID, is, was); err != nil {
		return err
	}
	return store.Reindex(ctx, w.Tx, t.ID)
}

// union gives what is in either list, once and in order.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// DeleteTechnology deletes a technology on which nobody else depends.
func (a *App) DeleteTechnology(ctx context.Context, by Caller, in DeleteTechnologyInput) (relay.ID, error) {
	return a.curate(ctx, by, "deleteTechnology", func(ctx context.Context, w *work) (relay.ID, error) {
		t, err := w.technology(ctx, in.TechnologyID)
		if err != nil {
			return relay.ID{}, err
		}
		isInUse, err := w.isInUse(ctx, t.ID)
		if err != nil {
			return relay.ID{}, fmt.Errorf("looking for what depends on a technology: %w", err)
		}
		if isInUse { // and nobody learns who uses it
			return relay.ID{}, wrong("technologyId", enum.InputInUse, "reviews, stacks or other technologies depend on it")
		}
		return t.GlobalID(), store.DeleteTechnology(ctx, w.Tx, t, w.now)
	})
}

// isInUse says whether others depend on a technology: their reviews, anybody's
// stacks, release cycles that require it, technologies that it succeeded.
func (w *work) isInUse(ctx context.Context, id int64) (bool, error) {
	for _, depends := range []interface {
		Exist(ctx context.Context) (bool, error)
	}{
		w.Review.Query().Where(review.TechnologyID(id), review.AuthorIDNEQ(w.user)),
		w.StackComponent.Query().Where(stackcomponent.TechnologyID(id)),
		w.VersionRequirement.Query().Where(versionrequirement.TechnologyID(id), versionrequirement.HasReleaseCycleWith(releasecycle.TechnologyIDNEQ(id))),
		w.Successor.Query().Where(successor.SuccessorID(id)),
	} {
		if is, err := depends.Exist(ctx); err != nil || is {
			return is, err
		}
	}
	return false, nil
}
