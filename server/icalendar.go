package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"stackyard/internal/app"
	"stackyard/internal/relay"
)

// maxCalendarLine is the length of the longest line of an iCalendar in octets, as RFC 5545 has it.
const maxCalendarLine = 75

// The texts that name this program in an iCalendar. The second makes ids of events differ from those of other programs.
const (
	calendarProduct = "-//Stackyard//End of life//EN"
	calendarDomain  = "stackyard"
)

// iCalendar writes a calendar as RFC 5545 has it: always the same text for the same facts and day.
func iCalendar(c *app.Calendar) string {
	out := ics.NewCalendar()
	out.SetProductId(calendarProduct)
	out.SetCalscale("GREGORIAN")
	out.SetName(c.Name) // under both of the names that programs know it by
	if len(c.Dateless) > 0 {
		note := "There is no day to show of " + strings.Join(c.Dateless, ", ") + "."
		out.SetDescription(note)
		out.SetXWRCalDesc(note)
	}
	out.SetRefreshInterval("P1D")
	for _, e := range c.Events {
		addEvent(out, e)
	}
	if len(c.Events) == 0 {
		addUTC(out) // a calendar must hold something
	}
	return out.Serialize(ics.WithLineLength(maxCalendarLine), ics.WithNewLineWindows)
}

// addEvent adds an end of life as an event of a whole day, on which nobody counts as busy.
func addEvent(to *ics.Calendar, e app.CalendarEvent) {
	id := relay.ID{Type: relay.TypeReleaseCycle, Key: e.Cycle.ID}
	day := e.EndOfLifeOn().Time()
	event := to.AddEvent(id.String() + "@" + calendarDomain)
	event.SetDtStampTime(e.Cycle.AsOf.Time())
	event.SetAllDayStartAt(day)
	event.SetAllDayEndAt(day.Add(24 * time.Hour))
	event.SetSummary(e.Name() + " reaches end of life")
	event.SetDescription(describe(e))
	if e.Technology.ReleasePolicy != "" {
		event.SetURL(e.Technology.ReleasePolicy)
	}
	event.SetTimeTransparency(ics.TransparencyTransparent)
}

// describe says in a few lines what ends, and for whom.
func describe(e app.CalendarEvent) string {
	lines := []string{
		fmt.Sprintf("%s is the last day on which everybody gets security fixes for %s.", e.EndOfLifeOn(), e.Name()),
		"Status: " + strings.ToLower(strings.ReplaceAll(string(e.Status), "_", " ")) + ".",
	}
	if e.Cycle.LatestVersion != "" {
		lines = append(lines, "Latest version: "+e.Cycle.LatestVersion+".")
	}
	if len(e.Projects) > 0 {
		by := slices.Clone(e.Projects)
		if e.More > 0 {
			by = append(by, fmt.Sprintf("and %d more", e.More))
		}
		lines = append(lines, "Projects: "+strings.Join(by, ", ")+".")
	}
	return strings.Join(append(lines, "As of "+e.Cycle.AsOf.String()+"."), "\n")
}

// addUTC adds the definition of a time zone, for a calendar without events.
func addUTC(to *ics.Calendar) {
	standard := to.AddTimezone("UTC").AddStandard()
	standard.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
	standard.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
	standard.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
}
