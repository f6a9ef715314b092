package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Webhook is an address that is told of the changes of an organisation.
type Webhook struct{ ent.Schema }

// Mixin of shared fields.
func (Webhook) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Webhook) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("organization_id"),
		field.String("url"),
		field.JSON("subject_types", []enum.ChangeSubjectType{}),
		field.Bytes("secret").Sensitive().
			Comment("The key of signatures, sealed under the server's secret key."),
		field.Int64("sequence").
			Comment("How far the organisation's change log has been delivered, or given up."),
		someInstant("last_delivered_at"),
		text("last_error"),           // in words for the owner
		someInstant("failing_since"), // the first failure after the last delivery
		someInstant("next_attempt_at"),
		field.Int("missed_count").Default(0).
			Comment("Changes that were given up since the last delivery."),
	}
}

// Edges of the entity.
func (Webhook) Edges() []ent.Edge {
	return []ent.Edge{parent("organization", Organization.Type, "organization_id")}
}

// Indexes, each with the query that it serves.
func (Webhook) Indexes() []ent.Index {
	return []ent.Index{index.Fields("organization_id", "id")} // webhooks of organisations
}

// Annotations give the entity its global id.
func (Webhook) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
