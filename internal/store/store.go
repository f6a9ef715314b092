// Package store keeps everything: pools, transactions, migrations, paging,
// search, and the embedded catalogue's way into the database.
package store

import (
	"cmp"
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "github.com/mattn/go-sqlite3"    // the driver "sqlite3"

	"stackyard/ent"
	"stackyard/internal/relay"
)

// Config says which database to use, and how.
type Config struct {
	// Database is `sqlite:PATH` or `postgres://…`.
	Database string
	// MaxReaders bounds the connections that read at a time; 0 is one per processor, at least 4.
	MaxReaders int
	// MaxWriters bounds the transactions that write at a time on PostgreSQL; 0 is one
	// per processor, at least 4. SQLite has one writer.
	MaxWriters int
	// Observe is told of every statement; it may be nil.
	Observe func(ctx context.Context, statement string)
	// Poll is how often Listen looks whether logs have changed that somebody waits
	// for; 0 is every two seconds.
	Poll time.Duration
}

// DB is an open database: one pool that writes, one that reads.
type DB struct {
	dialect string
	address string
	writer  *stdsql.DB
	reader  *stdsql.DB
	write   *ent.Client
	read    *ent.Client
	bell    *bell
	teller  *teller
	poll    time.Duration
	facts   factsCache
	seal    *relay.Seal // nil before Migrate
	// turn is held by the one transaction that is run again and again.
	turn chan struct{}
}

// Open connects to the database; a SQLite file, and its folder, is created where
// it does not exist. Nothing is migrated yet.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	few := max(4, runtime.NumCPU())
	readers, writers := cmp.Or(cfg.MaxReaders, few), cmp.Or(cfg.MaxWriters, few)
	var db *DB
	var err error
	switch path, isSQLite := strings.CutPrefix(cfg.Database, "sqlite:"); {
	case isSQLite:
		db, err = openSQLite(path, readers)
	case strings.HasPrefix(cfg.Database, "postgres://"), strings.HasPrefix(cfg.Database, "postgresql://"):
		db, err = openPostgres(cfg.Database, readers, writers)
	default:
		return nil, errors.New("a database is sqlite:PATH or postgres://…")
	}
	if err != nil {
		return nil, err
	}
	db.address, db.bell, db.teller = cfg.Database, newBell(), &teller{}
	db.turn = make(chan struct{}, 1)
	db.facts.turn = make(chan struct{}, 1)
	db.poll = cmp.Or(cfg.Poll, 2*time.Second)
	db.write = client(db.dialect, db.writer, cfg.Observe)
	db.write.Use(recorded)
	db.read = client(db.dialect, db.reader, cfg.Observe)
	db.read.Use(refused)
	if err := db.reach(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reaching the database: %w", err), db.Close())
	}
	return db, nil
}

// openSQLite opens one connection that writes, durably, and some that cannot.
func openSQLite(path string, readers int) (*DB, error) {
	if path == "" {
		return nil, errors.New("sqlite: needs the path of a file")
	}
	if !hasFTS5 {
		return nil, errors.New("sqlite: this program was built without full-text search; build it with -tags sqlite_fts5, as make does")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("making the database's folder: %w", err)
	}
	const both = "_busy_timeout=5000&_foreign_keys=on&_cache_size=-32768&_stmt_cache_size=64"
	file := "file:" + (&url.URL{Path: path}).EscapedPath()
	writer, err := stdsql.Open("sqlite3", file+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&"+both)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	reader, err := stdsql.Open("sqlite3", file+"?mode=ro&_query_only=1&"+both)
	if err != nil {
		return nil, err
	}
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	return &DB{dialect: dialect.SQLite, writer: writer, reader: reader}, nil
}

// openPostgres opens connections that write apart from those that read: writers
// who wait for each other's locks hold up no reader.
func openPostgres(address string, readers, writers int) (*DB, error) {
	pools := make([]*stdsql.DB, 2)
	for i, most := range []int{readers, writers} {
		pool, err := stdsql.Open("pgx", address)
		if err != nil {
			return nil, err
		}
		pool.SetMaxOpenConns(most)
		pool.SetMaxIdleConns(most)
		pools[i] = pool
	}
	return &DB{dialect: dialect.Postgres, reader: pools[0], writer: pools[1]}, nil
}

func client(name string, pool *stdsql.DB, observe func(context.Context, string)) *ent.Client {
	driver := sql.OpenDB(name, pool)
	if observe == nil {
		return ent.NewClient(ent.Driver(driver))
	}
	return ent.NewClient(ent.Driver(&observed{Driver: driver, observe: observe}))
}

// Read gives the client that reads what is committed.
func (db *DB) Read() *ent.Client { return db.read }

// Ready says whether the database answers. It does while writers wait for each other.
func (db *DB) Ready(ctx context.Context) error { return db.reader.PingContext(ctx) }

// reach waits for the database to answer. A new SQLite file is locked, and does not
// let anybody wait, while another process makes its write-ahead log.
func (db *DB) reach(ctx context.Context) error {
	for try := 1; ; try++ {
		err := cmp.Or(db.writer.PingContext(ctx), db.Ready(ctx))
		if err == nil || try == tries || !isHeldUp(err) || !pause(ctx, try) {
			return err
		}
	}
}

// Close ends all connections.
func (db *DB) Close() error {
	return errors.Join(db.reader.Close(), db.writer.Close())
}
