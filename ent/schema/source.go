package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Source is where facts come from.
type Source struct{ ent.Schema }

// Mixin of shared fields.
func (Source) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (Source) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("name"),
		field.String("homepage"),
		field.String("license"),
		someInstant("last_synced_at"),
		text("last_error"),
		field.Int("position"),
	}
}

// Annotations give the entity its global id.
func (Source) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
