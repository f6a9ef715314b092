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

// StackComponent is a technology in use by a project.
type StackComponent struct{ ent.Schema }

// Mixin of shared fields.
func (StackComponent) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (StackComponent) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("project_id"),
		field.Int64("organization_id"), // of the project, to know whose it is
		field.Int64("technology_id").Optional().Nillable(),
		field.String("name"), // as it was given
		text("installed_version"),
		field.Int64("release_cycle_id").Optional().Nillable(), // of the version, as of the last check
		field.String("ring").GoType(enum.Ring("")).Optional().Nillable(),
		text("note"),
		text("purl"),
		field.Int("position"),
	}
}

// Edges of the entity.
func (StackComponent) Edges() []ent.Edge {
	return []ent.Edge{
		parent("project", Project.Type, "project_id"),
		parent("organization", Organization.Type, "organization_id"),
		edge.To("technology", Technology.Type).Field("technology_id").Unique().
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("release_cycle", ReleaseCycle.Type).Field("release_cycle_id").Unique().
			Annotations(entsql.OnDelete(entsql.SetNull)),
	}
}

// Indexes, each with the query that it serves.
func (StackComponent) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("project_id", "position", "id"),        // the stack of a project
		index.Fields("technology_id", "project_id"),         // projects that run a technology
		index.Fields("organization_id", "technology_id"),    // and those of one organisation
		index.Fields("organization_id", "release_cycle_id"), // what ends for an organisation
		index.Fields("release_cycle_id", "project_id"),      // and for which projects
	}
}

// Annotations give the entity its global id.
func (StackComponent) Annotations() []schema.Annotation {
	return []schema.Annotation{node{Global: true}}
}
