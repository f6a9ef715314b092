package store

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/internal/relay"
)

// recorder notes which subjects a transaction writes, and how they were before.
// It is the one place where changes are recorded: every write of the data model
// passes its hook.
type recorder struct {
	tx      *ent.Tx
	dialect string
	cause   Cause
	// isOff is true while an empty database gets its catalogue.
	isOff bool
	// notes are the subjects that were written, by entity and key.
	notes map[string]map[int64]*note
}

// note is what is known of a subject that the transaction writes.
type note struct {
	// isNew is true where the subject came into being in this transaction.
	isNew bool
	// made is as much of a new row as its place in a log depends on; nil once it was written again.
	made line
	// isWritten is true where the row itself was written, and not parts of it alone.
	isWritten bool
	// row is how the row was before, where it was read.
	row line
	// parts are how those parts were before that were written, by field.
	parts map[string]string
	// reordered are those fields in which others changed places.
	reordered []string
}

type recorderKey struct{}

func newRecorder(tx *ent.Tx, dialect string, cause Cause) *recorder {
	return &recorder{tx: tx, dialect: dialect, cause: cause, notes: map[string]map[int64]*note{}}
}

// recorderOf gives the recorder of the transaction that ctx belongs to: one of Write.
func recorderOf(ctx context.Context) *recorder { return ctx.Value(recorderKey{}).(*recorder) }

// unlogged leaves the rest of the transaction out of the change logs.
func unlogged(ctx context.Context) { recorderOf(ctx).isOff = true }

// recorded is the hook that every write of the data model passes.
func recorded(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		_, isSubject := subjects[m.Type()]
		of, isPart := partsOf[m.Type()]
		if !isSubject && !isPart {
			return next.Mutate(ctx, m)
		}
		r, isInWrite := ctx.Value(recorderKey{}).(*recorder)
		switch {
		case !isInWrite:
			return nil, fmt.Errorf("a change of %s outside of Write", m.Type())
		case r.isOff, isUnseen(m):
			return next.Mutate(ctx, m)
		case isSubject && m.Op().Is(ent.OpCreate):
			return r.created(ctx, m, next)
		}
		note := r.touchRows
		if isPart {
			note = func(ctx context.Context, m ent.Mutation) error { return r.touchParents(ctx, of, m) }
		}
		if err := note(ctx, m); err != nil {
			return nil, fmt.Errorf("noting a change of %s: %w", m.Type(), err)
		}
		return next.Mutate(ctx, m)
	})
}

// isUnseen says whether a mutation writes nothing but columns in which another value is no change.
func isUnseen(m ent.Mutation) bool {
	if !m.Op().Is(ent.OpUpdate | ent.OpUpdateOne) {
		return false
	}
	s := subjects[m.Type()]
	return !slices.ContainsFunc(slices.Concat(m.Fields(), m.AddedFields(), m.ClearedFields()), func(column string) bool {
		field, isMapped := s.fields[column]
		return !slices.Contains(unseen, column) && (!isMapped || field != "")
	})
}

// refused is the hook of the client that only reads.
func refused(ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(_ context.Context, m ent.Mutation) (ent.Value, error) {
		return nil, fmt.Errorf("a change of %s outside of Write", m.Type())
	})
}

// keysOf gives the keys of the rows that a mutation changes or deletes, and keeps
// it to them: rows that come to fulfil its conditions meanwhile are not noted.
func keysOf(ctx context.Context, m ent.Mutation) ([]int64, error) {
	some := m.(interface {
		IDs(ctx context.Context) ([]int64, error)
		WhereP(conditions ...func(*sql.Selector))
	})
	ids, err := some.IDs(ctx)
	if err == nil && m.Op().Is(ent.OpUpdate|ent.OpDelete) {
		some.WhereP(func(s *sql.Selector) { s.Where(In(s.C("id"), ids)) })
	}
	return ids, err
}

func (r *recorder) created(ctx context.Context, m ent.Mutation, next ent.Mutator) (ent.Value, error) {
	v, err := next.Mutate(ctx, m)
	if err != nil {
		return nil, err
	}
	s, made := subjects[m.Type()], line{}
	for _, column := range []string{s.organization, s.hidden} {
		if value, isSet := m.Field(column); isSet {
			made[column] = fmt.Sprint(value)
		}
	}
	r.of(m.Type())[v.(interface{ GlobalID() relay.ID }).GlobalID().Key] = &note{isNew: true, made: made}
	return v, nil
}

func (r *recorder) of(entity string) map[int64]*note {
	known := r.notes[entity]
	if known == nil {
		known = map[int64]*note{}
		r.notes[entity] = known
	}
	return known
}

// note gives what is known of a subject.
func (r *recorder) note(entity string, id int64) *note {
	known := r.of(entity)
	if known[id] == nil {
		known[id] = &note{}
	}
	return known[id]
}

// touchRows notes how the subjects are that a mutation changes or deletes.
func (r *recorder) touchRows(ctx context.Context, m ent.Mutation) error {
	ids, err := keysOf(ctx, m)
	if err != nil {
		return err
	}
	if err := r.touch(ctx, m.Type(), ids); err != nil || !m.Op().Is(ent.OpDelete|ent.OpDeleteOne) {
		return err
	}
	return r.touchDependents(ctx, subjects[m.Type()], ids)
}

// touch notes how rows of subjects are before they are written for the first time.
func (r *recorder) touch(ctx context.Context, entity string, ids []int64) error {
	if err := r.hold(ctx, entity, ids); err != nil {
		return err
	}
	for _, id := range ids {
		if n := r.of(entity)[id]; n != nil {
			n.isWritten, n.made = true, nil
		}
	}
	return nil
}

// hold reads rows of subjects that were not read yet, and keeps others from
// writing them: what differs in the end was changed by this transaction.
func (r *recorder) hold(ctx context.Context, entity string, ids []int64) error {
	known := r.of(entity)
	var unread []int64
	for _, id := range ids {
		if n := known[id]; n == nil || !n.isNew && n.row == nil {
			unread = append(unread, id)
		}
	}
	rows, err := r.held(ctx, subjects[entity].table, unread)
	if err != nil {
		return err
	}
	for _, row := range rows {
		r.note(entity, row.key("id")).row = row
	}
	return nil
}

// touchParents notes how the subjects are whose parts a mutation writes.
func (r *recorder) touchParents(ctx context.Context, of ofPart, m ent.Mutation) error {
	var parents []int64
	if parent, isSet := m.Field(of.parent); isSet {
		parents = append(parents, parent.(int64))
	}
	if !m.Op().Is(ent.OpCreate) {
		ids, err := keysOf(ctx, m)
		if err != nil {
			return err
		}
		from, err := r.keys(ctx, of.table, of.parent, "id", ids)
		if err != nil {
			return err
		}
		parents = append(parents, from...)
	}
	return r.touchParts(ctx, of, parents)
}

// touchParts notes how a part of subjects is before it is written for the first time.
func (r *recorder) touchParts(ctx context.Context, of ofPart, parents []int64) error {
	if r.dialect == dialect.Postgres { // SQLite has one writer, whom nobody gets in the way of
		if err := r.hold(ctx, of.subject, parents); err != nil {
			return err
		}
	}
	var unread []int64
	for _, id := range parents {
		n := r.note(of.subject, id)
		if _, isRead := n.parts[of.field]; !isRead && !n.isNew {
			unread = append(unread, id)
		}
	}
	texts, err := r.texts(ctx, of.part, unread)
	if err != nil {
		return err
	}
	for _, id := range unread {
		n := r.note(of.subject, id)
		if n.parts == nil {
			n.parts = map[string]string{}
		}
		n.parts[of.field] = texts[id]
	}
	return nil
}

// changed gives those of the subjects that are no longer as the transaction found them.
func (r *recorder) changed(ctx context.Context, entity string, ids []int64) ([]int64, error) {
	s, notes := subjects[entity], map[int64]*note{}
	for _, id := range ids {
		if n := r.of(entity)[id]; n != nil {
			notes[id] = n
		}
	}
	after, err := r.after(ctx, s, notes)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
		n := notes[id]
		return n != nil && len(s.changed(n.before(), after[id])) == 0
	}), nil
}
