package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestTheSameFilesASecondTimeChangeNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		before := y.contents()
		report, err := y.SeedFrom(t.Context(), changed(func(f *catalog.Catalog) { f.Technologies[0].Name = "of the same digest" }), "digest1", later)
		if err != nil || report != (store.SeedReport{}) {
			t.Errorf("%+v, %v", report, err)
		}
		if diff := cmp.Diff(before, y.contents()); diff != "" {
			t.Errorf("the same digest changed (-before +after):\n%s", diff)
		}
		if report := y.seed(files(), later); report != (store.SeedReport{}) {
			t.Errorf("equal records of other files: %+v", report)
		}
		after := y.contents()
		delete(before, "settings")
		delete(after, "settings")
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("equal records changed (-before +after):\n%s", diff)
		}
	})
}

func TestNewerFilesBringTheFactsThatChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		others, cycles := y.contents()["technologies"][1:], y.facts()["cycles"]
		report := y.upgrade(func(f *catalog.Catalog) {
			a := of(f, "alpha")
			a.Name, a.Aliases, a.Summary, a.FirstReleaseYear = "Omega", []string{"Alfa"}, "Nothing but wool", 2001
			a.Hosting, a.Capabilities, a.License, a.Categories = []enum.Hosting{enum.HostingEmbedded}, []string{"knitting"}, "", []string{"c2", "c1"}
			a.Homepage = "https://omega.example"
			a.ReleaseCycles[0].EndOfLifeOn = ptr(day("2028-01-01"))
			a.ReleaseCycles[1].IsEndOfLife, a.ReleaseCycles[1].EndOfLifeOn = nil, ptr(day("2022-01-01"))
			f.Requirements[0].MinVersion = "2"
			f.Packages[0].PURL = "pkg:npm/%40omega/alpha"
			f.Tools[0].Name = "Mallet"
			f.Integrations[0].Support, f.Integrations[0].Note = enum.SupportManual, "By hand"
			f.Advisories[0].Summary, f.Advisories[0].Aliases, f.Advisories[0].PublishedAt = "Worse", []string{"GHSA-2"}, 5
			f.Advisories[0].Affected = []catalog.AffectedRange{{Technology: "alpha", Fixed: "2.2"}, {Technology: "gamma"}}
		})
		if want := (store.SeedReport{Updated: 7}); report != want {
			t.Errorf("%+v, want %+v", report, want)
		}
		a := y.technology("alpha")
		if a.Name != "Omega" || a.Summary != "Nothing but wool" || *a.Homepage != "https://omega.example" || a.LicenseExpression != nil || a.LicenseIsOpenSource {
			t.Errorf("alpha is %+v", a)
		}
		if a.Revision != 2 || a.UpdatedAt != calendar.InstantOf(later) || a.CreatedAt != calendar.InstantOf(first) {
			t.Errorf("alpha is of revision %d, made %v, changed %v", a.Revision, a.CreatedAt, a.UpdatedAt)
		}
		if diff := cmp.Diff(others, y.contents()["technologies"][1:]); diff != "" {
			t.Errorf("technologies that did not change (-before +after):\n%s", diff)
		}
		if c := y.cycle("alpha", "1"); c.EndOfLifePassed != nil || *c.EndOfLifeOn != day("2022-01-01") || c.Revision != 2 {
			t.Errorf("alpha 1 is %+v", c)
		}
		if diff := cmp.Diff(cycles[2:], y.facts()["cycles"][2:]); diff != "" {
			t.Errorf("cycles that did not change (-before +after):\n%s", diff)
		}
	})
}

func TestWhatIsDerivedFromATechnologyFollowsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		renamed := func(f *catalog.Catalog) {
			a := of(f, "alpha")
			a.Name, a.Aliases, a.Summary, a.FirstReleaseYear = "Zulu", []string{"Alfa"}, "Nothing but wool", 2001
			a.Hosting, a.Capabilities, a.License = []enum.Hosting{enum.HostingEmbedded}, []string{"knitting"}, ""
			of(f, "beta").Name = "Yankee"
			f.Tools[0].Name = "Adze"
		}
		y.upgrade(renamed)
		for search, want := range map[string][]string{
			"wool": {"alpha"}, "zul": {"alpha"}, "alfa": {"alpha"}, "yankee": {"beta"}, "Summary of alpha": {}, "summary": {"gamma", "beta"},
		} {
			if got := y.found(search); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, not %v", search, got, want)
			}
		}
		id := y.technology("alpha").ID
		for _, k := range y.Read().TechnologyCategory.Query().AllX(t.Context()) {
			if k.TechnologyID == id && k.UpdatedAt != calendar.InstantOf(later) {
				t.Errorf("alpha stands in category %d as of %v", k.CategoryID, k.UpdatedAt)
			}
		}
		got := y.facts()
		if diff := cmp.Diff(y.freshly(changed(renamed), later), got); diff != "" {
			t.Errorf("(-freshly seeded +upgraded):\n%s", diff)
		}
	})
}

func TestWhatTheFilesDropIsRemovedWithAllThatIsItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		smaller := func(f *catalog.Catalog) {
			drop(f, "beta")
			g := of(f, "gamma")
			g.ReleaseCycles = g.ReleaseCycles[:1]
			f.Tools, f.Integrations, f.Criteria, f.Mistakes, f.Packages = nil, nil, nil, nil, nil
			f.Categories = f.Categories[:1]
		}
		report := y.upgrade(smaller)
		// beta, its two cycles, a cycle of gamma, tool, criterion, mistake, a category, both packages and integrations;
		// what hangs on beta goes with it and is not counted.
		if report.Removed < 7 || report.Created > 0 || report.Kept > 0 {
			t.Errorf("%+v", report)
		}
		if got := y.found("beta"); len(got) > 0 {
			t.Errorf("beta is still found: %v", got)
		}
		got := y.facts()
		y.seed(files(), later)
		again := y.facts()
		if diff := cmp.Diff(y.freshly(changed(smaller), later), got); diff != "" {
			t.Errorf("(-freshly seeded +upgraded):\n%s", diff)
		}
		if diff := cmp.Diff(y.freshly(files(), later), again); diff != "" {
			t.Errorf("files that bring it back (-freshly seeded +upgraded):\n%s", diff)
		}
	})
}

func TestOlderFilesChangeNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		before := y.contents()
		report := y.upgrade(func(f *catalog.Catalog) {
			for i := range f.Technologies {
				f.Technologies[i].AsOf, f.Technologies[i].Summary, f.Technologies[i].ReleaseCycles = filesDay-1, "Old", nil
			}
			f.Advisories = nil
		})
		if !report.IsOlder {
			t.Errorf("%+v", report)
		}
		if diff := cmp.Diff(before, y.contents()); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
}
