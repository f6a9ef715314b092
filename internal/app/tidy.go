package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stackyard/ent"
	"stackyard/ent/finding"
	"stackyard/ent/idempotencykey"
	"stackyard/ent/organization"
	"stackyard/internal/calendar"
	"stackyard/internal/store"
)

// Tidy forgets what is too old to count: changes that are kept no longer, findings
// that were fixed as long ago, and keys of mutations. The server calls it when it starts, and every hour; several
// instances may do so at once.
func (a *App) Tidy(ctx context.Context, keep time.Duration) error {
	_, dropping := a.db.DropChanges(ctx, calendar.InstantOf(a.now().Add(-keep)))
	forgetting, clearing := a.forgetKeys(ctx), a.clearFindings(ctx, keep)
	if err := errors.Join(dropping, forgetting, clearing); err != nil {
		return fmt.Errorf("tidying up: %w", err)
	}
	return nil
}

// forgottenAtOnce is how many keys, or findings, one transaction drops.
const forgottenAtOnce = 1000

// inBatches runs do in one transaction after another, until one drops less than all that it may.
func (a *App) inBatches(ctx context.Context, do func(ctx context.Context, tx *ent.Tx) (dropped int, err error)) error {
	now := a.now()
	for {
		dropped := 0
		err := a.db.Write(ctx, store.Cause{At: now}, func(ctx context.Context, tx *ent.Tx) (err error) {
			dropped, err = do(ctx, tx)
			return err
		})
		if err != nil || dropped < forgottenAtOnce {
			return err
		}
	}
}

// forgetKeys drops the keys that are too old to count.
func (a *App) forgetKeys(ctx context.Context) error {
	isOld := idempotencykey.CreatedAtLT(calendar.InstantOf(a.now().Add(-keptKeys)))
	return a.inBatches(ctx, func(ctx context.Context, tx *ent.Tx) (int, error) {
		ids, err := tx.IdempotencyKey.Query().Where(isOld).Limit(forgottenAtOnce).IDs(ctx)
		if err != nil || len(ids) == 0 {
			return 0, err
		}
		return tx.IdempotencyKey.Delete().Where(isOld, among(ids)).Exec(ctx)
	})
}

// clearFindings deletes the findings that were fixed long ago.
func (a *App) clearFindings(ctx context.Context, keep time.Duration) error {
	isOld := finding.FixedAtLT(calendar.InstantOf(a.now().Add(-keep)))
	return a.inBatches(ctx, func(ctx context.Context, tx *ent.Tx) (int, error) {
		old, err := tx.Finding.Query().Where(isOld).Limit(forgottenAtOnce).Select(finding.FieldOrganizationID).All(ctx)
		if err != nil || len(old) == 0 {
			return 0, err
		}
		ids, owners := make([]int64, len(old)), make([]int64, len(old))
		for i, f := range old {
			ids[i], owners[i] = f.ID, f.OrganizationID
		}
		// Whoever checks a project holds its organisation, too.
		if _, err := tx.Organization.Query().Where(among(owners), store.Locked).Order(ent.Asc(organization.FieldID)).IDs(ctx); err != nil {
			return 0, err
		}
		return tx.Finding.Delete().Where(isOld, among(ids)).Exec(ctx)
	})
}
