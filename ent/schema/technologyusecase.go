package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// TechnologyUseCase says that a technology suits a use case.
type TechnologyUseCase struct{ ent.Schema }

// Mixin of shared fields.
func (TechnologyUseCase) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (TechnologyUseCase) Fields() []ent.Field {
	return append([]ent.Field{
		field.Int64("technology_id"),
		field.Int64("use_case_id"),
		field.Int("position"),
	}, technologySortKeys()...)
}

// Edges of the entity.
func (TechnologyUseCase) Edges() []ent.Edge {
	return []ent.Edge{
		parent("technology", Technology.Type, "technology_id"),
		reference("use_case", UseCase.Type, "use_case_id"),
	}
}

// Indexes, each with the query that it serves.
func (TechnologyUseCase) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("technology_id", "position").Unique(),       // use cases of technologies
		index.Fields("use_case_id", "name_key", "technology_id"), // technologies of use cases by name
	}
}
