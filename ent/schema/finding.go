package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"stackyard/internal/enum"
)

// Finding is something to know about a project, kept for as long as it can be followed.
type Finding struct{ ent.Schema }

// Mixin of shared fields.
func (Finding) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Finding) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("project_id"),
		field.Int64("organization_id"), // of the project, to know whose it is
		field.String("identity").
			Comment("The component's key, 0 for the whole stack, and the cause: the same finding, whenever it comes back."),
		field.Int64("component_id").Optional().Nillable(), // none for the whole stack, or once it is gone
		field.String("rule").GoType(enum.FindingRule("")),
		field.String("severity").GoType(enum.Severity("")),
		field.Int("severity_rank"), // 0 is the worst
		field.Text("message"),
		field.Text("advice"),
		field.Int64("advisory_id").Optional().Nillable(),
		text("fixed_by"),
		instant("first_seen_at"),
		someInstant("last_seen_at"), // once it is fixed; until then, at the last check of the project
		someInstant("fixed_at"),
		field.Int64("acknowledged_by_id").Optional().Nillable(),
		text("acknowledged_reason"),
		someDay("acknowledged_until"),
		field.String("acknowledged_severity").GoType(enum.Severity("")).Optional().Nillable().
			Comment("How severe it was when it was accepted: no more than that is."),
	}
}

// Edges of the entity.
func (Finding) Edges() []ent.Edge {
	return []ent.Edge{
		parent("project", Project.Type, "project_id"),
		parent("organization", Organization.Type, "organization_id"),
		edge.To("component", StackComponent.Type).Field("component_id").Unique().
			Annotations(entsql.OnDelete(entsql.SetNull)),
		edge.To("advisory", Advisory.Type).Field("advisory_id").Unique().
			Annotations(entsql.OnDelete(entsql.SetNull)),
		edge.To("acknowledged_by", User.Type).Field("acknowledged_by_id").Unique().
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes, each with the query that it serves.
func (Finding) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("project_id", "identity").Unique(),        // one of a kind
		index.Fields("project_id", "severity_rank", "id"),      // findings of projects
		index.Fields("organization_id", "severity_rank", "id"), // and of organisations
		index.Fields("component_id"),                           // a component that goes
		index.Fields("advisory_id"),                            // an advisory that goes
		index.Fields("acknowledged_by_id"),                     // deleting a user
		index.Fields("fixed_at"),                               // what was fixed long ago
	}
}

// Annotations give the entity its global id.
func (Finding) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
