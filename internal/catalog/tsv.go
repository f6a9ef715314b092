package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"stackyard/internal/calendar"
)

// provenance is the first line of every table.
var provenance = regexp.MustCompile(`^# source: ([a-z0-9-]+), as of (\d{4}-\d{2}-\d{2})$`)

// row is one line of a table. It keeps the first fault that reading its cells met.
type row struct {
	columns []string
	cells   []string
	source  string
	asOf    calendar.Day
	fault   error
}

// readTable reads a table whose first line is its provenance and whose second names the columns.
func readTable[T any](files fs.FS, name string, columns []string, read func(*row) T, to *[]T) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	lines := strings.Split(string(content), "\n")
	if len(lines) < 3 || lines[len(lines)-1] != "" {
		return fmt.Errorf("%s: it needs a provenance, a header and a line break at the end", name)
	}
	first := provenance.FindStringSubmatch(lines[0])
	if first == nil {
		return fmt.Errorf("%s:1: it is not like `# source: endoflife, as of 2026-08-22`", name)
	}
	asOf, err := calendar.ParseDay(first[2])
	if err != nil {
		return fmt.Errorf("%s:1: %w", name, err)
	}
	if header := strings.Split(lines[1], "\t"); !slices.Equal(header, columns) {
		return fmt.Errorf("%s:2: the columns are %q, not %q", name, header, columns)
	}

	lines = lines[2 : len(lines)-1]
	*to = make([]T, len(lines))
	errs := make([]error, len(lines))
	for i, line := range lines {
		r := row{columns: columns, source: first[1], asOf: asOf}
		(*to)[i] = readRow(&r, line, read)
		if r.fault != nil {
			errs[i] = fmt.Errorf("%s:%d: %w", name, i+3, r.fault)
		}
	}
	return errors.Join(errs...)
}

func readRow[T any](r *row, line string, read func(*row) T) (value T) {
	r.cells = strings.Split(line, "\t")
	if len(r.cells) != len(r.columns) {
		r.fault = fmt.Errorf("it has %d cells, not %d", len(r.cells), len(r.columns))
		return value
	}
	for i, cell := range r.cells {
		if cell != strings.TrimSpace(cell) {
			r.fault = fmt.Errorf("%s: %q has blanks around it", r.columns[i], cell)
			return value
		}
	}
	return read(r)
}

// text gives a cell as it stands.
func (r *row) text(column string) string { return r.cells[slices.Index(r.columns, column)] }

// needed gives a cell that must not be empty.
func (r *row) needed(column string) string {
	s := r.text(column)
	if s == "" {
		r.fail(column, errors.New("it is empty"))
	}
	return s
}

// day gives a day, nil where the cell is empty.
func (r *row) day(column string) *calendar.Day {
	s := r.text(column)
	if s == "" {
		return nil
	}
	day, err := calendar.ParseDay(s)
	if err != nil {
		r.fail(column, err)
	}
	return &day
}

// flag gives a flag, nil where the cell is empty.
func (r *row) flag(column string) *bool {
	s := r.text(column)
	if s == "" {
		return nil
	}
	if s != "true" && s != "false" {
		r.fail(column, fmt.Errorf("%q is neither true nor false", s))
	}
	is := s == "true"
	return &is
}

func (r *row) fail(column string, err error) {
	if r.fault == nil {
		r.fault = fmt.Errorf("%s: %w", column, err)
	}
}
