package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/internal/app"
	"stackyard/internal/calendar"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// TestKeysAreForgottenAfterADayHoweverMany has more than are dropped at once, twice.
func TestKeysAreForgottenAfterADayHoweverMany(t *testing.T) {
	t.Parallel()
	const old, atOnce = 2001, 500
	day := 24 * time.Hour
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Empty(t, dialect)
		err := db.Write(t.Context(), store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
			u, err := tx.User.Create().SetIssuer("https://issuer.example").SetSubject("ada").SetName("ada").SetCreatedAt(1).Save(ctx)
			if err != nil {
				return err
			}
			var keys []*ent.IdempotencyKeyCreate
			for n := range old + 1 {
				at := storetest.Today.Add(-day)
				if n < old {
					at = at.Add(-time.Duration(n+1) * time.Microsecond)
				}
				keys = append(keys, tx.IdempotencyKey.Create().SetUserID(u.ID).SetKey(fmt.Sprint(n)).SetRequest("r").SetResult("x").SetCreatedAt(calendar.InstantOf(at)))
				if len(keys) == atOnce || n == old {
					if err := tx.IdempotencyKey.CreateBulk(keys...).Exec(ctx); err != nil {
						return err
					}
					keys = nil
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		a := app.New(db, func() time.Time { return storetest.Today }, app.Limits{})
		if err := a.Tidy(t.Context(), 90*day); err != nil {
			t.Fatal(err)
		}
		left := db.Read().IdempotencyKey.Query().AllX(t.Context())
		if len(left) != 1 || left[0].Key != fmt.Sprint(old) {
			t.Errorf("%d keys are left", len(left))
		}
	})
}
