package store

import (
	"context"

	"stackyard/ent"
	"stackyard/ent/tombstone"
	"stackyard/internal/calendar"
)

// Tables whose rows leave a tombstone when they are deleted.
const (
	tableTechnologies  = "technologies"
	tableReleaseCycles = "release_cycles"
)

// Bury keeps a deleted record of a table from coming back with an upgrade. Its
// name is its key in the files: a slug, or slug and cycle name with a slash between.
func Bury(ctx context.Context, tx *ent.Tx, table, name string, at calendar.Instant) error {
	return tx.Tombstone.Create().SetKind(table).SetName(name).SetDeletedAt(at).
		OnConflictColumns(tombstone.FieldKind, tombstone.FieldName).UpdateDeletedAt().Exec(ctx)
}

func (s *seeder) tombstones(ctx context.Context, table string) (map[string]bool, error) {
	names, err := s.tx.Tombstone.Query().Where(tombstone.Kind(table)).Select(tombstone.FieldName).Strings(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out, nil
}
