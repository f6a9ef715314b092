package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/graph/loader"
)

// lookAhead loads, level by level, what the selection below a root field will ask
// the loaders for. It never fails: what it does not load, or cannot, is loaded
// and reported where it is asked for.
type lookAhead struct {
	ctx    context.Context // of one call of ahead, and gone with it
	oc     *graphql.OperationContext
	schema *ast.Schema
	l      *loader.Loaders
	isOff  bool
}

func ahead(ctx context.Context) lookAhead {
	o := operationOf(ctx)
	return lookAhead{ctx: ctx, oc: graphql.GetOperationContext(ctx), schema: o.schema, l: o.loaders, isOff: o.noAhead}
}

// selection is what is asked for of the field that is being resolved.
func selection(ctx context.Context) ast.SelectionSet {
	return graphql.GetFieldContext(ctx).Field.Selections
}

// fields collects what a selection asks for of an object of the types.
func (a lookAhead) fields(sel ast.SelectionSet, types ...string) []graphql.CollectedField {
	if a.isOff {
		return nil
	}
	return graphql.CollectFields(a.oc, sel, types)
}

// below collects what is asked for below a field whose type is an object.
func (a lookAhead) below(f graphql.CollectedField) []graphql.CollectedField {
	return a.fields(f.Selections, f.Definition.Type.Name())
}

// level loads one edge for all parents, and goes on with what hangs on it.
func level[V any](a lookAhead, e *loader.Edge[int64, V], keys []int64, below func([]V)) {
	values, err := e.Ahead(a.ctx, keys)
	if err == nil && below != nil && len(values) > 0 {
		below(values)
	}
}

// pages loads pages of several parents and, where it is asked for, the lengths of their lists.
func pages[T any](a lookAhead, f graphql.CollectedField, p loader.Pages[T], parents []int64, below func(ast.SelectionSet, []T)) {
	level(a, p.Edge, parents, func(connections []*loader.Connection[T]) {
		selections, hasCount := a.connection(f)
		if hasCount {
			level(a, p.Count, parents, nil)
		}
		rows := nodesOf(connections)
		for _, sel := range selections {
			below(sel, rows)
		}
	})
}

// connection gives what is asked for of a connection's nodes, in each place, and
// whether its length is.
func (a lookAhead) connection(of graphql.CollectedField) (nodes []ast.SelectionSet, hasCount bool) {
	for _, f := range a.below(of) {
		switch f.Name {
		case "nodes":
			nodes = append(nodes, f.Selections)
		case "edges":
			for _, e := range a.below(f) {
				if e.Name == "node" {
					nodes = append(nodes, e.Selections)
				}
			}
		case "totalCount":
			hasCount = true
		}
	}
	return nodes, hasCount
}

func nodesOf[T any](connections []*loader.Connection[T]) []T {
	var out []T
	for _, c := range connections {
		out = append(out, c.Nodes()...)
	}
	return out
}

// keys gives what a function makes of every row.
func keys[T any](rows []T, key func(T) int64) []int64 {
	out := make([]int64, len(rows))
	for i, row := range rows {
		out[i] = key(row)
	}
	return out
}

// someKeys is keys for references that may be missing.
func someKeys[T any](rows []T, key func(T) *int64) []int64 {
	var out []int64
	for _, row := range rows {
		if k := key(row); k != nil {
			out = append(out, *k)
		}
	}
	return out
}

func flat[T any](lists [][]T) []T { return slices.Concat(lists...) }

// next is what a look-ahead does with rows of a type.
type next[T any] func(lookAhead, ast.SelectionSet, []T)

// then looks ahead from the rows of a root list.
func then[T any](ctx context.Context, below next[T]) func([]T, error) ([]T, error) {
	return func(rows []T, err error) ([]T, error) {
		if err == nil {
			below(ahead(ctx), selection(ctx), rows)
		}
		return rows, err
	}
}

// thenOne looks ahead from a single object; not found is null.
func thenOne[T any](ctx context.Context, below next[*T]) func(*T, error) (*T, error) {
	return func(row *T, err error) (*T, error) {
		row, err = loader.OrNull(row, err)
		if row != nil {
			below(ahead(ctx), selection(ctx), []*T{row})
		}
		return row, err
	}
}

// thenPage looks ahead from the page of a root list.
func thenPage[T any](ctx context.Context, below next[T]) func(*loader.Connection[T], error) (*loader.Connection[T], error) {
	return func(c *loader.Connection[T], err error) (*loader.Connection[T], error) {
		if err == nil {
			a := ahead(ctx)
			selections, _ := a.connection(graphql.GetFieldContext(ctx).Field)
			for _, sel := range selections {
				below(a, sel, c.Nodes())
			}
		}
		return c, err
	}
}
