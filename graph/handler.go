package graph

import (
	"context"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/graph/generated"
	"stackyard/graph/loader"
	"stackyard/internal/calendar"
)

// Config is what the GraphQL layer works with.
type Config struct {
	// Loaders makes the loaders of one operation.
	Loaders func(today calendar.Day, columns loader.Columns) *loader.Loaders
	// Now is the clock; an operation's day is the day of UTC on which it starts.
	Now func() time.Time
	Log *slog.Logger
	// MaxTokens bounds the tokens of a document.
	MaxTokens int
	// CacheEntries and CacheBytes bound the parsed documents that are kept: how
	// many, and how long each may be.
	CacheEntries int
	CacheBytes   int
	// HasSuggestions lets errors suggest names of the schema that were nearly right.
	HasSuggestions bool
	// NoAhead leaves all loading to the dataloaders; tests ask both ways, and get the same answers.
	NoAhead bool
}

// NewHandler makes gqlgen's server, without any transport.
func NewHandler(cfg Config) (*handler.Server, error) {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: resolver{}})
	delete(schema.Schema().Directives, "defer") // deferred fields would be lost over plain HTTP
	rules, err := rulesOf(schema.Schema())
	if err != nil {
		return nil, err
	}
	srv := handler.New(schema)
	srv.SetQueryCache(newCache[*ast.QueryDocument](cfg.CacheEntries, cfg.CacheBytes))
	srv.SetParserTokenLimit(cfg.MaxTokens)
	srv.SetDisableSuggestion(!cfg.HasSuggestions)
	srv.SetErrorPresenter(present(cfg.Log))
	srv.SetRecoverFunc(recovered(cfg.Log))
	srv.Use(extension.Introspection{})
	srv.Use(&operations{cfg: cfg, schema: schema.Schema(), rules: rules, known: newCache[*plan](cfg.CacheEntries, cfg.CacheBytes)})
	return srv, nil
}

// operations prepares what every operation needs: its loaders, and what it may not read.
type operations struct {
	cfg    Config
	schema *ast.Schema
	rules  rules
	known  *cache[*plan]
}

// plan is what is known of a document whatever its variables: the guarded fields
// that it can touch, and the columns that it needs.
type plan struct {
	guarded map[fieldOf]rule
	columns loader.Columns
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
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
	p := &plan{guarded: o.rules.guarded(document), columns: columnsOf(document)}
	o.known.Add(ctx, key, p)
	return p
}

// InterceptOperation gives the operation loaders of its own, and decides, once,
// which fields the viewer may not read. Where nothing is denied nothing is
// installed, and fields cost nothing.
func (o *operations) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	p := o.plan(ctx, oc)
	ctx = withSchema(withLoaders(ctx, o.cfg.Loaders(calendar.DayOf(o.cfg.Now()), p.columns)), o.schema)
	if o.cfg.NoAhead {
		ctx = context.WithValue(ctx, noAheadKey{}, true)
	}
	if len(p.guarded) == 0 {
		return next(ctx)
	}
	d := &denials{rules: p.guarded, met: map[*ast.Field]*denial{}}
	previous := oc.ResolverMiddleware
	oc.ResolverMiddleware = func(ctx context.Context, resolve graphql.Resolver) (any, error) {
		return d.resolve(ctx, func(ctx context.Context) (any, error) { return previous(ctx, resolve) })
	}
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		response := respond(ctx)
		if response != nil {
			response.Errors = append(response.Errors, d.errors()...)
		}
		return response
	}
}
