package store

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// In is the condition that a column holds one of the values. All values are one
// parameter, so that the statement is the same for any number of them.
func In[T int64 | int | string](column string, values []T) *sql.Predicate {
	values = storable(values)
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

// among is the condition that a column of what is read, changed or deleted holds one of the keys.
func among(column string, keys []int64) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(In(s.C(column), keys)) }
}

// InBytes is In for a column of bytes, such as a folded name. The values are texts.
func InBytes(column string, values []string) *sql.Predicate {
	values = storable(values)
	return sql.P(func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			keys := make([][]byte, len(values))
			for i, v := range values {
				keys[i] = []byte(v)
			}
			b.WriteString(column + " = ANY(").Arg(keys).WriteString(")")
			return
		}
		b.WriteString(column + " IN (SELECT CAST(value AS BLOB) FROM ")
		writeSet(b, values)
		b.WriteString(")")
	})
}

// storable leaves out what no column holds: PostgreSQL refuses texts that are not
// UTF-8, or that have a NUL, even to compare with.
func storable[T any](values []T) []T {
	return slices.DeleteFunc(slices.Clone(values), func(v T) bool {
		s, isText := any(v).(string)
		return isText && (!utf8.ValidString(s) || strings.ContainsRune(s, 0))
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
