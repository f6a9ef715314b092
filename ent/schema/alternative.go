package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Alternative is a technology that could be taken instead of another.
type Alternative struct{ ent.Schema }

// Mixin of shared fields.
func (Alternative) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Alternative) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.Int64("alternative_id"),
		field.Int("position"), // 0 is the closest
	}
}

// Edges of the entity.
func (Alternative) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
		parent("alternative", Technology.Type, "alternative_id"),
	}
}

// Indexes, each with the query that it serves.
func (Alternative) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "position", "alternative_id"), // alternatives of technologies
		index.Fields("alternative_id"),                              // deleting a technology
	}
}
