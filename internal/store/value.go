package store

import (
	"fmt"

	"entgo.io/ent"
)

// Row is a row with columns that its type does not have.
type Row interface {
	Value(name string) (ent.Value, error)
}

// Column gives a column that was selected beside those of the row's type. A
// column that was not, or is of another type, is a mistake of the caller.
func Column[T any](row Row, name string) T {
	v, err := row.Value(name)
	if err != nil {
		panic(err)
	}
	t, ok := v.(T)
	if !ok {
		panic(fmt.Sprintf("column %s is a %T", name, v))
	}
	return t
}

// Parent gives the parent under which Linked found the row.
func Parent(row Row) int64 { return Column[int64](row, ParentID) }
