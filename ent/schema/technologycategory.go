package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// TechnologyCategory says that a technology is of a category.
type TechnologyCategory struct{ ent.Schema }

// Mixin of shared fields.
func (TechnologyCategory) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (TechnologyCategory) Fields() []ent.Field {
	return append([]ent.Field{
		field.Int64("technology_id"),
		field.Int64("category_id"),
		field.Int("position"), // 0 is the main category
	}, technologySortKeys()...)
}

// Edges of the entity.
func (TechnologyCategory) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
		reference("category", Category.Type, "category_id"),
	}
}

// Indexes, each with the query that it serves.
func (TechnologyCategory) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "position").Unique(),         // categories of technologies
		index.Fields("category_id", "name_key", "technology_id"),   // technologies of categories by name
		index.Fields("category_id", "updated_at", "technology_id"), // and by change
	}
}
