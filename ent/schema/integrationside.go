package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// IntegrationSide is an integration as one of its technologies sees it.
type IntegrationSide struct{ ent.Schema }

// Mixin of shared fields.
func (IntegrationSide) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (IntegrationSide) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.Int64("integration_id"),
		field.Enum("area").GoType(enum.IntegrationArea("")),
		sortKey("name_key"), // of the other side
	}
}

// Edges of the entity.
func (IntegrationSide) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
		parent("integration", Integration.Type, "integration_id"),
	}
}

// Indexes, each with the query that it serves.
func (IntegrationSide) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "name_key", "integration_id"), // integrations of technologies
		index.Fields("integration_id"),
	}
}
