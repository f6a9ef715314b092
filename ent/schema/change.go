package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Change is one entry of a change log.
type Change struct{ ent.Schema }

// Mixin of shared fields.
func (Change) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Change) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("log_id"),
		field.Int64("sequence"),
		instant("at"),
		field.String("operation").GoType(enum.ChangeOperation("")),
		field.String("subject_type").GoType(enum.ChangeSubjectType("")),
		field.Int64("subject_key"),
		list("fields"),
		field.Int64("actor_id").Optional().Nillable(),
		field.Int("rank").Default(0).
			Comment("Rank of the least role that may know of it; 0 in the public log."),
	}
}

// Edges of the entity.
func (Change) Edges() []ent.Edge {
	return []ent.Edge{parent("log", ChangeLog.Type, "log_id")}
}

// Indexes, each with the query that it serves.
func (Change) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("log_id", "sequence").Unique(), // a log in its order, and the oldest of it
		index.Fields("actor_id", "log_id"),          // who acted in an organisation
	}
}
