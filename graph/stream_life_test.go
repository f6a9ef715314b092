package graph_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"stackyard/ent/change"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// await waits until something is so.
func await(t *testing.T, what string, isSo func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !isSo(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// tools writes some tools, each in a transaction of its own.
func tools(t *testing.T, db *store.DB, prefix string, n int) {
	t.Helper()
	for i := range n {
		write(t, db, func(w rows) { w.tool(fmt.Sprint(prefix, "-", i), fmt.Sprint(prefix, " ", i)) })
	}
}

// readings counts the times that a log was read among statements.
func readings(statements []string) int {
	n := 0
	for _, s := range statements {
		if strings.Contains(s, "change_logs") && strings.Contains(s, "LEFT JOIN") {
			n++
		}
	}
	return n
}

func TestAnEventTakesFewStatements(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		of := found(t, db, "")
		for _, c := range []struct {
			name      string
			api       *api
			document  string
			variables map[string]any
			each, all int // statements for each event beside the subject, and for all together
		}{
			{"of the catalogue", a, catalogChanged, map[string]any{"types": []string{"TOOL"}}, 0, 1},
			{"of the catalogue, with a token", a.as(named("vic")), catalogChanged, map[string]any{"types": []string{"TOOL"}}, 0, 1},
			{"of an organisation", a.as(named("vic")), organizationChanged, of.id(), 1, 1}, // the role that counts
		} {
			const events, subject = 3, 1
			stream := c.api.in(t).subscribe(c.document, c.variables)
			change := func(round string) {
				write(t, db, func(w rows) {
					for i := range events {
						w.tool(fmt.Sprint(strings.ReplaceAll(c.name, " ", "-"), round, i), "T")
						w.project(of.acme, fmt.Sprint(strings.ReplaceAll(c.name, " ", "-"), round, i), enum.VisibilityPrivate)
					}
				})
				for range events {
					stream.event()
				}
			}
			change("first")
			stream.statements()
			change("second")
			got := stream.statements()
			if len(got) != c.all+events*(c.each+subject) || readings(got) != c.all {
				t.Errorf("%d events %s took %d statements:\n%s", events, c.name, len(got), strings.Join(got, "\n"))
			}
		}
	})
}

func TestAStreamThatEndsLeavesNothingBehind(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		of := found(t, db, "")
		vic := a.as(named("vic"))
		run := func(n int) {
			for i := range n {
				streams := []*stream{
					vic.subscribe(organizationChanged, of.id()), a.subscribe(catalogChanged, nil),
					a.subscribe(catalogChanged, map[string]any{"after": ""}), vic.subscribe(catalogChanged, map[string]any{"after": "nonsense"}),
					a.subscribe(organizationChanged, of.id()),
				}
				tools(t, db, fmt.Sprint("run", n, "-", i), 1)
				streams[1].event()
				for at, s := range streams {
					if at%2 == 0 {
						s.stop()
					}
					if at == 1 {
						continue // its reader just goes away
					}
					for isThere := true; isThere; {
						_, isThere = s.take()
						s.stop()
					}
				}
				streams[1].stop()
			}
		}
		run(1)
		before := runtime.NumGoroutine()
		run(20)
		await(t, fmt.Sprintf("there are %d goroutines again", before), func() bool { return runtime.NumGoroutine() <= before })
	})
}

func TestASlowReaderHoldsLittleAndNobodyUp(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		const n = 350
		slow, quick := a.subscribe(catalogChanged, nil), a.subscribe(catalogChanged, nil)
		slow.statements()
		write(t, db, func(w rows) {
			for i := range n {
				w.tool(fmt.Sprint("t-", i), fmt.Sprint(i))
			}
		})
		tools(t, db, "more", 20)
		for range n + 20 {
			quick.event()
		}
		if got := readings(slow.statements()); got > 2 { // one that found nothing, perhaps, and one batch
			t.Errorf("the log was read %d times ahead of its reader", got)
		}
		for i := range n {
			if got := slow.event(); got != fmt.Sprintf("CREATED %d TOOL", i) {
				t.Fatalf("%s came as number %d", got, i)
			}
		}
	})
}

func TestAStreamWhoseLogIsDroppedEnds(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		slow := a.subscribe(catalogChanged, nil)
		tools(t, db, "old", 130)
		slow.event()
		if _, err := db.DropChanges(t.Context(), calendar.InstantOf(storetest.Today.Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		tools(t, db, "new", 1)
		taken, isThere := 0, true
		for ; isThere; taken++ {
			_, isThere = slow.take()
		}
		if slow.ended() != "CURSOR_EXPIRED" || taken > 130 {
			t.Errorf("it ended with %v after %d events", slow.ending.Reason(), taken)
		}
		fresh := a.subscribe(catalogChanged, map[string]any{"after": ""})
		if got := fresh.event(); got != "CREATED new 0 TOOL" {
			t.Errorf("the beginning of what is kept is %s", got)
		}
		// A log of which everything was dropped while nobody had read on.
		now := a.subscribe(catalogChanged, nil)
		tools(t, db, "last", 1)
		if got := now.event(); got != "CREATED last 0 TOOL" {
			t.Error(got)
		}
	})
}

func TestAPanicWhileFollowingEndsTheStreamAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		var armed sync.Map
		db := storetest.Seeded(t, dialect, storetest.Observing(func(_ context.Context, statement string) {
			if _, isArmed := armed.Load("panic"); isArmed && strings.Contains(statement, "change_logs") && strings.Contains(statement, "LEFT JOIN") {
				panic("secret")
			}
		}))
		a := serve(t, db)
		s := a.subscribe(catalogChanged, nil)
		tools(t, db, "first", 1)
		s.event()
		armed.Store("panic", true)
		tools(t, db, "second", 1)
		for isThere := true; isThere; { // what was being read already may hold the second
			_, isThere = s.take()
		}
		if got := s.ended(); got != "INTERNAL" {
			t.Errorf("it ended with %q", got)
		}
		if reason := s.ending.Reason(); reason != nil && (strings.Contains(reason.Error(), "secret") || reason.Extensions["requestId"] != requestID) {
			t.Errorf("its reader is told %v", reason)
		}
		if !strings.Contains(a.log.String(), "secret") {
			t.Error("the log says nothing")
		}
	})
}

func TestTwoTokensOfOneUserDoNotKeepEachOtherBusy(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		of := found(t, db, "")
		old, renamed := named("ada"), named("ada")
		old.IssuedAt, renamed.IssuedAt, renamed.Name = storetest.Today, storetest.Today.Add(time.Second), "Ada L."
		s := a.as(old).subscribe(`subscription($id: ID!) { organizationChanged(organizationId: $id) { node { subjectType actor { name } } } }`, of.id())
		other := a.as(renamed).subscribe(organizationChanged, of.id())
		if got := s.event(); got != "null USER" {
			t.Errorf("a new name is told of as %s", got)
		}
		write(t, db, func(w rows) { of.set(w, "Shop") })
		s.event()
		other.event()
		if n := db.Read().Change.Query().Where(change.SubjectType(enum.SubjectUser)).CountX(t.Context()); n != 1 {
			t.Errorf("the user has changed %d times", n)
		}
	})
}

func TestAnInstanceTellsTheReadersOfAnother(t *testing.T) {
	address := ""
	db := storetest.Seeded(t, "postgres", func(c *store.Config) { address = c.Database })
	other, err := store.Open(t.Context(), store.Config{Database: address, Poll: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	ctx, stop := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() { other.Listen(ctx, slog.New(slog.DiscardHandler)) })
	defer func() { stop(); listening.Wait() }()

	of := found(t, db, "")
	catalog := serve(t, other).subscribe(catalogChanged, nil)
	organization := serve(t, other).as(named("vic")).subscribe(organizationChanged, of.id())
	for i := range 3 { // the first is seen at the latest when it begins to listen
		write(t, db, func(w rows) { w.tool(fmt.Sprint("t", i), "T"); of.set(w, fmt.Sprint(i)) })
		if got := catalog.event(); got != "CREATED T TOOL" {
			t.Error(got)
		}
		organization.event()
	}
	write(t, db, func(w rows) { of.dismiss(w, "vic") })
	if got := organization.ended(); got != "FORBIDDEN" {
		t.Errorf("it ended with %q", got)
	}
}
