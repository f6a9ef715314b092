package graph

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/auth"
)

// denials are the selections of one response that the viewer may not read, as
// execution meets them: in any order, and each in any number of places.
type denials struct {
	rules  map[fieldOf]rule
	viewer *auth.Viewer

	mu  sync.Mutex
	met map[*ast.Field]*denial
}

func newDenials(rules map[fieldOf]rule, v *auth.Viewer) *denials {
	return &denials{rules: rules, viewer: v, met: map[*ast.Field]*denial{}}
}

// denial is one selection that was denied: its first place, and how many there are.
type denial struct {
	rule   rule
	path   ast.Path
	places int
}

// resolve answers null for a denied field, and lets every other one through.
func (d *denials) resolve(ctx context.Context, next graphql.Resolver) (any, error) {
	f := graphql.GetFieldContext(ctx)
	r, isGuarded := d.rules[fieldOf{f.Object, f.Field.Name}]
	if !isGuarded || isRootField(f) {
		return next(ctx)
	}
	if r.denies(d.viewer) {
		return d.deny(f, r)
	}
	if r.role == "" {
		return next(ctx)
	}
	return d.resolveForRole(ctx, f, r, next)
}

// isRootField says whether a field is a root of a mutation or a subscription:
// those are refused before anything is run.
func isRootField(f *graphql.FieldContext) bool {
	return f.Object == "Mutation" || f.Object == "Subscription"
}

// resolveForRole lets a field through where the viewer has the role in the
// organisation of the object that has the field, or of the field's own result.
func (d *denials) resolveForRole(ctx context.Context, f *graphql.FieldContext, r rule, next graphql.Resolver) (any, error) {
	reader, err := loaders(ctx).Reader()
	if err != nil {
		return nil, err
	}
	has := func(object any) bool {
		organization, isOwned := ownerOf(object)
		return isOwned && reader.Role(organization).Includes(r.role)
	}
	if !r.isOfResult {
		if !has(f.Parent.Result) {
			return d.deny(f, r)
		}
		return next(ctx)
	}
	result, err := next(ctx)
	if err == nil && !isNil(result) && !has(result) {
		return d.deny(f, r)
	}
	return result, err
}

// deny notes a denied place.
func (d *denials) deny(f *graphql.FieldContext, r rule) (any, error) {
	path := f.Path()
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.met[f.Field.Field]
	if m == nil {
		m = &denial{rule: r, path: path}
		d.met[f.Field.Field] = m
	}
	m.places++
	if comparePaths(path, m.path) < 0 {
		m.path = path
	}
	return nil, nil
}

// errors gives one located error for each denied selection, in the order of the document.
func (d *denials) errors() gqlerror.List {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out gqlerror.List
	for f, m := range d.met {
		e := m.rule.denial(d.viewer)
		e.Path, e.Extensions["places"] = m.path, m.places
		e.Locations = locationOf(f)
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *gqlerror.Error) int {
		return cmp.Or(cmp.Compare(a.Locations[0].Line, b.Locations[0].Line), cmp.Compare(a.Locations[0].Column, b.Locations[0].Column),
			comparePaths(a.Path, b.Path))
	})
	return out
}

func locationOf(f *ast.Field) []gqlerror.Location {
	return []gqlerror.Location{{Line: f.Position.Line, Column: f.Position.Column}}
}

// comparePaths orders places as an answer shows them: by their indices.
func comparePaths(a, b ast.Path) int {
	return slices.CompareFunc(a, b, func(x, y ast.PathElement) int {
		i, isIndex := x.(ast.PathIndex)
		j, isIndexToo := y.(ast.PathIndex)
		if isIndex && isIndexToo {
			return cmp.Compare(i, j)
		}
		return 0 // names of the same selection's path are the same
	})
}
