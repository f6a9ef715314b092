package lifecycle

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

const today calendar.Day = 20_000

func on(d calendar.Day) *calendar.Day { return &d }

func is(b bool) *bool { return &b }

func TestOnTheLastDayOfAPhaseItIsNotOverYet(t *testing.T) {
	c := Cycle{ReleasedOn: on(today), ActiveSupportUntil: on(today + 10), EndOfLifeOn: on(today + 20), ExtendedSupportUntil: on(today + 30)}
	for day, want := range map[calendar.Day]enum.LifecycleStatus{
		today - 1: enum.StatusUpcoming, today: enum.StatusActive, today + 10: enum.StatusActive, today + 11: enum.StatusSecurityOnly,
		today + 20: enum.StatusSecurityOnly, today + 21: enum.StatusExtendedOnly, today + 30: enum.StatusExtendedOnly, today + 31: enum.StatusEndOfLife,
	} {
		if got := c.Status(day); got != want {
			t.Errorf("on day %+d it is %s, not %s", day-today, got, want)
		}
		if got := c.IsEndOfLife(day); got != (day > today+20) {
			t.Errorf("on day %+d its end of life is %t", day-today, got)
		}
	}
}

func TestStatusIsOfWhatIsKnown(t *testing.T) {
	for what, c := range map[string]struct {
		Cycle
		want enum.LifecycleStatus
	}{
		"nothing":                             {Cycle{}, enum.StatusUnknown},
		"only when it was released":           {Cycle{ReleasedOn: on(today - 9)}, enum.StatusUnknown},
		"released tomorrow":                   {Cycle{ReleasedOn: on(today + 1), EndOfLifePassed: is(true)}, enum.StatusUpcoming},
		"it is over":                          {Cycle{EndOfLifePassed: is(true)}, enum.StatusEndOfLife},
		"it is not over":                      {Cycle{EndOfLifePassed: is(false)}, enum.StatusActive},
		"the day is right, and not the flag":  {Cycle{EndOfLifeOn: on(today), EndOfLifePassed: is(true)}, enum.StatusActive},
		"the day is over, and not the flag":   {Cycle{EndOfLifeOn: on(today - 1), EndOfLifePassed: is(false)}, enum.StatusEndOfLife},
		"active support is over":              {Cycle{EndOfLifePassed: is(false), ActiveSupportOver: is(true)}, enum.StatusSecurityOnly},
		"only that active support is over":    {Cycle{ActiveSupportOver: is(true)}, enum.StatusUnknown},
		"only that there is active support":   {Cycle{ActiveSupportOver: is(false)}, enum.StatusActive},
		"extended support after the end":      {Cycle{EndOfLifePassed: is(true), ExtendedSupportOver: is(false)}, enum.StatusExtendedOnly},
		"extended support is over, too":       {Cycle{EndOfLifePassed: is(true), ExtendedSupportOver: is(true)}, enum.StatusEndOfLife},
		"extended support before the end":     {Cycle{EndOfLifeOn: on(today), ExtendedSupportUntil: on(today + 9)}, enum.StatusActive},
		"active support longer than security": {Cycle{EndOfLifeOn: on(today - 1), ActiveSupportUntil: on(today + 9)}, enum.StatusEndOfLife},
	} {
		if got := c.Status(today); got != c.want {
			t.Errorf("%s: %s, not %s", what, got, c.want)
		}
	}
}

// maybe draws a value or none.
func maybe[T any](t *rapid.T, name string, values *rapid.Generator[T]) *T {
	if rapid.IntRange(0, 2).Draw(t, name) == 0 {
		return nil
	}
	v := values.Draw(t, name)
	return &v
}

func draw(t *rapid.T) Cycle {
	// Days in order; each of them, and each flag, may not be known.
	var days [4]calendar.Day
	at := today - 30
	for i := range days {
		at += calendar.Day(rapid.IntRange(0, 20).Draw(t, "later"))
		days[i] = at
	}
	day := func(i int) *calendar.Day { return maybe(t, "day", rapid.Just(days[i])) }
	flag := func() *bool { return maybe(t, "flag", rapid.Bool()) }
	return Cycle{
		ReleasedOn: day(0), ActiveSupportUntil: day(1), ActiveSupportOver: flag(), EndOfLifeOn: day(2), EndOfLifePassed: flag(),
		ExtendedSupportUntil: day(3), ExtendedSupportOver: flag(), IsLongTerm: rapid.Bool().Draw(t, "lts"), LongTermFrom: day(1),
	}
}

func TestAStatusNeverGetsBetterAsDaysPass(t *testing.T) {
	// Upcoming comes before everything; from then on it is the way from the best to the worst.
	progress := func(s enum.LifecycleStatus) int {
		if s == enum.StatusUpcoming {
			return -1
		}
		return Rank(s)
	}
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		for day := today - 40; day < today+60; day++ {
			before, after := c.Status(day), c.Status(day+1)
			if progress(after) < progress(before) {
				t.Fatalf("%+v is %s, and the day after %s", c, before, after)
			}
			if c.IsEndOfLife(day) && !c.IsEndOfLife(day+1) || c.IsLongTermOn(day) && !c.IsLongTermOn(day+1) {
				t.Fatalf("%+v came back to life on day %+d", c, day-today)
			}
			if over := before == enum.StatusEndOfLife || before == enum.StatusExtendedOnly; before != enum.StatusUpcoming && over != c.IsEndOfLife(day) {
				t.Fatalf("%+v is %s, and the end of its life %t", c, before, c.IsEndOfLife(day))
			}
			if IsMaintained(before) && c.IsEndOfLife(day) {
				t.Fatalf("%+v is maintained after its end", c)
			}
		}
	})
}

func TestATechnologyStandsWhereItsBestCycleDoes(t *testing.T) {
	var all []enum.LifecycleStatus
	for _, s := range enum.StatusUnknown.Values() {
		all = append(all, enum.LifecycleStatus(s))
	}
	best := []enum.LifecycleStatus{
		enum.StatusActive, enum.StatusSecurityOnly, enum.StatusExtendedOnly, enum.StatusEndOfLife, enum.StatusUpcoming, enum.StatusUnknown,
	}
	if Best(nil) != enum.StatusUnknown {
		t.Errorf("without cycles it is %s", Best(nil))
	}
	rapid.Check(t, func(t *rapid.T) {
		statuses := rapid.SliceOfN(rapid.SampledFrom(all), 1, 8).Draw(t, "statuses")
		want := best[slices.IndexFunc(best, func(s enum.LifecycleStatus) bool { return slices.Contains(statuses, s) })]
		if got := Best(statuses); got != want {
			t.Fatalf("%v: %s, not %s", statuses, got, want)
		}
	})
}

func TestEveryStatusHasARankOfItsOwn(t *testing.T) {
	var ranks []int
	for _, s := range enum.StatusUnknown.Values() {
		ranks = append(ranks, Rank(enum.LifecycleStatus(s)))
	}
	slices.Sort(ranks)
	if !slices.Equal(ranks, []int{0, 1, 2, 3, 4, 5}) {
		t.Errorf("the ranks are %v", ranks)
	}
}
