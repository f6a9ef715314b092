package app_test

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// estate is an organisation with projects, of which the first ones run Node.js.
type estate struct {
	testing.TB
	dialect string
	address string
	*store.DB
	*app.App
	project relay.ID // the first
	stack   []*app.StackEntryInput
	ends    calendar.Day

	mu         sync.Mutex
	statements []string
}

func newEstate(t testing.TB, dialect string, projects, concerned, components int) *estate {
	t.Helper()
	e := &estate{TB: t, dialect: dialect, address: storetest.SeededAddress(t, dialect), ends: 20_000}
	if _, isTest := t.(*testing.T); isTest && dialect == "postgres" {
		e.address += "&enable_seqscan=off" // as few rows as a test has are read whole, whatever indexes there are
	}
	e.open()
	now := calendar.InstantOf(storetest.Today)
	e.write(func(ctx context.Context, tx *ent.Tx) {
		runs := tx.Technology.Query().Where(technology.SlugNEQ("nodejs")).Order(technology.BySlug()).Limit(components).AllX(ctx)
		node := tx.Technology.Query().Where(technology.Slug("nodejs")).OnlyX(ctx)
		o := tx.Organization.Create().SetSlug("acme").SetName("Acme").SetNameKey([]byte("acme")).SetCreatedAt(now).SetUpdatedAt(now).SaveX(ctx)
		tx.ChangeLog.Create().SetID(o.ID).SetOrganizationID(o.ID).ExecX(ctx)
		u := tx.User.Create().SetIssuer("https://issuer.example").SetSubject("eve").SetName("eve").SetCreatedAt(now).SaveX(ctx)
		tx.Member.Create().SetOrganizationID(o.ID).SetUserID(u.ID).SetRole(enum.RoleEditor).SetSince(now).ExecX(ctx)
		for n := range projects {
			slug := fmt.Sprint("p", n)
			p := tx.Project.Create().SetOrganizationID(o.ID).SetSlug(slug).SetName(slug).SetNameKey([]byte(slug)).SetSearchText(" " + slug).
				SetVisibility(enum.VisibilityPrivate).SetCreatedAt(now).SetUpdatedAt(now).SaveX(ctx)
			parts := make([]*ent.StackComponentCreate, components)
			for i, of := range runs {
				if i == 0 && n < concerned {
					of = node
				}
				parts[i] = tx.StackComponent.Create().SetProjectID(p.ID).SetOrganizationID(o.ID).SetTechnologyID(of.ID).SetName(of.Slug).
					SetInstalledVersion("24.9.0").SetPosition(i)
				if n == 0 {
					e.project = p.GlobalID()
					e.stack = append(e.stack, &app.StackEntryInput{Technology: of.Slug})
				}
			}
			tx.StackComponent.CreateBulk(parts...).ExecX(ctx)
		}
	})
	e.changeCatalogue()
	e.changeStack()
	if dialect == "postgres" {
		e.past(func(db *stdsql.DB) error { // what is gone is read until then, and the planner knows nothing of what is there
			_, err := db.ExecContext(e.Context(), "VACUUM ANALYZE")
			return err
		})
	}
	return e
}

// past does something past the store.
func (e *estate) past(do func(*stdsql.DB) error) {
	e.Helper()
	db, err := stdsql.Open(map[string]string{"sqlite": "sqlite3", "postgres": "pgx"}[e.dialect], strings.TrimPrefix(e.address, "sqlite:"))
	if err == nil {
		err = errors.Join(do(db), db.Close())
	}
	if err != nil {
		e.Fatal(err)
	}
}

// open opens the estate's database anew.
func (e *estate) open() {
	e.Helper()
	e.DB = storetest.Open(e, e.address, storetest.Observing(func(_ context.Context, statement string) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.statements = append(e.statements, statement)
	}))
	e.App = app.New(e.DB, func() time.Time { return storetest.Today }, app.Limits{StackComponents: len(e.stack) + 100})
}

func (e *estate) write(do func(ctx context.Context, tx *ent.Tx)) {
	e.Helper()
	err := e.Write(e.Context(), store.Cause{At: storetest.Today}, func(ctx context.Context, tx *ent.Tx) error {
		do(ctx, tx)
		return nil
	})
	if err != nil {
		e.Fatal(err)
	}
}

// changeCatalogue lets Node.js 24 end on another day.
func (e *estate) changeCatalogue() {
	e.Helper()
	e.announce()
	e.recheck()
}

// announce writes the change, and has the facts of all read into memory.
func (e *estate) announce() {
	e.Helper()
	e.ends++
	e.write(func(ctx context.Context, tx *ent.Tx) {
		tx.ReleaseCycle.Update().Where(releasecycle.Name("24"), releasecycle.HasTechnologyWith(technology.Slug("nodejs"))).SetEndOfLifeOn(e.ends).ExecX(ctx)
	})
	if _, err := e.Facts(e.Context()); err != nil {
		e.Fatal(err)
	}
}

func (e *estate) recheck() {
	e.Helper()
	if err := e.Recheck(e.Context()); err != nil {
		e.Fatal(err)
	}
}

// changeStack gives all components of a project another version.
func (e *estate) changeStack() {
	e.Helper()
	e.ends++
	for _, c := range e.stack {
		version := fmt.Sprintf("24.%d.0", e.ends)
		c.Version = &version
	}
	eve := app.Caller{Viewer: &auth.Viewer{Issuer: "https://issuer.example", Subject: "eve", Name: "eve"}}
	if _, err := e.SetStack(e.Context(), eve, app.SetStackInput{ProjectID: e.project, Components: e.stack}); err != nil {
		e.Fatal(err)
	}
}

// cost is what an operation takes.
type cost struct {
	statements int
	// written are rows of all tables; read are rows and entries of indexes, of those tables that grow with the number of projects.
	written, read int
}

// costOf measures an operation on a database that is opened anew. What it reads PostgreSQL alone counts.
func (e *estate) costOf(do func()) cost {
	e.Helper()
	e.restart()
	before := e.counted()
	e.mu.Lock()
	e.statements = nil
	e.mu.Unlock()
	do()
	out := cost{statements: len(e.statements)}
	after := e.counted()
	out.written, out.read = after.written-before.written, after.read-before.read
	return out
}

// restart opens the database anew, with all facts in memory.
func (e *estate) restart() {
	e.Helper()
	_ = e.Close()
	e.open()
	if _, err := e.Facts(e.Context()); err != nil {
		e.Fatal(err)
	}
}

// growing are the tables with more rows, the more projects there are.
var growing = []string{"projects", "stack_components", "findings"}

// counted reads what the database counts: SQLite on the connection that writes, PostgreSQL when all connections have told.
func (e *estate) counted() (out cost) {
	e.Helper()
	if e.dialect == "sqlite" {
		e.write(func(ctx context.Context, tx *ent.Tx) {
			rows, err := tx.QueryContext(ctx, "SELECT total_changes()")
			if err != nil {
				e.Fatal(err)
			}
			defer func() { _ = rows.Close() }()
			if !rows.Next() || rows.Scan(&out.written) != nil {
				e.Fatal("no count")
			}
		})
		return out
	}
	_ = e.Close() // what connections have counted they tell at their end
	defer e.restart()
	tables := "('" + strings.Join(growing, "', '") + "')"
	e.past(func(db *stdsql.DB) error {
		bounded, cancel := context.WithTimeout(e.Context(), time.Minute)
		defer cancel()
		for others := 1; others > 0; time.Sleep(time.Millisecond) {
			err := db.QueryRowContext(bounded, `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`).Scan(&others)
			if err != nil {
				return err
			}
		}
		return db.QueryRowContext(e.Context(), `SELECT
			(SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables),
			(SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN `+tables+`) +
			(SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname IN `+tables+`)`).Scan(&out.written, &out.read)
	})
	return out
}

// scans gives the steps of SQLite's plans for the statements that look at one of the growing tables from end to end.
func (e *estate) scans() (out []string) {
	e.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.past(func(db *stdsql.DB) error {
		for _, statement := range e.statements {
			nothing := make([]any, strings.Count(statement, "?")+strings.Count(statement, "$"))
			rows, err := db.QueryContext(e.Context(), "EXPLAIN QUERY PLAN "+statement, nothing...)
			if err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
			for rows.Next() {
				var id, parent, unused int
				var step string
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					return err
				}
				words := strings.Fields(step)
				if len(words) > 1 && slices.Contains(growing, words[1]) && (words[0] == "SCAN" || strings.Contains(step, "(rowid>?)")) {
					out = append(out, step+": "+statement)
				}
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	return out
}

// What one change of the catalogue or of a stack touches grows with what it concerns, and not with the number of projects.
func TestWhatAChangeTouchesIsWhatItConcerns(t *testing.T) {
	t.Parallel()
	const few, many, components = 60, 240, 10
	storetest.Each(t, func(t *testing.T, dialect string) {
		t.Parallel()
		measure := func(projects, concerned int) (catalogue, stack cost) {
			e := newEstate(t, dialect, projects, concerned, components)
			stack = e.costOf(e.changeStack)
			wide := []string{}
			if dialect == "sqlite" {
				wide = e.scans()
			}
			e.announce()
			catalogue = e.costOf(e.recheck)
			if dialect == "sqlite" {
				wide = append(wide, e.scans()...)
			}
			if len(wide) > 0 {
				t.Errorf("whole tables are read:\n%s", strings.Join(wide, "\n"))
			}
			return catalogue, stack
		}
		some, someStack := measure(few, 2)
		same, sameStack := measure(many, 2)
		more, moreStack := measure(many, 8)
		t.Logf("a change of the catalogue: %+v, among more projects %+v, of more %+v; of a stack: %+v, %+v, %+v", some, same, more, someStack, sameStack, moreStack)
		for _, c := range []struct {
			name      string
			few, many cost
		}{{"the catalogue", some, same}, {"a stack", someStack, sameStack}, {"a stack, beside others that run the same", someStack, moreStack}} {
			if c.few.statements != c.many.statements || c.few.written != c.many.written || c.many.read > 2*c.few.read {
				t.Errorf("a change of %s takes %+v beside %d projects, and %+v beside %d", c.name, c.few, few, c.many, many)
			}
		}
		if more.statements <= same.statements || more.written < 3*same.written || dialect == "postgres" && more.read < 2*same.read {
			t.Errorf("what concerns 2 projects takes %+v, and what concerns 8 takes %+v: too little is counted", same, more)
		}
	})
}

// BenchmarkFindings says what following a change of the catalogue takes, and what a change of a stack does, by the number of projects
// with 30 components each, and by how many of them run what the change is about.
func BenchmarkFindings(b *testing.B) {
	const components = 30
	for _, dialect := range storetest.Dialects {
		for _, size := range []struct{ projects, concerned int }{{100, 1}, {100, 10}, {1000, 1}, {1000, 10}, {1000, 100}} {
			e := newEstate(b, dialect, size.projects, size.concerned, components)
			name := fmt.Sprintf("%s/projects=%d/concerned=%d/", dialect, size.projects, size.concerned)
			for _, change := range []string{"catalogue", "stack"} {
				do := map[string]func(){"catalogue": e.recheck, "stack": e.changeStack}[change]
				b.Run(name+change, func(b *testing.B) {
					for b.Loop() {
						b.StopTimer()
						e.announce()
						if change == "stack" {
							e.recheck()
						}
						b.StartTimer()
						do()
					}
					b.StopTimer()
					e.announce()
					if change == "stack" {
						e.recheck()
					}
					took := e.costOf(do)
					b.ReportMetric(float64(took.statements), "statements/op")
					b.ReportMetric(float64(took.written), "written/op")
					if dialect == "postgres" { // SQLite does not count
						b.ReportMetric(float64(took.read), "read/op")
					}
				})
			}
		}
	}
}
