package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// slowCommits lets every commit on a PostgreSQL take some milliseconds, after all
// that the transaction had to do.
func (l *ledger) slowCommits() {
	l.must(func(ctx context.Context, tx *ent.Tx) {
		for _, statement := range []string{
			`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(random() * 0.02); RETURN NULL; END'`,
			`CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				panic(err)
			}
		}
	})
}

// reading is somebody who follows a log while it is written.
type reading struct {
	store.Following
	role enum.OrganizationRole
	got  []int64
}

// read reads on as far as the log goes.
func (r *reading) read(l *ledger) {
	for hasMore := true; hasMore; {
		batch, err := l.ChangesAfter(l.Context(), r.Following, 1+rand.IntN(9))
		if err != nil {
			l.Error(err)
			return
		}
		for _, c := range batch.Changes {
			r.got = append(r.got, c.Sequence)
		}
		r.After, hasMore = batch.Until, batch.HasMore
	}
}

// want gives what there is to read, now that everything is written.
func (r *reading) want(l *ledger) []int64 {
	changes := l.Read().Change.Query().Where(change.LogID(r.Log)).Order(ent.Asc(change.FieldSequence)).AllX(l.Context())
	var out []int64
	for i, c := range changes {
		if c.Sequence != int64(i+1) {
			l.Errorf("the log %d has %d as its number %d", r.Log, c.Sequence, i+1)
		}
		if c.Rank <= r.role.Rank() && (r.Types == nil || slices.Contains(r.Types, c.SubjectType)) {
			out = append(out, c.Sequence)
		}
	}
	return out
}

func TestWhoFollowsALogThatIsWrittenSeesEveryChangeOnceAndInOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect, func(c *store.Config) { c.MaxWriters = 16 })
		if dialect == "postgres" {
			l.slowCommits()
		}
		roles := map[enum.OrganizationRole]*ent.User{}
		l.must(func(ctx context.Context, tx *ent.Tx) {
			for _, name := range enum.RoleViewer.Values() {
				role := enum.OrganizationRole(name)
				roles[role] = tx.User.Create().SetIssuer("i").SetSubject(name).SetName(name).SetCreatedAt(1).SaveX(ctx)
				tx.Member.Create().SetOrganizationID(l.acme.ID).SetUserID(roles[role].ID).SetRole(role).SetSince(1).ExecX(ctx)
			}
		})
		readings := []*reading{{Following: store.Following{Log: store.PublicLog}}}
		for range 6 {
			readings = append(readings, &reading{Following: store.Following{Log: store.PublicLog, Types: someTypes()}})
		}
		for role, u := range roles {
			for range 2 {
				readings = append(readings, &reading{Following: store.Following{Log: l.acme.ID, User: u.ID, Types: someTypes()}, role: role})
			}
		}

		written := make(chan struct{})
		var reading, writing sync.WaitGroup
		for _, r := range readings {
			reading.Go(func() {
				for isWritten := false; !isWritten; {
					select {
					case <-written:
						isWritten = true
					case <-time.After(time.Duration(rand.IntN(10)) * time.Millisecond):
					}
					r.read(l)
				}
			})
		}
		for w := range 8 {
			writing.Go(func() {
				for i := range 10 {
					if err := l.do(func(ctx context.Context, tx *ent.Tx) { l.anything(ctx, tx, fmt.Sprintf("%d-%d", w, i)) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		close(written)
		reading.Wait()
		for _, r := range readings {
			if diff := cmp.Diff(r.want(l), r.got); diff != "" {
				t.Errorf("%s, types %v (-written +read):\n%s", r.role, r.Types, diff)
			}
		}
		if n := len(readings[0].got); n < 80 {
			t.Errorf("only %d changes were read", n)
		}
	})
}

// someTypes is a filter; nil lets all through.
func someTypes() []enum.ChangeSubjectType {
	all := []enum.ChangeSubjectType{enum.SubjectTool, enum.SubjectTechnology, enum.SubjectProject, enum.SubjectMember, enum.SubjectOrganization}
	n := rand.IntN(len(all) + 1)
	if n == 0 {
		return nil
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:n]
}

// anything writes something to the public log, and perhaps to that of an organisation.
func (l *ledger) anything(ctx context.Context, tx *ent.Tx, name string) {
	for i := range 1 + rand.IntN(3) {
		tx.Tool.Create().SetSlug(fmt.Sprint(name, "-", i)).SetName(name).SetArea("DATA").ExecX(ctx)
	}
	switch rand.IntN(4) {
	case 0:
		newProject(ctx, tx, l.acme, name)
	case 1:
		tx.Organization.UpdateOneID(l.acme.ID).SetName(name).ExecX(ctx)
	case 2:
		tx.Invitation.Create().SetOrganizationID(l.acme.ID).SetEmail(name).SetEmailKey(name).SetRole("VIEWER").SetCreatedAt(1).SetExpiresAt(2).ExecX(ctx)
		tx.Technology.UpdateOneID(l.alpha.ID).SetSummary(name).ExecX(ctx)
	}
	time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
}

func TestWhoMayNotReadALogGetsNothingOfIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		for _, c := range []struct {
			name string
			store.Following
			want fault.Kind
		}{
			{"somebody else", store.Following{Log: l.acme.ID, User: l.eve.ID}, fault.Forbidden},
			{"nobody", store.Following{Log: l.acme.ID}, fault.Forbidden},
			{"a log that there is not", store.Following{Log: 999, User: l.ada.ID}, fault.NotFound},
			{"further than the log", store.Following{Log: l.acme.ID, User: l.ada.ID, After: 1000}, fault.CursorExpired},
			{"further than any log", store.Following{Log: l.acme.ID, User: l.ada.ID, After: 1<<63 - 1}, fault.CursorExpired},
			{"before the first", store.Following{Log: l.acme.ID, User: l.ada.ID, After: -1}, fault.CursorExpired},
		} {
			batch, err := l.ChangesAfter(t.Context(), c.Following, 10)
			if fault.KindOf(err) != c.want || len(batch.Changes) > 0 {
				t.Errorf("%s: %v and %d changes", c.name, err, len(batch.Changes))
			}
		}
		nothing := store.Following{Log: l.acme.ID, User: l.ada.ID, Types: []enum.ChangeSubjectType{}}
		if batch, err := l.ChangesAfter(t.Context(), nothing, 10); err != nil || len(batch.Changes) > 0 || batch.Until == 0 || batch.HasMore {
			t.Errorf("no types: %+v, %v", batch, err)
		}
	})
}

func TestALongLogWithoutWhatCountsIsLookedThroughInPieces(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		l.fill(25_000)
		f := store.Following{Log: store.PublicLog, Types: []enum.ChangeSubjectType{enum.SubjectReview}}
		var until []int64
		for hasMore := true; hasMore; {
			batch, err := l.ChangesAfter(t.Context(), f, 10)
			if err != nil || len(batch.Changes) > 0 {
				t.Fatalf("%+v, %v", batch, err)
			}
			until, f.After, hasMore = append(until, batch.Until), batch.Until, batch.HasMore
		}
		if diff := cmp.Diff([]int64{10_000, 20_000, 25_000}, until); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// fill writes changes to the public log until it has so many, a second apart, the last today.
func (l *ledger) fill(last int64) {
	l.Helper()
	l.must(func(ctx context.Context, tx *ent.Tx) {
		for _, statement := range []string{
			`INSERT INTO changes (log_id, sequence, at, operation, subject_type, subject_key, fields, rank)
				WITH RECURSIVE n(i) AS (SELECT last_sequence + 1 FROM change_logs WHERE id = 0 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d)
				SELECT 0, i, %[2]d - (%[1]d - i) * 1000000, 'UPDATED', 'TOOL', 1, '["name"]', 0 FROM n`,
			`UPDATE change_logs SET last_sequence = %[1]d WHERE id = 0 AND %[2]d > 0`,
		} {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(statement, last, storetest.Today.UnixMicro())); err != nil {
				panic(err)
			}
		}
	})
}
