package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// AdvisoryName is an identifier or alias of an advisory, in upper case.
type AdvisoryName struct{ ent.Schema }

// Mixin of shared fields.
func (AdvisoryName) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (AdvisoryName) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("advisory_id"),
		field.String("name"),
	}
}

// Edges of the entity.
func (AdvisoryName) Edges() []ent.Edge {
	return []ent.Edge{
		parent("advisory", Advisory.Type, "advisory_id"),
	}
}

// Indexes, each with the query that it serves.
func (AdvisoryName) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name").Unique(), // filter identifier: one vulnerability is one advisory
		index.Fields("advisory_id"),
	}
}
