package store

import (
	"context"
	stdsql "database/sql"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// observed tells of every statement before it runs.
type observed struct {
	*sql.Driver
	observe func(ctx context.Context, statement string)
}

func (d *observed) Query(ctx context.Context, query string, args, v any) error {
	d.observe(ctx, query)
	return d.Driver.Query(ctx, query, args, v)
}

func (d *observed) Exec(ctx context.Context, query string, args, v any) error {
	d.observe(ctx, query)
	return d.Driver.Exec(ctx, query, args, v)
}

// QueryContext runs statements that were not made by ent's queries.
func (d *observed) QueryContext(ctx context.Context, query string, args ...any) (*stdsql.Rows, error) {
	d.observe(ctx, query)
	return d.Driver.QueryContext(ctx, query, args...)
}

func (d *observed) Tx(ctx context.Context) (dialect.Tx, error) { return d.BeginTx(ctx, nil) }

func (d *observed) BeginTx(ctx context.Context, options *stdsql.TxOptions) (dialect.Tx, error) {
	tx, err := d.Driver.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return &observedTx{Tx: tx.(*sql.Tx), observe: d.observe}, nil
}

type observedTx struct {
	*sql.Tx
	observe func(ctx context.Context, statement string)
}

func (t *observedTx) Query(ctx context.Context, query string, args, v any) error {
	t.observe(ctx, query)
	return t.Tx.Query(ctx, query, args, v)
}

func (t *observedTx) Exec(ctx context.Context, query string, args, v any) error {
	t.observe(ctx, query)
	return t.Tx.Exec(ctx, query, args, v)
}

// QueryContext and ExecContext run statements that were not made by ent.
func (t *observedTx) QueryContext(ctx context.Context, query string, args ...any) (*stdsql.Rows, error) {
	t.observe(ctx, query)
	return t.Tx.QueryContext(ctx, query, args...)
}

// ExecContext is to Exec what QueryContext is to Query.
func (t *observedTx) ExecContext(ctx context.Context, query string, args ...any) (stdsql.Result, error) {
	t.observe(ctx, query)
	return t.Tx.ExecContext(ctx, query, args...)
}
