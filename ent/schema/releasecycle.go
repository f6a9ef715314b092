package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ReleaseCycle is a line of releases that is supported together.
type ReleaseCycle struct{ ent.Schema }

// Mixin of shared fields.
func (ReleaseCycle) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}, editable{}, dated{}} }

// Fields of the entity.
func (ReleaseCycle) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.String("name"),
		text("codename"),
		someDay("released_on"),
		field.Bool("is_long_term").Default(false), // now, or from long_term_from on
		someDay("long_term_from"),
		someDay("active_support_until"),
		field.Bool("active_support_over").Optional().Nillable(), // where no day is known
		someDay("end_of_life_on"),
		field.Bool("end_of_life_passed").Optional().Nillable(), // where no day is known
		someDay("extended_support_until"),
		field.Bool("extended_support_over").Optional().Nillable(), // where no day is known
		text("latest_version"),
		someDay("latest_released_on"),
		field.Int("position").Default(0), // as published, newest first
	}
}

// Edges of the entity.
func (ReleaseCycle) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
	}
}

// Indexes, each with the query that it serves.
func (ReleaseCycle) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "name").Unique(),
		index.Fields("end_of_life_on", "id"), // the calendar's range; its orders are in migrations
	}
}

// Annotations give the entity its global id.
func (ReleaseCycle) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
