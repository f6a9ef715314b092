package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// TechnologyTag is one value of a list that technologies are filtered by.
type TechnologyTag struct{ ent.Schema }

// Mixin of shared fields.
func (TechnologyTag) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (TechnologyTag) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.String("kind"), // hosting, capability, language, license
		field.String("value"),
	}
}

// Edges of the entity.
func (TechnologyTag) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
	}
}

// Indexes, each with the query that it serves.
func (TechnologyTag) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "kind", "value").Unique(), // filters of technologies
		index.Fields("kind", "value"),
	}
}
