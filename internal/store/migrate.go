package store

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"

	"entgo.io/ent/dialect"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrations are numbered files, one folder for each dialect. The first part of
// a change to the model is what Drift prints.
//
//go:embed migrations
var migrations embed.FS

// Migrate brings the database to this version's shape, and reads the key of its
// cursors. Several instances may do so at once; on PostgreSQL a lock lets them in one by one.
func (db *DB) Migrate(ctx context.Context) error {
	name, flavour := "sqlite", goose.DialectSQLite3
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if db.dialect == dialect.Postgres {
		name, flavour = "postgres", goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // every second, for 5 minutes
		if err != nil {
			return fmt.Errorf("making the migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations, "migrations/"+name)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	provider, err := goose.NewProvider(flavour, db.writer, files, options...)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if err := db.up(ctx, provider); err != nil {
		return err
	}
	return db.readKey(ctx)
}

// up applies what is missing; a database that a newer version of the server has
// migrated is refused. On SQLite, where no lock spans several transactions, whoever
// comes second fails at what the first has just done, and looks again: there can be as
// many firsts as there are migrations, and one for the table of versions.
func (db *DB) up(ctx context.Context, provider *goose.Provider) error {
	sources := provider.ListSources()
	newest, tries := sources[len(sources)-1].Version, len(sources)+1
	if db.dialect == dialect.Postgres {
		tries = 1
	}
	for try := 1; ; try++ {
		version, err := provider.GetDBVersion(ctx)
		if err == nil && version > newest {
			return fmt.Errorf("the database is of version %d, made by a newer server than this one, which knows %d", version, newest)
		}
		if err == nil {
			_, err = provider.Up(ctx)
		}
		if err == nil {
			return nil
		}
		if try == tries || !pause(ctx, try) {
			return fmt.Errorf("migrating the database: %w", err)
		}
	}
}

// Drift gives the statements that the database still lacks to match the data
// model: none once every migration is there.
func (db *DB) Drift(ctx context.Context) (string, error) {
	var missing bytes.Buffer
	if err := db.write.Schema.WriteTo(ctx, &missing); err != nil {
		return "", fmt.Errorf("comparing the database with the model: %w", err)
	}
	return missing.String(), nil
}
