package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/advice"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/text"
	"stackyard/internal/version"
)

// shownAfterEnd is how many days an end of life stays in calendars.
const shownAfterEnd = 365

// Calendar is what ends when: one event for each release cycle, by day and name.
type Calendar struct {
	Name   string
	Events []CalendarEvent
	// Dateless are those that were asked for by name and of which no day is to be shown.
	Dateless []string
}

// CalendarEvent is the end of life of a release cycle.
type CalendarEvent struct {
	Technology *advice.Technology
	Cycle      *advice.Cycle
	Status     enum.LifecycleStatus // today
	// Projects are the names of the first projects that run it, and More how many others do.
	Projects []string
	More     int
}

// EndOfLifeOn is the last day of security support.
func (e CalendarEvent) EndOfLifeOn() calendar.Day { return *e.Cycle.EndOfLifeOn }

// Name is that of the release cycle with its technology's.
func (e CalendarEvent) Name() string { return e.Technology.Name + " " + e.Cycle.Name }

// Calendar says when technologies end. Each is named by whatever checkStack recognises, as by
// `slug@version`; without a version it stands for all release cycles that have not ended long ago.
func (a *App) Calendar(ctx context.Context, named []string) (*Calendar, error) {
	if len(named) > a.limits.CalendarTechnologies {
		return nil, fault.BadInput("technologies lists %d technologies, more than %d (--max-calendar-technologies)", len(named), a.limits.CalendarTechnologies)
	}
	known, err := recognize(ctx, a.db.Read(), named)
	if err != nil {
		return nil, err
	}
	facts, err := a.db.Facts(ctx)
	if err != nil {
		return nil, err
	}
	shown := newSelection(calendar.DayOf(a.now()))
	var unknown, without []string
	for i, k := range known {
		t := facts.Technologies[k.technology]
		switch v := k.version; {
		case t == nil:
			unknown = append(unknown, quoted(named[i]))
		case v == "" && !strings.HasSuffix(named[i], "@"):
			shown.all(t)
		case len(v) > version.MaxLength || !shown.one(t, v):
			without = append(without, quoted(named[i]))
		}
	}
	var faults []string
	if len(unknown) > 0 {
		faults = append(faults, "the catalogue knows no technology, or more than one, by the name of "+strings.Join(unknown, ", "))
	}
	if len(without) > 0 {
		faults = append(faults, "there is no such release cycle: "+strings.Join(without, ", "))
	}
	if len(faults) > 0 {
		return nil, fault.BadInput("%s", strings.Join(faults, "; "))
	}
	return &Calendar{Name: "End of life", Events: inCalendarOrder(shown.events), Dateless: shown.dateless}, nil
}

func quoted(s string) string { return fmt.Sprintf("%q", fault.Shorten(s)) }

// selection collects the release cycles of a calendar, each once.
type selection struct {
	today    calendar.Day
	taken    map[int64]bool
	events   []CalendarEvent
	dateless []string
}

func newSelection(today calendar.Day) *selection {
	return &selection{today: today, taken: map[int64]bool{}}
}

// all adds the release cycles of a technology that have not ended long ago.
func (s *selection) all(t *advice.Technology) {
	has := false
	for i := range t.Cycles {
		if c := &t.Cycles[i]; isShown(c, s.today) {
			has = true
			s.add(t, c)
		}
	}
	if !has {
		s.dateless = append(s.dateless, t.Name)
	}
}

// one adds the release cycle that a version belongs to, whenever it ends; false where there is none.
func (s *selection) one(t *advice.Technology, v string) bool {
	c := t.CycleOf(v)
	switch {
	case c == nil:
		return false
	case c.EndOfLifeOn == nil:
		s.dateless = append(s.dateless, t.Name+" "+c.Name)
	default:
		s.add(t, c)
	}
	return true
}

func (s *selection) add(t *advice.Technology, c *advice.Cycle) {
	if !s.taken[c.ID] {
		s.taken[c.ID] = true
		s.events = append(s.events, CalendarEvent{Technology: t, Cycle: c, Status: c.Status(s.today)})
	}
}

// isShown says whether the end of a release cycle is known, and is to come or not long past.
func isShown(c *advice.Cycle, today calendar.Day) bool {
	return c.EndOfLifeOn != nil && today.Sub(*c.EndOfLifeOn) <= shownAfterEnd
}

// inCalendarOrder sorts events by day, then by name.
func inCalendarOrder(events []CalendarEvent) []CalendarEvent {
	slices.SortFunc(events, func(a, b CalendarEvent) int {
		return cmp.Or(
			cmp.Compare(a.EndOfLifeOn(), b.EndOfLifeOn()), cmp.Compare(text.Fold(a.Technology.Name), text.Fold(b.Technology.Name)),
			version.Compare(a.Cycle.Name, b.Cycle.Name), cmp.Compare(a.Cycle.ID, b.Cycle.ID),
		)
	})
	return events
}
