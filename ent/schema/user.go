package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// User is somebody who has used the API with a token.
type User struct{ ent.Schema }

// Mixin of shared fields.
func (User) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("issuer"),
		field.String("subject"),
		field.String("name"),
		text("avatar"),
		text("email"),
		instant("created_at"),
		someInstant("token_issued_at"), // of the token that name, avatar and email follow
	}
}

// Indexes, each with the query that it serves.
func (User) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("issuer", "subject").Unique(),
	}
}

// Annotations give the entity its global id.
func (User) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
