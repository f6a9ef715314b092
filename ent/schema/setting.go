package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Setting is a value that the store keeps about itself.
type Setting struct{ ent.Schema }

// Mixin of shared fields.
func (Setting) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Setting) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique(),
		field.Text("value"),
	}
}
