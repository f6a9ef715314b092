package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"stackyard/ent"
	"stackyard/ent/setting"
	entsource "stackyard/ent/source"
	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/source"
	"stackyard/internal/store"
)

// The sources that can be read, by their slugs.
const (
	SourceEndOfLife = "endoflife"
	SourceOSV       = "osv"
)

// Sources says where sources are read from, and how.
type Sources struct {
	// Addresses are where syncSource and the schedule read from, by the slug of the
	// source; a source without one is not read by them.
	Addresses map[string]string
	// Interval is the time between two readings of the schedule.
	Interval time.Duration
	Limits   source.Limits
}

// ReadFrom says where sources are read from; before, none is. It is called before
// the use cases are used.
func (a *App) ReadFrom(s Sources) { a.sources = s }

// leaseTime is how long others wait for an instance that died while it read a source.
const leaseTime = time.Minute

// Sync reads a source from a file, a folder or an address, and brings what has
// changed in one transaction; a source that cannot be read to its end changes
// nothing. What went wrong is noted with the source. Nobody else reads the source
// meanwhile: it is a fault of kind Conflict where somebody does.
func (a *App) Sync(ctx context.Context, slug, from string) (SyncReport, error) {
	return a.sync(ctx, slug, from, a.bySystem)
}

// writing runs a change in a transaction of whoever is responsible for it.
type writing func(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error

func (a *App) bySystem(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error {
	return a.db.Write(ctx, store.Cause{At: a.now()}, change)
}

func (a *App) sync(ctx context.Context, slug, from string, write writing) (report SyncReport, err error) {
	ran, err := a.db.Alone(ctx, leaseOf(slug), leaseTime, func(ctx context.Context, l store.Lease) error {
		report, err = a.syncAlone(ctx, l, slug, from, write)
		return err
	})
	if err == nil && !ran {
		return report, fault.New(fault.Conflict, "the source %s is being read already", slug)
	}
	return report, err
}

func leaseOf(slug string) string { return "sync " + slug }

// SyncDue reads the sources whose time has come, each from its address, and calls
// done for each. Several instances may do so at once: one of them reads.
func (a *App) SyncDue(ctx context.Context, done func(slug string, report SyncReport, err error)) {
	for _, slug := range []string{SourceEndOfLife, SourceOSV} {
		from := a.sources.Addresses[slug]
		if from == "" || ctx.Err() != nil {
			continue
		}
		var report SyncReport
		isDue := false
		_, err := a.db.Alone(ctx, leaseOf(slug), leaseTime, func(ctx context.Context, l store.Lease) error {
			state, err := a.stateOf(ctx, slug)
			if err != nil || a.now().Before(state.next(a.sources.Interval, from)) {
				return err
			}
			isDue = true
			report, err = a.syncAlone(ctx, l, slug, from, a.bySystem)
			return err
		})
		if isDue || err != nil {
			done(slug, report, err)
		}
	}
}

// syncState is what is kept of a source between two readings.
type syncState struct {
	source.Validators
	// Known is a digest of what the catalogue knew of the source's names.
	Known string `json:"known,omitempty"`
	// At is when the source was read the last time, with success or without.
	At calendar.Instant `json:"at"`
	// From is where it was read from.
	From string `json:"from,omitempty"`
	// Failures is how often in a row it could not be read; RetryAfter is how long the server asks to be left alone.
	Failures   int           `json:"failures,omitempty"`
	RetryAfter time.Duration `json:"retryAfter,omitempty"`
	// Trouble is what was wrong with the copy of the validators.
	Trouble string `json:"trouble,omitempty"`
}

// The first wait after a failure; each further one doubles it.
const firstWait = time.Minute

// next says when the schedule reads the source again.
func (s syncState) next(interval time.Duration, from string) time.Time {
	wait := interval
	if s.Failures > 0 {
		wait = firstWait
		for range s.Failures - 1 {
			if wait *= 2; wait >= interval {
				break
			}
		}
		wait = max(min(wait, interval), s.RetryAfter)
	}
	if s.From != from {
		return time.Time{} // it was never read from there
	}
	return s.At.Time().Add(wait)
}

func stateName(slug string) string { return "sync " + slug }

func (a *App) stateOf(ctx context.Context, slug string) (syncState, error) {
	var state syncState
	row, err := a.db.Read().Setting.Query().Where(setting.Name(stateName(slug))).Only(ctx)
	if ent.IsNotFound(err) {
		return state, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(row.Value), &state)
	}
	if err != nil {
		return state, fmt.Errorf("reading what is known of the source %s: %w", slug, err)
	}
	return state, nil
}

func (s syncState) keep(ctx context.Context, tx *ent.Tx, slug string) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return store.KeepSetting(ctx, tx, stateName(slug), string(b))
}

// sourceNamed finds a source that can be read.
func (a *App) sourceNamed(ctx context.Context, slug string) (*ent.Source, error) {
	if !slices.Contains([]string{SourceEndOfLife, SourceOSV}, slug) {
		return nil, fault.BadInput("there is no source %q that can be read: there are %s and %s", fault.Shorten(slug), SourceEndOfLife, SourceOSV)
	}
	row, err := a.db.Read().Source.Query().Where(entsource.Slug(slug)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.New(fault.NotFound, "the catalogue has no source %s", slug)
	}
	if err != nil {
		return nil, fmt.Errorf("finding a source: %w", err)
	}
	return row, nil
}

// oneLine makes a line of a text that people may read.
func oneLine(text string) string {
	const most = 500
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return cmp.Or(text, "unknown")
}
