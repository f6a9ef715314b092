package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// IdempotencyKey remembers what a mutation did under a key that its caller chose.
type IdempotencyKey struct{ ent.Schema }

// Mixin of shared fields.
func (IdempotencyKey) Mixin() []ent.Mixin { return []ent.Mixin{keyed{}} }

// Fields of the entity.
func (IdempotencyKey) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("user_id"),
		field.String("key"),
		field.String("request"), // digest of the mutation's name and input
		field.Text("result"),    // the global id of what it answered with
		instant("created_at"),
	}
}

// Edges of the entity.
func (IdempotencyKey) Edges() []ent.Edge {
	return []ent.Edge{parent("user", User.Type, "user_id")}
}

// Indexes, each with the query that it serves.
func (IdempotencyKey) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("user_id", "key").Unique(),
		index.Fields("created_at"), // those that are old enough to forget
	}
}
