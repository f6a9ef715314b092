package store_test

import (
	"database/sql"
	"strings"
	"sync"
	"testing"

	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// Several processes that start at once on a new database all come up, on the same
// database: none is told that another was faster. Each of several databases is a chance to be.
func TestSeveralProcessesMigrateANewDatabaseAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		var started sync.WaitGroup
		begin := make(chan struct{})
		cursors := make([][4]string, 5)
		for database := range cursors {
			address := storetest.Address(t, dialect)
			for i := range cursors[database] {
				started.Go(func() {
					<-begin
					cursors[database][i] = migrated(t, address)
				})
			}
		}
		close(begin)
		started.Wait()
		for _, c := range cursors {
			if c[0] == "" || c[1] != c[0] || c[2] != c[0] || c[3] != c[0] {
				t.Errorf("cursors of one database are %q", c)
			}
		}
	})
}

// migrated brings a database up to date as another process would, and gives a cursor of it.
func migrated(t *testing.T, address string) string {
	db, err := store.Open(t.Context(), store.Config{Database: address, MaxReaders: 2})
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(t.Context()); err != nil {
		t.Error(err)
		return ""
	}
	return db.Cursors("list").Encode([]any{1})
}

func TestADatabaseOfANewerServerIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		address := storetest.Address(t, dialect)
		db := storetest.Open(t, address)
		driver, source := "pgx", address
		if path, isFile := strings.CutPrefix(address, "sqlite:"); isFile {
			driver, source = "sqlite3", path
		}
		raw, err := sql.Open(driver, source)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = raw.Close() }()
		if _, err := raw.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`); err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "99999, made by a newer server") {
			t.Errorf("it is %v", err)
		}
	})
}
