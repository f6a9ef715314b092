package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// VersionRequirement is another technology that a release cycle needs.
type VersionRequirement struct{ ent.Schema }

// Mixin of shared fields.
func (VersionRequirement) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (VersionRequirement) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("release_cycle_id"),
		field.Int64("technology_id"),
		field.Enum("kind").GoType(enum.RequirementKind("")),
		text("min_version"),
		text("max_version"),
		list("versions"),
		field.Text("as_published"),
		field.Int("position"),
	}
}

// Edges of the entity.
func (VersionRequirement) Edges() []ent.Edge {
	return []ent.Edge{
		parent("release_cycle", ReleaseCycle.Type, "release_cycle_id"),
		parent("technology", Technology.Type, "technology_id"),
	}
}

// Indexes, each with the query that it serves.
func (VersionRequirement) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("release_cycle_id", "position"), // requirements of cycles
		index.Fields("technology_id"),                // deleting a technology
	}
}
