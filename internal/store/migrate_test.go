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
// database: none is told that another was faster.
func TestSeveralProcessesMigrateANewDatabaseAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		for range 5 {
			address := storetest.Address(t, dialect)
			cursors := make([]string, 4)
			begin := make(chan struct{})
			var started sync.WaitGroup
			for i := range cursors {
				started.Go(func() {
					<-begin
					db, err := store.Open(t.Context(), store.Config{Database: address, MaxReaders: 2})
					if err != nil {
						t.Error(err)
						return
					}
					defer func() { _ = db.Close() }()
					if err := db.Migrate(t.Context()); err != nil {
						t.Error(err)
						return
					}
					cursors[i] = db.Cursors("list").Encode([]any{1})
				})
			}
			close(begin)
			started.Wait()
			for _, c := range cursors {
				if c != cursors[0] {
					t.Errorf("cursors of one database are %q", cursors)
					break
				}
			}
		}
	})
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
