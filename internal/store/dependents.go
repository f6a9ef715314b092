package store

import (
	"context"

	"entgo.io/ent/dialect/sql/schema"

	"stackyard/ent/migrate"
	"stackyard/internal/enum"
)

// dependent is a subject or a part that the database changes by itself when a row
// goes that it refers to.
type dependent struct {
	entity string
	table  string
	column string // with the key of the row that it refers to
	// isDeleted is true where it goes too, and does not just lose the reference.
	isDeleted bool
}

// dependents are they by the table that they refer to, as the data model has them.
var dependents = func() map[string][]dependent {
	entities := map[string]string{}
	for entity, s := range subjects {
		entities[s.table] = entity
		for _, p := range s.parts {
			entities[p.table] = p.entity
		}
	}
	out := map[string][]dependent{}
	for _, t := range migrate.Tables {
		entity, isRecorded := entities[t.Name]
		for _, f := range t.ForeignKeys {
			if isRecorded && (f.OnDelete == schema.Cascade || f.OnDelete == schema.SetNull) {
				out[f.RefTable.Name] = append(out[f.RefTable.Name], dependent{
					entity: entity, table: t.Name, column: f.Columns[0].Name, isDeleted: f.OnDelete == schema.Cascade,
				})
			}
		}
	}
	return out
}()

// touchDependents notes how everything is that the database will change by itself
// when subjects are deleted. What is an organisation's goes with its log.
func (r *recorder) touchDependents(ctx context.Context, s subject, ids []int64) error {
	if s.kind == enum.SubjectOrganization {
		return nil
	}
	for _, d := range dependents[s.table] {
		if err := r.touchDependent(ctx, d, ids); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) touchDependent(ctx context.Context, d dependent, ids []int64) error {
	of, isPart := partsOf[d.entity]
	if isPart && of.parent == d.column {
		return nil // it goes with the subject that it is a part of
	}
	if isPart {
		parents, err := r.keys(ctx, d.table, of.parent, d.column, ids)
		if err != nil {
			return err
		}
		return r.touchParts(ctx, of, parents)
	}
	children, err := r.keys(ctx, d.table, "id", d.column, ids)
	if err != nil {
		return err
	}
	if err := r.touch(ctx, d.entity, children); err != nil || !d.isDeleted {
		return err
	}
	return r.touchDependents(ctx, subjects[d.entity], children)
}
