package app

import (
	"context"
	"math/rand/v2"
	"time"

	"stackyard/ent"
	"stackyard/internal/store"
)

// Following is a place in a change log from which somebody reads on.
type Following = store.Following

const (
	// changesAtOnce is how many changes are held for a reader at a time, at most.
	changesAtOnce = 100
	// lookAgain is about how long a reader waits who has not been woken. They are
	// woken by every change that this process makes or, with Listen, hears of or sees.
	lookAgain = time.Minute
)

// LastChange is the sequence number of a log's newest change.
func (a *App) LastChange(ctx context.Context, log int64) (int64, error) {
	span, err := a.db.SpanOf(ctx, log)
	return span.Last, err
}

// Follow tells of each change after the reader's place, in order, as they come,
// until ctx ends, tell fails, or the reader may no longer know. A reader who is
// slow holds up nobody, and is read for only as fast as they take it. What comes
// is what the reader's role showed when it was read: whoever takes it asks again.
func (a *App) Follow(ctx context.Context, f Following, tell func(*ent.Change) error) error {
	changed, stop := a.db.Changed(f.Log)
	defer stop()
	for {
		batch, err := a.db.ChangesAfter(ctx, f, changesAtOnce)
		if err != nil {
			return err
		}
		for _, c := range batch.Changes {
			if err := tell(c); err != nil {
				return err
			}
		}
		f.After = batch.Until
		if batch.HasMore {
			continue
		}
		if err := wait(ctx, changed); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, changed <-chan struct{}) error {
	timer := time.NewTimer(lookAgain + rand.N(lookAgain))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	case <-timer.C:
	}
	return nil
}
