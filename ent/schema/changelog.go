package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ChangeLog numbers the changes of one log. The log of an organisation has the
// organisation's id, that of the public catalogue 0.
type ChangeLog struct{ ent.Schema }

// Mixin of shared fields.
func (ChangeLog) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (ChangeLog) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("organization_id").Optional().Nillable().
			Comment("As the id; null for the public catalogue."),
		field.Int64("last_sequence").Default(0),
		field.Int64("dropped_until").Default(0).
			Comment("The last sequence number that is no longer kept."),
	}
}

// Edges of the entity.
func (ChangeLog) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("organization", Organization.Type).Field("organization_id").Unique().
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes, each with the query that it serves.
func (ChangeLog) Indexes() []ent.Index {
	return []ent.Index{index.Fields("organization_id").Unique()}
}
