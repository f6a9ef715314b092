package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/app"
	"stackyard/internal/fault"
)

const idempotent = "idempotent"

// caller is who runs the mutation that is being resolved, and under which key.
func caller(ctx context.Context) (app.Caller, error) {
	by := app.Caller{Viewer: operationOf(ctx).viewer}
	f := graphql.GetFieldContext(ctx).Field
	d := f.Directives.ForName(idempotent)
	if d == nil {
		return by, nil
	}
	variables := graphql.GetOperationContext(ctx).Variables
	key, _ := d.ArgumentMap(variables)["key"].(string)
	if key == "" {
		return by, fault.BadInput("the key of @idempotent is empty")
	}
	input, err := json.Marshal(f.ArgumentMap(variables))
	if err != nil {
		return by, fmt.Errorf("writing the input of %s: %w", f.Name, err)
	}
	by.Key, by.Request = key, f.Name+" "+string(input)
	return by, nil
}

// misplacedKey is the error of a document with @idempotent where it means nothing.
func misplacedKey(document *ast.QueryDocument) *gqlerror.Error {
	var misplaced *ast.Directive
	var walk func(set ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if d := s.Directives.ForName(idempotent); d != nil && s.ObjectDefinition.Name != "Mutation" && misplaced == nil {
					misplaced = d
				}
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			}
		}
	}
	for _, op := range document.Operations {
		walk(op.SelectionSet)
	}
	for _, f := range document.Fragments {
		walk(f.SelectionSet)
	}
	if misplaced == nil {
		return nil
	}
	return &gqlerror.Error{
		Message:    "@idempotent belongs to a mutation",
		Locations:  []gqlerror.Location{{Line: misplaced.Position.Line, Column: misplaced.Position.Column}},
		Extensions: map[string]any{"code": string(fault.BadUserInput)},
	}
}
