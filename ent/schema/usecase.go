package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// UseCase is a situation that software is chosen for.
type UseCase struct{ ent.Schema }

// Mixin of shared fields.
func (UseCase) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (UseCase) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("name"),
		field.Text("summary"),
		list("traits"),
		field.Int("position"),
	}
}

// Annotations give the entity its global id.
func (UseCase) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
