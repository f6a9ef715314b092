package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Review is what a user thinks of a technology.
type Review struct{ ent.Schema }

// Mixin of shared fields.
func (Review) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Review) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.Int64("author_id"),
		field.Int("rating"),
		text("body"),
		field.Bool("is_hidden").Default(false),
		text("moderation_note"),
		field.Int("revision").Default(1),
		instant("created_at"),
		instant("updated_at"),
	}
}

// Edges of the entity.
func (Review) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
		parent("author", User.Type, "author_id"),
	}
}

// Indexes, each with the query that it serves.
func (Review) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "author_id").Unique(), // one review per user and technology
		index.Fields("technology_id", "created_at", "id"),   // reviews of technologies
		index.Fields("author_id", "created_at", "id"),       // reviews of users
	}
}

// Annotations give the entity its global id.
func (Review) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
