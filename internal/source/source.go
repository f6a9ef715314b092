// Package source reads what others publish about software, from files, folders
// and addresses: bytes or HTTP in, records out. What a record says is for the
// packages below to read; what becomes of it is not known here.
package source

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"stackyard/internal/fault"
)

// Limits bound what is read. Errors name the setting of a limit that was reached.
type Limits struct {
	// Bytes is the size of the largest file or download (sync-max-bytes).
	Bytes int64
	// UnpackedBytes is how much all records of a folder or archive may have together (sync-max-unpacked-bytes).
	UnpackedBytes int64
	// RecordBytes is the size of the largest record; larger ones are skipped (sync-max-record-bytes).
	RecordBytes int64
	// Timeout is how long reading may take (sync-timeout).
	Timeout time.Duration
}

// Skipped is a record that was not read, and why.
type Skipped struct {
	Record string // the name of it, as far as it is known
	Reason string
}

func (s Skipped) String() string { return s.Record + ": " + s.Reason }

// SkippedRecords counts the records that were skipped, and keeps the first.
type SkippedRecords struct {
	Count int
	First []Skipped
}

// keptSkipped is how many of the records that were skipped are named.
const keptSkipped = 20

// Add notes a record that was skipped.
func (s *SkippedRecords) Add(record, reason string, args ...any) {
	s.Count++
	if len(s.First) < keptSkipped {
		s.First = append(s.First, Skipped{Record: fault.Shorten(record), Reason: fmt.Sprintf(reason, args...)})
	}
}

// tooLarge is the error of what is larger than a limit.
func tooLarge(what string, limit int64, setting string) error {
	return fault.BadInput("%s has more than %d bytes (setting %s)", what, limit, setting)
}

// IsLine says whether a text is of one line that is not longer than so many
// characters: what is not cannot be kept, or not be shown.
func IsLine(text string, atMost int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= atMost && strings.IndexFunc(text, unicode.IsControl) < 0
}
