package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// TechnologyAdvisory says that an advisory concerns a technology.
type TechnologyAdvisory struct{ ent.Schema }

// Mixin of shared fields.
func (TechnologyAdvisory) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (TechnologyAdvisory) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.Int64("advisory_id"),
		instant("published_at"), // of the advisory, to order by
	}
}

// Edges of the entity.
func (TechnologyAdvisory) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
		parent("advisory", Advisory.Type, "advisory_id"),
	}
}

// Indexes, each with the query that it serves.
func (TechnologyAdvisory) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "advisory_id").Unique(),
		index.Fields("technology_id", "published_at", "advisory_id"), // advisories of technologies
		index.Fields("advisory_id"),
	}
}
