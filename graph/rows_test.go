package graph_test

import (
	"context"
	"testing"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/ent/technologyadvisory"
	"stackyard/ent/usecase"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// now is the instant of every row that tests write.
var now = calendar.InstantOf(storetest.Today)

// rows writes rows that the embedded catalogue does not have, in one transaction.
type rows struct {
	t   *testing.T
	ctx context.Context
	tx  *ent.Tx
}

func write(t *testing.T, db *store.DB, change func(w rows)) {
	t.Helper()
	err := db.Write(t.Context(), store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
		change(rows{t, ctx, tx})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w rows) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w rows) technology(slug string) *ent.Technology {
	w.t.Helper()
	row, err := w.tx.Technology.Query().Where(technology.Slug(slug)).Only(w.ctx)
	w.must(err)
	return row
}

// unlink deletes the catalogue's links that tests write themselves.
func (w rows) unlink() {
	w.t.Helper()
	for _, remove := range []interface {
		Exec(ctx context.Context) (int, error)
	}{
		w.tx.Integration.Delete(), w.tx.Alternative.Delete(), w.tx.Successor.Delete(), w.tx.TechnologyUseCase.Delete(),
	} {
		_, err := remove.Exec(w.ctx)
		w.must(err)
	}
}

// cycles gives the release cycles of a technology.
func (w rows) cycles(slug string) []*ent.ReleaseCycle {
	w.t.Helper()
	all, err := w.tx.ReleaseCycle.Query().Where(releasecycle.TechnologyID(w.technology(slug).ID)).All(w.ctx)
	w.must(err)
	return all
}

// concern writes that every advisory of a technology concerns another one, too.
func (w rows) concern(slug string, other *ent.Technology) {
	w.t.Helper()
	ids, err := w.tx.TechnologyAdvisory.Query().Where(technologyadvisory.TechnologyID(w.technology(slug).ID)).All(w.ctx)
	w.must(err)
	for _, k := range ids {
		w.must(w.tx.AffectedRange.Create().SetAdvisoryID(k.AdvisoryID).SetTechnologyID(other.ID).SetPosition(90).Exec(w.ctx))
	}
}

// integration writes that a technology works with another, or with a tool where
// there is one, as both sides see it.
func (w rows) integration(from *ent.Technology, area enum.IntegrationArea, to *ent.Technology, tool *ent.Tool) *ent.Integration {
	w.t.Helper()
	c := w.tx.Integration.Create().SetFromID(from.ID).SetArea(area).SetSupport(enum.SupportPlugin)
	if tool != nil {
		c.SetToToolID(tool.ID)
	} else {
		c.SetToTechnologyID(to.ID)
	}
	row, err := c.Save(w.ctx)
	w.must(err)
	side := func(of int64, other []byte) {
		w.must(w.tx.IntegrationSide.Create().SetTechnologyID(of).SetIntegrationID(row.ID).SetArea(area).SetNameKey(other).Exec(w.ctx))
	}
	if tool != nil {
		side(from.ID, []byte(tool.Name))
		return row
	}
	side(from.ID, to.NameKey)
	side(to.ID, from.NameKey)
	return row
}

func (w rows) tool(slug, name string) *ent.Tool {
	w.t.Helper()
	row, err := w.tx.Tool.Create().SetSlug(slug).SetName(name).SetArea(enum.AreaFrontEnd).Save(w.ctx)
	w.must(err)
	return row
}

func (w rows) alternative(of, other *ent.Technology, position int) {
	w.t.Helper()
	w.must(w.tx.Alternative.Create().SetTechnologyID(of.ID).SetAlternativeID(other.ID).SetPosition(position).Exec(w.ctx))
}

func (w rows) successor(of, other *ent.Technology, position int) {
	w.t.Helper()
	w.must(w.tx.Successor.Create().SetTechnologyID(of.ID).SetSuccessorID(other.ID).SetPosition(position).Exec(w.ctx))
}

// suits writes that a technology suits a use case, rated or not.
func (w rows) suits(t *ent.Technology, useCase string, position int, rating *float64) {
	w.t.Helper()
	id, err := w.tx.UseCase.Query().Where(usecase.Slug(useCase)).OnlyID(w.ctx)
	w.must(err)
	w.must(w.tx.TechnologyUseCase.Create().SetTechnologyID(t.ID).SetUseCaseID(id).SetPosition(position).
		SetNameKey(t.NameKey).SetNillableFirstReleaseYear(t.FirstReleaseYear).SetNillableRatingAverage(rating).
		SetUpdatedAt(t.UpdatedAt).Exec(w.ctx))
}

func (w rows) user(name string) *ent.User {
	w.t.Helper()
	row, err := w.tx.User.Create().SetIssuer("https://issuer.example").SetSubject(name).SetName(name).
		SetEmail(name + "@example.org").SetCreatedAt(now).Save(w.ctx)
	w.must(err)
	return row
}

// review writes a review, some seconds after the day's first.
func (w rows) review(of *ent.Technology, by *ent.User, seconds int, isHidden bool) *ent.Review {
	w.t.Helper()
	at := now + calendar.Instant(seconds)*1_000_000
	row, err := w.tx.Review.Create().SetTechnologyID(of.ID).SetAuthorID(by.ID).SetRating(4).
		SetBody(by.Name + " on " + of.Slug).SetIsHidden(isHidden).SetModerationNote("seen").
		SetCreatedAt(at).SetUpdatedAt(at).Save(w.ctx)
	w.must(err)
	return row
}

// organization writes an organisation with its log, and its owner.
func (w rows) organization(slug string, owner *ent.User) *ent.Organization {
	w.t.Helper()
	row, err := w.tx.Organization.Create().SetSlug(slug).SetName(slug).SetNameKey([]byte(slug)).SetCreatedAt(now).SetUpdatedAt(now).Save(w.ctx)
	w.must(err)
	w.must(w.tx.ChangeLog.Create().SetID(row.ID).SetOrganizationID(row.ID).Exec(w.ctx))
	w.member(row, owner, enum.RoleOwner)
	return row
}

func (w rows) member(of *ent.Organization, user *ent.User, role enum.OrganizationRole) *ent.Member {
	w.t.Helper()
	row, err := w.tx.Member.Create().SetOrganizationID(of.ID).SetUserID(user.ID).SetRole(role).SetSince(now).Save(w.ctx)
	w.must(err)
	return row
}

func (w rows) project(of *ent.Organization, slug string, visibility enum.Visibility) *ent.Project {
	w.t.Helper()
	row, err := w.tx.Project.Create().SetOrganizationID(of.ID).SetSlug(slug).SetName(slug).SetNameKey([]byte(slug)).SetSearchText(" " + slug).
		SetVisibility(visibility).SetTeam("core").SetCreatedAt(now).SetUpdatedAt(now).Save(w.ctx)
	w.must(err)
	return row
}

// runs writes a component; of is nil where the catalogue does not know it.
func (w rows) runs(p *ent.Project, of *ent.Technology, name, version string) *ent.StackComponent {
	w.t.Helper()
	c := w.tx.StackComponent.Create().SetProjectID(p.ID).SetOrganizationID(p.OrganizationID).SetName(name).SetInstalledVersion(version).SetPosition(0)
	if of != nil {
		c.SetTechnologyID(of.ID)
	}
	row, err := c.Save(w.ctx)
	w.must(err)
	return row
}
