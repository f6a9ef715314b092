package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Identifier is a name that other systems know a technology by.
type Identifier struct{ ent.Schema }

// Mixin of shared fields.
func (Identifier) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Identifier) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.Enum("scheme").GoType(enum.IdentifierScheme("")),
		field.String("value"),
		field.Int("position"),
	}
}

// Edges of the entity.
func (Identifier) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
	}
}

// Indexes, each with the query that it serves.
func (Identifier) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "position"), // identifiers of technologies
		index.Fields("value"),                     // recognising a component
	}
}
