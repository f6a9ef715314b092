package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"

	"stackyard/graph"
	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/source/sbom"
	"stackyard/internal/store"
)

// backend is what the server serves.
type backend struct {
	// graphql executes operations; the server adds the transports.
	graphql *handler.Server
	// calendars say what ends when.
	calendars calendars
	// ready says why the store does not answer, if it does not.
	ready func(context.Context) error
	// report tells what was done on start, in a few words.
	report string
	// close ends what was opened.
	close func() error
}

// opener opens the store, brings it up to date and puts the GraphQL layer on top.
type opener func(context.Context, Config, *slog.Logger) (*backend, error)

func openBackend(ctx context.Context, cfg Config, log *slog.Logger) (*backend, error) {
	if err := os.MkdirAll(cfg.DataDir, 0o750); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	db, err := store.Open(ctx, store.Config{Database: cfg.database(), MaxReaders: cfg.MaxReaders, MaxWriters: cfg.MaxWriters})
	if err != nil {
		return nil, err
	}
	b, err := serveStore(ctx, cfg, db, log)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return b, nil
}

func serveStore(ctx context.Context, cfg Config, db *store.DB, log *slog.Logger) (*backend, error) {
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	seeded, err := db.Seed(ctx, time.Now())
	if err != nil {
		return nil, err
	}
	limits := loader.Limits{SearchLength: cfg.MaxSearchLength, FilterValues: cfg.MaxFilterValues}
	cases := app.New(db, time.Now, app.Limits{
		Organizations: cfg.MaxOrganizations, Invitations: cfg.MaxInvitations, InvitationTTL: cfg.InvitationTTL,
		Projects: cfg.MaxProjects, StackComponents: cfg.MaxStackComponents,
		CheckedComponents: cfg.MaxCheckedComponents, ComparedTechnologies: cfg.MaxComparedTechnologies,
		SBOM:                 sbom.Limits{Bytes: cfg.MaxSBOMBytes, Components: cfg.MaxSBOMComponents, Depth: cfg.MaxSBOMDepth},
		CalendarTechnologies: cfg.MaxCalendarTechnologies,
		MustUse:              cfg.MaxMustUse, RecommendationSteps: cfg.MaxRecommendationSteps,
		Webhooks: cfg.MaxWebhooks,
	})
	cases.ReadFrom(cfg.Sync.sources())
	cases.ReachedAt(cfg.PublicURL)
	hooks, err := cfg.webhooks()
	if err != nil {
		return nil, err
	}
	cases.DeliverBy(hooks)
	if cfg.Dev {
		if err := cases.Sample(ctx); err != nil {
			return nil, err
		}
	}
	srv, err := graph.NewHandler(graph.Config{
		App: cases,
		Loaders: func(ctx context.Context, v *auth.Viewer, today calendar.Day, columns loader.Columns) *loader.Loaders {
			return loader.New(db, today, limits, columns, func() (*store.Reader, error) { return cases.Reader(ctx, v) })
		},
		Now:            time.Now,
		Log:            log,
		MaxTokens:      cfg.MaxDocumentTokens,
		CacheEntries:   cfg.QueryCacheEntries,
		CacheBytes:     cfg.MaxCachedDocumentBytes,
		HasSuggestions: cfg.Dev,
	})
	if err != nil {
		return nil, err
	}
	stop := background(ctx, cfg, db, cases, log)
	return &backend{
		graphql: srv, calendars: calendars{cases: cases, timeout: cfg.RequestTimeout, log: log},
		ready: db.Ready, report: seeded.String(), close: func() error {
			stop()
			return db.Close()
		},
	}, nil
}
