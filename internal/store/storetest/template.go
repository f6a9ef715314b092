package storetest

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"stackyard/internal/store"
)

// template is a database that copies are made of: all migrations are applied, which
// takes much longer than a copy, and perhaps it holds the embedded catalogue.
type template struct {
	dialect  string
	isSeeded bool
}

// templates holds what make gives, made once for each package's tests.
var templates sync.Map // template -> func() (string, error)

// copied gives the address of a copy that goes with the test.
func copied(t testing.TB, of template) string {
	t.Helper()
	if of.dialect == "postgres" {
		requirePostgres(t)
	}
	once, _ := templates.LoadOrStore(of, sync.OnceValues(func() (string, error) { return of.make(t) }))
	source, err := once.(func() (string, error))()
	if err != nil {
		t.Fatal(err)
	}
	if of.dialect == "postgres" {
		return copyPostgres(t, source)
	}
	b, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// make makes the database, which stays until Main ends, and gives its file or name.
func (of template) make(t testing.TB) (string, error) {
	address := ""
	if of.dialect == "sqlite" {
		folder, err := os.MkdirTemp("", "stackyard-test-")
		if err != nil {
			return "", err
		}
		whenDone(func() { _ = os.RemoveAll(folder) })
		address = "sqlite:" + filepath.Join(folder, "template.db")
	} else {
		address = createPostgres(t, whenDone)
	}
	ctx := context.WithoutCancel(t.Context())
	db, err := store.Open(ctx, store.Config{Database: address})
	if err != nil {
		return "", err
	}
	if err := db.Migrate(ctx); err != nil {
		return "", err
	}
	if of.isSeeded {
		if _, err := db.Seed(ctx, Today); err != nil {
			return "", err
		}
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
