package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"stackyard/internal/enum"
)

// Mistake is something that commonly goes wrong.
type Mistake struct{ ent.Schema }

// Mixin of shared fields.
func (Mistake) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (Mistake) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("name"),
		field.Text("explanation"),
		field.Enum("rule").GoType(enum.FindingRule("")),
		field.Int("position"),
	}
}

// Annotations give the entity its global id.
func (Mistake) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
