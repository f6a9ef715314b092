package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"entgo.io/ent/dialect/sql"
	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/identifier"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// published is a release cycle as endoflife.date has it, with what it computed for 2026-11-22.
type published struct {
	Name         string
	Codename     *string
	ReleaseDate  *calendar.Day
	IsLTS        bool          `json:"isLts"`
	LTSFrom      *calendar.Day `json:"ltsFrom"`
	IsEOAS       *bool         `json:"isEoas"`
	EOASFrom     *calendar.Day `json:"eoasFrom"`
	IsEOL        bool          `json:"isEol"`
	EOLFrom      *calendar.Day `json:"eolFrom"`
	IsEOES       *bool         `json:"isEoes"`
	EOESFrom     *calendar.Day `json:"eoesFrom"`
	IsMaintained bool          `json:"isMaintained"`
	Latest       *struct {
		Name string
		Date *calendar.Day
	}
}

// status is what the flags say, which the source computed from its dates.
func (p published) status(today calendar.Day) enum.LifecycleStatus {
	switch {
	case p.ReleaseDate != nil && *p.ReleaseDate > today:
		return enum.StatusUpcoming
	case p.IsEOL && p.IsEOES != nil && !*p.IsEOES:
		return enum.StatusExtendedOnly
	case p.IsEOL:
		return enum.StatusEndOfLife
	case p.IsEOAS != nil && *p.IsEOAS:
		return enum.StatusSecurityOnly
	}
	return enum.StatusActive
}

// row is what must be stored and computed of a release cycle.
type row struct {
	Name, Codename, Latest                                        string
	Released, LongTermFrom, Active, EndOfLife, Extended, LatestOn *calendar.Day
	Status                                                        enum.LifecycleStatus
	IsLongTerm, IsEndOfLife, IsMaintained                         bool
	ActiveOver, EndOfLifePassed, ExtendedOver                     *bool
}

func (p published) row(today calendar.Day) row {
	without := func(d *calendar.Day, flag *bool) *bool {
		if d != nil {
			return nil
		}
		return flag
	}
	r := row{
		Name: p.Name, Released: p.ReleaseDate, LongTermFrom: p.LTSFrom, Active: p.EOASFrom, EndOfLife: p.EOLFrom, Extended: p.EOESFrom,
		Status: p.status(today), IsLongTerm: p.IsLTS, IsEndOfLife: p.IsEOL, IsMaintained: p.IsMaintained,
		ActiveOver: without(p.EOASFrom, p.IsEOAS), EndOfLifePassed: without(p.EOLFrom, &p.IsEOL), ExtendedOver: without(p.EOESFrom, p.IsEOES),
	}
	if p.Codename != nil {
		r.Codename = *p.Codename
	}
	if p.Latest != nil {
		r.Latest, r.LatestOn = p.Latest.Name, p.Latest.Date
	}
	return r
}

func stored(c *ent.ReleaseCycle, today calendar.Day) row {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	l := cycleOf(c)
	return row{
		Name: c.Name, Codename: text(c.Codename), Latest: text(c.LatestVersion), Released: c.ReleasedOn, LongTermFrom: c.LongTermFrom,
		Active: c.ActiveSupportUntil, EndOfLife: c.EndOfLifeOn, Extended: c.ExtendedSupportUntil, LatestOn: c.LatestReleasedOn,
		Status: l.Status(today), IsLongTerm: l.IsLongTermOn(today), IsEndOfLife: l.IsEndOfLife(today), IsMaintained: l.Status(today) != enum.StatusEndOfLife, // by anybody, paid support included
		ActiveOver: c.ActiveSupportOver, EndOfLifePassed: c.EndOfLifePassed, ExtendedOver: c.ExtendedSupportOver,
	}
}

func cycleOf(c *ent.ReleaseCycle) lifecycle.Cycle {
	return lifecycle.Cycle{
		ReleasedOn: c.ReleasedOn, IsLongTerm: c.IsLongTerm, LongTermFrom: c.LongTermFrom,
		ActiveSupportUntil: c.ActiveSupportUntil, ActiveSupportOver: c.ActiveSupportOver,
		EndOfLifeOn: c.EndOfLifeOn, EndOfLifePassed: c.EndOfLifePassed,
		ExtendedSupportUntil: c.ExtendedSupportUntil, ExtendedSupportOver: c.ExtendedSupportOver,
	}
}

// cyclesOf gives all release cycles of a database, by technology, in their order.
func cyclesOf(t *testing.T, db *store.DB) (map[int64][]*ent.ReleaseCycle, int) {
	t.Helper()
	all := db.Read().ReleaseCycle.Query().AllX(t.Context())
	slices.SortFunc(all, func(a, b *ent.ReleaseCycle) int { return a.Position - b.Position })
	out := map[int64][]*ent.ReleaseCycle{}
	for _, c := range all {
		out[c.TechnologyID] = append(out[c.TechnologyID], c)
	}
	return out, len(all)
}

func TestEveryReleaseCycleIsStoredAndStandsAsItsSourceSays(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../catalog/testdata/endoflife-products.json")
	if err != nil {
		t.Fatal(err)
	}
	var source struct {
		Products []struct {
			Name     string
			Releases []published
		}
	}
	if err := json.Unmarshal(content, &source); err != nil {
		t.Fatal(err)
	}
	today := calendar.DayOf(storetest.Today)
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		cycles, total := cyclesOf(t, db)
		products := map[string]int64{}
		for _, i := range db.Read().Identifier.Query().Where(identifier.SchemeEQ(enum.SchemeEndoflife)).AllX(t.Context()) {
			products[i.Value] = i.TechnologyID
		}
		seen, statuses := 0, map[enum.LifecycleStatus]int{}
		for _, p := range source.Products {
			var want, got []row
			for _, r := range p.Releases {
				want = append(want, r.row(today))
				statuses[r.status(today)]++
			}
			for _, c := range cycles[products[p.Name]] {
				got = append(got, stored(c, today))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-source +stored):\n%s", p.Name, diff)
			}
			seen += len(p.Releases)
		}
		if seen != 2649 || total != seen {
			t.Errorf("the source has %d cycles, the database %d", seen, total)
		}
		if len(statuses) != 4 {
			t.Errorf("the source's cycles meet only %v", statuses)
		}
	})
}

// daysOf are days on which much changes: the ends of phases of the cycles, and the days after.
func daysOf(cycles []*ent.ReleaseCycle) []calendar.Day {
	days := map[calendar.Day]bool{day("2015-01-01"): true, day("2024-02-29"): true, calendar.DayOf(storetest.Today): true}
	for i, c := range cycles {
		for j, d := range []*calendar.Day{c.EndOfLifeOn, c.ActiveSupportUntil, c.ExtendedSupportUntil, c.ReleasedOn} {
			if d != nil && i%4 == j {
				days[*d-1], days[*d], days[*d+1] = true, true, true
			}
		}
	}
	return slices.Sorted(maps.Keys(days))
}

// statuses are all there are.
var statuses = []enum.LifecycleStatus{
	enum.StatusActive, enum.StatusSecurityOnly, enum.StatusExtendedOnly, enum.StatusEndOfLife, enum.StatusUpcoming, enum.StatusUnknown,
}

func where(c store.Condition) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(c(sql.Dialect(s.Dialect()), s.C)) }
}

// holdTogether compares what SQL says of all release cycles and technologies on a day with package lifecycle.
func holdTogether(t *testing.T, db *store.DB, on calendar.Day) map[enum.LifecycleStatus]int {
	t.Helper()
	cycles, _ := cyclesOf(t, db)
	want, best := map[enum.LifecycleStatus][]int64{}, map[enum.LifecycleStatus][]int64{}
	longTerm := map[bool][]int64{}
	for _, id := range db.Read().Technology.Query().IDsX(t.Context()) {
		var of []enum.LifecycleStatus
		for _, c := range cycles[id] {
			status := cycleOf(c).Status(on)
			of = append(of, status)
			want[status] = append(want[status], c.ID)
			is := cycleOf(c).IsLongTermOn(on)
			longTerm[is] = append(longTerm[is], c.ID)
		}
		best[lifecycle.Best(of)] = append(best[lifecycle.Best(of)], id)
	}
	compare := func(what string, want, got []int64) {
		t.Helper()
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("on %s, %s: Go has %d, SQL %d (-Go +SQL):\n%.600s", on, what, len(want), len(got), cmp.Diff(want, got))
		}
	}
	seen := map[enum.LifecycleStatus]int{}
	for i, s := range statuses {
		seen[s] = len(want[s])
		compare("cycles "+string(s), want[s], db.Read().ReleaseCycle.Query().Where(where(store.CycleStatusIn(statuses[i:i+1], on))).IDsX(t.Context()))
		compare("technologies "+string(s), best[s], db.Read().Technology.Query().Where(where(store.TechnologyStatusIn(statuses[i:i+1], on))).IDsX(t.Context()))
	}
	pair := []enum.LifecycleStatus{enum.StatusActive, enum.StatusUnknown}
	compare("two statuses", slices.Concat(want[pair[0]], want[pair[1]]), db.Read().ReleaseCycle.Query().Where(where(store.CycleStatusIn(pair, on))).IDsX(t.Context()))
	compare("no status", nil, db.Read().Technology.Query().Where(where(store.TechnologyStatusIn(nil, on))).IDsX(t.Context()))
	for _, is := range []bool{true, false} {
		compare("long term", longTerm[is], db.Read().ReleaseCycle.Query().Where(where(store.CycleIsLongTerm(is, on))).IDsX(t.Context()))
	}
	return seen
}

func TestStatusInSQLIsThatOfPackageLifecycleForTheCatalogue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		some := db.Read().ReleaseCycle.Query().AllX(t.Context())
		for i := range some {
			some[i] = some[i*300%len(some)]
		}
		for _, on := range daysOf(some[:len(some)/300]) {
			holdTogether(t, db, on)
		}
	})
}

func TestStatusInSQLIsThatOfPackageLifecycleForEveryCombination(t *testing.T) {
	t.Parallel()
	on := calendar.DayOf(storetest.Today)
	days := []*calendar.Day{nil, ptr(on - 1), ptr(on), ptr(on + 1)}
	flags := []*bool{nil, ptr(true), ptr(false)}
	storetest.Each(t, func(t *testing.T, dialect string) {
		y := &yard{DB: storetest.Empty(t, dialect), t: t}
		y.everyCombination(days, flags)
		for s, n := range holdTogether(t, y.DB, on) {
			if n == 0 {
				t.Errorf("no combination is %s", s)
			}
		}
	})
}

// everyCombination makes a release cycle for each combination of what can be known
// of its phases, some to a technology, and technologies with none.
func (y *yard) everyCombination(days []*calendar.Day, flags []*bool) {
	var technologies []int64
	y.by(func(ctx context.Context, tx *ent.Tx) error {
		for i := range 700 {
			slug := fmt.Sprint("t", i)
			technologies = append(technologies, tx.Technology.Create().SetSlug(slug).SetName(slug).SetNameKey([]byte(slug)).SetSummary("S").
				SetCreatedAt(1).SetUpdatedAt(1).SetAsOf(1).SaveX(ctx).ID)
		}
		var cycles []*ent.ReleaseCycleCreate
		phases := len(days) * len(flags)
		for i := range len(days) * phases * phases * phases {
			released, active := i%len(days), i/len(days)%phases
			ended, extended := i/len(days)/phases%phases, i/len(days)/phases/phases
			cycles = append(cycles, tx.ReleaseCycle.Create().SetTechnologyID(technologies[i*7%690]).SetName(fmt.Sprint(i)).SetAsOf(1).
				SetNillableReleasedOn(days[released]).SetIsLongTerm(i%2 == 0).SetNillableLongTermFrom(days[i/2%len(days)]).
				SetNillableActiveSupportUntil(days[active%len(days)]).SetNillableActiveSupportOver(flags[active/len(days)]).
				SetNillableEndOfLifeOn(days[ended%len(days)]).SetNillableEndOfLifePassed(flags[ended/len(days)]).
				SetNillableExtendedSupportUntil(days[extended%len(days)]).SetNillableExtendedSupportOver(flags[extended/len(days)]))
		}
		for part := range slices.Chunk(cycles, 500) {
			tx.ReleaseCycle.CreateBulk(part...).ExecX(ctx)
		}
		return nil
	})
}
