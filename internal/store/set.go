package store

import (
	"encoding/json"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// In is the condition that a column holds one of the values. All values are one
// parameter, so that the statement is the same for any number of them.
func In[T int64 | int | string](column string, values []T) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			b.WriteString(column + " = ANY(").Arg(values).WriteString(")")
			return
		}
		b.WriteString(column + " IN (SELECT value FROM ")
		writeSet(b, values)
		b.WriteString(")")
	})
}

// writeSet writes the values as a table of one column named value (which on
// PostgreSQL an alias has to name).
func writeSet[T int64 | int | string](b *sql.Builder, values []T) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("unnest(").Arg(values)
		switch any(values).(type) {
		case []string:
			b.WriteString("::text[])")
		default:
			b.WriteString("::bigint[])")
		}
		return
	}
	list, err := json.Marshal(values)
	if err != nil {
		b.AddError(err)
		return
	}
	b.WriteString("json_each(").Arg(string(list)).WriteString(")")
}
