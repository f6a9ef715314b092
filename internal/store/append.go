package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"stackyard/ent"
	"stackyard/ent/organization"
	"stackyard/internal/calendar"
)

// append writes what the transaction changed to the change logs, as its last
// act, and tells how far they have come.
func (r *recorder) append(ctx context.Context) ([]news, error) {
	if err := r.noteOrders(ctx); err != nil {
		return nil, fmt.Errorf("comparing orders: %w", err)
	}
	entries := map[int64][]*ent.ChangeCreate{}
	for _, entity := range slices.Sorted(maps.Keys(r.notes)) {
		if err := r.entries(ctx, entity, entries); err != nil {
			return nil, fmt.Errorf("comparing %s: %w", entity, err)
		}
	}
	var out []news
	for _, log := range slices.Sorted(maps.Keys(entries)) { // always in the same order, so that writers do not lock each other out
		last, err := r.appendTo(ctx, log, entries[log])
		if err != nil {
			return nil, err
		}
		out = append(out, news{log, last})
	}
	return out, nil
}

// gone is how far a log has come that is deleted.
const gone = math.MaxInt64

// appendTo writes entries to a log, and gives the number of the last.
func (r *recorder) appendTo(ctx context.Context, log int64, entries []*ent.ChangeCreate) (last int64, err error) {
	last, isThere, err := r.number(ctx, log, len(entries))
	if err != nil {
		return 0, err
	}
	if !isThere {
		return gone, r.checkGone(ctx, log)
	}
	for i, c := range entries {
		c.SetSequence(last - int64(len(entries)-1-i))
	}
	return last, inBulk(entries, func(c []*ent.ChangeCreate) error { return r.tx.Change.CreateBulk(c...).Exec(ctx) })
}

// checkGone makes sure that a log is not there because it went with its
// organisation: nothing else may be without one.
func (r *recorder) checkGone(ctx context.Context, log int64) error {
	isThere, err := r.tx.Organization.Query().Where(organization.ID(log)).Exist(ctx)
	if err == nil && (isThere || log == PublicLog) {
		err = fmt.Errorf("there is no change log %d", log)
	}
	return err
}

// number takes sequence numbers from a log's own row, which stays locked until
// the transaction ends: so the order of numbers is the order of commits.
func (r *recorder) number(ctx context.Context, log int64, n int) (last int64, isThere bool, err error) {
	rows, err := r.tx.QueryContext(ctx, fmt.Sprintf("UPDATE change_logs SET last_sequence = last_sequence + %d WHERE id = %d RETURNING last_sequence", n, log))
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		isThere, err = true, rows.Scan(&last)
	}
	return last, isThere, errors.Join(err, rows.Err())
}

// entries makes the entries for the subjects of an entity.
func (r *recorder) entries(ctx context.Context, entity string, into map[int64][]*ent.ChangeCreate) error {
	s, notes := subjects[entity], r.notes[entity]
	after, err := r.after(ctx, s, notes)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(notes)) {
		places, err := r.places(ctx, s, id, notes[id].before(), after[id])
		if err != nil {
			return err
		}
		for _, p := range places {
			c := r.tx.Change.Create().SetLogID(p.log).SetAt(calendar.InstantOf(r.cause.At)).SetOperation(p.operation).
				SetSubjectType(s.kind).SetSubjectKey(id).SetFields(orEmpty(p.fields)).SetRank(p.rank)
			if r.cause.Actor != 0 {
				c.SetActorID(r.cause.Actor)
			}
			into[p.log] = append(into[p.log], c)
		}
	}
	return nil
}
