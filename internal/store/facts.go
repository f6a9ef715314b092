package store

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"slices"
	"sync/atomic"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/changelog"
	"stackyard/internal/advice"
	"stackyard/internal/enum"
)

// Facts is all that advice rests on: every technology of the catalogue, at one
// moment. It is shared and must not be written.
type Facts struct {
	// Sequence is how far the public change log had come.
	Sequence int64
	// Technologies are all, by key.
	Technologies map[int64]*advice.Technology
}

// BySlug gives the technologies by their slugs.
func (f *Facts) BySlug() map[string]*advice.Technology {
	out := make(map[string]*advice.Technology, len(f.Technologies))
	for _, t := range f.Technologies {
		out[t.Slug] = t
	}
	return out
}

// factsCache is the newest Facts that was read.
type factsCache struct {
	newest atomic.Pointer[Facts]
	// turn is held by the one who reads them anew.
	turn chan struct{}
}

// Facts gives the facts as they are now. They are kept in memory: as long as the
// public change log goes no further, asking for them is one small statement.
func (db *DB) Facts(ctx context.Context) (*Facts, error) {
	last, err := db.read.ChangeLog.Query().Where(changelog.ID(PublicLog)).Select(changelog.FieldLastSequence).Int(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the public change log: %w", err)
	}
	if f := db.facts.newest.Load(); f != nil && f.Sequence >= int64(last) {
		return f, nil
	}
	select {
	case db.facts.turn <- struct{}{}:
		defer func() { <-db.facts.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if f := db.facts.newest.Load(); f != nil && f.Sequence >= int64(last) {
		return f, nil
	}
	f, err := db.readFacts(ctx, db.facts.newest.Load())
	if err != nil {
		return nil, fmt.Errorf("reading the facts of the catalogue: %w", err)
	}
	db.facts.newest.Store(f)
	return f, nil
}

// readFacts brings facts up to date, as of one moment; was is nil where there are none yet.
func (db *DB) readFacts(ctx context.Context, was *Facts) (*Facts, error) {
	tx, err := db.read.BeginTx(ctx, &stdsql.TxOptions{Isolation: stdsql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	log, err := tx.ChangeLog.Get(ctx, PublicLog)
	if err != nil {
		return nil, err
	}
	span := Span{DroppedUntil: log.DroppedUntil, Last: log.LastSequence}
	if was != nil && span.CheckAfter(was.Sequence) == nil {
		f, ok, err := refreshed(ctx, tx, was, span)
		if err != nil || ok {
			return f, err
		}
	}
	f := &Facts{Sequence: span.Last}
	f.Technologies, err = factsOf(ctx, tx.Client(), nil)
	return f, err
}

// refreshedAtOnce is how many changes are looked through before everything is read anew.
const refreshedAtOnce = 1000

// refreshed reads only those technologies anew that were changed by themselves,
// as by a review; not ok where more has changed than that.
func refreshed(ctx context.Context, tx *ent.Tx, was *Facts, span Span) (f *Facts, ok bool, err error) {
	if span.Last-was.Sequence > refreshedAtOnce {
		return nil, false, nil
	}
	changes, err := tx.Change.Query().Where(change.LogID(PublicLog), change.SequenceGT(was.Sequence), change.SequenceLTE(span.Last)).
		Select(change.FieldSubjectType, change.FieldSubjectKey, change.FieldOperation, change.FieldFields).All(ctx)
	if err != nil {
		return nil, false, err
	}
	var changed []int64
	for _, c := range changes {
		switch {
		case slices.Contains(noFacts, c.SubjectType):
		case c.SubjectType == enum.SubjectTechnology && c.Operation == enum.ChangeUpdated && !slices.Contains(c.Fields, "name") && !slices.Contains(c.Fields, "license"):
			changed = append(changed, c.SubjectKey)
		default:
			return nil, false, nil
		}
	}
	f = &Facts{Sequence: span.Last, Technologies: was.Technologies}
	if len(changed) == 0 {
		return f, true, nil
	}
	anew, err := factsOf(ctx, tx.Client(), changed)
	if err != nil {
		return nil, false, err
	}
	f.Technologies = make(map[int64]*advice.Technology, len(was.Technologies))
	for id, t := range was.Technologies {
		f.Technologies[id] = t
	}
	for id, t := range anew {
		f.Technologies[id] = t
	}
	return f, true, nil
}

// noFacts are subjects of which advice knows nothing. What reviews change is a technology's rating.
// A source is not among them: that it was read can give all of its facts a newer day.
var noFacts = []enum.ChangeSubjectType{
	enum.SubjectReview, enum.SubjectUser, enum.SubjectTool, enum.SubjectCriterion, enum.SubjectMistake,
}
