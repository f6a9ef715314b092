package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/auth"
)

// operation is what the resolvers of one response work with.
type operation struct {
	app     *app.App
	schema  *ast.Schema
	plan    *plan
	viewer  *auth.Viewer
	loaders *loader.Loaders
	// searches are what recommendations share.
	searches *app.Searches
	denials  *denials
	// events are those of a subscription; nil for what is no subscription.
	events  *events
	noAhead bool
	// present makes an error of GraphQL of any error.
	present graphql.ErrorPresenterFunc
}

type operationKey struct{}

func withOperation(ctx context.Context, o *operation) context.Context {
	return context.WithValue(ctx, operationKey{}, o)
}

func operationOf(ctx context.Context) *operation { return ctx.Value(operationKey{}).(*operation) }

// loaders gives the loaders of the operation that ctx belongs to.
func loaders(ctx context.Context) *loader.Loaders { return operationOf(ctx).loaders }

// guard asks the denials of the response about a field.
func guard(ctx context.Context, next graphql.Resolver) (any, error) {
	return operationOf(ctx).denials.resolve(ctx, next)
}
