package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"entgo.io/ent/dialect"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"stackyard/ent/changelog"
)

// channel is the name under which instances on one PostgreSQL tell each other of changes.
const channel = "stackyard_changes"

// teller tells other instances of changes, after they are committed: within the
// transaction, PostgreSQL would let commits that tell something wait for each other.
// One statement runs at a time, and what happens meanwhile is told by the next.
type teller struct {
	mu        sync.Mutex
	changed   map[int64]int64 // how far logs have come
	isTelling bool
}

// tell lets other instances know, soon, and waits for nothing.
func (db *DB) tell(ctx context.Context, changed []news) {
	if db.dialect != dialect.Postgres || len(changed) == 0 {
		return
	}
	t := db.teller
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.changed == nil {
		t.changed = map[int64]int64{}
	}
	for _, n := range changed {
		t.changed[n.log] = max(t.changed[n.log], n.last)
	}
	if !t.isTelling {
		t.isTelling = true
		go db.tellAll(context.WithoutCancel(ctx))
	}
}

// tellingTakes is how long telling may take before it is given up: it is a hint only.
const tellingTakes = 5 * time.Second

func (db *DB) tellAll(ctx context.Context) {
	for texts := db.teller.take(); texts != nil; texts = db.teller.take() {
		statement, cancel := context.WithTimeout(ctx, tellingTakes)
		_, _ = db.writer.ExecContext(statement, "SELECT pg_notify('"+channel+"', t) FROM unnest($1::text[]) t", texts)
		cancel()
	}
}

// take gives what is to be told; nil, and the telling ends, where there is nothing.
func (t *teller) take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.changed) == 0 {
		t.isTelling = false
		return nil
	}
	texts := make([]string, 0, len(t.changed))
	for log, last := range t.changed {
		texts = append(texts, fmt.Sprintf("%d %d", log, last))
	}
	clear(t.changed)
	return texts
}

// Listen hears of changes that others make to the database, and wakes those who
// wait for them, until ctx ends: at once where PostgreSQL tells, and otherwise when
// it looks, for all that is waited for in one statement.
func (db *DB) Listen(ctx context.Context, log *slog.Logger) {
	var running sync.WaitGroup
	if db.dialect == dialect.Postgres {
		running.Go(func() { db.hearAgain(ctx, log) })
	}
	running.Go(func() { db.look(ctx, log) })
	running.Wait()
}

// look looks, time and again, how far the logs have come that somebody waits for.
func (db *DB) look(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(db.poll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := db.lookOnce(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "not looking for changes", "error", err)
		}
	}
}

func (db *DB) lookOnce(ctx context.Context) error {
	logs := db.bell.logs()
	if len(logs) == 0 {
		return nil
	}
	rows, err := db.read.ChangeLog.Query().Where(changelog.IDIn(logs...)).Select(changelog.FieldLastSequence).All(ctx)
	if err != nil {
		return err
	}
	last := make(map[int64]int64, len(rows))
	for _, row := range rows {
		last[row.ID] = row.LastSequence
	}
	for _, log := range logs {
		at, isThere := last[log]
		if !isThere {
			at = gone
		}
		db.bell.ring(news{log, at})
	}
	return nil
}

// reconnect is how long hearing waits after its connection broke.
const reconnect = time.Second

func (db *DB) hearAgain(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		if err := db.hear(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "not hearing of other instances' changes", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(reconnect):
		}
	}
}

func (db *DB) hear(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, db.address)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	if err := db.lookOnce(ctx); err != nil { // something may have happened before
		return err
	}
	for {
		n, err := hearOne(ctx, conn)
		if err != nil {
			return err
		}
		var of news
		if _, err := fmt.Sscanf(n.Payload, "%d %d", &of.log, &of.last); err == nil {
			db.bell.ring(of)
		}
	}
}

// silence is how long nothing may be heard before the connection is tried.
const silence = time.Minute

// hearOne waits for a notification. A connection whose other end is gone without
// a word is found out.
func hearOne(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	for {
		patient, cancel := context.WithTimeout(ctx, silence)
		n, err := conn.WaitForNotification(patient)
		cancel()
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return n, err
		}
		patient, cancel = context.WithTimeout(ctx, tellingTakes)
		err = conn.Ping(patient)
		cancel()
		if err != nil {
			return nil, err
		}
	}
}
