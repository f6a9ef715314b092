package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"stackyard/ent"
	"stackyard/ent/idempotencykey"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/relay"
	"stackyard/internal/store"
)

// Caller is who calls a use case.
type Caller struct {
	// Viewer is never nil: the GraphQL layer refuses changes by nobody.
	Viewer *auth.Viewer
	// Key makes the same call happen at most once; empty for none.
	Key string
	// Request stands for the mutation with its whole input: under a key it must be the same again.
	Request string
}

// keptKeys is how long a key is remembered, as the contract says.
const keptKeys = 24 * time.Hour

// maxKey is the length of the longest key, in characters.
const maxKey = 100

// work is one use case at work, within its transaction.
type work struct {
	*ent.Tx
	db     *store.DB
	limits Limits
	// user is the caller.
	user int64
	// reader sees what the caller sees.
	reader *store.Reader
	now    calendar.Instant
	// facts are those of the catalogue; see known.
	facts *store.Facts
}

// known gives the facts of the catalogue, the same ones until the transaction ends.
func (w *work) known(ctx context.Context) (*store.Facts, error) {
	if w.facts != nil {
		return w.facts, nil
	}
	var err error
	w.facts, err = w.db.Facts(ctx)
	return w.facts, err
}

// run runs a use case in one transaction, once for each key of a caller. It
// answers with the id of what the use case is about, also where the key has been
// used for the same input before.
func (a *App) run(ctx context.Context, by Caller, name string, do func(ctx context.Context, w *work) (relay.ID, error)) (relay.ID, error) {
	id, _, err := runShowing(ctx, a, by, name, func(ctx context.Context, w *work) (id relay.ID, nothing struct{}, err error) {
		id, err = do(ctx, w)
		return id, nothing, err
	})
	return id, err
}

// runShowing is run for a use case that has more to show than an id, to whom it is done for: where the key has been
// used before, there is nothing to show, whatever became of an attempt before. What was refused can have something to
// show, too.
func runShowing[T any](ctx context.Context, a *App, by Caller, name string, do func(ctx context.Context, w *work) (relay.ID, T, error)) (id relay.ID, shown T, err error) {
	var nothing T
	if by.Viewer == nil {
		return relay.ID{}, nothing, fault.New(fault.Unauthenticated, "changes need a token")
	}
	if utf8.RuneCountInString(by.Key) > maxKey || !isText(by.Key, "") {
		return relay.ID{}, nothing, fault.BadInput("the key of @idempotent is a text of at most %d characters", maxKey)
	}
	user, err := a.identify(ctx, by.Viewer)
	if err != nil {
		return relay.ID{}, nothing, err
	}
	request, now := digest(by.Request), a.now()
	err = a.db.Write(ctx, store.Cause{Actor: user, At: now}, func(ctx context.Context, tx *ent.Tx) error {
		var key *ent.IdempotencyKey
		if by.Key != "" {
			done, isDone, err := before(ctx, tx, user, by.Key, request, calendar.InstantOf(now.Add(-keptKeys)))
			if err != nil || isDone {
				id, shown = done, nothing
				return err
			}
			// It is taken before anything is done: whoever comes with it meanwhile waits, and then finds it.
			key, err = tx.IdempotencyKey.Create().SetUserID(user).SetKey(by.Key).SetRequest(request).SetResult("").
				SetCreatedAt(calendar.InstantOf(now)).Save(ctx)
			if err != nil {
				return err
			}
		}
		reader, err := a.readerOf(ctx, by.Viewer, user, tx.Member.Query()) // work.held reads the role again
		if err != nil {
			return err
		}
		w := &work{Tx: tx, db: a.db, limits: a.limits, user: user, reader: reader, now: calendar.InstantOf(now)}
		if id, shown, err = do(ctx, w); err != nil || key == nil {
			return err
		}
		return key.Update().SetResult(id.String()).Exec(ctx)
	})
	if problems, ok := errors.AsType[UserErrors](err); ok {
		return relay.ID{}, shown, problems
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		return relay.ID{}, nothing, fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return relay.ID{}, nothing, err
	}
	return id, shown, nil
}

// before looks up what was done under a key; one that is old enough is forgotten.
func before(ctx context.Context, tx *ent.Tx, user int64, key, request string, since calendar.Instant) (relay.ID, bool, error) {
	row, err := tx.IdempotencyKey.Query().Where(idempotencykey.UserID(user), idempotencykey.Key(key)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return relay.ID{}, false, nil
	case err != nil:
		return relay.ID{}, false, err
	case row.CreatedAt <= since:
		_, err := tx.IdempotencyKey.Delete().Where(idempotencykey.ID(row.ID)).Exec(ctx) // another may have done so
		return relay.ID{}, false, err
	case row.Request != request:
		return relay.ID{}, false, fault.New(fault.Conflict, "the key of @idempotent was used for another mutation or input")
	}
	id, err := relay.ParseID(row.Result)
	return id, true, err
}

func digest(request string) string {
	sum := sha256.Sum256([]byte(request))
	return hex.EncodeToString(sum[:])
}
