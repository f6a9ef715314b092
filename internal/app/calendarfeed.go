package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/organization"
	"stackyard/ent/project"
	"stackyard/ent/stackcomponent"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// The address of an organisation's calendar is CalendarPath, a token and CalendarSuffix.
const (
	CalendarPath   = "/calendar/"
	CalendarSuffix = ".ics"
)

const (
	// calendarTokenBytes is how many random bytes make a token.
	calendarTokenBytes = 32
	// namedProjects is how many projects an event names.
	namedProjects = 20
)

// ReachedAt says where the server is reached: an address without a slash at its end. It is called before the use
// cases are used.
func (a *App) ReachedAt(origin string) { a.origin = origin }

// ResetCalendarFeed makes a new address for an organisation's calendar, and ends the one that was. The address is
// empty where that was done before under the same key: it is kept nowhere.
func (a *App) ResetCalendarFeed(ctx context.Context, by Caller, in ResetCalendarFeedInput) (id relay.ID, address string, err error) {
	return runShowing(ctx, a, by, "resetCalendarFeed", func(ctx context.Context, w *work) (relay.ID, string, error) {
		o, err := w.organization(ctx, "organizationId", in.OrganizationID, enum.RoleOwner)
		if err != nil {
			return relay.ID{}, "", err
		}
		token := newCalendarToken()
		return o.GlobalID(), a.origin + CalendarPath + token + CalendarSuffix, o.Update().SetCalendarDigest(digest(token)).Exec(ctx)
	})
}

func newCalendarToken() string {
	b := make([]byte, calendarTokenBytes)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// OrganizationCalendar says when what an organisation runs ends. Who knows the token of its address needs no other.
func (a *App) OrganizationCalendar(ctx context.Context, token string) (*Calendar, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(calendarTokenBytes) {
		return nil, fault.New(fault.NotFound, "there is no such calendar")
	}
	o, err := a.db.Read().Organization.Query().Where(organization.CalendarDigest(digest(token))).Select(organization.FieldName).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.New(fault.NotFound, "there is no such calendar")
	}
	if err != nil {
		return nil, fmt.Errorf("finding a calendar: %w", err)
	}
	events, err := a.endings(ctx, o.ID)
	return &Calendar{Name: "End of life: " + o.Name, Events: events}, err
}

// endings gives the release cycles that an organisation's projects run, as of their last checks, and that end.
func (a *App) endings(ctx context.Context, organization int64) ([]CalendarEvent, error) {
	facts, err := a.db.Facts(ctx)
	if err != nil {
		return nil, err
	}
	all := newSelection(calendar.DayOf(a.now()))
	for _, t := range facts.Technologies {
		all.all(t)
	}
	shown := make(map[int64]CalendarEvent, len(all.events))
	for _, e := range all.events {
		shown[e.Cycle.ID] = e
	}
	var running []struct {
		Cycle    int64 `sql:"release_cycle_id"`
		Projects int   `sql:"projects"`
	}
	err = a.db.Read().StackComponent.Query().Where(
		stackcomponent.OrganizationID(organization), oneOf(stackcomponent.FieldReleaseCycleID, slices.Sorted(maps.Keys(shown))),
	).GroupBy(stackcomponent.FieldReleaseCycleID).Aggregate(func(s *sql.Selector) string {
		return sql.As(sql.Count(sql.Distinct(s.C(stackcomponent.FieldProjectID))), "projects")
	}).Scan(ctx, &running)
	if err != nil {
		return nil, fmt.Errorf("reading what an organisation runs: %w", err)
	}
	cycles := make([]int64, len(running))
	for i, r := range running {
		cycles[i] = r.Cycle
	}
	names, err := a.projectsOn(ctx, organization, cycles)
	if err != nil {
		return nil, fmt.Errorf("reading who runs it: %w", err)
	}
	events := make([]CalendarEvent, len(running))
	for i, r := range running {
		events[i] = shown[r.Cycle]
		events[i].Projects = names[r.Cycle]
		events[i].More = max(0, r.Projects-len(names[r.Cycle]))
	}
	return inCalendarOrder(events), nil
}

// projectsOn gives, by release cycle, the names of an organisation's first projects that run it.
func (a *App) projectsOn(ctx context.Context, organization int64, cycles []int64) (map[int64][]string, error) {
	first := namedProjects
	ofOrganization := func(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
		return sql.EQ(col(project.FieldOrganizationID), organization)
	}
	list, err := store.NewList(a.db.Cursors("calendar"), store.Order{{Column: project.FieldNameKey}, {Column: project.FieldID}},
		store.Filter{Conditions: []store.Condition{ofOrganization}}, relay.PageArgs{First: &first})
	if err != nil {
		return nil, err
	}
	rows, err := a.db.Read().Project.Query().Where(list.Linked(store.CycleProjects, cycles)).Select(project.FieldName).All(ctx)
	names := map[int64][]string{}
	for _, p := range rows {
		if cycle := store.Parent(p); len(names[cycle]) < first { // one more is read, to tell whether there are more
			names[cycle] = append(names[cycle], p.Name)
		}
	}
	return names, err
}
