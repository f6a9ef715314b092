package store

import (
	"context"
	"fmt"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/changelog"
	"stackyard/internal/calendar"
	"stackyard/internal/fault"
)

// Span is what is kept of a log.
type Span struct {
	// DroppedUntil is the last sequence number that is no longer kept.
	DroppedUntil int64
	// Last is the newest sequence number.
	Last int64
}

// SpanOf is what is kept of a log. Read after a page of the log, it says whether
// the page has everything that its cursors promise.
func (db *DB) SpanOf(ctx context.Context, log int64) (Span, error) {
	l, err := db.read.ChangeLog.Get(ctx, log)
	if ent.IsNotFound(err) {
		return Span{}, noLog()
	}
	if err != nil {
		return Span{}, fmt.Errorf("reading a change log: %w", err)
	}
	return Span{DroppedUntil: l.DroppedUntil, Last: l.LastSequence}, nil
}

func noLog() error { return fault.New(fault.NotFound, "there is no such change log") }

// CheckAfter says whether everything after a sequence number is kept: it is a
// fault of kind CursorExpired where not.
func (s Span) CheckAfter(after int64) error {
	switch {
	case after < s.DroppedUntil:
		return fault.New(fault.CursorExpired, "changes as old as this cursor are no longer kept (--changes-keep): begin anew, without it")
	case after > s.Last:
		return fault.New(fault.CursorExpired, "the log has not come as far as this cursor: it was set back; begin anew, without it")
	}
	return nil
}

// CheckBefore says whether what is just before a sequence number is kept.
func (s Span) CheckBefore(before int64) error {
	if before > s.Last {
		return s.CheckAfter(before)
	}
	return s.CheckAfter(before - 1)
}

// droppedAtOnce is how many changes one transaction drops: few enough that
// nobody waits for it.
const droppedAtOnce = 500

// DropChanges forgets the changes from before a moment, in every log, and says
// how many there were. A log loses its oldest changes up to the first that is
// young, so that what is left has no gaps. Several instances may do so at once.
func (db *DB) DropChanges(ctx context.Context, before calendar.Instant) (int, error) {
	logs, err := db.logsFrom(ctx, before)
	if err != nil {
		return 0, fmt.Errorf("reading the change logs: %w", err)
	}
	dropped := 0
	for _, log := range logs {
		for {
			n, err := db.dropSome(ctx, log, before)
			if err != nil {
				return dropped, fmt.Errorf("dropping old changes: %w", err)
			}
			dropped += n
			if n < droppedAtOnce {
				break
			}
		}
	}
	return dropped, nil
}

// logsFrom are the logs whose oldest change is from before a moment: one statement for all logs.
func (db *DB) logsFrom(ctx context.Context, before calendar.Instant) ([]int64, error) {
	rows, err := db.read.QueryContext(ctx, fmt.Sprintf(`SELECT l.id FROM change_logs l
		JOIN changes c ON c.log_id = l.id AND c.sequence = l.dropped_until + 1 WHERE c.at < %d ORDER BY l.id`, before))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var logs []int64
	for rows.Next() {
		var log int64
		if err := rows.Scan(&log); err != nil {
			return nil, err
		}
		logs = append(logs, log)
	}
	return logs, rows.Err()
}

// dropSome drops some of a log's oldest changes. Writers of the log wait for its
// last statement alone.
func (db *DB) dropSome(ctx context.Context, log int64, before calendar.Instant) (n int, err error) {
	err = db.Write(ctx, Cause{}, func(ctx context.Context, tx *ent.Tx) error {
		n = 0
		oldest, err := tx.Change.Query().Where(change.LogID(log)).Order(ent.Asc(change.FieldSequence)).Limit(droppedAtOnce).
			Select(change.FieldSequence, change.FieldAt).All(ctx)
		if err != nil {
			return err
		}
		until := int64(0)
		for _, c := range oldest {
			if c.At >= before {
				break
			}
			until = c.Sequence
		}
		if until == 0 {
			return nil
		}
		if n, err = tx.Change.Delete().Where(change.LogID(log), change.SequenceLTE(until)).Exec(ctx); err != nil {
			return err
		}
		return tx.ChangeLog.Update().Where(changelog.ID(log), changelog.DroppedUntilLT(until)).SetDroppedUntil(until).Exec(ctx)
	})
	return n, err
}
