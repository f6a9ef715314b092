package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"stackyard/internal/enum"
)

// Organization is a tenant.
type Organization struct{ ent.Schema }

// Mixin of shared fields.
func (Organization) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (Organization) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").Unique(),
		field.String("name"),
		sortKey("name_key"),
		field.Int("end_of_life_horizon_days").Default(180),
		field.Strings("allowed_licenses").Optional().
			Comment("SPDX identifiers; null lets any licence through."),
		field.JSON("disabled_rules", []enum.FindingRule{}).Default([]enum.FindingRule{}),
		field.String("calendar_digest").Optional().Nillable().Unique().Sensitive().
			Comment("SHA-256 of the token in the address of the calendar, in hexadecimal; null where there is no address."),
		field.Int("revision").Default(1),
		instant("created_at"),
		instant("updated_at"),
	}
}

// Annotations give the entity its global id.
func (Organization) Annotations() []schema.Annotation { return []schema.Annotation{node{Global: true}} }
