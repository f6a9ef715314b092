package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stackyard/ent"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/store/storetest"
)

func TestWhatMovesFromOneRecordToAnotherArrives(t *testing.T) {
	t.Parallel()
	advisory := func(identifier string, aliases ...string) catalog.Advisory {
		return catalog.Advisory{Identifier: identifier, Aliases: aliases, Severity: enum.SeverityLow, Source: "src", AsOf: filesDay}
	}
	moves := map[string][2]func(f *catalog.Catalog){
		"an alias to another technology": {
			func(f *catalog.Catalog) { of(f, "alpha").Aliases = []string{"ab"} },
			func(f *catalog.Catalog) { of(f, "beta").Aliases = []string{"ab"} },
		},
		"a name to another technology": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) {
				of(f, "alpha").Name, of(f, "beta").Name = of(f, "beta").Name, of(f, "alpha").Name
			},
		},
		"an alias to an advisory of that name": {
			func(f *catalog.Catalog) { f.Advisories = []catalog.Advisory{advisory("CVE-1", "GHSA-1")} },
			func(f *catalog.Catalog) { f.Advisories = []catalog.Advisory{advisory("CVE-1"), advisory("GHSA-1")} },
		},
		"an identifier to an alias": {
			func(f *catalog.Catalog) { f.Advisories = []catalog.Advisory{advisory("GHSA-1", "CVE-1")} },
			func(f *catalog.Catalog) { f.Advisories = []catalog.Advisory{advisory("CVE-1", "GHSA-1")} },
		},
		"aliases of two advisories to each other": {
			func(f *catalog.Catalog) {
				f.Advisories = []catalog.Advisory{advisory("CVE-1", "A"), advisory("CVE-2", "B")}
			},
			func(f *catalog.Catalog) {
				f.Advisories = []catalog.Advisory{advisory("CVE-1", "B"), advisory("CVE-2", "A")}
			},
		},
		"two advisories into one": {
			func(f *catalog.Catalog) {
				f.Advisories = []catalog.Advisory{advisory("CVE-1"), advisory("GHSA-1", "OSV-1")}
			},
			func(f *catalog.Catalog) { f.Advisories = []catalog.Advisory{advisory("CVE-1", "GHSA-1", "OSV-1")} },
		},
		"a package to another technology": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) { f.Packages[0].Technology = "gamma" },
		},
		"a package from a technology that goes": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) {
				p := f.Packages[1]
				drop(f, "beta")
				p.Technology = "gamma"
				f.Packages = append(f.Packages, p)
			},
		},
		"technologies out of a category that goes": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) {
				f.Categories = f.Categories[1:]
				for i := range f.Technologies {
					f.Technologies[i].Categories = []string{"c2"}
				}
			},
		},
		"facts to another source": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) {
				f.Sources[0].Slug = "other"
				for i := range f.Technologies {
					f.Technologies[i].Source = "other"
					for j := range f.Technologies[i].ReleaseCycles {
						f.Technologies[i].ReleaseCycles[j].Source = "other"
					}
				}
				f.Advisories[0].Source = "other"
			},
		},
		"an integration from a tool to a technology": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) {
				f.Tools, f.Integrations[1].ToTool, f.Integrations[1].ToTechnology = nil, "", "gamma"
			},
		},
		"an integration to the other direction": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) { f.Integrations[0].From, f.Integrations[0].ToTechnology = "beta", "alpha" },
		},
		"a technology to another slug": {
			func(*catalog.Catalog) {},
			func(f *catalog.Catalog) {
				g := *of(f, "gamma")
				drop(f, "gamma")
				g.Slug = "delta"
				f.Technologies = append(f.Technologies, g)
			},
		},
	}
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := &yard{DB: storetest.Empty(t, dialect), t: t}
		for what, move := range moves {
			y.clear()
			y.seed(changed(move[0]), first)
			y.seed(changed(move[1]), later)
			got := y.facts()
			if diff := cmp.Diff(y.freshly(changed(move[1]), later), got); diff != "" {
				t.Errorf("%s (-freshly seeded +upgraded):\n%s", what, diff)
			}
		}
	})
}

// freshly gives the facts of files that are seeded into an empty database.
func (y *yard) freshly(f *catalog.Catalog, now time.Time) map[string][]string {
	y.t.Helper()
	y.clear()
	y.seed(f, now)
	return y.facts()
}

// clear deletes everything.
func (y *yard) clear() {
	y.t.Helper()
	y.by(func(ctx context.Context, tx *ent.Tx) error {
		for _, table := range []string{
			"technology_search", "technologies", "advisories", "categories", "use_cases", "criteria", "mistakes", "tools", "sources", "settings", "tombstones",
		} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		return nil
	})
}

// anyFiles draws a catalogue of few names, so that two of them share much.
func anyFiles(t *rapid.T) *catalog.Catalog {
	pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") }
	f := files()
	for _, slug := range []string{"beta", "gamma"} {
		if pick(4) == 0 {
			drop(f, slug)
		}
	}
	exists := func(slug string) bool {
		return slices.ContainsFunc(f.Technologies, func(t catalog.Technology) bool { return t.Slug == slug })
	}
	if f.Categories = f.Categories[pick(2):]; pick(3) == 0 {
		f.UseCases = nil
	}
	for i := range f.Technologies {
		a := &f.Technologies[i]
		a.Name = []string{a.Name, "Renamed", "Zeta"}[pick(3)]
		a.Aliases = [][]string{nil, {"Ab"}, {"Ab", "B c"}}[pick(3)]
		a.Summary = []string{a.Summary, "Other words"}[pick(2)]
		a.Categories = []string{f.Categories[pick(len(f.Categories))].Slug}
		a.UseCases = nil
		if len(f.UseCases) > 0 && pick(2) == 0 {
			a.UseCases = []string{"u1"}
		}
		a.ReleaseCycles = a.ReleaseCycles[:1+pick(2)]
		a.ReleaseCycles[0].LatestVersion = []string{"", "2.1"}[pick(2)]
	}
	f.Requirements = slices.DeleteFunc(f.Requirements, func(catalog.Requirement) bool { return pick(3) == 0 })
	for i := range f.Packages {
		f.Packages[i].Technology = f.Technologies[pick(len(f.Technologies))].Slug
	}
	f.Tools[0].Name = []string{"Hammer", "Adze"}[pick(2)]
	if pick(3) == 0 {
		f.Tools = nil
		f.Integrations = slices.DeleteFunc(f.Integrations, func(i catalog.Integration) bool { return i.ToTool != "" })
	}
	names := []string{"CVE-1", "CVE-2", "GHSA-1", "GHSA-2"}
	f.Advisories = nil
	for len(names) > 0 && pick(5) > 0 {
		a := catalog.Advisory{Identifier: names[0], Severity: enum.SeverityLow, Source: "src", AsOf: filesDay}
		names = names[1:]
		for len(names) > 0 && pick(2) == 0 {
			at := pick(len(names))
			a.Aliases = append(a.Aliases, names[at])
			names = slices.Delete(names, at, at+1)
		}
		for _, slug := range []string{"alpha", "beta", "gamma"} {
			if exists(slug) && pick(2) == 0 {
				a.Affected = append(a.Affected, catalog.AffectedRange{Technology: slug, Fixed: fmt.Sprint(pick(2))})
			}
		}
		f.Advisories = append(f.Advisories, a)
	}
	return f
}

func TestUpgradesEndWhereTheLastFilesAreWhateverCameBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := &yard{DB: storetest.Empty(t, dialect), t: t}
		rapid.Check(t, func(r *rapid.T) {
			slug := "alpha" // which is in all files, whatever a person calls it
			for range 1 + rapid.IntRange(0, 2).Draw(r, "upgrades") {
				y.seed(anyFiles(r), first)
				if to := rapid.SampledFrom([]string{"alpha", "omega", "zeta"}).Draw(r, "slug"); to != slug {
					y.rename(slug, to)
					slug = to
				}
			}
			f := anyFiles(r)
			y.seed(f, later)
			got := y.facts()
			want := y.freshly(f, later)
			if slug != "alpha" {
				want = y.renamedFreshly(f, "alpha", slug)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				r.Fatalf("(-freshly seeded +upgraded):\n%s", diff)
			}
			y.clear()
		})
	})
}
