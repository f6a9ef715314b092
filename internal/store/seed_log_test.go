package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/technology"
	"stackyard/internal/calendar"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// public gives the public log after a sequence number, a change a line, and its last number.
// Technologies and release cycles that are still there are named.
func (y *yard) public(after int64) (lines []string, last int64) {
	y.t.Helper()
	ctx := y.t.Context()
	names := map[string]string{}
	for _, t := range y.Read().Technology.Query().AllX(ctx) {
		names[fmt.Sprint(enum.SubjectTechnology, t.ID)] = " " + t.Slug
		for _, c := range y.Read().ReleaseCycle.Query().AllX(ctx) {
			if c.TechnologyID == t.ID {
				names[fmt.Sprint(enum.SubjectReleaseCycle, c.ID)] = " " + t.Slug + "/" + c.Name
			}
		}
	}
	lines, last = []string{}, after
	for _, c := range y.Read().Change.Query().Where(change.LogID(store.PublicLog), change.SequenceGT(after)).Order(ent.Asc(change.FieldSequence)).AllX(ctx) {
		name := names[fmt.Sprint(c.SubjectType, c.SubjectKey)]
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s%s %s", c.Operation, c.SubjectType, name, strings.Join(c.Fields, " "))))
		last = c.Sequence
		if c.ActorID != nil || c.At != calendar.InstantOf(later) {
			y.t.Errorf("%s was done by %v at %v", lines[len(lines)-1], c.ActorID, c.At)
		}
	}
	return lines, last
}

// logs requires what an upgrade writes to the public log.
func (y *yard) logs(what string, upgrade func(f *catalog.Catalog), want ...string) {
	y.t.Helper()
	_, before := y.public(0)
	y.upgrade(upgrade)
	got, _ := y.public(before)
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		y.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAnUpgradeIsLoggedByWhatItChanges(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		if got, _ := y.public(0); len(got) > 0 {
			t.Errorf("the first seeding is in the log: %v", got)
		}
		facts := func(f *catalog.Catalog) {
			a := of(f, "alpha")
			a.Name, a.License, a.Categories, a.Alternatives = "Omega", "", []string{"c2", "c1"}, []string{"gamma"}
			a.Identifiers.PURL = []string{"pkg:npm/omega"}
			a.ReleaseCycles[0].EndOfLifeOn, a.ReleaseCycles[1].IsEndOfLife = ptr(day("2028-01-01")), ptr(false)
			f.Requirements[0].MinVersion = "2"
			f.Packages[0].PURL = "pkg:npm/omega"
			f.Tools[0].Name = "Mallet"
			f.Integrations[0].Note = "By hand"
			f.Advisories[0].Affected[0].Fixed = "2.2"
			f.Categories[0].Summary = "Other"
		}
		y.logs("facts that changed", facts,
			"UPDATED ADVISORY affected",
			"UPDATED CATEGORY summary",
			"UPDATED INTEGRATION note",
			"UPDATED RELEASE_CYCLE alpha/2 endOfLifeOn requirements",
			"UPDATED RELEASE_CYCLE alpha/1 isEndOfLife",
			"UPDATED TECHNOLOGY alpha alternatives categories identifiers license name",
			"UPDATED TOOL name",
		)
		y.logs("facts that come and go", func(f *catalog.Catalog) {
			facts(f)
			drop(f, "gamma")
			d := *of(f, "beta")
			d.Slug, d.Name, d.ReleaseCycles = "delta", "Delta", d.ReleaseCycles[:1]
			f.Technologies = append(f.Technologies, d)
			f.Integrations, f.Tools = f.Integrations[:1], nil
		},
			"DELETED INTEGRATION",
			"DELETED RELEASE_CYCLE", "DELETED RELEASE_CYCLE", // gamma's
			"CREATED RELEASE_CYCLE delta/2",
			"UPDATED TECHNOLOGY alpha alternatives",
			"DELETED TECHNOLOGY",
			"CREATED TECHNOLOGY delta",
			"DELETED TOOL",
		)
	})
}

func TestAnUpgradeThatChangesNothingVisibleIsNotLoggedAndLeavesRevisions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := seeded(t, dialect)
		y.by(func(ctx context.Context, tx *ent.Tx) error {
			return tx.Technology.Update().Where(technology.Slug("alpha")).SetSummary("Edited").SetEditedFields([]string{"summary"}).Exec(ctx)
		})
		y.logs("what nobody sees", func(f *catalog.Catalog) {
			of(f, "alpha").Summary = "New" // which a person has edited
			b := of(f, "beta")
			b.ReleaseCycles = append([]catalog.ReleaseCycle{}, b.ReleaseCycles[1], b.ReleaseCycles[0]) // another order
			f.Categories = append([]catalog.Category{}, f.Categories[1], f.Categories[0])
			f.Packages[0].PURL = "pkg:npm/omega"
		})
		for _, slug := range []string{"alpha", "beta"} {
			if a := y.technology(slug); a.Revision != 1 || a.UpdatedAt != calendar.InstantOf(first) {
				t.Errorf("%s is of revision %d, changed at %v", slug, a.Revision, a.UpdatedAt)
			}
			if c := y.cycle(slug, "2"); c.Revision != 1 {
				t.Errorf("%s 2 is of revision %d", slug, c.Revision)
			}
		}
		y.logs("what somebody sees", func(f *catalog.Catalog) {
			of(f, "alpha").Name = "Omega"
			of(f, "beta").ReleaseCycles[0].Codename = "New"
		}, "UPDATED RELEASE_CYCLE beta/2 codename", "UPDATED TECHNOLOGY alpha name")
		if a, c := y.technology("alpha"), y.cycle("beta", "2"); a.Revision != 2 || a.UpdatedAt != calendar.InstantOf(later) || c.Revision != 2 {
			t.Errorf("alpha is of revision %d, changed at %v, beta 2 of revision %d", a.Revision, a.UpdatedAt, c.Revision)
		}
	})
}

// What the log costs grows with what changes, and hardly with what is there.
func TestAnUpgradeTakesStatementsForWhatItChanges(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		statements := 0
		y := &yard{t: t, DB: storetest.Seeded(t, dialect, storetest.Observing(func(context.Context, string) { statements++ }))}
		embedded := func() *catalog.Catalog {
			f, err := catalog.Load()
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		upgrade := func(change func(f *catalog.Catalog)) int {
			f := embedded()
			change(f)
			statements = 0
			y.seed(f, later)
			return statements
		}
		none := upgrade(func(*catalog.Catalog) {})
		one := upgrade(func(f *catalog.Catalog) { f.Technologies[0].Summary += "!" })
		ten := upgrade(func(f *catalog.Catalog) {
			for i := range 10 {
				f.Technologies[i].Summary += "?"
			}
		})
		fresh := upgrade(func(f *catalog.Catalog) { // and the ten as they were
			n := *of(f, "nodejs")
			n.Slug, n.Name, n.Aliases = "another", "Another", nil
			f.Technologies = append(f.Technologies, n)
		})
		if none > 40 || one-none > 60 || ten-one > 9*4 || fresh-ten > 20 {
			t.Errorf("an upgrade that changes nothing takes %d statements, one technology %d, ten %d, these ten again and a new one %d", none, one, ten, fresh)
		}
	})
}
