package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// patience bounds waits that end early when all is well.
const patience = 20 * time.Second

// never is how often an instance looks that is to hear of everything.
const never = time.Hour

// instance opens another instance on the ledger's database, which listens.
func (l *ledger) instance(address string, poll time.Duration) *store.DB {
	l.Helper()
	db, err := store.Open(l.Context(), store.Config{Database: address, Poll: poll})
	if err != nil {
		l.Fatal(err)
	}
	ctx, stop := context.WithCancel(l.Context())
	var listening sync.WaitGroup
	listening.Go(func() { db.Listen(ctx, slog.New(slog.DiscardHandler)) })
	l.Cleanup(func() {
		stop()
		listening.Wait()
		_ = db.Close()
	})
	return db
}

// listeners gives the PostgreSQL processes that notify somebody.
func (l *ledger) listeners() []int {
	l.Helper()
	rows, err := l.Read().QueryContext(l.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN stackyard_changes'`)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var pids []int
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			l.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// await waits until something is so.
func (l *ledger) await(what string, isSo func() bool) {
	l.Helper()
	for end := time.Now().Add(patience); !isSo(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			l.Fatalf("waited in vain until %s", what)
		}
	}
}

// rename changes a tool by the ledger's own instance.
func (l *ledger) rename(name string) {
	l.Helper()
	l.must(func(ctx context.Context, tx *ent.Tx) { tx.Tool.UpdateOneID(l.tool.ID).SetName(name).ExecX(ctx) })
}

// isWoken waits for a signal.
func isWoken(t *testing.T, changed <-chan struct{}) {
	t.Helper()
	select {
	case <-changed:
	case <-time.After(patience):
		t.Fatal("nobody was woken")
	}
}

// ledgerAt is a ledger on a database whose address is known.
func ledgerAt(t *testing.T, dialect string) (*ledger, string) {
	t.Helper()
	address := ""
	l := newLedger(t, dialect, func(c *store.Config) { address = c.Database })
	return l, address
}

func TestAnInstanceHearsWhatAnotherOneChanges(t *testing.T) {
	t.Parallel()
	l, address := ledgerAt(t, "postgres")
	other := l.instance(address, never)
	l.await("the other one listens", func() bool { return len(l.listeners()) == 1 })
	changed, stop := other.Changed(store.PublicLog)
	defer stop()
	elsewhere, stopToo := other.Changed(l.acme.ID)
	defer stopToo()
	if err := other.Look(t.Context()); err != nil { // what the ledger began with is no news from now on
		t.Fatal(err)
	}
	isWoken(t, changed)
	isWoken(t, elsewhere)
	for i := range 5 {
		l.rename(fmt.Sprint(i))
		isWoken(t, changed)
	}
	select {
	case <-elsewhere:
		t.Error("a change of one log woke the readers of another")
	default:
	}
	l.must(func(ctx context.Context, tx *ent.Tx) { tx.Organization.DeleteOneID(l.acme.ID).ExecX(ctx) })
	isWoken(t, elsewhere)
}

func TestAnInstanceThatIsToldNothingLooks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l, address := ledgerAt(t, dialect)
		other := l.instance(address, 10*time.Millisecond)
		changed, stop := other.Changed(store.PublicLog)
		defer stop()
		gone, stopToo := other.Changed(l.acme.ID)
		defer stopToo()
		isWoken(t, gone) // looked at for the first time
		for i := range 5 {
			l.fill(int64(100 + i)) // which tells nobody
			isWoken(t, changed)
		}
		l.must(func(ctx context.Context, tx *ent.Tx) {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(`DELETE FROM organizations WHERE id = %d`, l.acme.ID)); err != nil {
				panic(err)
			}
		})
		isWoken(t, gone)
	})
}

func TestABrokenConnectionIsMadeAnewAndWhatHappenedMeanwhileIsHeard(t *testing.T) {
	t.Parallel()
	l, address := ledgerAt(t, "postgres")
	other := l.instance(address, never)
	changed, stop := other.Changed(store.PublicLog)
	defer stop()
	l.await("the other one listens", func() bool { return len(l.listeners()) == 1 })
	l.rename("before")
	isWoken(t, changed)
	first := l.listeners()[0]
	l.must(func(ctx context.Context, tx *ent.Tx) {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`SELECT pg_terminate_backend(%d)`, first)); err != nil {
			panic(err)
		}
		tx.Tool.UpdateOneID(l.tool.ID).SetName("meanwhile").ExecX(ctx)
	})
	isWoken(t, changed)
	l.await("it listens again", func() bool { pids := l.listeners(); return len(pids) == 1 && pids[0] != first })
	l.rename("after")
	isWoken(t, changed)
}
