package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// line is a row of any table: its columns as texts.
type line map[string]string

// null stands for what is not there; no text of the database has a NUL.
const null = "\x00"

func (l line) key(column string) int64 {
	n, _ := strconv.ParseInt(l[column], 10, 64) // keys are integers
	return n
}

func (l line) isTrue(column string) bool { return l[column] == "true" || l[column] == "1" }

// snapshot is a subject at one moment, as far as the transaction writes it: its
// row, and the parts that are written.
type snapshot struct {
	row   line
	parts map[string]string // by field
}

// before is how the subject was before the transaction; nil where it was not.
func (n *note) before() *snapshot {
	if n.isNew {
		return nil
	}
	return &snapshot{row: n.row, parts: n.parts}
}

// after reads how subjects are now; without those that are not there any more.
// What was not written since it was last seen is not read again.
func (r *recorder) after(ctx context.Context, s subject, notes map[int64]*note) (map[int64]*snapshot, error) {
	out := map[int64]*snapshot{}
	var unread []int64
	for id, n := range notes {
		switch {
		case n.isWritten:
			unread = append(unread, id)
		case n.isNew:
			out[id] = &snapshot{row: n.made}
		default:
			out[id] = &snapshot{row: n.row, parts: map[string]string{}}
		}
	}
	rows, err := r.selected(ctx, s.table, "id", unread)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		out[row.key("id")] = &snapshot{row: row, parts: map[string]string{}}
	}
	for _, p := range s.parts {
		var written []int64
		for id := range out {
			if _, isWritten := notes[id].parts[p.field]; isWritten {
				written = append(written, id)
			}
		}
		texts, err := r.texts(ctx, p, written)
		if err != nil {
			return nil, err
		}
		for _, id := range written {
			out[id].parts[p.field] = texts[id]
		}
	}
	for id, is := range out {
		for _, field := range notes[id].reordered {
			is.parts[field] = "reordered"
		}
	}
	return out, nil
}

// texts writes a part of subjects as a text that differs where the part does.
func (r *recorder) texts(ctx context.Context, p part, ids []int64) (map[int64]string, error) {
	rows, err := r.selected(ctx, p.table, p.parent, ids)
	if err != nil {
		return nil, err
	}
	lines := map[int64][]string{}
	for _, row := range rows {
		lines[row.key(p.parent)] = append(lines[row.key(p.parent)], p.text(row))
	}
	out := make(map[int64]string, len(lines))
	for id, texts := range lines {
		slices.Sort(texts)
		out[id] = strings.Join(texts, "\n")
	}
	return out, nil
}

// text writes the columns of a part that are its own.
func (p part) text(row line) string {
	var b strings.Builder
	for _, column := range slices.Sorted(maps.Keys(row)) {
		if column != "id" && !slices.Contains(p.derived, column) {
			b.WriteString(strconv.Quote(row[column]) + " ")
		}
	}
	return b.String()
}

// changed gives the fields whose values differ; none where a subject came or went.
func (s subject) changed(before, after *snapshot) []string {
	if before == nil || after == nil {
		return nil
	}
	var out []string
	for column, value := range after.row {
		if slices.Contains(bookkeeping, column) || before.row[column] == value {
			continue
		}
		field, isNamed := s.fields[column]
		if !isNamed {
			field = camel(column)
		}
		if field != "" {
			out = append(out, field)
		}
	}
	for field, text := range after.parts {
		if before.parts[field] != text {
			out = append(out, field)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// camel writes a column's name as a field's.
func camel(column string) string {
	words := strings.Split(column, "_")
	for i := 1; i < len(words); i++ {
		words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
	}
	return strings.Join(words, "")
}

// selected reads the rows of a table that have one of the keys in a column.
func (r *recorder) selected(ctx context.Context, table, column string, keys []int64) ([]line, error) {
	return r.lines(ctx, keys, r.rows(table, column, keys))
}

// held reads the rows of a table that have one of the keys, and keeps other
// transactions from writing them until this one ends.
func (r *recorder) held(ctx context.Context, table string, keys []int64) ([]line, error) {
	s := r.rows(table, "id", keys)
	if r.dialect == dialect.Postgres {
		// In the order of keys, so that writers wait for each other and do not lock each other out.
		s.OrderBy(s.C("id")).For(sql.LockUpdate, sql.WithLockClause("FOR NO KEY UPDATE"))
	}
	return r.lines(ctx, keys, s)
}

func (r *recorder) rows(table, column string, keys []int64) *sql.Selector {
	d := sql.Dialect(r.dialect)
	t := d.Table(table)
	return d.Select("*").From(t).Where(In(t.C(column), keys))
}

// keys gives a column of the rows of a table that have one of the keys in another, each value once.
func (r *recorder) keys(ctx context.Context, table, column, where string, keys []int64) ([]int64, error) {
	rows, err := r.lines(ctx, keys, r.rows(table, where, keys).Select(column))
	out := make([]int64, len(rows))
	for i, row := range rows {
		out[i] = row.key(column)
	}
	slices.Sort(out)
	return slices.Compact(out), err
}

// lines runs a selection by keys; where there are none it finds nothing.
func (r *recorder) lines(ctx context.Context, keys []int64, s *sql.Selector) ([]line, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	query, args := s.Query()
	rows, err := r.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	var out []line
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		row := make(line, len(columns))
		for i, c := range columns {
			row[c] = plainText(values[i])
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return null
	case []byte:
		return string(v)
	case string:
		return v
	}
	return fmt.Sprint(v)
}
