package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// AffectedRange is an interval of versions that an advisory concerns.
type AffectedRange struct{ ent.Schema }

// Mixin of shared fields.
func (AffectedRange) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (AffectedRange) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("advisory_id"),
		field.Int64("technology_id"),
		text("package"),
		text("ecosystem"),
		text("introduced"),
		text("fixed"),
		text("last_affected"),
		list("versions"),
		field.Bool("is_decidable").Default(true),
		field.Int("position"),
	}
}

// Edges of the entity.
func (AffectedRange) Edges() []ent.Edge {
	return []ent.Edge{
		parent("advisory", Advisory.Type, "advisory_id"),
		parent("technology", Technology.Type, "technology_id"),
	}
}

// Indexes, each with the query that it serves.
func (AffectedRange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("advisory_id", "position"), // ranges of advisories
		index.Fields("technology_id"),           // advisories that affect a version
	}
}
