// Package storetest gives tests databases of their own, on both dialects.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"stackyard/internal/store"
)

// Today is the day of every test.
var Today = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// Dialects are the databases that tests run on.
var Dialects = []string{"sqlite", "postgres"}

// Each runs the test once on every database. Where no PostgreSQL answers at
// STACKYARD_TEST_POSTGRES, that part is skipped, and fails where
// STACKYARD_REQUIRE_POSTGRES is set.
func Each(t *testing.T, test func(t *testing.T, dialect string)) {
	t.Helper()
	for _, d := range Dialects {
		t.Run(d, func(t *testing.T) { test(t, d) })
	}
}

// Empty opens a database of the test's own that is migrated and holds nothing.
func Empty(t testing.TB, dialect string, options ...func(*store.Config)) *store.DB {
	t.Helper()
	return Open(t, copied(t, template{dialect, false}), options...)
}

// Seeded opens a database of the test's own that holds the embedded catalogue.
func Seeded(t testing.TB, dialect string, options ...func(*store.Config)) *store.DB {
	t.Helper()
	return Open(t, SeededAddress(t, dialect), options...)
}

// Observing tells observe of every statement.
func Observing(observe func(ctx context.Context, statement string)) func(*store.Config) {
	return func(c *store.Config) { c.Observe = observe }
}

// Open opens a database, and brings it up to date as a server does when it starts.
func Open(t testing.TB, address string, options ...func(*store.Config)) *store.DB {
	t.Helper()
	cfg := store.Config{Database: address}
	for _, o := range options {
		o(&cfg)
	}
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Address gives the address of a new, empty database that goes with the test.
func Address(t testing.TB, dialect string) string {
	t.Helper()
	if dialect == "sqlite" {
		return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	}
	return createPostgres(t, t.Cleanup)
}

// SeededAddress gives the address of a database of the test's own that holds the embedded catalogue.
func SeededAddress(t testing.TB, dialect string) string {
	t.Helper()
	return copied(t, template{dialect, true})
}

var (
	atExit     []func()
	atExitLock sync.Mutex
)

func whenDone(f func()) {
	atExitLock.Lock()
	defer atExitLock.Unlock()
	atExit = append(atExit, f)
}

// Main runs a package's tests, and then removes the databases that copies were made of.
// Packages that use Empty, Seeded or SeededAddress must run their tests by it.
func Main(m *testing.M) {
	code := m.Run()
	dropping.Wait()
	for _, f := range atExit {
		f()
	}
	os.Exit(code)
}
