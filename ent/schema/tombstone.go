package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Tombstone keeps what was deleted from coming back with an upgrade.
type Tombstone struct{ ent.Schema }

// Mixin of shared fields.
func (Tombstone) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Tombstone) Fields() []ent.Field {
	return []ent.Field{
		field.String("kind"), // the table
		field.String("name"), // the natural key, such as a slug or "slug/cycle"
		instant("deleted_at"),
	}
}

// Indexes, each with the query that it serves.
func (Tombstone) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("kind", "name").Unique(),
	}
}
