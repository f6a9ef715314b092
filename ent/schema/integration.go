package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Integration is how a technology works with another or with a tool.
type Integration struct{ ent.Schema }

// Mixin of shared fields.
func (Integration) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (Integration) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("from_id"),
		field.Int64("to_technology_id").Optional().Nillable(),
		field.Int64("to_tool_id").Optional().Nillable(),
		field.Enum("area").GoType(enum.IntegrationArea("")),
		field.Enum("support").GoType(enum.IntegrationSupport("")),
		text("note"),
	}
}

// Edges of the entity.
func (Integration) Edges() []ent.Edge {
	return []ent.Edge{
		parent("from", Technology.Type, "from_id"),
		edge.To("to_technology", Technology.Type).Field("to_technology_id").Unique().Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("to_tool", Tool.Type).Field("to_tool_id").Unique().Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes, each with the query that it serves.
func (Integration) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("from_id", "to_technology_id", "area").Unique(),
		index.Fields("from_id", "to_tool_id", "area").Unique(),
		index.Fields("to_technology_id"), // deleting a technology
		index.Fields("to_tool_id"),
	}
}

// Annotations give the entity its global id.
func (Integration) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
