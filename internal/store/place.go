package store

import (
	"cmp"
	"context"
	"slices"

	"stackyard/ent/member"
	"stackyard/internal/enum"
)

// entry is a change as one log has it.
type entry struct {
	log       int64
	operation enum.ChangeOperation
	fields    []string
	rank      int
}

// places says which logs a change of a subject goes to, and how it looks there:
// none where nothing changed that a reader of the log may know of.
func (r *recorder) places(ctx context.Context, s subject, id int64, before, after *snapshot) ([]entry, error) {
	if before == nil && after == nil {
		return nil, nil // came and went in one transaction
	}
	switch {
	case s.organization != "":
		e, ok := s.private(before, after)
		e.log = s.logOf(id, cmp.Or(after, before))
		return only(e, ok), nil
	case s.kind == enum.SubjectUser:
		return r.placesOfUser(ctx, s, id, before, after)
	}
	e, ok := s.public(before, after)
	return only(e, ok), nil
}

// logOf is the organisation whose subject it is.
func (s subject) logOf(id int64, is *snapshot) int64 {
	if s.organization == "id" {
		return id
	}
	return is.row.key(s.organization)
}

func only(e entry, ok bool) []entry {
	if !ok {
		return nil
	}
	return []entry{e}
}

// private is a change as the log of an organisation has it, and which role it takes to know of it.
func (s subject) private(before, after *snapshot) (entry, bool) {
	op, fields := operation(before, after), s.changed(before, after)
	rank := s.least.Rank()
	if op == enum.ChangeUpdated {
		if len(fields) == 0 {
			return entry{}, false
		}
		rank = enum.RoleOwner.Rank()
		for _, f := range fields {
			rank = min(rank, max(s.least.Rank(), s.ofField[f].Rank()))
		}
	}
	return entry{operation: op, fields: fields, rank: rank}, true
}

// public is a change as everyone may see it: what only some may read is left
// out, and what is hidden from the public does not exist.
func (s subject) public(before, after *snapshot) (entry, bool) {
	before, after = s.shown(before), s.shown(after)
	if before == nil && after == nil {
		return entry{}, false
	}
	op := operation(before, after)
	fields := slices.DeleteFunc(s.changed(before, after), func(f string) bool { return slices.Contains(s.guarded, f) })
	return entry{operation: op, fields: fields}, op != enum.ChangeUpdated || len(fields) > 0
}

func (s subject) shown(of *snapshot) *snapshot {
	if of == nil || s.hidden != "" && of.row.isTrue(s.hidden) {
		return nil
	}
	return of
}

// placesOfUser are the logs of the user's organisations, and the public one
// where everyone may know of the user. A new user is known to nobody.
func (r *recorder) placesOfUser(ctx context.Context, s subject, id int64, before, after *snapshot) ([]entry, error) {
	e, ok := s.public(before, after)
	if !ok || before == nil {
		return nil, nil
	}
	organizations, err := r.tx.Member.Query().Where(member.UserID(id)).Select(member.FieldOrganizationID).Ints(ctx)
	if err != nil {
		return nil, err
	}
	var out []entry
	isKnown, err := r.tx.User.Query().Where(visible((&Reader{}).Users, id)).Exist(ctx)
	if isKnown {
		out = append(out, e)
	}
	for _, organization := range organizations {
		e.log, e.rank = int64(organization), s.least.Rank()
		out = append(out, e)
	}
	return out, err
}

func operation(before, after *snapshot) enum.ChangeOperation {
	switch {
	case before == nil:
		return enum.ChangeCreated
	case after == nil:
		return enum.ChangeDeleted
	}
	return enum.ChangeUpdated
}
