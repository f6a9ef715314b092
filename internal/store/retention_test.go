package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// ago is an instant before the test's.
func ago(d time.Duration) calendar.Instant { return calendar.InstantOf(storetest.Today.Add(-d)) }

// kept gives the sequence numbers that a log still has, and what it says of itself.
func (l *ledger) kept(log int64) ([]int64, store.Span) {
	l.Helper()
	span, err := l.SpanOf(l.Context(), log)
	if err != nil {
		l.Fatal(err)
	}
	var out []int64
	for _, c := range l.Read().Change.Query().Where(change.LogID(log)).Order(ent.Asc(change.FieldSequence)).AllX(l.Context()) {
		out = append(out, c.Sequence)
	}
	return out, span
}

func TestOldChangesAreDroppedFromTheBeginningOfEveryLog(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		_, before := l.kept(l.acme.ID)
		l.fill(1700)
		for _, c := range []struct {
			name    string
			before  calendar.Instant
			dropped int
			first   int64 // that is left of the public log
		}{
			{"nothing is as old", ago(time.Hour * 24), 0, 1},
			{"none of the first", ago(1700 * time.Second), 0, 1},
		} {
			n, err := l.DropChanges(t.Context(), c.before)
			left, span := l.kept(store.PublicLog)
			if err != nil || n != c.dropped || left[0] != c.first || span.DroppedUntil != c.first-1 {
				t.Errorf("%s: %d dropped, %v, from %d on, %+v", c.name, n, err, left[0], span)
			}
		}

		// The very first changes are of today: they keep what is behind them.
		n, err := l.DropChanges(t.Context(), ago(100*time.Second))
		if err != nil || n != 0 {
			t.Fatalf("%d changes behind young ones were dropped, %v", n, err)
		}
		l.must(func(ctx context.Context, tx *ent.Tx) {
			tx.Change.Update().Where(change.SequenceLT(100)).SetAt(1).ExecX(ctx)
		})
		n, err = l.DropChanges(t.Context(), ago(100*time.Second))
		left, span := l.kept(store.PublicLog)
		if err != nil || left[0] != 1600 || len(left) != 101 || span != (store.Span{DroppedUntil: 1599, Last: 1700}) {
			t.Errorf("%v, from %d on, %d changes, %+v", err, left[0], len(left), span)
		}
		acme, after := l.kept(l.acme.ID)
		if len(acme) > 0 || after != (store.Span{DroppedUntil: before.Last, Last: before.Last}) || n < 1599+int(before.Last) {
			t.Errorf("acme has %v, %+v; %d were dropped", acme, after, n)
		}

		if _, err := l.DropChanges(t.Context(), calendar.InstantOf(storetest.Today.Add(time.Second))); err != nil {
			t.Fatal(err)
		}
		if left, span := l.kept(store.PublicLog); len(left) > 0 || span != (store.Span{DroppedUntil: 1700, Last: 1700}) {
			t.Errorf("%v is left of everything, %+v", left, span)
		}
		l.must(func(ctx context.Context, tx *ent.Tx) { tx.Tool.UpdateOneID(l.tool.ID).SetName("x").ExecX(ctx) })
		if left, _ := l.kept(store.PublicLog); !slices.Equal(left, []int64{1701}) {
			t.Errorf("the log goes on with %v", left)
		}
	})
}

func TestACursorIsGoodAsLongAsEverythingAfterItIsKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		l.must(func(ctx context.Context, tx *ent.Tx) { tx.Change.Update().SetAt(1).ExecX(ctx) })
		l.fill(40)
		if _, err := l.DropChanges(t.Context(), ago(20*time.Second)); err != nil { // 1 to 19
			t.Fatal(err)
		}
		got := map[int64][]bool{}
		for _, at := range []int64{0, 1, 18, 19, 20, 21, 40, 41} {
			span, err := l.SpanOf(t.Context(), store.PublicLog)
			if err != nil {
				t.Fatal(err)
			}
			_, following := l.ChangesAfter(t.Context(), store.Following{Log: store.PublicLog, After: at}, 100)
			for _, err := range []error{span.CheckAfter(at), span.CheckBefore(at), following} {
				if err != nil && fault.KindOf(err) != fault.CursorExpired {
					t.Error(err)
				}
				got[at] = append(got[at], err == nil)
			}
		}
		want := map[int64][]bool{ // after, before, following
			0: {false, false, false}, 1: {false, false, false}, 18: {false, false, false}, 19: {true, false, true},
			20: {true, true, true}, 21: {true, true, true}, 40: {true, true, true}, 41: {false, false, false},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestALogIsWrittenAndReadWhileItsBeginningIsDropped(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect, func(c *store.Config) { c.MaxWriters = 12 })
		l.must(func(ctx context.Context, tx *ent.Tx) { tx.Change.Update().SetAt(1).ExecX(ctx) })
		l.fill(6000)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var running sync.WaitGroup
		for range 2 { // two instances
			running.Go(func() {
				for s := 6000; s >= 0; s -= 200 {
					if _, err := l.DropChanges(t.Context(), ago(time.Duration(s)*time.Second)); err != nil {
						t.Error(err)
					}
				}
				stop()
			})
		}
		running.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := l.do(func(ctx context.Context, tx *ent.Tx) { l.anything(ctx, tx, time.Duration(i).String()) }); err != nil {
					t.Error(err)
				}
			}
		})
		expired, read := 0, 0
		for after := int64(0); ctx.Err() == nil; {
			batch, err := l.ChangesAfter(t.Context(), store.Following{Log: store.PublicLog, After: after}, 50)
			if fault.KindOf(err) == fault.CursorExpired {
				expired++
				span, _ := l.SpanOf(t.Context(), store.PublicLog)
				after = span.DroppedUntil
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range batch.Changes {
				read++
				if c.Sequence != after+1 {
					t.Fatalf("after %d comes %d", after, c.Sequence)
				}
				after++
			}
		}
		running.Wait()
		left, span := l.kept(store.PublicLog)
		if span.DroppedUntil < 5000 || int64(len(left)) != span.Last-span.DroppedUntil || read == 0 {
			t.Errorf("%d are left of %+v; %d were read, %d cursors expired", len(left), span, read, expired)
		}
	})
}
