package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// Project is a service or application that an organisation runs.
type Project struct{ ent.Schema }

// Mixin of shared fields.
func (Project) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Project) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("organization_id"),
		field.String("slug"),
		field.String("name"),
		sortKey("name_key"),
		text("description"),
		text("team"),
		field.String("visibility").GoType(enum.Visibility("")),
		field.Int64("use_case_id").Optional().Nillable(),
		field.String("traffic").GoType(enum.Traffic("")).Optional().Nillable(),
		field.Bool("has_user_accounts").Optional().Nillable(),
		field.Bool("is_internet_facing").Optional().Nillable(),
		field.Int("cost_amount").Optional().Nillable(), // a month, in whole units of the currency
		field.String("cost_currency").Optional().Nillable(),
		field.Text("search_text").
			Comment("Words of slug, name and description, folded, each after a blank."),
		field.Int("score").Optional().Nillable(),                         // of the open findings; none where nothing in the stack is known
		field.Int64("checked_at").GoType(calendar.Instant(0)).Default(0), // for findings
		field.Int32("checked_on").GoType(calendar.Day(0)).Default(0).
			Comment("The day for which findings are known; 0 where something has changed since."),
		field.Int64("checked_sequence").Default(0).
			Comment("How far the public change log had come with the facts that were checked against."),
		field.Int("revision").Default(1),
		instant("created_at"),
		instant("updated_at"),
	}
}

// Edges of the entity.
func (Project) Edges() []ent.Edge {
	return []ent.Edge{
		parent("organization", Organization.Type, "organization_id"),
		edge.To("use_case", UseCase.Type).Field("use_case_id").Unique().
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes, each with the query that it serves.
func (Project) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organization_id", "slug").Unique(),
		index.Fields("organization_id", "name_key", "id"),   // projects of organisations by name
		index.Fields("organization_id", "updated_at", "id"), // and by change
		index.Fields("checked_on", "id"),                    // what is to be checked
		index.Fields("name_key", "id"),                      // projects that run a technology
		index.Fields("use_case_id"),
	}
}

// Annotations give the entity its global id.
func (Project) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
