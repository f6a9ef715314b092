package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Invitation lets whoever can show an e-mail address become a member.
type Invitation struct{ ent.Schema }

// Mixin of shared fields.
func (Invitation) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Invitation) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("organization_id"),
		field.String("email"),     // as it was given
		field.String("email_key"), // as addresses are compared
		field.String("role").GoType(enum.OrganizationRole("")),
		instant("created_at"),
		instant("expires_at"),
	}
}

// Edges of the entity.
func (Invitation) Edges() []ent.Edge {
	return []ent.Edge{
		parent("organization", Organization.Type, "organization_id"),
	}
}

// Indexes, each with the query that it serves.
func (Invitation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization_id", "email_key").Unique(), // one invitation an address; those of an organisation
		index.Fields("email_key", "expires_at"),               // those that wait for a viewer
	}
}

// Annotations give the entity its global id.
func (Invitation) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
