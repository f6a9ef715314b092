package graph_test

import (
	"context"
	"io"
	"log"
	"os"
	"strings"
	"testing"

	"stackyard/graph"
	"stackyard/graph/loader"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/store/storetest"
)

// internal is all that a client is told of what is not its fault.
func internal(path ...any) problem {
	return problem{Message: "internal error", Path: path, Extensions: map[string]any{"code": "INTERNAL", "requestId": requestID}}
}

// withoutDatabase panics wherever something is loaded.
func withoutDatabase(_ context.Context, _ *auth.Viewer, today calendar.Day, columns loader.Columns) *loader.Loaders {
	return loader.New(nil, today, loader.Limits{SearchLength: 200, FilterValues: 100}, columns, loader.Nobody)
}

func TestAPanicIsToldByARequestIDAlone(t *testing.T) {
	a := serve(t, nil, func(c *graph.Config) { c.Loaders = withoutDatabase })
	a.refuses(`{ technology(slug: "nodejs") { name } }`, nil, internal("technology"))
	for _, kept := range []string{requestID, "nil pointer", "technology"} {
		if !strings.Contains(a.log.String(), kept) {
			t.Errorf("the log lacks %q: %s", kept, a.log)
		}
	}
}

func TestAPanicOutsideOfResolversIsToldByARequestIDAlone(t *testing.T) {
	a := serve(t, nil, func(c *graph.Config) {
		c.Loaders = func(context.Context, *auth.Viewer, calendar.Day, loader.Columns) *loader.Loaders { panic("a secret") }
	})
	a.refuses(`{ technology(slug: "nodejs") { name } }`, nil, internal())
	if !strings.Contains(a.log.String(), "a secret") {
		t.Errorf("the log lacks the panic: %s", a.log)
	}
}

func TestAPanicWhileBatchingIsToldByARequestIDAlone(t *testing.T) {
	log.SetOutput(io.Discard) // the dataloader's own word
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	a := serve(t, nil, func(c *graph.Config) { c.Loaders = withoutDatabase })
	a.refuses(`{ node(id: "BQE") { id } }`, nil, internal("node"))
	if !strings.Contains(a.log.String(), "nil pointer") {
		t.Errorf("the log lacks the panic: %s", a.log)
	}
}

func TestTheWordsOfAFailureNeverReachTheClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		for _, noAhead := range []bool{false, true} {
			a := serve(t, db, func(c *graph.Config) {
				c.NoAhead = noAhead
				c.Loaders = func(_ context.Context, _ *auth.Viewer, today calendar.Day, _ loader.Columns) *loader.Loaders {
					return loader.New(db, today, loader.Limits{}, loader.Columns{"ReleaseCycle": {"a_secret"}}, loader.Nobody)
				}
			})
			a.refuses(`{ technology(slug: "nodejs") { releaseCycle(version: "18") { name } } }`, nil, internal("technology", "releaseCycle"))
			if !strings.Contains(a.log.String(), "a_secret") {
				t.Errorf("the log lacks the reason: %s", a.log)
			}
		}
	})
}

func TestAnUnreachableDatabaseIsToldByARequestIDAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		a := serve(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		a.refuses(`{ technology(slug: "nodejs") { name } }`, nil, internal("technology"))
		if !strings.Contains(a.log.String(), "closed") {
			t.Errorf("the log lacks the reason: %s", a.log)
		}
	})
}
