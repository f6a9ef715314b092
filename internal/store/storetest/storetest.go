// Package storetest gives tests databases of their own, on both dialects.
package storetest

import (
	"context"
	"crypto/rand"
	stdsql "database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stackyard/internal/store"
)

// Today is the day of every test.
var Today = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// Dialects are the databases that tests run on.
var Dialects = []string{"sqlite", "postgres"}

const defaultPostgres = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

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
	return Open(t, Address(t, dialect), options...)
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
	return createPostgres(t, t.Cleanup, "")
}

// seeded holds, for each dialect, a database that copies are made of.
var seeded sync.Map // dialect -> func() (string, error)

// SeededAddress gives the address of a database of the test's own that holds the embedded catalogue.
func SeededAddress(t testing.TB, dialect string) string {
	t.Helper()
	if dialect == "postgres" {
		requirePostgres(t)
	}
	make, _ := seeded.LoadOrStore(dialect, sync.OnceValues(func() (string, error) { return seed(t, dialect) }))
	template, err := make.(func() (string, error))()
	if err != nil {
		t.Fatal(err)
	}
	if dialect == "postgres" {
		return createPostgres(t, t.Cleanup, template)
	}
	b, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// seed makes the database that copies are made of, and gives its file or name.
func seed(t testing.TB, dialect string) (string, error) {
	address := ""
	if dialect == "sqlite" {
		folder, err := os.MkdirTemp("", "stackyard-test-")
		if err != nil {
			return "", err
		}
		whenDone(func() { _ = os.RemoveAll(folder) })
		address = "sqlite:" + filepath.Join(folder, "seeded.db")
	} else {
		address = createPostgres(t, whenDone, "")
	}
	ctx := context.WithoutCancel(t.Context())
	db, err := store.Open(ctx, store.Config{Database: address})
	if err != nil {
		return "", err
	}
	if err := db.Migrate(ctx); err != nil {
		return "", err
	}
	if _, err := db.Seed(ctx, Today); err != nil {
		return "", err
	}
	if err := db.Close(); err != nil {
		return "", err
	}
	if path, isFile := strings.CutPrefix(address, "sqlite:"); isFile {
		return path, nil
	}
	u, err := url.Parse(address)
	return strings.TrimPrefix(u.Path, "/"), err
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
func Main(m *testing.M) {
	code := m.Run()
	for _, f := range atExit {
		f()
	}
	os.Exit(code)
}

func postgres() string {
	if address := os.Getenv("STACKYARD_TEST_POSTGRES"); address != "" {
		return address
	}
	return defaultPostgres
}

// answers says, once, whether a PostgreSQL is there.
var answers = sync.OnceValue(func() error {
	admin, err := stdsql.Open("pgx", postgres())
	if err != nil {
		return err
	}
	defer func() { _ = admin.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return admin.PingContext(ctx)
})

func requirePostgres(t testing.TB) {
	t.Helper()
	if err := answers(); err != nil {
		if os.Getenv("STACKYARD_REQUIRE_POSTGRES") != "" {
			t.Fatalf("PostgreSQL is required and does not answer: %v", err)
		}
		t.Skipf("NOT COVERED: no PostgreSQL answers: %v", err)
	}
}

// createPostgres creates a database, as a copy of another where one is named.
func createPostgres(t testing.TB, cleanup func(func()), template string) string {
	t.Helper()
	requirePostgres(t)
	name := "stackyard_" + strings.ToLower(rand.Text()[:16])
	statement := "CREATE DATABASE " + name
	if template != "" {
		statement += " TEMPLATE " + template
	}
	admin(t, statement)
	cleanup(func() { admin(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(postgres())
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func admin(t testing.TB, statement string) {
	db, err := stdsql.Open("pgx", postgres())
	if err == nil {
		defer func() { _ = db.Close() }()
		_, err = db.ExecContext(context.Background(), statement)
	}
	if err != nil {
		panic(fmt.Sprintf("%s: %s: %v", t.Name(), statement, err))
	}
}
