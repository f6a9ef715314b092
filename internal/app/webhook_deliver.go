package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/changelog"
	"stackyard/ent/predicate"
	entwebhook "stackyard/ent/webhook"
	"stackyard/internal/calendar"
	"stackyard/internal/store"
)

const (
	// webhookLease is how long others wait for an instance that died while it delivered.
	webhookLease = 30 * time.Second
	// webhookPoll is how often is looked for what is due where nothing tells.
	webhookPoll = 2 * time.Second
)

// HasWebhooks says whether webhooks are delivered here.
func (a *App) HasWebhooks() bool { return a.webhooks.areOn() }

// DeliverWebhooks delivers what is due until nothing is. One instance does so at a
// time, and the others do nothing. What is being posted when ctx ends is posted again another time.
func (a *App) DeliverWebhooks(ctx context.Context, log *slog.Logger) error {
	if !a.webhooks.areOn() {
		return nil
	}
	d := &deliveries{App: a, log: log, at: map[int64]bool{}, broken: map[int64]time.Time{}, done: make(chan turned)}
	due, err := d.due(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	_, err = a.db.Alone(ctx, "webhooks", webhookLease, d.run)
	return err
}

// deliveries are those of one instance while it has the lease.
type deliveries struct {
	*App
	log   *slog.Logger
	lease store.Lease
	// at are the webhooks that are being delivered.
	at map[int64]bool
	// broken are those that could not be looked after, with the time until which they are left alone.
	broken map[int64]time.Time
	// last is the webhook that had its turn last: the others come before it.
	last int64
	done chan turned
}

// turned is the end of a webhook's turn.
type turned struct {
	id  int64
	err error
}

// run gives each webhook that is due a turn, again and again, as many as there may be at a time.
func (d *deliveries) run(ctx context.Context, l store.Lease) (err error) {
	d.lease = l
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		cancel()
		for len(d.at) > 0 {
			delete(d.at, (<-d.done).id)
		}
	}()
	changed, stop := d.db.TenantsChanged()
	defer stop()
	every := time.NewTicker(webhookPoll)
	defer every.Stop()
	for {
		due, err := d.due(ctx)
		if err != nil {
			return err
		}
		for _, id := range due {
			d.begin(ctx, id)
		}
		if len(d.at) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case t := <-d.done:
			if err := d.end(ctx, t); err != nil {
				return err
			}
		case <-changed:
		case <-every.C:
		}
	}
}

func (d *deliveries) begin(ctx context.Context, id int64) {
	d.at[id], d.last = true, id
	go func() { d.done <- turned{id, d.turn(ctx, id)} }()
}

// end says whether to go on after a turn. A webhook whose turn went wrong on this side keeps no other from its own,
// and has another after a while.
func (d *deliveries) end(ctx context.Context, t turned) error {
	delete(d.at, t.id)
	switch {
	case t.err == nil:
		delete(d.broken, t.id)
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(t.err, store.ErrLeaseLost):
		return t.err
	}
	d.broken[t.id] = time.Now().Add(leastWait)
	d.log.WarnContext(ctx, "a webhook could not be looked after", "webhook", t.id, "error", t.err)
	return nil
}

// due gives webhooks whose organisation's log has come further than they were told, and that
// need not wait, for as many as may begin now: those that had their turn longest ago first.
func (d *deliveries) due(ctx context.Context) ([]int64, error) {
	free := d.webhooks.Deliveries - len(d.at)
	if free <= 0 {
		return nil, nil
	}
	busy := append([]int64{0}, sortedKeys(d.at)...) // no key is 0; without any, the set would be NULL
	for _, id := range sortedKeys(d.broken) {
		if time.Now().Before(d.broken[id]) {
			busy = append(busy, id)
		}
	}
	var ids []int64
	err := d.db.Read().Webhook.Query().Where(isDue(calendar.InstantOf(d.now())), func(s *sql.Selector) {
		s.Where(sql.Not(store.In(s.C(entwebhook.FieldID), busy)))
	}).Order(func(s *sql.Selector) {
		s.OrderExpr(sql.P(func(b *sql.Builder) { b.WriteString(s.C(entwebhook.FieldID) + " <= ").Arg(d.last) }))
	}, ent.Asc(entwebhook.FieldID)).Limit(free).Select(entwebhook.FieldID).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("looking for webhooks to deliver: %w", err)
	}
	return ids, nil
}

func isDue(now calendar.Instant) predicate.Webhook {
	return func(s *sql.Selector) {
		l := sql.Dialect(s.Dialect()).Table(changelog.Table).As("l")
		s.Join(l).On(l.C(changelog.FieldID), s.C(entwebhook.FieldOrganizationID))
		s.Where(sql.And(
			sql.ColumnsNEQ(l.C(changelog.FieldLastSequence), s.C(entwebhook.FieldSequence)), // behind where the log was set back
			sql.Or(sql.IsNull(s.C(entwebhook.FieldNextAttemptAt)), sql.LTE(s.C(entwebhook.FieldNextAttemptAt), int64(now))),
		))
	}
}
