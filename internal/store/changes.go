package store

import (
	"context"
	"encoding/json"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/changelog"
	"stackyard/ent/member"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// PublicLog is the key of the public catalogue's change log; that of an
// organisation's is the organisation's.
const PublicLog int64 = 0

// ListOfChanges is the name of the list of all changes: cursors of a log go with
// every list and stream of that log.
const ListOfChanges = "changes"

// CursorOf names the place of a change in its log.
func (db *DB) CursorOf(c *ent.Change) string {
	return db.Cursors(ListOfChanges).Encode(PlaceOf(c))
}

// PlaceOf is the place of a change in its log.
func PlaceOf(c *ent.Change) []any { return []any{c.LogID, c.Sequence} }

// Changes is what a reader with a rank wants to know of a log.
type Changes struct {
	Log int64
	// Rank is that of the reader's role; 0 for the public log.
	Rank int
}

// Only is the condition that a change is among them.
func (c Changes) Only(_ *sql.DialectBuilder, col func(string) string) *sql.Predicate {
	return sql.And(sql.EQ(col(change.FieldLogID), c.Log), sql.LTE(col(change.FieldRank), c.Rank))
}

// Following is a place in a log from which somebody reads on.
type Following struct {
	// Log is the public catalogue's, or an organisation's.
	Log int64
	// User is who reads the log of an organisation, and sees as much as their role does.
	User int64
	// Role is that of a reader who is no user; they see as much as it does.
	Role enum.OrganizationRole
	// Types are the subjects that count; nil for all.
	Types []enum.ChangeSubjectType
	// After is the sequence number up to which the log has been read.
	After int64
}

// Batch is a piece of a log.
type Batch struct {
	Changes []*ent.Change
	// Until is the sequence number up to which the log has been read with it.
	Until int64
	// HasMore is true where the log is known to go on.
	HasMore bool
}

// atOnce is how many changes are looked through at a time for those that count.
const atOnce = 10_000

// ChangesAfter reads on in a log, and gives at most limit changes. It is one
// statement, and so one moment: which log there is, what is kept of it, the reader's
// role and the changes belong together. A log that there is not is a fault of kind
// NotFound, one that the user may not read Forbidden; a place that is no longer kept,
// or that the log has not reached, is of kind CursorExpired.
func (db *DB) ChangesAfter(ctx context.Context, f Following, limit int) (Batch, error) {
	query, args := f.selection(db.dialect, limit)
	found, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return Batch{}, fmt.Errorf("reading a change log: %w", err)
	}
	defer func() { _ = found.Close() }()
	var b Batch
	isThere := false
	for found.Next() {
		var r changeRow
		if err := found.Scan(r.places()...); err != nil {
			return Batch{}, fmt.Errorf("reading a change: %w", err)
		}
		if err := r.check(f); err != nil {
			return Batch{}, err
		}
		isThere, b.Until = true, min(r.span.Last, f.After+atOnce)
		b.HasMore = b.Until < r.span.Last
		if r.id == nil {
			continue
		}
		c, err := r.change(f.Log)
		if err != nil {
			return Batch{}, err
		}
		b.Changes = append(b.Changes, c)
	}
	if err := found.Err(); err != nil {
		return Batch{}, fmt.Errorf("reading a change log: %w", err)
	}
	if !isThere {
		return Batch{}, noLog()
	}
	if len(b.Changes) == limit {
		b.Until, b.HasMore = b.Changes[limit-1].Sequence, true
	}
	return b, nil
}

// selection is the log with the reader's role, and with the changes that come next.
func (f Following) selection(flavour string, limit int) (query string, args []any) {
	d := sql.Dialect(flavour)
	l, m, c := d.Table(changelog.Table).As("l"), d.Table(member.Table).As("m"), d.Table(change.Table).As("c")
	next := sql.And(
		sql.ColumnsEQ(c.C(change.FieldLogID), l.C(changelog.FieldID)),
		sql.GT(c.C(change.FieldSequence), f.After), sql.LTE(c.C(change.FieldSequence), f.After+atOnce),
		f.ranked(c.C(change.FieldRank), m.C(member.FieldRole)),
	)
	if f.Types != nil {
		types := make([]string, len(f.Types))
		for i, t := range f.Types {
			types[i] = string(t)
		}
		next = sql.And(next, In(c.C(change.FieldSubjectType), types))
	}
	return d.Select(
		l.C(changelog.FieldLastSequence), l.C(changelog.FieldDroppedUntil), m.C(member.FieldRole),
		c.C(change.FieldID), c.C(change.FieldSequence), c.C(change.FieldAt), c.C(change.FieldOperation),
		c.C(change.FieldSubjectType), c.C(change.FieldSubjectKey), c.C(change.FieldFields), c.C(change.FieldActorID), c.C(change.FieldRank),
	).From(l).
		LeftJoin(m).OnP(sql.And(sql.ColumnsEQ(m.C(member.FieldOrganizationID), l.C(changelog.FieldID)), sql.EQ(m.C(member.FieldUserID), f.User))).
		LeftJoin(c).OnP(next).
		Where(sql.EQ(l.C(changelog.FieldID), f.Log)).OrderBy(c.C(change.FieldSequence)).Limit(limit).Query()
}

// ranked is the condition that the reader's role, in a column where they are a user, is of the rank that another column asks for.
func (f Following) ranked(rank, role string) *sql.Predicate {
	if f.Role != "" {
		return sql.LTE(rank, f.Role.Rank())
	}
	return sql.P(func(b *sql.Builder) {
		b.WriteString(rank + " <= CASE " + role)
		for _, r := range enum.RoleViewer.Values() {
			b.WriteString(fmt.Sprintf(" WHEN '%s' THEN %d", r, enum.OrganizationRole(r).Rank()))
		}
		b.WriteString(" ELSE 0 END")
	})
}

// changeRow is a log, and a change of it as the database gives it; all null where there is none.
type changeRow struct {
	span              Span
	role              *enum.OrganizationRole
	id, sequence, at  *int64
	operation, kind   *string
	key, actor, ranks *int64
	fields            []byte
}

func (r *changeRow) places() []any {
	return []any{
		&r.span.Last, &r.span.DroppedUntil, &r.role, &r.id, &r.sequence, &r.at, &r.operation, &r.kind, &r.key, &r.fields, &r.actor, &r.ranks,
	}
}

// check says whether the reader may go on.
func (r *changeRow) check(f Following) error {
	if f.Log != PublicLog && f.Role == "" && r.role == nil {
		return noMember()
	}
	return r.span.CheckAfter(f.After)
}

func (r *changeRow) change(log int64) (*ent.Change, error) {
	c := &ent.Change{
		ID: *r.id, LogID: log, Sequence: *r.sequence, At: calendar.Instant(*r.at), Operation: enum.ChangeOperation(*r.operation),
		SubjectType: enum.ChangeSubjectType(*r.kind), SubjectKey: *r.key, ActorID: r.actor, Rank: int(*r.ranks),
	}
	if err := json.Unmarshal(r.fields, &c.Fields); err != nil {
		return nil, fmt.Errorf("reading the fields of a change: %w", err)
	}
	return c, nil
}
