package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// KnownPackage is a package that belongs to a technology.
type KnownPackage struct{ ent.Schema }

// Mixin of shared fields.
func (KnownPackage) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}, embedded{}} }

// Fields of the entity.
func (KnownPackage) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("technology_id"),
		field.String("ecosystem"),
		field.String("name"),
		field.String("purl"),
	}
}

// Edges of the entity.
func (KnownPackage) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
	}
}

// Indexes, each with the query that it serves.
func (KnownPackage) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("ecosystem", "name").Unique(), // recognising a component of an advisory or SBOM
		index.Fields("purl"),
		index.Fields("technology_id"),
	}
}
