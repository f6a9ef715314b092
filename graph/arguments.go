package graph

import (
	"encoding/json"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// args reads a field's arguments as the resolver will get them.
func args[A any](a lookAhead, f graphql.CollectedField) (A, bool) {
	var out A
	raw := f.ArgumentMap(a.oc.Variables)
	for _, d := range f.Definition.Arguments {
		if v, isGiven := raw[d.Name]; isGiven {
			raw[d.Name] = a.coerced(d.Type, v)
		}
	}
	b, err := json.Marshal(raw)
	if err != nil {
		return out, false
	}
	return out, json.Unmarshal(b, &out) == nil
}

// coerced gives an input as GraphQL reads it: a value in place of a list is a
// list of one.
// Source: https://spec.graphql.org/September2025/#sec-List.Input-Coercion
func (a lookAhead) coerced(t *ast.Type, v any) any {
	if v == nil {
		return nil
	}
	if t.Elem != nil {
		if reflect.TypeOf(v).Kind() != reflect.Slice {
			return []any{a.coerced(t.Elem, v)}
		}
		list, isAny := v.([]any)
		if !isAny {
			return v // a list of scalars, made by the executor of a single one
		}
		out := make([]any, len(list))
		for i, item := range list {
			out[i] = a.coerced(t.Elem, item)
		}
		return out
	}
	object, isObject := v.(map[string]any)
	def := a.schema.Types[t.NamedType]
	if !isObject || def == nil {
		return v
	}
	out := make(map[string]any, len(object))
	for _, f := range def.Fields {
		if item, isGiven := object[f.Name]; isGiven {
			out[f.Name] = a.coerced(f.Type, item)
		}
	}
	return out
}
