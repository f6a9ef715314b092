package main

import (
	"context"
	"log/slog"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/store"
)

// recheckEvery is how long findings may be out of date where nothing tells that they are: a new day, or what
// another instance did.
const recheckEvery = time.Minute

// recheck keeps findings up to date with the catalogue, with the rules of organisations and with the day.
func recheck(ctx context.Context, db *store.DB, cases *app.App, log *slog.Logger) {
	changed, stop := db.Changed(store.PublicLog)
	defer stop()
	every := time.NewTicker(recheckEvery)
	defer every.Stop()
	for {
		if err := cases.Recheck(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "not computing findings anew", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-cases.Stale():
		case <-every.C:
		}
	}
}
