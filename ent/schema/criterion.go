package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Criterion is a question to ask before choosing.
type Criterion struct{ ent.Schema }

// Mixin of shared fields.
func (Criterion) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (Criterion) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("name"),
		field.Text("question"),
		field.Text("guidance"),
		field.Int("position"),
	}
}

// Annotations give the entity its global id.
func (Criterion) Annotations() []schema.Annotation {
	return []schema.Annotation{node{Global: true}, entsql.Table("criteria")}
}
