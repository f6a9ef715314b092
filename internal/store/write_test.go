package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

var errBroken = errors.New("broken off")

// addTool writes a row, and what it writes besides is up to then.
func addTool(db *store.DB, ctx context.Context, slug string, then func(ctx context.Context) error) error {
	return db.Write(ctx, store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
		if err := tx.Tool.Create().SetSlug(slug).SetName(slug).SetArea("DATA").Exec(ctx); err != nil {
			return err
		}
		return then(ctx)
	})
}

func slugsOfTools(t *testing.T, db *store.DB) []string {
	t.Helper()
	tools, err := db.Read().Tool.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var slugs []string
	for _, tool := range tools {
		slugs = append(slugs, tool.Slug)
	}
	return slugs
}

func TestAWriteThatBreaksOffLeavesNoRow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		if err := addTool(db, t.Context(), "error", func(context.Context) error { return errBroken }); !errors.Is(err, errBroken) {
			t.Errorf("an error in the change came back as %v", err)
		}
		func() {
			defer func() {
				if recover() != errBroken {
					t.Error("the panic was swallowed")
				}
			}()
			_ = addTool(db, t.Context(), "panic", func(context.Context) error { panic(errBroken) })
		}()
		ctx, cancel := context.WithCancel(t.Context())
		if err := addTool(db, ctx, "cancelled", func(context.Context) error { cancel(); return nil }); err == nil {
			t.Error("a write was committed after its request was cancelled")
		}
		if err := addTool(db, ctx, "cancelled before", func(context.Context) error { return nil }); err == nil {
			t.Error("a write began after its request was cancelled")
		}
		if left := slugsOfTools(t, db); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		if err := addTool(db, t.Context(), "next", func(context.Context) error { return nil }); err != nil {
			t.Errorf("the next write: %v", err)
		}
		if left := slugsOfTools(t, db); len(left) != 1 {
			t.Errorf("the next write left %v", left)
		}
	})
}

func TestAnUncommittedWriteIsSeenByNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		err := addTool(db, t.Context(), "new", func(context.Context) error {
			if seen := slugsOfTools(t, db); len(seen) > 0 {
				t.Errorf("readers see %v before the commit", seen)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if seen := slugsOfTools(t, db); len(seen) != 1 {
			t.Errorf("readers see %v after the commit", seen)
		}
	})
}

func TestWritersWhoWaitHoldUpNoReader(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		const most = 2 // of each kind of connection
		l := newLedger(t, dialect, func(c *store.Config) { c.MaxReaders, c.MaxWriters = most, most })
		patient, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var waiting sync.WaitGroup
		l.must(func(ctx context.Context, tx *ent.Tx) {
			tx.Tool.UpdateOneID(l.tool.ID).SetName("held").ExecX(ctx)
			for i := range 2 * most {
				waiting.Go(func() {
					err := l.do(func(ctx context.Context, tx *ent.Tx) {
						tx.Tool.UpdateOneID(l.tool.ID).SetName(fmt.Sprint(i)).ExecX(ctx)
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			for dialect == "postgres" && !l.isSomebodyWaiting(patient) {
				time.Sleep(time.Millisecond)
			}
			for range 2 * most { // as many as there are connections for all
				if name := l.Read().Tool.GetX(patient, l.tool.ID).Name; name == "held" {
					t.Error("a reader sees what is not committed")
				}
			}
			if err := l.Ready(patient); err != nil {
				t.Error(err)
			}
		})
		waiting.Wait()
	})
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	db := storetest.Empty(t, "sqlite")
	if err := db.Read().Tool.Create().SetSlug("s").SetName("s").SetArea("DATA").Exec(t.Context()); err == nil {
		t.Error("the readers' connections wrote a row")
	}
}
