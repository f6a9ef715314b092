package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// TechnologyName is a slug, name or alias in the form in which names are compared.
type TechnologyName struct{ ent.Schema }

// Mixin of shared fields.
func (TechnologyName) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (TechnologyName) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		sortKey("name"), // folded
	}
}

// Edges of the entity.
func (TechnologyName) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
	}
}

// Indexes, each with the query that it serves.
func (TechnologyName) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "name").Unique(),
		index.Fields("name"), // search: exact names and their beginnings
	}
}
