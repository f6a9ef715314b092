package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Successor is a technology that took the place of another.
type Successor struct{ ent.Schema }

// Mixin of shared fields.
func (Successor) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Successor) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.Int64("successor_id"),
		field.Int("position"),
	}
}

// Edges of the entity.
func (Successor) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
		parent("successor", Technology.Type, "successor_id"),
	}
}

// Indexes, each with the query that it serves.
func (Successor) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "position"), // successors of technologies
		index.Fields("successor_id"),              // deleting a technology
	}
}
