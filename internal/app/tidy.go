package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/idempotencykey"
	"stackyard/internal/calendar"
	"stackyard/internal/store"
)

// Tidy forgets what is too old to count: changes that are kept no longer, and keys
// of mutations. The server calls it when it starts, and every hour; several
// instances may do so at once.
func (a *App) Tidy(ctx context.Context, keep time.Duration) error {
	_, dropping := a.db.DropChanges(ctx, calendar.InstantOf(a.now().Add(-keep)))
	forgetting := a.forgetKeys(ctx)
	if err := errors.Join(dropping, forgetting); err != nil {
		return fmt.Errorf("tidying up: %w", err)
	}
	return nil
}

// forgottenAtOnce is how many keys one transaction drops.
const forgottenAtOnce = 1000

// forgetKeys drops the keys that are too old to count.
func (a *App) forgetKeys(ctx context.Context) error {
	now := a.now()
	isOld := idempotencykey.CreatedAtLT(calendar.InstantOf(now.Add(-keptKeys)))
	for {
		n := 0
		err := a.db.Write(ctx, store.Cause{At: now}, func(ctx context.Context, tx *ent.Tx) error {
			ids, err := tx.IdempotencyKey.Query().Where(isOld).Limit(forgottenAtOnce).IDs(ctx)
			if err == nil && len(ids) > 0 {
				n, err = tx.IdempotencyKey.Delete().Where(isOld, func(s *sql.Selector) { s.Where(store.In(s.C(idempotencykey.FieldID), ids)) }).Exec(ctx)
			}
			return err
		})
		if err != nil || n < forgottenAtOnce {
			return err
		}
	}
}
