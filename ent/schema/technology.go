package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Technology is one piece of back-end software.
type Technology struct{ ent.Schema }

// Mixin of shared fields.
func (Technology) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}, editable{}, dated{}} }

// Fields of the entity.
func (Technology) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("file_key").Default("").
			Comment("The slug in the embedded catalogue, where a person has given another."),
		field.String("name"),
		sortKey("name_key"),
		list("aliases"),
		field.Text("summary"),
		text("description"),
		text("homepage"),
		text("documentation"),
		text("repository"),
		text("steward"),
		text("license_expression"),
		field.Bool("license_is_open_source").Default(false),
		field.Int("first_release_year").Optional().Nillable(),
		text("release_policy"),
		text("version_command"),
		field.JSON("hosting", []enum.Hosting{}).Default([]enum.Hosting{}),
		list("capabilities"),
		list("written_in"),
		list("languages"),
		text("curator_notes"),
		field.Float("rating_average").Optional().Nillable(),
		field.JSON("rating_distribution", []int{}).Default([]int{0, 0, 0, 0, 0}),
		instant("created_at"),
		instant("updated_at"),
	}
}

// Indexes, each with the query that it serves.
func (Technology) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name_key", "id"),           // technologies by name
		index.Fields("updated_at", "id"),         // technologies by change; filter changedSince
		index.Fields("first_release_year", "id"), // technologies by year
	}
}

// Annotations give the entity its global id.
func (Technology) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
