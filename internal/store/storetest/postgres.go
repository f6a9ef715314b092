package storetest

import (
	"context"
	"crypto/rand"
	stdsql "database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

const defaultPostgres = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

func postgres() string {
	if address := os.Getenv("STACKYARD_TEST_POSTGRES"); address != "" {
		return address
	}
	return defaultPostgres
}

// administration gives the connections that databases are created and dropped by,
// where a PostgreSQL answers.
var administration = sync.OnceValues(func() (*stdsql.DB, error) {
	pool, err := stdsql.Open("pgx", postgres())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(4)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return pool, pool.PingContext(ctx)
})

func requirePostgres(t testing.TB) {
	t.Helper()
	if _, err := administration(); err != nil {
		if os.Getenv("STACKYARD_REQUIRE_POSTGRES") != "" {
			t.Fatalf("PostgreSQL is required and does not answer: %v", err)
		}
		t.Skipf("NOT COVERED: no PostgreSQL answers: %v", err)
	}
}

// createPostgres creates an empty database and gives its address.
func createPostgres(t testing.TB, cleanup func(func())) string {
	t.Helper()
	requirePostgres(t)
	name := newName()
	admin(t.Name(), "CREATE DATABASE "+name)
	cleanup(func() { drop(t.Name(), name) })
	return addressOf(t, name).String()
}

// dropping are the copies that are being dropped: PostgreSQL writes everything to
// the disk when it drops a database, for which no test needs to wait.
var dropping sync.WaitGroup

// copyPostgres creates a copy of the database of that name and gives its address. Who
// writes to it does not wait for the disk, since it does not outlive its test.
func copyPostgres(t testing.TB, source string) string {
	t.Helper()
	name := newName()
	admin(t.Name(), "CREATE DATABASE "+name+" TEMPLATE "+source)
	t.Cleanup(func() { dropping.Go(func() { drop(t.Name(), name) }) })
	u := addressOf(t, name)
	query := u.Query()
	query.Set("synchronous_commit", "off")
	u.RawQuery = query.Encode()
	return u.String()
}

func newName() string { return "stackyard_" + strings.ToLower(rand.Text()[:16]) }

func addressOf(t testing.TB, name string) *url.URL {
	t.Helper()
	u, err := url.Parse(postgres())
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u
}

func drop(test, name string) { admin(test, "DROP DATABASE "+name+" WITH (FORCE)") }

// admin runs a statement for a test.
func admin(test, statement string) {
	db, err := administration()
	if err == nil {
		_, err = db.ExecContext(context.Background(), statement)
	}
	if err != nil {
		panic(fmt.Sprintf("%s: %s: %v", test, statement, err))
	}
}
