package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/graph/loader"
	"stackyard/internal/auth"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
)

// refusedRoots gives an error for each root of a mutation or subscription that
// the viewer may not run. It is asked before anything is run.
func (o *operations) refusedRoots(ctx context.Context, oc *graphql.OperationContext, p *plan, v *auth.Viewer) gqlerror.List {
	var out gqlerror.List
	root := o.schema.Mutation
	if oc.Operation.Operation == ast.Subscription {
		root = o.schema.Subscription
	}
	fields := graphql.CollectFields(oc, oc.Operation.SelectionSet, []string{root.Name})
	if root == o.schema.Subscription && len(fields) != 1 { // directives left none
		return gqlerror.List{o.present(ctx, fault.BadInput("a subscription is to one field"))}
	}
	for _, f := range fields {
		r, isGuarded := p.guarded[fieldOf{root.Name, f.Name}]
		if !isGuarded {
			continue
		}
		denied := r.denies(v)
		if !denied && r.role != "" {
			var err error
			if denied, err = deniesRole(ctx, r, f.ArgumentMap(oc.Variables)); err != nil {
				e := o.present(ctx, err)
				e.Path, e.Locations = ast.Path{ast.PathName(f.Alias)}, locationOf(f.Field)
				out = append(out, e)
				continue
			}
		}
		if denied {
			e := r.denial(v)
			e.Path, e.Locations = ast.Path{ast.PathName(f.Alias)}, locationOf(f.Field)
			e.Extensions["places"] = 1
			out = append(out, e)
		}
	}
	return out
}

// deniesRole says whether the viewer lacks the role in the organisation that the
// arguments concern. Where they name nothing that the viewer may know of, nothing
// is denied: the use case answers as it does for what does not exist.
func deniesRole(ctx context.Context, r rule, arguments map[string]any) (bool, error) {
	if input, isMap := arguments["input"].(map[string]any); isMap {
		arguments = input
	}
	for _, name := range []string{"organizationId", "projectId", "invitationId", "findingId", "webhookId"} {
		text, isText := arguments[name].(string)
		if !isText {
			continue
		}
		id, err := relay.ParseID(text)
		if err != nil {
			return false, nil // reading the argument will say so
		}
		object, err := loaders(ctx).Node(ctx, id)
		if errors.Is(err, loader.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		reader, err := loaders(ctx).Reader()
		if err != nil {
			return false, err
		}
		organization, isOwned := ownerOf(object) // what belongs to none is no such object: the use case says so
		return isOwned && !reader.Role(organization).Includes(r.role), nil
	}
	return true, nil // a root that names no organisation is nobody's to run
}
