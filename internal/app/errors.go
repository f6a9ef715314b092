package app

import (
	"fmt"
	"strings"

	"stackyard/internal/enum"
	"stackyard/internal/fault"
)

// UserError is a fault of an input, in words for the person who gave it.
type UserError struct {
	Code enum.UserErrorCode
	// Field is the path into the input, which begins with `input`.
	Field   []string
	Message string
}

// UserErrors are all faults of an input. Where there are any, nothing was changed.
type UserErrors []*UserError

func (e UserErrors) Error() string {
	texts := make([]string, len(e))
	for i, u := range e {
		texts[i] = strings.Join(u.Field, ".") + ": " + u.Message
	}
	return strings.Join(texts, "; ")
}

// mostRepeated is how many faults an error of a question names.
const mostRepeated = 10

// badInput is the error of a question whose arguments have faults; nil where there are none.
func (f *faults) badInput() error {
	if len(f.found) == 0 {
		return nil
	}
	texts := make([]string, 0, mostRepeated+1)
	for _, u := range f.found[:min(len(f.found), mostRepeated)] {
		texts = append(texts, strings.Join(u.Field[1:], ".")+": "+u.Message)
	}
	if more := len(f.found) - mostRepeated; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return fault.BadInput("%s", strings.Join(texts, "; "))
}

// wrong is a single fault of an input's field.
func wrong(field string, code enum.UserErrorCode, format string, args ...any) UserErrors {
	return UserErrors{{Code: code, Field: []string{"input", field}, Message: fmt.Sprintf(format, args...)}}
}

// notFound is the fault of an id that names nothing that the viewer may know of.
func notFound(field string) error {
	return wrong(field, enum.InputNotFound, "there is no such object")
}

// forbidden is the fault of a viewer whose role is too low.
func forbidden(role enum.OrganizationRole) error {
	e := fault.New(fault.Forbidden, "this takes the role %s in the organisation", role)
	e.Details = map[string]any{"requiredRole": role}
	return e
}

// lacking is the fault of a token without a scope.
func lacking(scope string) error {
	e := fault.New(fault.Forbidden, "this takes the scope %s", scope)
	e.Details = map[string]any{"requiredScopes": [][]string{{scope}}}
	return e
}
