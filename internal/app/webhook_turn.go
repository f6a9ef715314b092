package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/predicate"
	entwebhook "stackyard/ent/webhook"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/store"
	"stackyard/internal/webhook"
)

const (
	// The first wait after a failure, and the longest; between them, each is as long as the failures have lasted.
	leastWait = 5 * time.Second
	mostWait  = time.Hour
	// postedAtOnce is how many changes are read at a time to be posted.
	postedAtOnce = 100
	// notingTakes is how long it may take to note what has arrived while the server stops.
	notingTakes = 5 * time.Second
	// lookAgainForKey is how long a webhook waits whose secret no key of the server opens.
	lookAgainForKey = time.Minute
	// turns is how many turns a receiver gets in the time that it may take for one answer.
	turns = 4
)

// turn delivers to one webhook, change by change, until there is nothing left, one does not arrive, or
// the turn has lasted for its time: then others have theirs. A receiver that takes longer gets one change a turn.
func (d *deliveries) turn(ctx context.Context, id int64) error {
	until := time.Now().Add(d.webhooks.Timeout / turns)
	for {
		w, err := d.db.Read().Webhook.Get(ctx, id)
		if ent.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a webhook: %w", err)
		}
		if goesOn, err := d.step(ctx, w, until); err != nil || !goesOn {
			return err
		}
	}
}

// step delivers a piece of the organisation's log. It says whether to go on with the next.
func (d *deliveries) step(ctx context.Context, w *ent.Webhook, until time.Time) (goesOn bool, err error) {
	b, err := d.db.ChangesAfter(ctx, store.Following{
		Log: w.OrganizationID, Role: enum.RoleOwner, Types: w.SubjectTypes, After: w.Sequence,
	}, postedAtOnce)
	switch fault.KindOf(err) {
	case fault.NotFound:
		return false, nil // the webhook goes with its organisation
	case fault.CursorExpired:
		return d.restart(ctx, w)
	}
	if err != nil {
		return false, err
	}
	for _, c := range b.Changes {
		err := d.post(ctx, w, c)
		if errors.Is(err, webhook.ErrSealed) {
			return false, d.lacksKey(ctx, w)
		}
		if failure, isFailure := errors.AsType[*webhook.Failure](err); isFailure {
			return false, d.failed(ctx, w, failure)
		}
		if err != nil {
			return false, err
		}
		if isThere, err := d.arrived(ctx, w, c); err != nil || !isThere || !time.Now().Before(until) {
			return false, err
		}
	}
	if b.Until > w.Sequence {
		isThere, err := d.note(ctx, w, b.Until, func(*ent.WebhookUpdate) {})
		return isThere && b.HasMore, err
	}
	return b.HasMore, nil
}

// note writes how far a webhook has come, and what else there is to note. It says whether the webhook is still there.
func (d *deliveries) note(ctx context.Context, w *ent.Webhook, sequence int64, also func(*ent.WebhookUpdate)) (isThere bool, err error) {
	err = d.bySystem(ctx, func(ctx context.Context, tx *ent.Tx) error {
		if err := d.lease.Confirm(ctx, tx); err != nil {
			return err
		}
		update := tx.Webhook.Update().Where(entwebhook.ID(w.ID), entwebhook.Sequence(w.Sequence)).SetSequence(sequence)
		also(update)
		n, err := update.Save(ctx)
		isThere = n > 0
		return err
	})
	w.Sequence = sequence
	return isThere, err
}

func (d *deliveries) arrived(ctx context.Context, w *ent.Webhook, c *ent.Change) (isThere bool, err error) {
	if w.FailingSince != nil {
		d.log.InfoContext(ctx, "a webhook is delivered again", "webhook", w.ID, "organization", w.OrganizationID)
	}
	noting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(notingTakes, cancel) })()
	isThere, err = d.note(noting, w, c.Sequence, func(u *ent.WebhookUpdate) {
		u.SetLastDeliveredAt(calendar.InstantOf(d.now())).ClearLastError().ClearFailingSince().ClearNextAttemptAt().SetMissedCount(0)
	})
	w.FailingSince, w.MissedCount = nil, 0
	return isThere, err
}

// failed notes that the next change did not arrive, and when to try again. What has been tried for long enough is given up.
func (d *deliveries) failed(ctx context.Context, w *ent.Webhook, failure *webhook.Failure) error {
	now := d.now()
	since := calendar.InstantOf(now)
	if w.FailingSince != nil {
		since = calendar.InstantOf(w.FailingSince.Time().Add(untried(w, now)))
	}
	wait := waitAfter(now.Sub(since.Time()), failure.RetryAfter)
	until, missed, err := d.tooOld(ctx, w, since.Time(), now)
	if err != nil {
		return err
	}
	if w.FailingSince == nil || missed > 0 {
		d.log.WarnContext(ctx, "a webhook is not delivered", "webhook", w.ID, "organization", w.OrganizationID,
			"reason", failure.Reason, "given_up", missed)
	}
	_, err = d.note(ctx, w, until, func(u *ent.WebhookUpdate) {
		u.SetLastError(failure.Reason).SetFailingSince(since).SetNextAttemptAt(calendar.InstantOf(now.Add(wait))).AddMissedCount(missed)
	})
	return err
}

// untried is for how long nobody tried, as the server was off: that is not held against the receiver.
func untried(w *ent.Webhook, now time.Time) time.Duration {
	if w.NextAttemptAt == nil {
		return 0
	}
	late := now.Sub(w.NextAttemptAt.Time())
	if late < mostWait {
		return 0
	}
	return late
}

// lacksKey notes that the server has no key for the webhook's secret. That is no failure of the receiver: nothing is given up.
func (d *deliveries) lacksKey(ctx context.Context, w *ent.Webhook) error {
	_, err := d.note(ctx, w, w.Sequence, func(u *ent.WebhookUpdate) {
		u.SetLastError("its secret was kept under a key that the server does not have (setting secret-key)").
			ClearFailingSince().SetNextAttemptAt(calendar.InstantOf(d.now().Add(lookAgainForKey)))
	})
	return err
}

// waitAfter is how long to wait after failures have lasted so long: as long again, give or take a fifth, so that
// receivers are not asked by all at once; or as long as the receiver asks for, within the bound.
func waitAfter(lasted, asked time.Duration) time.Duration {
	wait := max(leastWait, min(lasted, mostWait))
	const fifth = 5
	wait += rand.N(2*wait/fifth) - wait/fifth
	return max(wait, min(asked, mostWait))
}

// tooOld says up to where changes are given up, and how many that are: none until the receiver has failed for as long
// as is tried, and then those that are older than that.
func (d *deliveries) tooOld(ctx context.Context, w *ent.Webhook, since, now time.Time) (until int64, missed int, err error) {
	if now.Sub(since) < d.webhooks.KeepTrying {
		return w.Sequence, 0, nil
	}
	span, err := d.db.SpanOf(ctx, w.OrganizationID)
	if err != nil {
		return 0, 0, err
	}
	after := []predicate.Change{change.LogID(w.OrganizationID), change.SequenceGT(w.Sequence), change.SequenceLTE(span.Last)}
	young, err := d.db.Read().Change.Query().Where(after...).Where(change.AtGTE(calendar.InstantOf(now.Add(-d.webhooks.KeepTrying)))).
		Order(ent.Asc(change.FieldSequence)).First(ctx)
	switch {
	case ent.IsNotFound(err):
		until = span.Last
	case err != nil:
		return 0, 0, err
	default:
		until = young.Sequence - 1
	}
	missed, err = d.db.Read().Change.Query().Where(after...).Where(change.SequenceLTE(until), change.SubjectTypeIn(w.SubjectTypes...)).Count(ctx)
	return until, missed, err
}

// restart goes on with what the log still has. Nobody knows what those changes were about that it no longer has: all count as missed.
func (d *deliveries) restart(ctx context.Context, w *ent.Webhook) (goesOn bool, err error) {
	span, err := d.db.SpanOf(ctx, w.OrganizationID)
	if err != nil {
		return false, err
	}
	to := span.Last // where the log was set back
	if w.Sequence < span.DroppedUntil {
		to = span.DroppedUntil
	}
	missed := max(0, int(to-w.Sequence))
	d.log.WarnContext(ctx, "a webhook goes on where the change log begins", "webhook", w.ID, "organization", w.OrganizationID, "given_up", missed)
	return d.note(ctx, w, to, func(u *ent.WebhookUpdate) { u.AddMissedCount(missed) })
}
