package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Category is a kind of back-end software.
type Category struct{ ent.Schema }

// Mixin of shared fields.
func (Category) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (Category) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("name"),
		field.Text("summary"),
		field.Text("rationale"),
		list("responsibilities"),
		field.Int("position"), // in the natural order
	}
}

// Annotations give the entity its global id.
func (Category) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
