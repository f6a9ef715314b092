package loader_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store/storetest"
)

func TestTheNextOperationSeesTheWriteThatOneInBetweenMade(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		w := newWorld(t, dialect)
		id := w.technologies[0]
		first := w.loaders()
		name := func(l *loader.Loaders) string {
			row, err := l.Technology().Load(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return row.Name
		}
		before := name(first)
		w.write(t.Context(), func(ctx context.Context, tx *ent.Tx) {
			tx.Technology.UpdateOneID(id).SetName("Renamed").ExecX(ctx)
		})
		if got := name(first); got != before {
			t.Errorf("the operation saw %q, and then %q", before, got)
		}
		if got := name(w.loaders()); got != "Renamed" {
			t.Errorf("the next operation saw %q", got)
		}
	})
}

func TestPagesOfAnyNumberOfParentsAreOneStatement(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		var statements atomic.Int64
		w := newWorld(t, dialect, storetest.Observing(func(context.Context, string) { statements.Add(1) }))
		for _, l := range w.everyOrder() {
			statements.Store(0)
			if _, err := l.read(t.Context(), w.loaders(), relay.PageArgs{}); err != nil {
				t.Fatal(err)
			}
			if n := statements.Load(); n != 1 {
				t.Errorf("%s: %d statements", l.name, n)
			}
		}
	})
}

// badCursors are cursors that the list never gave, by what is wrong with them.
func badCursors(t *testing.T, w *world, list listing) map[string]string {
	t.Helper()
	cursor := func(l listing) string {
		pages, err := l.read(t.Context(), w.loaders(), relay.PageArgs{})
		if err != nil {
			t.Fatal(err)
		}
		return pages[l.parents[0]].cursors[0]
	}
	own, search := cursor(list), "alpha"
	byYear := loader.TechnologyOrder{Field: enum.TechnologyByFirstReleaseYear, Direction: enum.Asc}
	otherWay := loader.TechnologyOrder{Field: enum.TechnologyByName, Direction: enum.Desc}
	return map[string]string{
		"nothing":        "",
		"garbage":        "garbage",
		"cut":            own[:len(own)-2],
		"changed":        own[:9] + "A" + own[10:],
		"of a root list": cursor(releaseCycles(loader.ReleaseCycleArgs{})),
		"of a parent's":  cursor(w.categoryTechnologies(loader.TechnologyArgs{})),
		"other order":    cursor(technologies(loader.TechnologyArgs{OrderBy: &byYear})),
		"other way":      cursor(technologies(loader.TechnologyArgs{OrderBy: &otherWay})),
		"other filter":   cursor(technologies(loader.TechnologyArgs{Filter: &loader.TechnologyFilter{Search: &search}})),
	}
}

func TestACursorThatTheListNeverGaveIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		w := newWorld(t, dialect)
		list := technologies(loader.TechnologyArgs{})
		for what, cursor := range badCursors(t, w, list) {
			for _, args := range []relay.PageArgs{{After: &cursor}, {Before: &cursor}} {
				if _, err := list.read(t.Context(), w.loaders(), args); fault.KindOf(err) != fault.BadUserInput {
					t.Errorf("%s: %v", what, err)
				}
			}
		}
	})
}

func TestInputThatNoRowCanMatchIsNoInternalError(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		w := newWorld(t, dialect)
		l := w.loaders()
		for _, text := range []string{"", "\x00", "a\x00b", "\xff\xfe", "'", `"`, `\`, "%", strings.Repeat("x", 10_000), "💥"} {
			for what, err := range map[string]error{
				"slug": second(l.TechnologyBySlug(t.Context(), text)),
				"slugs": second(l.Technologies(t.Context(), loader.TechnologyArgs{Filter: &loader.TechnologyFilter{
					Slugs: []string{text}, Categories: []string{text}, Licenses: []string{text}, Languages: []string{text}, Capabilities: []string{text},
				}})),
				"technologies": second(l.ReleaseCycles(t.Context(), loader.ReleaseCycleArgs{Filter: &loader.ReleaseCycleFilter{Technologies: []string{text}}})),
				"identifier":   second(l.Advisories(t.Context(), loader.AdvisoryArgs{Filter: &loader.AdvisoryFilter{Identifier: &text}})),
				"version":      second(l.TechnologyAdvisories(loader.AdvisoryArgs{AffectsVersion: &text}).Ahead(t.Context(), w.technologies)),
				"search":       second(l.Technologies(t.Context(), loader.TechnologyArgs{Filter: &loader.TechnologyFilter{Search: &text}})),
			} {
				if err != nil && fault.KindOf(err) == fault.Internal {
					t.Errorf("%s %.20q: %v", what, text, err)
				}
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestDaysAtTheEndsOfTheCalendarCanBeFilteredBy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		w := newWorld(t, dialect)
		first, err := calendar.ParseDay("0001-01-01")
		last, err2 := calendar.ParseDay("9999-12-31")
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		c, err := w.loaders().ReleaseCycles(t.Context(), loader.ReleaseCycleArgs{Filter: &loader.ReleaseCycleFilter{EndOfLifeFrom: &first, EndOfLifeUntil: &last}})
		if err != nil || len(c.Edges) == 0 {
			t.Errorf("%v, %v", c, err)
		}
	})
}
