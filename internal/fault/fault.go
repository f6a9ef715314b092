// Package fault has the kinds of errors that a caller may be told about. An
// error of no kind is nobody's business but the operator's.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what went wrong; its value is the `code` of a GraphQL error.
type Kind string

// The kinds.
const (
	BadUserInput    Kind = "BAD_USER_INPUT"
	Unauthenticated Kind = "UNAUTHENTICATED"
	Forbidden       Kind = "FORBIDDEN"
	NotFound        Kind = "NOT_FOUND"
	Conflict        Kind = "CONFLICT"
	CursorExpired   Kind = "CURSOR_EXPIRED"
	Unavailable     Kind = "UNAVAILABLE"
	Timeout         Kind = "TIMEOUT"
	Internal        Kind = "INTERNAL"
)

// Error is an error that a caller may read: the message is safe to show.
type Error struct {
	Kind    Kind
	Message string
	// Details stand beside the code in the `extensions` of a GraphQL error.
	Details map[string]any
}

func (e *Error) Error() string { return e.Message }

// New makes an error of a kind, with a message for the caller.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// BadInput is an error that the caller can put right by asking differently.
func BadInput(format string, args ...any) *Error { return New(BadUserInput, format, args...) }

// KindOf gives the kind of err, and Internal where it has none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Shorten keeps what a caller sent short enough to repeat it in a message.
func Shorten(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
