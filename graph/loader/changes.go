package loader

import (
	"context"

	"stackyard/ent"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// inOrderOfLog names a change by its log and its number in it.
var inOrderOfLog = order[*ent.Change]{
	store.Order{{Column: "log_id"}, {Column: "sequence"}},
	store.PlaceOf,
}

// PublicLog is the key of the public catalogue's change log; that of an
// organisation's is the organisation's.
const PublicLog = store.PublicLog

// RoleForField is the least role that may know, from an organisation's log, that
// a field of a subject changed.
func RoleForField(kind enum.ChangeSubjectType, field string) enum.OrganizationRole {
	return store.RoleForField(kind, field)
}

// Changes is a page of a log, as far as a reader of the rank may know of it.
func (l *Loaders) Changes(ctx context.Context, log int64, rank int, args relay.PageArgs) (*ChangeConnection, error) {
	check, err := l.checkCursors(log, args)
	if err != nil {
		return nil, err
	}
	of := store.Changes{Log: log, Rank: rank}
	list, err := l.newChanges(store.Filter{Conditions: []store.Condition{of.Only}}, args)
	if err != nil {
		return nil, err
	}
	rows, err := l.db.Read().Change.Query().Where(list.Root()).All(ctx)
	if err != nil {
		return nil, err
	}
	if args.After == nil && args.Before == nil {
		return list.connection(rows, nil), nil
	}
	span, err := l.db.SpanOf(ctx, log) // afterwards: what is kept now was there for the page
	if err == nil {
		err = check(span)
	}
	if err != nil {
		return nil, err
	}
	return list.connection(rows, nil), nil
}

// checkCursors reads the cursors of a page of a log. What it gives says whether
// everything that they promise is kept.
func (l *Loaders) checkCursors(log int64, args relay.PageArgs) (func(store.Span) error, error) {
	var checks []func(store.Span) error
	for _, c := range []struct {
		cursor *string
		check  func(store.Span, int64) error
	}{{args.After, store.Span.CheckAfter}, {args.Before, store.Span.CheckBefore}} {
		if c.cursor == nil {
			continue
		}
		at, err := l.numberOf(log, *c.cursor)
		if err != nil {
			return nil, err
		}
		checks = append(checks, func(s store.Span) error { return c.check(s, at) })
	}
	return func(s store.Span) error {
		for _, check := range checks {
			if err := check(s); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (l *Loaders) newChanges(filter store.Filter, args relay.PageArgs) (list[*ent.Change], error) {
	of, err := store.NewList(l.db.Cursors(store.ListOfChanges), inOrderOfLog.terms, filter, args)
	return list[*ent.Change]{List: of, place: inOrderOfLog.place}, err
}

// EdgeOfChange puts a change in its place.
func (l *Loaders) EdgeOfChange(c *ent.Change) *ChangeEdge {
	return &ChangeEdge{Node: c, cursor: l.db.CursorOf}
}

// numberOf reads the sequence number in a cursor of a log.
func (l *Loaders) numberOf(log int64, cursor string) (int64, error) {
	place, err := l.db.Cursors(store.ListOfChanges).Decode(cursor, len(inOrderOfLog.terms))
	if err != nil {
		return 0, err
	}
	if place[0] != log {
		return 0, fault.BadInput("the cursor is of another change log")
	}
	return place[1].(int64), nil
}

// CursorToFollow reads where a stream of a log is to go on from: after the change
// of the cursor, or, where that is empty, from the beginning of what is kept.
func (l *Loaders) CursorToFollow(ctx context.Context, log int64, cursor string) (after int64, err error) {
	if cursor != "" {
		if after, err = l.numberOf(log, cursor); err != nil {
			return 0, err
		}
	}
	span, err := l.db.SpanOf(ctx, log)
	if err != nil {
		return 0, err
	}
	if cursor == "" {
		return span.DroppedUntil, nil
	}
	return after, span.CheckAfter(after)
}

// TypeOfSubject is the type of the id of a change's subject.
func TypeOfSubject(t enum.ChangeSubjectType) relay.Type { return store.TypeOfSubject(t) }
