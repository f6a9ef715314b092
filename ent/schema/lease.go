package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Lease is the right of one instance to do something that no other does meanwhile.
type Lease struct{ ent.Schema }

// Mixin of shared fields.
func (Lease) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Lease) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique(),
		field.String("holder"),
		instant("until"), // by the database's clock
	}
}
