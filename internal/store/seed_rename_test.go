package store_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// rename gives a technology of the files another slug, as a curator does.
func (y *yard) rename(from, to string) {
	y.t.Helper()
	y.by(func(ctx context.Context, tx *ent.Tx) error {
		t := tx.Technology.Query().Where(technology.Slug(from)).OnlyX(ctx)
		key := t.FileKey
		if key == "" {
			key = from
		}
		if err := t.Update().SetSlug(to).SetFileKey(key).SetEditedFields([]string{"slug"}).Exec(ctx); err != nil {
			return err
		}
		return store.Reindex(ctx, tx, t.ID)
	})
}

// renamedFreshly gives the facts of files in an empty database, in which a
// technology is then renamed.
func (y *yard) renamedFreshly(f *catalog.Catalog, from, to string) map[string][]string {
	y.t.Helper()
	y.freshly(f, later)
	y.rename(from, to)
	return y.facts()
}

func TestUpgradesFollowATechnologyThatAPersonRenamed(t *testing.T) {
	t.Parallel()
	everything := func(f *catalog.Catalog) { // all that names beta changes, and there is more of it
		b := of(f, "beta")
		b.Summary, b.Alternatives, b.Aliases = "New", []string{"gamma"}, []string{"bee"}
		b.ReleaseCycles[0].LatestVersion = "2.1"
		b.ReleaseCycles = append(b.ReleaseCycles, catalog.ReleaseCycle{Name: "0", Source: "src", AsOf: filesDay})
		of(f, "gamma").Successors = []string{"beta"}
		f.Requirements[0].MinVersion = "3"
		f.Packages[1].PURL = "pkg:npm/b"
		f.Integrations[0].Note = "New"
		f.Integrations = append(f.Integrations, catalog.Integration{From: "beta", ToTechnology: "gamma", Area: enum.AreaData, Support: enum.SupportPlugin})
		f.Advisories[0].Affected[1].Fixed = "1.2"
	}
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		id, cycle := y.technology("beta").ID, y.cycle("beta", "2").ID
		y.rename("beta", "omega")
		report := y.upgrade(everything)
		if report.Removed > 0 || report.Kept > 0 || report.Created != 2 { // a cycle and an integration
			t.Errorf("%+v", report)
		}
		if y.technology("omega").ID != id || y.cycle("omega", "2").ID != cycle {
			t.Error("omega is another technology, or has other cycles")
		}
		got := y.facts()
		if diff := cmp.Diff(y.renamedFreshly(changed(everything), "beta", "omega"), got); diff != "" {
			t.Errorf("(-freshly seeded and renamed +renamed and upgraded):\n%s", diff)
		}
	})
}

func TestARecordWhoseSlugAPersonGaveToAnotherStaysOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.rename("beta", "delta")
		withDelta := func(f *catalog.Catalog) {
			d := *of(f, "gamma")
			d.Slug, d.Name = "delta", "Delta"
			f.Technologies = append(f.Technologies, d)
			of(f, "alpha").Alternatives = []string{"delta", "beta"}
			f.Packages = append(f.Packages, catalog.Package{Ecosystem: "npm", Name: "delta", PURL: "pkg:npm/delta", Technology: "delta"})
			f.Integrations = append(f.Integrations, catalog.Integration{From: "alpha", ToTechnology: "delta", Area: enum.AreaData, Support: enum.SupportNative})
			f.Requirements = append(f.Requirements, catalog.Requirement{Technology: "gamma", ReleaseCycle: "2", Requires: "delta", Kind: enum.RequirementMinimum, MinVersion: "1", AsPublished: "delta 1"})
			f.Advisories[0].Affected = append(f.Advisories[0].Affected, catalog.AffectedRange{Technology: "delta", Fixed: "9"})
		}
		if report := y.upgrade(withDelta); report.Kept != 1 || report.Created > 0 || report.Removed > 0 {
			t.Errorf("%+v", report)
		}
		if n := y.Read().Technology.Query().CountX(t.Context()); n != 3 {
			t.Errorf("there are %d technologies", n)
		}
		facts := y.facts()
		want := map[string][]string{
			"alternatives": {"alpha delta 1"}, // the one that the files call beta
			"packages":     {"alpha npm alpha pkg:npm/alpha", "delta npm beta pkg:npm/beta"},
			"requirements": {"alpha 2 delta MINIMUM 1 0"},
			"integrations": {"alpha <nil> hammer VERSION_CONTROL PLUGIN <nil>", "alpha delta <nil> DATA NATIVE <nil>"},
			"ranges":       {"alpha CVE-1 2.1 0", "delta CVE-1 1.1 1"},
		}
		for what, rows := range want {
			if diff := cmp.Diff(rows, facts[what]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}

		y.rename("delta", "omega") // and the slug is free
		y.upgrade(func(f *catalog.Catalog) { withDelta(f); of(f, "gamma").Summary = "New" })
		got := y.facts()
		wanted := changed(func(f *catalog.Catalog) { withDelta(f); of(f, "gamma").Summary = "New" })
		if diff := cmp.Diff(y.renamedFreshly(wanted, "beta", "omega"), got); diff != "" {
			t.Errorf("once the slug is free (-freshly seeded +upgraded):\n%s", diff)
		}
	})
}

func TestWhatWasDeletedUnderANewSlugDoesNotComeBackUnderTheOldOne(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.rename("beta", "omega")
		y.rename("gamma", "psi")
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			at := calendar.InstantOf(later)
			psi := tx.Technology.Query().Where(technology.Slug("psi")).OnlyX(ctx)
			cycle := tx.ReleaseCycle.Query().Where(releasecycle.TechnologyID(psi.ID)).FirstX(ctx)
			if err := store.DeleteReleaseCycle(ctx, tx, psi, cycle, at); err != nil {
				return err
			}
			return store.DeleteTechnology(ctx, tx, tx.Technology.Query().Where(technology.Slug("omega")).OnlyX(ctx), at)
		})
		report := y.upgrade(func(f *catalog.Catalog) { of(f, "beta").Summary, of(f, "gamma").Summary = "New", "New" })
		if report.Created > 0 {
			t.Errorf("%+v", report)
		}
		if got := y.column("SELECT slug FROM technologies ORDER BY slug"); !slices.Equal(got, []string{"alpha", "psi"}) {
			t.Errorf("there are %v", got)
		}
		if n := y.Read().ReleaseCycle.Query().CountX(t.Context()); n != 3 {
			t.Errorf("there are %d release cycles", n)
		}
	})
}

// A person who makes anew what was deleted has made something else.
func TestWhatAPersonMadeAnewIsNotTheFilesRecordThatWasDeleted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			beta := tx.Technology.Query().Where(technology.Slug("beta")).OnlyX(ctx)
			if err := store.DeleteTechnology(ctx, tx, beta, calendar.InstantOf(later)); err != nil {
				return err
			}
			return tx.Technology.Create().SetSlug("beta").SetName("Mine").SetNameKey([]byte("mine")).SetSummary("S").
				SetCreatedAt(1).SetUpdatedAt(1).SetAsOf(filesDay - 1).Exec(ctx)
		})
		y.upgrade(func(f *catalog.Catalog) { of(f, "beta").Description = "Of the files"; f.Packages[1].PURL = "pkg:npm/b" })
		if b := y.technology("beta"); b.Description != nil || b.FileDigest != "" {
			t.Errorf("beta is %+v", b)
		}
		if n := y.Read().KnownPackage.Query().CountX(t.Context()); n != 1 {
			t.Errorf("%d packages are known", n)
		}
	})
}

// Before the catalogue knew a technology, a person did: what they said stays, the
// rest follows the files.
func TestATechnologyThatAPersonAddedGetsTheFactsOfTheFilesThatComeToKnowIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := &yard{DB: storetest.Empty(t, dialect), t: t}
		y.seed(changed(func(f *catalog.Catalog) { drop(f, "beta") }), first)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			return tx.Technology.Create().SetSlug("beta").SetName("Mine").SetNameKey([]byte("mine")).SetSummary("S").
				SetEditedFields([]string{"slug", "name", "summary"}).SetCreatedAt(1).SetUpdatedAt(1).SetAsOf(filesDay).Exec(ctx)
		})
		id := y.technology("beta").ID
		y.seed(files(), later)
		if b := y.technology("beta"); b.ID != id || b.Name != "Mine" || *b.FirstReleaseYear != 2000 {
			t.Errorf("beta is %+v", b)
		}
		y.cycle("beta", "2")
	})
}
