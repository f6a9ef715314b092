package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqlgraph"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"stackyard/ent"
)

// Cause is who makes a change, and when.
type Cause struct {
	// Actor is the key of the user; 0 where the system does it.
	Actor int64
	At    time.Time
}

const (
	// tries is how often a transaction may be held up by others.
	tries = 10
	// patience is how often it is run beside others; from then on those that failed
	// as often run one by one, so that a crowd does not trip itself up for ever.
	patience = 2
)

// Write runs change in one transaction: all of it happens, or none. What it
// changes is appended to the change logs in the same transaction. Where another
// transaction got in its way it is run again, so change must have no effect but
// on tx, and must begin anew each time.
func (db *DB) Write(ctx context.Context, cause Cause, change func(ctx context.Context, tx *ent.Tx) error) error {
	var failed failures
	for {
		changed, err := db.writeOnce(ctx, cause, change)
		if err == nil {
			db.bell.ring(changed...)
			db.tell(ctx, changed)
			return nil
		}
		if !failed.mayPass(err) || !pause(ctx, failed.all()) {
			return err
		}
		if failed.all() == patience {
			select {
			case db.turn <- struct{}{}:
				defer func() { <-db.turn }()
			case <-ctx.Done():
				return err
			}
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, cause Cause, change func(ctx context.Context, tx *ent.Tx) error) ([]news, error) {
	tx, err := db.write.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("beginning a transaction: %w", err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback()
		}
	}()
	r := newRecorder(tx, db.dialect, cause)
	if err := change(context.WithValue(ctx, recorderKey{}, r), tx); err != nil {
		return nil, err
	}
	changed, err := r.append(ctx)
	if err != nil {
		return nil, fmt.Errorf("appending to the change logs: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("committing: %w", err)
	}
	done = true
	return changed, nil
}

// failures counts how often a transaction has failed, by what can be hoped for.
type failures struct {
	// heldUp are serialization failures, deadlocks and locks.
	heldUp int
	// conflicts are a key that another transaction has just taken, or a row that it has just deleted.
	conflicts int
}

func (f *failures) all() int { return f.heldUp + f.conflicts }

// mayPass counts a failure, and says whether it may pass when the transaction is
// run again. A conflict does so once, when the check for it finds it; how often
// others held the transaction up before does not matter to that.
func (f *failures) mayPass(err error) bool {
	switch {
	case isHeldUp(err):
		f.heldUp++
		return f.heldUp < tries
	case sqlgraph.IsUniqueConstraintError(err), sqlgraph.IsForeignKeyConstraintError(err):
		f.conflicts++
		return f.conflicts == 1
	}
	return false
}

func isHeldUp(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && (e.Code == "40001" || e.Code == "40P01") {
		return true
	}
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

// pause waits a little longer each time, and never as long as another that waits; not ok where ctx ends first.
func pause(ctx context.Context, try int) bool {
	const longest = 6 // steps, or a third of a second
	timer := time.NewTimer(time.Duration(1+rand.IntN(5<<min(try, longest))) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// Locked holds the rows that a query finds until the transaction ends, so that
// what is decided on them stays true. SQLite has one writer, who needs no lock.
func Locked(s *sql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.ForUpdate()
	}
}

// Counted holds the rows that a query finds as Locked does, but lets others write
// rows that refer to them: whoever has written one can still come to hold them.
func Counted(s *sql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.For(sql.LockUpdate, sql.WithLockClause("FOR NO KEY UPDATE"))
	}
}

// Kept lets others read the rows that a query finds, but not change them until
// the transaction ends.
func Kept(s *sql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.ForShare()
	}
}
