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

// forgetKeys drops the keys that are too old to count.
func (a *App) forgetKeys(ctx context.Context) error {
	now := a.now()
	isOld := idempotencykey.CreatedAtLT(calendar.InstantOf(now.Add(-keptKeys)))
	for {
		n := 0
		err := a.db.Write(ctx, store.Cause{At: now}, func(ctx context.Context, tx *ent.Tx) error {
			ids, err := tx.IdempotencyKey.Query().Where(isOld).Limit(forgottenAtOnce).IDs(ctx)
			if err == nil && len(ids) > 0 {
				n, err = tx.IdempotencyKey.Delete().Where(isOld, among(ids)).Exec(ctx)
			}
			return err
		})
		if err != nil || n < forgottenAtOnce {
			return err
		}
	}
}

// clearFindings deletes the findings that were fixed long ago.
func (a *App) clearFindings(ctx context.Context, keep time.Duration) error {
	now := a.now()
	isOld := finding.FixedAtLT(calendar.InstantOf(now.Add(-keep)))
	for {
		n := 0
		err := a.db.Write(ctx, store.Cause{At: now}, func(ctx context.Context, tx *ent.Tx) error {
			n = 0
			old, err := tx.Finding.Query().Where(isOld).Limit(forgottenAtOnce).Select(finding.FieldOrganizationID).All(ctx)
			if err != nil || len(old) == 0 {
				return err
			}
			ids, owners := make([]int64, len(old)), make([]int64, len(old))
			for i, f := range old {
				ids[i], owners[i] = f.ID, f.OrganizationID
			}
			// Whoever checks a project holds its organisation, too.
			if _, err := tx.Organization.Query().Where(among(owners), store.Locked).Order(ent.Asc(organization.FieldID)).IDs(ctx); err != nil {
				return err
			}
			n, err = tx.Finding.Delete().Where(isOld, among(ids)).Exec(ctx)
			return err
		})
		if err != nil || n < forgottenAtOnce {
			return err
		}
	}
}
