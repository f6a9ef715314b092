package store_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestAFactOfANewerDaySurvivesAnUpgrade(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			tx.Technology.Update().Where(technology.Slug("alpha")).SetSummary("Synced").SetAsOf(newerDay).ExecX(ctx)
			tx.ReleaseCycle.UpdateOneID(y.cycle("beta", "2").ID).SetLatestVersion("2.9").SetAsOf(newerDay).ExecX(ctx)
			tx.Advisory.Update().SetSummary("Synced").SetAsOf(newerDay).ExecX(ctx)
			return nil
		})
		change := func(f *catalog.Catalog) {
			of(f, "alpha").Summary, of(f, "gamma").Summary = "Of the files", "Of the files"
			of(f, "beta").ReleaseCycles[0].LatestVersion = "2.1"
			f.Advisories[0].Summary = "Of the files"
		}
		if report, want := y.upgrade(change), (store.SeedReport{Updated: 1, Kept: 3}); report != want {
			t.Errorf("%+v, want %+v", report, want)
		}
		if a := y.technology("alpha"); a.Summary != "Synced" || a.Revision != 1 {
			t.Errorf("alpha is %q, of revision %d", a.Summary, a.Revision)
		}
		if c := y.cycle("beta", "2"); *c.LatestVersion != "2.9" {
			t.Errorf("beta 2 is at %s", *c.LatestVersion)
		}
		if a := y.Read().Advisory.Query().OnlyX(t.Context()); *a.Summary != "Synced" {
			t.Errorf("the advisory is %q", *a.Summary)
		}
		y.upgrade(func(f *catalog.Catalog) {
			change(f)
			of(f, "alpha").AsOf = newerDay
		})
		if a := y.technology("alpha"); a.Summary != "Of the files" {
			t.Errorf("files of the same day leave alpha %q", a.Summary)
		}
	})
}

func TestAFactOfANewerDayIsNotRemovedByFilesThatDoNotKnowIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			tx.Technology.Update().Where(technology.Slug("gamma")).SetAsOf(newerDay).ExecX(ctx)
			tx.ReleaseCycle.Update().Where(releasecycle.TechnologyID(y.technology("gamma").ID)).SetAsOf(newerDay).ExecX(ctx)
			return nil
		})
		y.upgrade(func(f *catalog.Catalog) { drop(f, "gamma") })
		y.cycle("gamma", "1")
	})
}

func TestWhatAPersonEditedSurvivesWhileTheRestFollowsTheFiles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			tx.Technology.Update().Where(technology.Slug("alpha")).SetSummary("Edited").ClearFirstReleaseYear().
				SetEditedFields([]string{"summary", "first_release_year", "categories"}).ExecX(ctx)
			tx.ReleaseCycle.UpdateOneID(y.cycle("alpha", "2").ID).ClearEndOfLifeOn().SetEndOfLifePassed(true).
				SetEditedFields([]string{"end_of_life_on", "end_of_life_passed"}).ExecX(ctx)
			return nil
		})
		y.upgrade(func(f *catalog.Catalog) {
			a := of(f, "alpha")
			a.Summary, a.FirstReleaseYear, a.Name, a.Homepage, a.Categories = "Of the files", 1990, "Omega", "https://o.example", []string{"c2"}
			a.ReleaseCycles[0].EndOfLifeOn, a.ReleaseCycles[0].LatestVersion = ptr(day("2029-01-01")), "2.9"
		})
		a := y.technology("alpha")
		if a.Summary != "Edited" || a.FirstReleaseYear != nil || a.Name != "Omega" || *a.Homepage != "https://o.example" {
			t.Errorf("alpha is %+v", a)
		}
		if categories := y.column("SELECT c.slug FROM technology_categories k JOIN categories c ON c.id = k.category_id JOIN technologies t ON t.id = k.technology_id WHERE t.slug = 'alpha'"); !slices.Equal(categories, []string{"c1"}) {
			t.Errorf("alpha stands in %v", categories)
		}
		c := y.cycle("alpha", "2")
		if c.EndOfLifeOn != nil || !*c.EndOfLifePassed || *c.LatestVersion != "2.9" {
			t.Errorf("alpha 2 is %+v", c)
		}
		if !slices.Equal(y.found("edited"), []string{"alpha"}) || len(y.found("files")) > 0 {
			t.Errorf("edited finds %v, files %v", y.found("edited"), y.found("files"))
		}
		if keys := y.column("SELECT k.name_key FROM technology_categories k JOIN technologies t ON t.id = k.technology_id WHERE t.slug = 'alpha'"); !slices.Equal(keys, []string{"omega"}) {
			t.Errorf("alpha is ordered by %q", keys)
		}
	})
}

func TestIntegrationsAreOrderedByTheNameThatAPersonGave(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			return tx.Technology.Update().Where(technology.Slug("beta")).SetName("Zulu").SetNameKey([]byte("zulu")).SetEditedFields([]string{"name"}).Exec(ctx)
		})
		y.upgrade(func(f *catalog.Catalog) { f.Integrations[0].Note = "New" })
		if keys := y.column(`SELECT s.name_key FROM integration_sides s JOIN technologies t ON t.id = s.technology_id WHERE t.slug = 'alpha' ORDER BY 1`); !slices.Equal(keys, []string{"hammer", "zulu"}) {
			t.Errorf("the integrations of alpha are ordered by %q", keys)
		}
	})
}

func TestWhatWasDeletedDoesNotComeBackNorWhatRefersToIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			if err := store.Bury(ctx, tx, "technologies", "beta", calendar.InstantOf(first)); err != nil {
				return err
			}
			if dialect == "sqlite" {
				if _, err := tx.ExecContext(ctx, "DELETE FROM technology_search WHERE rowid = ?", y.technology("beta").ID); err != nil {
					return err
				}
			}
			tx.Technology.Delete().Where(technology.Slug("beta")).ExecX(ctx)
			if err := store.Bury(ctx, tx, "release_cycles", "gamma/1", calendar.InstantOf(first)); err != nil {
				return err
			}
			return tx.ReleaseCycle.DeleteOneID(y.cycle("gamma", "1").ID).Exec(ctx)
		})
		report := y.upgrade(func(f *catalog.Catalog) { // everything that names beta changes
			of(f, "alpha").Summary, of(f, "beta").Summary = "New", "New"
			of(f, "alpha").ReleaseCycles[0].LatestVersion = "2.1"
			of(f, "gamma").ReleaseCycles[1].LatestVersion = "1.1"
			f.Requirements[0].MinVersion, f.Packages[1].PURL, f.Integrations[0].Note, f.Advisories[0].Summary = "3", "pkg:npm/b", "New", "New"
		})
		if report.Created > 0 || report.Kept < 2 {
			t.Errorf("%+v", report)
		}
		want := changed(func(f *catalog.Catalog) {
			of(f, "alpha").Summary, f.Advisories[0].Summary = "New", "New"
			of(f, "alpha").ReleaseCycles[0].LatestVersion = "2.1"
			of(f, "gamma").ReleaseCycles = of(f, "gamma").ReleaseCycles[:1]
			drop(f, "beta")
		})
		got := y.facts()
		without := y.freshly(want, later)
		if diff := cmp.Diff(without["alternatives"], []string{"alpha gamma 0"}); diff != "" {
			t.Fatal(diff)
		}
		got["alternatives"] = without["alternatives"] // gamma keeps its place behind beta's
		if diff := cmp.Diff(without, got); diff != "" {
			t.Errorf("(-files without them +files and tombstones):\n%s", diff)
		}
	})
}

func TestATechnologyThatIsInUseStaysWhenTheFilesDropIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			u := tx.User.Create().SetIssuer("i").SetSubject("s").SetName("U").SetCreatedAt(1).SaveX(ctx)
			tx.Review.Create().SetTechnologyID(y.technology("beta").ID).SetAuthorID(u.ID).SetRating(5).SetCreatedAt(1).SetUpdatedAt(1).ExecX(ctx)
			y.project(ctx, tx, y.technology("alpha").ID)
			return tx.Technology.Update().Where(technology.Slug("gamma")).SetSummary("Edited").SetEditedFields([]string{"summary"}).Exec(ctx)
		})
		report := y.upgrade(func(f *catalog.Catalog) { drop(f, "alpha"); drop(f, "beta"); drop(f, "gamma"); f.UseCases = nil })
		if report.Removed > 0 {
			t.Errorf("%+v", report)
		}
		for _, slug := range []string{"alpha", "beta", "gamma"} {
			y.technology(slug)
		}
		if n := y.Read().Review.Query().CountX(t.Context()); n != 1 {
			t.Errorf("%d reviews are left", n)
		}
		if got := y.found("beta"); !slices.Equal(got, []string{"beta"}) {
			t.Errorf("beta finds %v", got)
		}
	})
}

func TestAUseCaseOfAProjectStaysWhenTheFilesDropIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			y.project(ctx, tx, y.technology("alpha").ID)
			return nil
		})
		report := y.upgrade(func(f *catalog.Catalog) {
			f.UseCases = nil
			for i := range f.Technologies {
				f.Technologies[i].UseCases = nil
			}
		})
		if want := (store.SeedReport{Updated: 3, Kept: 1}); report != want {
			t.Errorf("%+v, want %+v", report, want)
		}
		if n := y.Read().Project.Query().QueryUseCase().CountX(t.Context()); n != 1 {
			t.Error("the project lost its use case")
		}
	})
}

// project writes a project of the use case u1 that runs a technology.
func (y *yard) project(ctx context.Context, tx *ent.Tx, technology int64) {
	y.t.Helper()
	o := tx.Organization.Create().SetSlug("o").SetName("O").SetNameKey([]byte("o")).SetCreatedAt(1).SetUpdatedAt(1).SaveX(ctx)
	tx.ChangeLog.Create().SetID(o.ID).SetOrganizationID(o.ID).ExecX(ctx)
	p := tx.Project.Create().SetOrganizationID(o.ID).SetSlug("p").SetName("P").SetNameKey([]byte("p")).SetVisibility(enum.VisibilityPrivate).
		SetUseCaseID(tx.UseCase.Query().OnlyIDX(ctx)).SetSearchText(" p").SetCreatedAt(1).SetUpdatedAt(1).SaveX(ctx)
	tx.StackComponent.Create().SetProjectID(p.ID).SetOrganizationID(o.ID).SetTechnologyID(technology).SetName("T").SetPosition(0).ExecX(ctx)
}

// A technology that is kept is of no use without its facts.
func TestATechnologyThatIsKeptKeepsItsFacts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			return tx.Technology.Update().Where(technology.Slug("alpha")).SetSummary("Edited").SetEditedFields([]string{"summary"}).Exec(ctx)
		})
		facts := func() map[string][]string {
			f := y.facts()
			f["ranges"] = y.column("SELECT t.slug, r.fixed FROM affected_ranges r JOIN technologies t ON t.id = r.technology_id ORDER BY 1")
			return f
		}
		before := facts()
		without := func(f *catalog.Catalog) { drop(f, "alpha"); f.Tools = nil }
		// Itself, its two cycles, its package, both integrations, the tool; the advisory no longer names it.
		if report, want := y.upgrade(without), (store.SeedReport{Kept: 7, Updated: 1}); report != want {
			t.Errorf("%+v, want %+v", report, want)
		}
		if diff := cmp.Diff(before, facts()); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
		y.upgrade(func(f *catalog.Catalog) { without(f); f.Advisories = nil })
		if diff := cmp.Diff(before, facts()); diff != "" {
			t.Errorf("without its advisory (-before +after):\n%s", diff)
		}
	})
}

func TestWhatIsStillReferredToIsKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error { // a person's choice keeps the category and the use case
			return tx.Technology.Update().Where(technology.Slug("beta")).SetEditedFields([]string{"categories", "use_cases"}).Exec(ctx)
		})
		y.upgrade(func(f *catalog.Catalog) {
			f.Categories, f.UseCases = f.Categories[1:], nil
			for i := range f.Technologies {
				f.Technologies[i].Categories, f.Technologies[i].UseCases = []string{"c2"}, nil
			}
		})
		if got := y.column("SELECT t.slug, c.slug FROM technology_categories k JOIN technologies t ON t.id = k.technology_id JOIN categories c ON c.id = k.category_id ORDER BY 1"); !slices.Equal(got, []string{"alpha c2", "beta c1", "gamma c2"}) {
			t.Errorf("the technologies stand in %v", got)
		}
		if got := y.column("SELECT t.slug, u.slug FROM technology_use_cases k JOIN technologies t ON t.id = k.technology_id JOIN use_cases u ON u.id = k.use_case_id"); !slices.Equal(got, []string{"beta u1"}) {
			t.Errorf("the technologies suit %v", got)
		}
	})
}

func TestAnAliasThatAnAdvisoryOfANewerDayHoldsStaysWithIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			return tx.Advisory.Update().Where(advisory.Identifier("CVE-1")).SetAsOf(newerDay).Exec(ctx)
		})
		y.upgrade(func(f *catalog.Catalog) {
			f.Advisories[0].Aliases = nil
			other := f.Advisories[0]
			other.Identifier, other.Affected = "GHSA-1", nil
			f.Advisories = append(f.Advisories, other)
		})
		if names := y.facts()["advisory names"]; !slices.Equal(names, []string{"CVE-1 CVE-1", "CVE-1 GHSA-1"}) {
			t.Errorf("the names are %v", names)
		}
	})
}

func TestWhatIsLetBackInIsReferredToAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := &yard{DB: storetest.Empty(t, dialect), t: t}
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			return store.Bury(ctx, tx, "technologies", "beta", calendar.InstantOf(first))
		})
		y.seed(files(), first)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.Tombstone.Delete().Exec(ctx)
			return err
		})
		y.seed(files(), later)
		got := y.facts()
		if diff := cmp.Diff(y.freshly(files(), later), got); diff != "" {
			t.Errorf("(-freshly seeded +let back in):\n%s", diff)
		}
	})
}
