package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/technologycategory"
	"stackyard/ent/tool"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// meanwhile runs first in a transaction, and second in another that gets as far as
// it can before the first ends.
func (l *ledger) meanwhile(dialect string, first, second func(ctx context.Context, tx *ent.Tx)) {
	l.Helper()
	done := make(chan error, 1)
	l.must(func(ctx context.Context, tx *ent.Tx) {
		first(ctx, tx)
		go func() { done <- l.do(second) }()
		for dialect == "postgres" && !l.isSomebodyWaiting(ctx) {
			time.Sleep(time.Millisecond)
		}
	})
	if err := <-done; err != nil {
		l.Fatal(err)
	}
}

// isSomebodyWaiting says whether a transaction waits for another.
func (l *ledger) isSomebodyWaiting(ctx context.Context) bool {
	rows, err := l.Read().QueryContext(ctx, `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	if err != nil {
		l.Error(err)
		return true
	}
	defer func() { _ = rows.Close() }()
	return rows.Next() || rows.Err() != nil
}

func TestATransactionRecordsWhatItChangedItself(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		l.meanwhile(dialect,
			func(ctx context.Context, tx *ent.Tx) {
				tx.Technology.UpdateOneID(l.alpha.ID).SetSummary("first").ExecX(ctx)
			},
			func(ctx context.Context, tx *ent.Tx) {
				tx.Technology.UpdateOneID(l.alpha.ID).SetSteward("second").ExecX(ctx)
			})
		if diff := cmp.Diff("public/0 UPDATED TECHNOLOGY summary\npublic/0 UPDATED TECHNOLOGY steward", l.news()); diff != "" {
			t.Errorf("two that change a row (-want +got):\n%s", diff)
		}

		l.must(func(ctx context.Context, tx *ent.Tx) { link(ctx, tx, l.alpha, l.category, 0) })
		l.news()
		l.meanwhile(dialect,
			func(ctx context.Context, tx *ent.Tx) {
				tx.TechnologyCategory.Delete().Where(technologycategory.TechnologyID(l.alpha.ID)).ExecX(ctx)
			},
			func(ctx context.Context, tx *ent.Tx) { link(ctx, tx, l.alpha, l.category, 0) })
		if diff := cmp.Diff("public/0 UPDATED TECHNOLOGY categories\npublic/0 UPDATED TECHNOLOGY categories", l.news()); diff != "" {
			t.Errorf("one takes a part away, one brings it back (-want +got):\n%s", diff)
		}

		l.meanwhile(dialect,
			func(ctx context.Context, tx *ent.Tx) { tx.Tool.UpdateOneID(l.tool.ID).SetArea("IDENTITY").ExecX(ctx) },
			func(ctx context.Context, tx *ent.Tx) { tx.Tool.Delete().Where(tool.AreaEQ("DATA")).ExecX(ctx) })
		if got := l.news(); dialect == "postgres" && got != "public/0 UPDATED TOOL area" {
			t.Errorf("one changes a row that the other was to delete: %s", got)
		}
	})
}

func TestATransactionThatIsRunAgainIsRecordedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		for name, passing := range map[string]error{
			"serialization": &pgconn.PgError{Code: "40001"}, "deadlock": fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: "40P01"}), "taken": nil,
		} {
			tries := 0
			err := l.Write(l.Context(), store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
				tries++
				slug := name
				if tries == 1 && passing == nil {
					slug = l.tool.Slug
				}
				err := tx.Tool.Create().SetSlug(slug).SetName(name).SetArea("DATA").Exec(ctx)
				if tries == 1 {
					err = errors.Join(err, passing)
				}
				return err
			})
			if got := l.news(); err != nil || tries != 2 || got != "public/0 CREATED TOOL" {
				t.Errorf("%s: %v after %d tries, recorded %q", name, err, tries, got)
			}
		}
		tries := 0
		err := l.Write(l.Context(), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
			tries++
			return tx.Tool.Create().SetSlug(l.tool.Slug).SetName("x").SetArea("DATA").Exec(ctx)
		})
		if !ent.IsConstraintError(err) || tries != 2 || l.news() != "" {
			t.Errorf("what stays taken: %v after %d tries", err, tries)
		}
	})
}

func TestAConflictHasItsSecondChanceHoweverOftenOthersWereInTheWay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		const most = 9 // times that a transaction may be held up, and still pass
		for _, heldUp := range []int{1, most} {
			tries := 0
			err := l.Write(l.Context(), store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
				tries++
				if tries <= heldUp {
					return &pgconn.PgError{Code: "40001"}
				}
				slug := l.tool.Slug
				if tries > heldUp+1 {
					slug = fmt.Sprint("saw", heldUp)
				}
				return tx.Tool.Create().SetSlug(slug).SetName(slug).SetArea("DATA").Exec(ctx)
			})
			if got := l.news(); err != nil || tries != heldUp+2 || got != "public/0 CREATED TOOL" {
				t.Errorf("after %d times: %v after %d tries, recorded %q", heldUp, err, tries, got)
			}
		}
		tries := 0
		err := l.Write(l.Context(), store.Cause{}, func(context.Context, *ent.Tx) error {
			tries++
			return &pgconn.PgError{Code: "40P01"}
		})
		if err == nil || tries != most+1 {
			t.Errorf("what is always in the way: %v after %d tries", err, tries)
		}
	})
}

func TestWhatIsNotCommittedIsNotRecorded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLedger(t, dialect)
		err := l.do(func(ctx context.Context, tx *ent.Tx) {
			tx.Tool.UpdateOneID(l.tool.ID).SetName("x").ExecX(ctx)
			newProject(ctx, tx, l.acme, "x")
			panic(errBroken)
		})
		if !errors.Is(err, errBroken) || l.news() != "" {
			t.Errorf("%v", err)
		}
		err = l.do(func(_ context.Context, tx *ent.Tx) { tx.Tool.UpdateOneID(l.tool.ID).SetName("x").ExecX(l.Context()) })
		if err == nil || !strings.Contains(err.Error(), "outside of Write") {
			t.Errorf("a change that no recorder sees: %v", err)
		}
		err = l.Read().Setting.Create().SetName("n").SetValue("v").Exec(l.Context())
		if err == nil || !strings.Contains(err.Error(), "outside of Write") {
			t.Errorf("a change by a reader: %v", err)
		}
		err = l.do(func(ctx context.Context, tx *ent.Tx) {
			tx.Organization.Create().SetSlug("o").SetName("o").SetNameKey(nil).SetCreatedAt(1).SetUpdatedAt(1).ExecX(ctx)
		})
		if err == nil || l.Read().Organization.Query().CountX(l.Context()) != 2 {
			t.Errorf("an organisation without a log: %v", err)
		}
	})
}

// isolated lets every transaction of a PostgreSQL begin at an isolation level, and
// finds deadlocks soon.
func isolated(level string) func(*store.Config) {
	return func(c *store.Config) {
		c.MaxWriters = 20 // more than there are writers
		options := "-c deadlock_timeout=20ms -c default_transaction_isolation=" + strings.ReplaceAll(level, " ", `\ `)
		c.Database += "&options=" + strings.ReplaceAll(url.QueryEscape(options), "+", "%20")
	}
}

func TestWritersThatMeetInSeveralLogsAllGetTheirTurn(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"read committed", "repeatable read", "serializable"} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t, "postgres", isolated(level))
			l.must(func(ctx context.Context, tx *ent.Tx) {
				tx.Member.Create().SetOrganizationID(l.zoo.ID).SetUserID(l.eve.ID).SetRole(enum.RoleViewer).SetSince(1).ExecX(ctx)
				tx.Review.Create().SetTechnologyID(l.alpha.ID).SetAuthorID(l.eve.ID).SetRating(4).SetCreatedAt(1).SetUpdatedAt(1).ExecX(ctx)
			})
			l.news()
			const writers, writes = 16, 3
			var running sync.WaitGroup
			for w := range writers {
				running.Go(func() {
					for i := range writes {
						text := fmt.Sprintf("%d %d", w, i)
						err := l.do(func(ctx context.Context, tx *ent.Tx) {
							steps := []func(){
								func() { tx.User.UpdateOneID(l.eve.ID).SetName(text).ExecX(ctx) },
								func() { tx.Project.UpdateOneID(l.shop.ID).SetTeam(text).ExecX(ctx) },
								func() { tx.Technology.UpdateOneID(l.alpha.ID).SetSteward(text).ExecX(ctx) },
							}
							if w%2 == 0 {
								slices.Reverse(steps)
							}
							for _, step := range steps {
								step()
							}
						})
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
			running.Wait()
			l.news()
			for log, want := range map[int64]int{store.PublicLog: 2 * writers * writes, l.acme.ID: writers * writes, l.zoo.ID: writers * writes} {
				if n := l.Read().Change.Query().Where(change.LogID(log), change.Operation(enum.ChangeUpdated)).CountX(t.Context()); n != want {
					t.Errorf("log %d has %d changes, want %d", log, n, want)
				}
			}
		})
	}
}
