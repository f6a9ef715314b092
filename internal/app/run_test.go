package app

import (
	"context"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"stackyard/ent"
	"stackyard/internal/auth"
	"stackyard/internal/relay"
	"stackyard/internal/store/storetest"
)

// TestWhatWasUndoneIsNotShown has a second caller use a key between two attempts of the first, who is held up.
func TestWhatWasUndoneIsNotShown(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		a := New(storetest.Empty(t, dialect), func() time.Time { return storetest.Today }, Limits{})
		by := Caller{Viewer: &auth.Viewer{Issuer: "https://issuer.example", Subject: "ada"}, Key: "k", Request: "r"}
		object := relay.ID{Type: relay.TypeOrganization, Key: 1}
		second := func() {
			id, shown, err := runShowing(t.Context(), a, by, "second", func(context.Context, *work) (relay.ID, string, error) {
				return object, "second", nil
			})
			if err != nil || id != object || shown != "second" {
				t.Errorf("the second is told %v %q %v", id, shown, err)
			}
		}
		id, shown, err := runShowing(t.Context(), a, by, "first", func(_ context.Context, w *work) (relay.ID, string, error) {
			w.OnRollback(func(next ent.Rollbacker) ent.Rollbacker {
				return ent.RollbackFunc(func(ctx context.Context, tx *ent.Tx) error {
					defer second()
					return next.Rollback(ctx, tx)
				})
			})
			return object, "first", sqlite3.Error{Code: sqlite3.ErrBusy}
		})
		if err != nil || id != object || shown != "" {
			t.Errorf("the first is told %v %q %v", id, shown, err)
		}
	})
}
