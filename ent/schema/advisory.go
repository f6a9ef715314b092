package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Advisory is a published vulnerability.
type Advisory struct{ ent.Schema }

// Mixin of shared fields.
func (Advisory) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}, dated{}} }

// Fields of the entity.
func (Advisory) Fields() []ent.Field {
	return []ent.Field{
		field.String("identifier").Unique(),
		list("aliases"),
		text("summary"),
		field.Enum("severity").GoType(enum.Severity("")),
		field.Float("score").Optional().Nillable(),
		instant("published_at"),
		instant("modified_at"),
		someInstant("withdrawn_at"),
		list("references"),
	}
}

// Indexes, each with the query that it serves.
func (Advisory) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("published_at", "id"), // newest first
	}
}

// Annotations give the entity its global id.
func (Advisory) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
