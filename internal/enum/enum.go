// Package enum is the one Go home of every enumeration of the contract. The
// data model and the GraphQL layer both point here; an unknown value is refused.
package enum

import (
	"io"
	"strconv"
	"strings"

	"stackyard/internal/fault"
)

// unmarshal reads a GraphQL enum value and refuses what is not one of values.
func unmarshal[T ~string](to *T, v any, values []T) error {
	s, ok := v.(string)
	if !ok {
		return fault.BadInput("a value of an enumeration is a name, one of %s", strings.Join(names(values), ", "))
	}
	for _, known := range values {
		if string(known) == s {
			*to = known
			return nil
		}
	}
	return fault.BadInput("%q is none of %s", fault.Shorten(s), strings.Join(names(values), ", "))
}

func marshal[T ~string](w io.Writer, v T) {
	_, _ = io.WriteString(w, strconv.Quote(string(v)))
}

func names[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
