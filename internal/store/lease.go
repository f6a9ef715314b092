package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"

	"stackyard/ent"
	"stackyard/ent/lease"
)

// ErrLeaseLost says that a lease is another's by now.
var ErrLeaseLost = errors.New("the lease was lost to another")

// Lease is the right to do something that nobody else does meanwhile, in any
// instance on the same database: whoever holds the lease of a name has it alone,
// until it is released or runs out. Alone is the easy way to use one.
type Lease struct {
	db     *DB
	name   string
	holder string
	ttl    time.Duration
}

// The database's clock in microseconds: instances need not agree on the time.
var databaseClock = map[string]string{
	dialect.SQLite:   "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
	dialect.Postgres: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
}

// TakeLease takes the lease of a name for a time; not ok where another holds it.
// Each call is a holder of its own, also within a process.
func (db *DB) TakeLease(ctx context.Context, name string, ttl time.Duration) (l Lease, ok bool, err error) {
	l = Lease{db: db, name: name, holder: rand.Text(), ttl: ttl}
	clock := databaseClock[db.dialect]
	ok, err = l.write(ctx, "INSERT INTO leases (name, holder, until) VALUES ($1, $2, "+clock+` + $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE leases.until <= `+clock,
		l.name, l.holder, ttl.Microseconds())
	return l, ok, wrapLease("taking", name, err)
}

// Renew holds the lease for its time from now; not ok where another has taken it.
func (l Lease) Renew(ctx context.Context) (ok bool, err error) {
	ok, err = l.write(ctx, "UPDATE leases SET until = "+databaseClock[l.db.dialect]+" + $1 WHERE name = $2 AND holder = $3",
		l.ttl.Microseconds(), l.name, l.holder)
	return ok, wrapLease("renewing", l.name, err)
}

// Release lets others take the lease. It does nothing where another has it already.
func (l Lease) Release(ctx context.Context) error {
	_, err := l.write(ctx, "DELETE FROM leases WHERE name = $1 AND holder = $2", l.name, l.holder)
	return wrapLease("releasing", l.name, err)
}

// Confirm makes a transaction of Write fail with ErrLeaseLost where another holds
// the lease, and keeps others from taking it before the transaction ends. So
// a holder that was held up beyond its time writes nothing.
func (l Lease) Confirm(ctx context.Context, tx *ent.Tx) error {
	_, err := tx.Lease.Query().Where(lease.Name(l.name), lease.Holder(l.holder), Locked).Only(ctx)
	if ent.IsNotFound(err) {
		return ErrLeaseLost
	}
	return wrapLease("confirming", l.name, err)
}

func (l Lease) write(ctx context.Context, statement string, args ...any) (changed bool, err error) {
	err = l.db.Write(ctx, Cause{}, func(ctx context.Context, tx *ent.Tx) error {
		result, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		changed = n > 0
		return err
	})
	return changed, err
}

func wrapLease(doing, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s the lease %q: %w", doing, name, err)
}

// leaseRenewals is how often a lease is renewed within its time.
const leaseRenewals = 3

// Alone runs do while holding the lease of a name, and releases it after. It says
// false, and runs nothing, where another holds the lease. The lease is renewed
// meanwhile; where it is lost, or cannot be renewed for ttl, do's context ends with
// the cause ErrLeaseLost. The ttl is longer than any transaction of do, and how long
// others wait for a holder that has died. What do writes asks l.Confirm, where two
// writers would do harm.
func (db *DB) Alone(ctx context.Context, name string, ttl time.Duration, do func(ctx context.Context, l Lease) error) (ran bool, err error) {
	l, ok, err := db.TakeLease(ctx, name, ttl)
	release := func() error {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), ttl)
		defer cancel()
		return l.Release(last)
	}
	if err != nil && ctx.Err() != nil {
		return false, errors.Join(err, release()) // it may have been taken all the same
	}
	if err != nil || !ok {
		return false, err
	}
	working, stop := context.WithCancelCause(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		l.keep(working, stop)
	}()
	defer func() {
		stop(nil)
		<-kept
		err = errors.Join(err, release())
	}()
	return true, do(working, l)
}

// keep renews the lease until ctx ends, or calls lost.
func (l Lease) keep(ctx context.Context, lost context.CancelCauseFunc) {
	every := time.NewTicker(l.ttl / leaseRenewals)
	defer every.Stop()
	until := time.Now().Add(l.ttl)
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-every.C:
			trying, cancel := context.WithDeadline(ctx, until)
			ok, err := l.Renew(trying)
			cancel()
			switch {
			case err == nil && ok:
				until = now.Add(l.ttl)
			case err == nil || !time.Now().Before(until):
				lost(ErrLeaseLost)
				return
			}
		}
	}
}
