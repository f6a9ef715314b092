package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/store"
)

// tidyEvery is how often what is too old is dropped.
const tidyEvery = time.Hour

// background runs what no request asks for, until stop is called, which waits for it.
func background(ctx context.Context, cfg Config, db *store.DB, cases *app.App, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var jobs sync.WaitGroup
	jobs.Go(func() { db.Listen(ctx, log) })
	jobs.Go(func() { recheck(ctx, db, cases, log) })
	jobs.Go(func() { tidy(ctx, cfg.ChangesKeep, cases, log) })
	jobs.Go(func() { syncOnSchedule(ctx, cases, log) })
	jobs.Go(func() { deliver(ctx, db, cases, log) })
	return func() {
		cancel()
		jobs.Wait()
	}
}

// tidy drops what is too old, now and then every hour.
func tidy(ctx context.Context, keep time.Duration, cases *app.App, log *slog.Logger) {
	every := time.NewTicker(tidyEvery)
	defer every.Stop()
	for {
		if err := cases.Tidy(ctx, keep); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "not dropping what is too old", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}
