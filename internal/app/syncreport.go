package app

import (
	"fmt"
	"io"
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/source"
	"stackyard/internal/store"
)

// SyncReport says what reading a source brought.
type SyncReport struct {
	store.SeedReport
	// IsUnmodified is true where the server said that nothing has changed since the last time.
	IsUnmodified bool
	// AsOf is the day of the data.
	AsOf calendar.Day
	// Records is how many records there were, Unknown how many of them are about
	// what the catalogue does not have.
	Records, Unknown int
	Skipped          source.SkippedRecords
}

// trouble says in one line what was skipped; it is empty where nothing was.
func (r SyncReport) trouble() string {
	if r.Skipped.Count == 0 {
		return ""
	}
	return oneLine(fmt.Sprintf("%d records were skipped; the first is %s", r.Skipped.Count, r.Skipped.First[0]))
}

// String tells the report in a line.
func (r SyncReport) String() string {
	if r.IsUnmodified {
		return "nothing has changed since the last time"
	}
	return fmt.Sprintf("%d records as of %v, %d of which are about what the catalogue does not have, %d skipped: %d created, %d updated, %d removed, %d confirmed, %d kept as they were",
		r.Records, r.AsOf, r.Unknown, r.Skipped.Count, r.Created, r.Updated, r.Removed, r.Confirmed, r.Kept)
}

// Write writes the report, with the first of the records that were skipped.
func (r SyncReport) Write(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintln(&b, r)
	for _, s := range r.Skipped.First {
		fmt.Fprintf(&b, "  skipped %s\n", s)
	}
	if more := r.Skipped.Count - len(r.Skipped.First); more > 0 {
		fmt.Fprintf(&b, "  and %d more\n", more)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
