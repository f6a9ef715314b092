package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"stackyard/ent"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/source"
	"stackyard/internal/store"
)

// syncAlone is sync under the lease.
func (a *App) syncAlone(ctx context.Context, l store.Lease, slug, from string, write writing) (SyncReport, error) {
	row, err := a.sourceNamed(ctx, slug)
	if err != nil {
		return SyncReport{}, err
	}
	state, err := a.stateOf(ctx, slug)
	if err != nil {
		return SyncReport{}, err
	}
	state.At, state.From = calendar.InstantOf(a.now()), from
	report, err := a.readAndWrite(ctx, l, row, &state, write)
	if err == nil || ctx.Err() != nil || errors.Is(err, store.ErrLeaseLost) {
		return report, err // whoever has the lease notes how it went
	}
	if _, isCallers := errors.AsType[refused](err); isCallers {
		return report, err
	}
	state.Failures++
	state.RetryAfter = 0
	if down, ok := errors.AsType[*source.Unavailable](err); ok {
		state.RetryAfter = down.RetryAfter
	}
	noted := a.bySystem(ctx, func(ctx context.Context, tx *ent.Tx) error {
		if err := l.Confirm(ctx, tx); err != nil {
			return err
		}
		if err := a.db.NotSynced(ctx, tx, row.ID, troubleOf(err)); err != nil {
			return err
		}
		return state.keep(ctx, tx, slug)
	})
	return report, errors.Join(err, noted)
}

// readAndWrite reads the source whole, and then writes what it says in one transaction.
func (a *App) readAndWrite(ctx context.Context, l store.Lease, row *ent.Source, state *syncState, write writing) (SyncReport, error) {
	var report SyncReport
	names, err := a.namesOf(ctx)
	if err != nil {
		return report, err
	}
	reading, cancel := context.WithTimeout(ctx, a.sources.Limits.Timeout)
	defer cancel()
	known := names.digest()
	if state.Known != known {
		state.Validators = source.Validators{} // the same copy says more to a catalogue that knows more
	}
	content, err := source.Open(reading, state.From, state.Validators, a.sources.Limits)
	if err != nil {
		return report, err
	}
	defer func() { _ = content.Close() }()
	var facts store.Reading
	if content.IsUnmodified {
		report.IsUnmodified = true
	} else {
		facts, err = a.read(reading, row.Slug, content, names, &report)
		if reading.Err() != nil && ctx.Err() == nil {
			return report, &source.Unavailable{Reason: fmt.Sprintf("reading took longer than %v (setting sync-timeout)", a.sources.Limits.Timeout)}
		}
		if err != nil {
			return report, err
		}
		state.Trouble = report.trouble()
	}
	state.Validators, state.Known, state.Failures, state.RetryAfter = content.Validators, known, 0, 0
	now := calendar.InstantOf(a.now())
	err = write(ctx, func(ctx context.Context, tx *ent.Tx) error {
		if err := l.Confirm(ctx, tx); err != nil {
			return err
		}
		report.SeedReport = store.SeedReport{}
		if !report.IsUnmodified {
			if report.SeedReport, err = a.db.SeedSource(ctx, tx, facts, now); err != nil {
				return err
			}
		}
		if err := a.db.Synced(ctx, tx, row.ID, report.SeedReport, now, state.Trouble); err != nil {
			return err
		}
		return state.keep(ctx, tx, row.Slug)
	})
	if err != nil && fault.KindOf(err) != fault.Internal {
		return report, refused{err}
	}
	return report, err
}

// refused is why a caller may not write what was read, which is no fault of the source.
type refused struct{ error }

func (e refused) Unwrap() error { return e.error }

// troubleOf says in one line why a source could not be read, to those who may know.
func troubleOf(err error) string {
	if _, isDown := errors.AsType[*source.Unavailable](err); isDown || fault.KindOf(err) != fault.Internal {
		return oneLine(err.Error())
	}
	return "something is wrong on this side; the server's log says what"
}

// SyncSourceInput is what syncSource is called with.
type SyncSourceInput struct {
	SourceID relay.ID
}

// SyncSource reads a source now, from where the schedule reads it. It says how
// many records of the catalogue were changed; nothing where the caller has done so under
// the same key before.
func (a *App) SyncSource(ctx context.Context, by Caller, in SyncSourceInput) (relay.ID, *int, error) {
	if by.Viewer == nil {
		return relay.ID{}, nil, fault.New(fault.Unauthenticated, "changes need a token")
	}
	if !by.Viewer.HasScope(auth.ScopeCatalogSync) {
		return relay.ID{}, nil, lacking(auth.ScopeCatalogSync)
	}
	if in.SourceID.Type != relay.TypeSource {
		return relay.ID{}, nil, notFound("sourceId")
	}
	row, err := a.db.Read().Source.Get(ctx, in.SourceID.Key)
	if ent.IsNotFound(err) {
		return relay.ID{}, nil, notFound("sourceId")
	}
	if err != nil {
		return relay.ID{}, nil, fmt.Errorf("finding a source: %w", err)
	}
	from := a.sources.Addresses[row.Slug]
	if from == "" {
		return relay.ID{}, nil, wrong("sourceId", enum.InputInvalid, "the server does not read this source: no address is set for it (setting sync-%s-url)", row.Slug)
	}
	var id relay.ID
	var count *int
	report, err := a.sync(ctx, row.Slug, from, func(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error {
		var err error
		id, err = a.run(ctx, by, "syncSource", func(ctx context.Context, w *work) (relay.ID, error) {
			count = new(int)
			return row.GlobalID(), change(ctx, w.Tx)
		})
		return err
	})
	if count != nil {
		*count = report.Changed()
	}
	_, isDown := errors.AsType[*source.Unavailable](err)
	_, isCallers := errors.AsType[refused](err)
	if isDown || !isCallers && fault.KindOf(err) == fault.BadUserInput {
		err = fault.New(fault.Unavailable, "the source cannot be read: %s", troubleOf(err))
	}
	return id, count, err
}

// digest changes where the catalogue knows other names.
func (n names) digest() string {
	sum := sha256.Sum256([]byte(fmt.Sprint(n.products, n.packages, n.repositories))) // maps are printed in order
	return hex.EncodeToString(sum[:8])
}
