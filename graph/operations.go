package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
)

// operations prepares what every operation needs: its loaders, and what it may not read.
type operations struct {
	cfg    Config
	schema *ast.Schema
	rules  rules
	known  *cache[*plan]
	// present makes an error of GraphQL of any error.
	present graphql.ErrorPresenterFunc
}

// plan is what is known of a document whatever its variables: the guarded fields
// that it can touch, and the columns that it needs.
type plan struct {
	guarded map[fieldOf]rule
	columns loader.Columns
	// refused is why the document cannot be run.
	refused *gqlerror.Error
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.RootFieldInterceptor
} = (*operations)(nil)

// ExtensionName is what gqlgen knows the extension by.
func (*operations) ExtensionName() string { return "Operations" }

// Validate is content with every schema.
func (*operations) Validate(graphql.ExecutableSchema) error { return nil }

// plan looks a document up by its text and the name of the operation.
func (o *operations) plan(ctx context.Context, oc *graphql.OperationContext) *plan {
	key := oc.OperationName + "\x00" + oc.RawQuery
	if p, ok := o.known.Get(ctx, key); ok {
		return p
	}
	document := touched(o.schema, oc.Operation)
	p := &plan{guarded: o.rules.guarded(document), columns: columnsOf(document), refused: misplacedKey(oc.Doc)}
	o.known.Add(ctx, key, p)
	return p
}

// begin makes what one response works with: the loaders remember what they have
// loaded, and so last no longer.
func (o *operations) begin(ctx context.Context, p *plan, v *auth.Viewer) *operation {
	return &operation{
		app: o.cfg.App, schema: o.schema, plan: p, viewer: v, denials: newDenials(p.guarded, v), noAhead: o.cfg.NoAhead, present: o.present,
		searches: o.cfg.App.NewSearches(),
		loaders:  o.cfg.Loaders(ctx, v, calendar.DayOf(o.cfg.Now()), p.columns),
	}
}

// InterceptOperation decides which fields the viewer may not read: once, as far
// as the token decides. Where nothing is guarded nothing is installed, and fields
// cost nothing. A mutation or subscription with a denied root is refused whole.
func (o *operations) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	oc, v := graphql.GetOperationContext(ctx), auth.ViewerOf(ctx)
	p := o.plan(ctx, oc)
	if p.refused != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{p.refused}})
	}
	if oc.Operation.Operation == ast.Subscription {
		ctx = app.IdentifyOnce(ctx)
	}
	of := o.begin(ctx, p, v)
	ctx = withOperation(ctx, of)
	if oc.Operation.Operation != ast.Query {
		if refused := o.refusedRoots(ctx, oc, p, v); len(refused) > 0 {
			return graphql.OneShot(&graphql.Response{Errors: refused})
		}
	}
	if len(p.guarded) > 0 {
		previous := oc.ResolverMiddleware
		oc.ResolverMiddleware = func(ctx context.Context, resolve graphql.Resolver) (any, error) {
			return guard(ctx, func(ctx context.Context) (any, error) { return previous(ctx, resolve) })
		}
	}
	if oc.Operation.Operation == ast.Subscription {
		return o.respondToEvents(ctx, of, next)
	}
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response { return of.respond(ctx, respond) }
}

// respond gives a response with the errors of what was denied in it.
func (o *operation) respond(ctx context.Context, respond graphql.ResponseHandler) *graphql.Response {
	response := respond(withOperation(ctx, o))
	if response != nil {
		response.Errors = append(response.Errors, o.denials.errors()...)
	}
	return response
}

// InterceptRootField gives every mutation loaders of its own, which have not
// seen what was before it.
func (o *operations) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	oc := graphql.GetOperationContext(ctx)
	if oc.Operation.Operation != ast.Mutation {
		return next(ctx)
	}
	of := *operationOf(ctx)
	of.loaders = o.begin(ctx, of.plan, of.viewer).loaders
	return next(withOperation(ctx, &of))
}
