package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Member is a user's place in an organisation.
type Member struct{ ent.Schema }

// Mixin of shared fields.
func (Member) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Member) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("organization_id"),
		field.Int64("user_id"),
		field.String("role").GoType(enum.OrganizationRole("")),
		instant("since"),
	}
}

// Edges of the entity.
func (Member) Edges() []ent.Edge {
	return []ent.Edge{
		parent("organization", Organization.Type, "organization_id"),
		parent("user", User.Type, "user_id"),
	}
}

// Indexes, each with the query that it serves.
func (Member) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization_id", "user_id").Unique(), // who shares an organisation with whom
		index.Fields("organization_id", "since", "id"),      // members of organisations
		index.Fields("user_id"),                             // the roles of a viewer
	}
}

// Annotations give the entity its global id.
func (Member) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
