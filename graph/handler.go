package graph

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/graph/generated"
	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
)

// Config is what the GraphQL layer works with.
type Config struct {
	// App has the use cases.
	App *app.App
	// Loaders makes the loaders of one operation, for the eyes of a viewer.
	Loaders func(ctx context.Context, viewer *auth.Viewer, today calendar.Day, columns loader.Columns) *loader.Loaders
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

// withoutDefer takes the directive from the schema, which all handlers of the
// process share: deferred fields would be lost over plain HTTP.
var withoutDefer sync.Once

// NewHandler makes gqlgen's server, without any transport.
func NewHandler(cfg Config) (*handler.Server, error) {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: resolver{}})
	withoutDefer.Do(func() { delete(schema.Schema().Directives, "defer") })
	rules, err := rulesOf(schema.Schema())
	if err != nil {
		return nil, err
	}
	srv := handler.New(schema)
	srv.SetQueryCache(newCache[*ast.QueryDocument](cfg.CacheEntries, cfg.CacheBytes))
	srv.SetParserTokenLimit(cfg.MaxTokens)
	srv.SetDisableSuggestion(!cfg.HasSuggestions)
	presenter := present(cfg.Log)
	srv.SetErrorPresenter(presenter)
	srv.SetRecoverFunc(recovered(cfg.Log))
	srv.Use(extension.Introspection{})
	srv.Use(&operations{
		cfg: cfg, schema: schema.Schema(), rules: rules, known: newCache[*plan](cfg.CacheEntries, cfg.CacheBytes), present: presenter,
	})
	return srv, nil
}
