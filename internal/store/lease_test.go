package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/ent/lease"
	"stackyard/internal/calendar"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

const (
	work = "work"
	// long is a lease's time that no test waits for.
	long = time.Hour
	// shortly is a lease's time whose end a test waits for.
	shortly = time.Millisecond
)

// twoInstances opens one database twice.
func twoInstances(t *testing.T, dialect string) (a, b *store.DB) {
	t.Helper()
	address := storetest.Address(t, dialect)
	open := func() *store.DB {
		db, err := store.Open(t.Context(), store.Config{Database: address})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	a = open()
	if err := a.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a, open()
}

// take takes a lease that is free, or will be.
func take(t *testing.T, db *store.DB, ttl time.Duration) store.Lease {
	t.Helper()
	for t.Context().Err() == nil {
		l, ok, err := db.TakeLease(t.Context(), work, ttl)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			return l
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the lease does not become free")
	return store.Lease{}
}

func isFree(t *testing.T, db *store.DB) bool {
	t.Helper()
	l, ok, err := db.TakeLease(t.Context(), work, long)
	if err != nil {
		t.Fatal(err)
	}
	if ok {
		release(t, l)
	}
	return ok
}

func release(t *testing.T, l store.Lease) {
	t.Helper()
	if err := l.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func renews(t *testing.T, l store.Lease) bool {
	t.Helper()
	ok, err := l.Renew(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func confirm(t *testing.T, db *store.DB, l store.Lease) error {
	t.Helper()
	return db.Write(t.Context(), store.Cause{}, l.Confirm)
}

func TestALeaseHasOneHolder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		a, b := twoInstances(t, dialect)
		held := take(t, a, long)
		if isFree(t, b) || isFree(t, a) {
			t.Error("a lease was taken that is held")
		}
		if _, ok, err := b.TakeLease(t.Context(), "other work", long); err != nil || !ok {
			t.Errorf("a lease of another name was not to be had: %v", err)
		}
		if !renews(t, held) || isFree(t, b) {
			t.Error("a renewed lease is not held")
		}
		release(t, held)
		if !isFree(t, b) {
			t.Error("a released lease is not free")
		}
		if renews(t, held) {
			t.Error("a released lease was renewed")
		}
	})
}

func TestALeaseThatRanOutIsTheNextHolders(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		a, b := twoInstances(t, dialect)
		late := take(t, a, shortly)
		next := take(t, b, long)
		if renews(t, late) {
			t.Error("a lease was renewed that another has taken")
		}
		if err := confirm(t, a, late); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("a holder that was too late may write: %v", err)
		}
		release(t, late)
		if err := confirm(t, b, next); err != nil {
			t.Errorf("the next holder may not write: %v", err)
		}
		if isFree(t, a) {
			t.Error("a holder that was too late released another's lease")
		}
	})
}

func TestALeaseThatNobodyTookCanBeRenewedLate(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		l := take(t, db, shortly)
		time.Sleep(2 * shortly)
		if !renews(t, l) {
			t.Error("a lease that nobody else took is lost")
		}
	})
}

func TestAConfirmedLeaseIsNotTakenBeforeTheTransactionEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		a, b := twoInstances(t, dialect)
		l := take(t, a, shortly)
		committed, taken := atomic.Bool{}, make(chan bool, 1)
		err := a.Write(t.Context(), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
			if err := l.Confirm(ctx, tx); err != nil {
				return err
			}
			go func() {
				for {
					_, ok, err := b.TakeLease(t.Context(), work, long)
					if ok || err != nil && t.Context().Err() != nil {
						taken <- ok && committed.Load()
						return
					}
				}
			}()
			time.Sleep(50 * time.Millisecond) // long enough for a wrong lease to be taken
			committed.Store(true)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if !<-taken {
			t.Error("the lease was taken from a transaction that had confirmed it")
		}
	})
}

func TestOneOfManyWorksAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		a, b := twoInstances(t, dialect)
		var atOnce, ran atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				db := []*store.DB{a, b}[i%2]
				for done := false; !done && t.Context().Err() == nil; {
					var err error
					done, err = db.Alone(t.Context(), work, long, func(context.Context, store.Lease) error {
						if atOnce.Add(1) > 1 {
							t.Error("two worked at the same time")
						}
						ran.Add(1)
						time.Sleep(time.Millisecond)
						atOnce.Add(-1)
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if ran.Load() != 8 {
			t.Errorf("%d of 8 worked", ran.Load())
		}
	})
}

func TestALeaseIsRenewedWhileItsHolderWorks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		until := func(ctx context.Context) int64 {
			return int64(db.Read().Lease.Query().Where(lease.Name(work)).OnlyX(ctx).Until)
		}
		ran, err := db.Alone(t.Context(), work, 6*time.Second, func(ctx context.Context, _ store.Lease) error {
			for first := until(ctx); until(ctx) == first; {
				select {
				case <-ctx.Done():
					return context.Cause(ctx)
				case <-time.After(10 * time.Millisecond):
				}
			}
			return nil
		})
		if err != nil || !ran {
			t.Errorf("%v, %v", ran, err)
		}
		if !isFree(t, db) {
			t.Error("the lease was not released")
		}
	})
}

func TestWorkEndsWhereItsLeaseIsLost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		a, b := twoInstances(t, dialect)
		ran, err := a.Alone(t.Context(), work, 100*time.Millisecond, func(ctx context.Context, _ store.Lease) error {
			err := b.Write(t.Context(), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Lease.Update().Where(lease.Name(work)).SetHolder("thief").AddUntil(calendar.Instant(long.Microseconds())).Exec(ctx)
			})
			if err != nil {
				return err
			}
			<-ctx.Done()
			return context.Cause(ctx)
		})
		if !ran || !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("%v, %v", ran, err)
		}
		if isFree(t, b) {
			t.Error("whoever lost the lease released it")
		}
	})
}

func TestTheErrorOfTheWorkComesBack(t *testing.T) {
	t.Parallel()
	db := storetest.Empty(t, "sqlite")
	ran, err := db.Alone(t.Context(), work, long, func(context.Context, store.Lease) error { return errBroken })
	if !ran || !errors.Is(err, errBroken) || !isFree(t, db) {
		t.Errorf("%v, %v", ran, err)
	}
}
