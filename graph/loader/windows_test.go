package loader_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stackyard/graph/loader"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store/storetest"
)

// cut is a window of a list, with the rows that its cursors name.
type cut struct {
	args          relay.PageArgs
	after, before *item
}

// of gives what the window leaves of a whole list.
func (c cut) of(all []item) (want []int64, info loader.PageInfo) {
	inside := slices.DeleteFunc(slices.Clone(all), func(it item) bool {
		return c.after != nil && it.compare(*c.after) <= 0 || c.before != nil && it.compare(*c.before) >= 0
	})
	if c.args.Last != nil {
		from := max(len(inside)-*c.args.Last, 0)
		return idsOf(inside[from:]), loader.PageInfo{HasPreviousPage: from > 0 || c.after != nil, HasNextPage: c.before != nil}
	}
	limit := relay.DefaultPage
	if c.args.First != nil {
		limit = *c.args.First
	}
	return idsOf(inside[:min(limit, len(inside))]), loader.PageInfo{HasNextPage: limit < len(inside) || c.before != nil, HasPreviousPage: c.after != nil}
}

func TestPagesAndCountsAreThoseOfTheNaiveWay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		w := newWorld(t, dialect)
		r := readAll(t.Context(), w.db.Read())
		ordered := w.everyOrder()
		rapid.Check(t, func(t *rapid.T) {
			for _, l := range slices.Concat(ordered, w.filtered(t)) {
				w.compare(t, r, l)
			}
		})
	})
}

// compare asks for a window of the lists of all parents, and for their lengths.
func (w *world) compare(t *rapid.T, r *rows, l listing) {
	all := 100
	whole, err := l.read(t.Context(), w.loaders(), relay.PageArgs{First: &all})
	if err != nil {
		t.Fatalf("%s: %v", l.name, err)
	}
	c := window(t, l, r, whole)
	cut, err := l.read(t.Context(), w.loaders(), c.args)
	if err != nil {
		t.Fatalf("%s: %v", l.name, err)
	}
	for _, parent := range l.parents {
		naive := l.naive(r, parent)
		if diff := cmp.Diff(idsOf(naive), whole[parent].ids); diff != "" {
			t.Fatalf("%s of %d (-naive +got):\n%s", l.name, parent, diff)
		}
		want, info := c.of(naive)
		got := cut[parent]
		if diff := cmp.Diff(want, got.ids); diff != "" {
			t.Fatalf("%s of %d, window %s (-naive +got):\n%s", l.name, parent, describe(c.args), diff)
		}
		if got.info.HasNextPage != info.HasNextPage || got.info.HasPreviousPage != info.HasPreviousPage {
			t.Fatalf("%s of %d, window %s: %+v, want %+v", l.name, parent, describe(c.args), got.info, info)
		}
		if n := len(got.cursors); n > 0 && (*got.info.StartCursor() != got.cursors[0] || *got.info.EndCursor() != got.cursors[n-1]) {
			t.Fatalf("%s of %d: the page's cursors are not those of its ends", l.name, parent)
		}
		total, err := got.total(t.Context())
		if err != nil || total != len(naive) {
			t.Fatalf("%s of %d counts %d, %v; it has %d", l.name, parent, total, err, len(naive))
		}
	}
}

// window draws a window between rows that one of the parents has.
func window(t *rapid.T, l listing, r *rows, whole map[int64]page) cut {
	parent := rapid.SampledFrom(l.parents).Draw(t, "parent")
	items, cursors := l.naive(r, parent), whole[parent].cursors
	draw := func(name string) (*item, *string) {
		i := rapid.IntRange(-1, min(len(items), len(cursors))-1).Draw(t, name)
		if i < 0 {
			return nil, nil
		}
		return &items[i], &cursors[i]
	}
	var c cut
	c.after, c.args.After = draw("after")
	c.before, c.args.Before = draw("before")
	size := rapid.SampledFrom([]int{1, 2, 3, 5, 8, 13, 100}).Draw(t, "size")
	switch rapid.IntRange(0, 4).Draw(t, "direction") {
	case 0, 1:
		c.args.First = &size
	case 2, 3:
		c.args.Last = &size
	}
	return c
}

// maybe draws a value, or none, which is more likely.
func maybe[T any](t *rapid.T, name string, values ...T) *T {
	if rapid.IntRange(0, 3).Draw(t, name) > 0 {
		return nil
	}
	return &values[rapid.IntRange(0, len(values)-1).Draw(t, name)]
}

// some draws a list of values, or none at all, which is more likely.
func some[T any](t *rapid.T, name string, values ...T) []T {
	pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, name) }
	if pick(4) > 0 {
		return nil
	}
	return subset(pick, values...)
}

// filtered gives every list with a filter of its own.
func (w *world) filtered(t *rapid.T) []listing {
	technology := func() loader.TechnologyArgs {
		return loader.TechnologyArgs{OrderBy: technologyOrder(t), Filter: &loader.TechnologyFilter{
			Search:     maybe(t, "search", "alpha", "al", "engine alpha", "node.js", "c#", "b", "nothing", "-", ""),
			Slugs:      some(t, "slugs", "t5", "t6", "t7", "t8", "t9", "t10", "t11", "none"),
			Categories: some(t, "categories", "c0", "c1", "c2", "none"), UseCases: some(t, "use cases", "u0", "u1", "u2"),
			Licenses: some(t, "licenses", "MIT", "GPL-2.0-only"), Hosting: some(t, "hosting", enum.HostingManaged, enum.HostingSelfHosted),
			Languages: some(t, "languages", "Go", "Java", "C"), Capabilities: some(t, "capabilities", "cache", "sql"),
			Statuses: some(t, "statuses", statuses...), MinRating: maybe(t, "rating", 3.5, 4, 5), ChangedSince: maybe(t, "since", instants...),
		}}
	}
	cycle := func() loader.ReleaseCycleArgs {
		return loader.ReleaseCycleArgs{OrderBy: maybe(t, "order", cycleOrders...), Filter: &loader.ReleaseCycleFilter{
			Statuses: some(t, "statuses", statuses...), IsLongTerm: maybe(t, "long term", true, false),
			Technologies:  some(t, "technologies", "t5", "t6", "none"),
			EndOfLifeFrom: maybe(t, "eol from", days...), EndOfLifeUntil: maybe(t, "eol until", days...),
			ReleasedFrom: maybe(t, "from", days...), ReleasedUntil: maybe(t, "until", days...),
		}}
	}
	advisory := func() loader.AdvisoryArgs {
		return loader.AdvisoryArgs{Filter: &loader.AdvisoryFilter{
			Severities:    some(t, "severities", enum.SeverityLow, enum.SeverityHigh, enum.SeverityCritical),
			PublishedFrom: maybe(t, "published", instants...), Identifier: maybe(t, "identifier", "cve-70", "CVE-71", "none"),
		}}
	}
	affecting := advisory()
	affecting.AffectsVersion = maybe(t, "version", "1.2", "1.3", "1.10.0", "1.10.1", "2", "1.2-rc1")
	return []listing{
		technologies(technology()), w.categoryTechnologies(technology()), w.useCaseTechnologies(technology()),
		releaseCycles(cycle()), w.technologyCycles(cycle()), advisories(advisory()), w.technologyAdvisories(affecting),
		w.integrations(loader.IntegrationArgs{Filter: &loader.IntegrationFilter{Areas: some(t, "areas", enum.AreaData, enum.AreaRuntime)}}),
	}
}

var (
	statuses = as[enum.LifecycleStatus](enum.StatusActive.Values())
	instants = []calendar.Instant{1_000_000, 2_000_000, 3_000_000}
	days     = []calendar.Day{today - 900, today - 30, today, today + 30, today + 400}

	cycleOrders = []loader.ReleaseCycleOrder{
		{Field: enum.CyclesByReleasedOn, Direction: enum.Asc},
		{Field: enum.CyclesByReleasedOn, Direction: enum.Desc},
		{Field: enum.CyclesByEndOfLifeOn, Direction: enum.Asc},
		{Field: enum.CyclesByEndOfLifeOn, Direction: enum.Desc},
	}
)

func technologyOrder(t *rapid.T) *loader.TechnologyOrder {
	by := loader.TechnologyOrder{
		Field:     rapid.SampledFrom(as[enum.TechnologyOrderField](enum.TechnologyByName.Values())).Draw(t, "field"),
		Direction: rapid.SampledFrom([]enum.OrderDirection{enum.Asc, enum.Desc}).Draw(t, "direction"),
	}
	return maybe(t, "order", by)
}
