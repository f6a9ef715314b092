// Package schema describes the data model, one entity a file.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"

	"stackyard/internal/calendar"
)

// node marks an entity that the API names by a global id.
type node struct{ Global bool }

// Name is what templates know the annotation by.
func (node) Name() string { return "Node" }

var _ schema.Annotation = node{}

// keyed gives an entity its 64-bit key.
type keyed struct{ mixin.Schema }

// Fields of every entity.
func (keyed) Fields() []ent.Field {
	return []ent.Field{field.Int64("id").Immutable()}
}

// embedded marks what can come from the embedded catalogue.
type embedded struct{ mixin.Schema }

// Fields that say which record of the files a row was last made from.
func (embedded) Fields() []ent.Field {
	return []ent.Field{
		field.String("file_digest").Default("").
			Comment("Digest of the embedded record that the row was last made from; empty where it came from elsewhere."),
	}
}

// editable marks what people may correct: their edits win over files and sources.
type editable struct{ mixin.Schema }

// Fields that keep people's edits, and count changes.
func (editable) Fields() []ent.Field {
	return []ent.Field{
		field.Strings("edited_fields").Default([]string{}).
			Comment("Columns that a person has set; files and sources leave them alone."),
		field.Int("revision").Default(1),
	}
}

// dated marks facts: each has a source and a day on which it was true.
type dated struct{ mixin.Schema }

// Fields of a fact.
func (dated) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("source_id").Optional().Nillable(),
		day("as_of"), // on which the facts were true
	}
}

// Edges of a fact.
func (dated) Edges() []ent.Edge {
	return []ent.Edge{edge.To("source", Source.Type).Field("source_id").Unique()}
}

// parent is a required reference whose rows go when the parent goes.
func parent(name string, of any, column string) ent.Edge {
	return edge.To(name, of).Field(column).Unique().Required().
		Annotations(entsql.OnDelete(entsql.Cascade))
}

// reference is a required reference that keeps what it points at from being deleted.
func reference(name string, of any, column string) ent.Edge {
	return edge.To(name, of).Field(column).Unique().Required().
		Annotations(entsql.OnDelete(entsql.Restrict))
}

// day is a calendar day that is always known.
func day(name string) ent.Field { return field.Int32(name).GoType(calendar.Day(0)) }

// someDay is a calendar day that may not be known.
func someDay(name string) ent.Field {
	return field.Int32(name).GoType(calendar.Day(0)).Optional().Nillable()
}

// instant is a point in time, in microseconds.
func instant(name string) ent.Field { return field.Int64(name).GoType(calendar.Instant(0)) }

// someInstant is a point in time that may not be known.
func someInstant(name string) ent.Field {
	return field.Int64(name).GoType(calendar.Instant(0)).Optional().Nillable()
}

// text is a text that may be missing, never one that is empty.
func text(name string) ent.Field { return field.Text(name).Optional().Nillable() }

// list is a list of strings, empty where there is nothing.
func list(name string) ent.Field { return field.Strings(name).Default([]string{}) }

// sortKey is what names are ordered by: bytes, compared alike on both databases.
func sortKey(name string) ent.Field {
	return field.Bytes(name).SchemaType(map[string]string{dialect.SQLite: "blob", dialect.Postgres: "bytea"})
}

// technologySortKeys are the columns by which technologies are ordered, carried
// by the tables that link technologies to something, so that a page of a parent
// is read from one index. The store refreshes them when a technology changes.
func technologySortKeys() []ent.Field {
	return []ent.Field{
		sortKey("name_key"),
		field.Int("first_release_year").Optional().Nillable(),
		field.Float("rating_average").Optional().Nillable(),
		instant("updated_at"),
	}
}
