package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"stackyard/internal/enum"
)

// Tool is something of the wider stack that the catalogue only names.
type Tool struct{ ent.Schema }

// Mixin of shared fields.
func (Tool) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (Tool) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("name"),
		text("homepage"),
		field.Enum("area").GoType(enum.IntegrationArea("")),
	}
}

// Annotations give the entity its global id.
func (Tool) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
