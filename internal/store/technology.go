package store

import (
	"cmp"
	"context"
	"fmt"

	"entgo.io/ent/dialect"

	"stackyard/ent"
	"stackyard/internal/calendar"
)

// fileKey is the slug that the files have for a technology, whatever people call it.
func fileKey(t *ent.Technology) string { return cmp.Or(t.FileKey, t.Slug) }

// fileKeyOf is fileKey in SQL.
func fileKeyOf(technologies string) string {
	return fmt.Sprintf("CASE WHEN %[1]s.file_key <> '' THEN %[1]s.file_key ELSE %[1]s.slug END", technologies)
}

// DeleteTechnology deletes a technology with everything that is only its own, so
// that no upgrade brings it back.
func DeleteTechnology(ctx context.Context, tx *ent.Tx, t *ent.Technology, at calendar.Instant) error {
	if err := deleteTechnology(ctx, tx, t.ID); err != nil {
		return fmt.Errorf("deleting a technology: %w", err)
	}
	return Bury(ctx, tx, tableTechnologies, fileKey(t), at)
}

// DeleteReleaseCycle deletes a release cycle of a technology, so that no upgrade
// brings it back.
func DeleteReleaseCycle(ctx context.Context, tx *ent.Tx, of *ent.Technology, c *ent.ReleaseCycle, at calendar.Instant) error {
	if err := tx.ReleaseCycle.DeleteOne(c).Exec(ctx); err != nil {
		return fmt.Errorf("deleting a release cycle: %w", err)
	}
	return Bury(ctx, tx, tableReleaseCycles, fileKey(of)+"/"+c.Name, at)
}

// deleteTechnology leaves to the database what refers to the technology.
func deleteTechnology(ctx context.Context, tx *ent.Tx, id int64) error {
	if recorderOf(ctx).dialect == dialect.SQLite { // where the index is no table that refers to others
		if _, err := tx.ExecContext(ctx, "DELETE FROM technology_search WHERE rowid = ?", id); err != nil {
			return err
		}
	}
	return tx.Technology.DeleteOneID(id).Exec(ctx)
}
