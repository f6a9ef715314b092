// Package osv reads advisories in the Open Source Vulnerability format, and makes
// one advisory of all records that are about the same vulnerability.
// Source: https://ossf.github.io/osv-schema/
package osv

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/source"
	"stackyard/internal/text"
)

// Record is a record of the format, as far as it is used here.
type Record struct {
	ID         string      `json:"id"`
	Aliases    []string    `json:"aliases"`
	Published  time.Time   `json:"published"`
	Modified   time.Time   `json:"modified"`
	Withdrawn  *time.Time  `json:"withdrawn"`
	Summary    string      `json:"summary"`
	Severity   []vector    `json:"severity"`
	Affected   []affected  `json:"affected"`
	References []reference `json:"references"`
	// DatabaseSpecific may have a word for the severity.
	DatabaseSpecific json.RawMessage `json:"database_specific"`
}

type vector struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

type reference struct {
	URL string `json:"url"`
}

type affected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Severity          []vector        `json:"severity"`
	Ranges            []timeline      `json:"ranges"`
	Versions          []string        `json:"versions"`
	DatabaseSpecific  json.RawMessage `json:"database_specific"`
	EcosystemSpecific json.RawMessage `json:"ecosystem_specific"`
}

type timeline struct {
	Type   string  `json:"type"`
	Repo   string  `json:"repo"`
	Events []event `json:"events"`
}

type event struct {
	Introduced   string `json:"introduced"`
	Fixed        string `json:"fixed"`
	LastAffected string `json:"last_affected"`
	Limit        string `json:"limit"`
}

// Document is what was read.
type Document struct {
	// AsOf is the day on which the newest record was modified, those aside that claim a day to come: the data are as of
	// then at least.
	AsOf    calendar.Day
	Records []Record
	Read    int // how many records there were
	Skipped source.SkippedRecords
}

// Read reads all records of a content, and keeps those that concern what knows
// says. A record that cannot be read is skipped.
func Read(ctx context.Context, c source.Content, limits source.Limits, known Known, today calendar.Day) (*Document, error) {
	out := &Document{}
	var newest calendar.Day
	err := source.Records(ctx, c, limits, &out.Skipped, func(name string, b []byte) {
		r, err := parse(b)
		if err != nil {
			out.Skipped.Add(nameOf(r, name), "%v", err)
			return
		}
		out.Read++
		if day := calendar.DayOf(r.Modified); day <= today {
			newest = max(newest, day)
		}
		if known.concerns(r) {
			out.Records = append(out.Records, r)
		}
	})
	if err != nil {
		return nil, err
	}
	if out.Read == 0 {
		return nil, fault.BadInput("there is no record in the source that can be read")
	}
	if out.AsOf = newest; newest == 0 {
		out.AsOf = today // all are of days to come
	}
	return out, nil
}

func nameOf(r Record, name string) string {
	if r.ID != "" {
		return r.ID
	}
	return name
}

// What a record may have at most, in characters and entries.
const (
	maxID      = 60
	maxSummary = 300
	maxAliases = 50
	maxRanges  = 2000
	maxNames   = 200
)

func parse(b []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fault.BadInput("it is no record of the OSV format: %v", err)
	}
	switch {
	case len(r.ID) < 3 || !source.IsLine(r.ID, maxID):
		return r, fault.BadInput("its id is not a line of 3 to %d characters", maxID)
	case r.Modified.IsZero():
		return r, fault.BadInput("it does not say when it was modified")
	case r.Modified.Year() < 1970 || r.Modified.Year() > 9999 || r.Published.Year() > 9999:
		return r, fault.BadInput("it is of no year that there is")
	case len(r.Aliases) > maxAliases:
		return r, fault.BadInput("it has more than %d aliases", maxAliases)
	}
	for _, alias := range r.Aliases {
		if len(alias) < 3 || !source.IsLine(alias, maxID) {
			return r, fault.BadInput("an alias is not a line of 3 to %d characters", maxID)
		}
	}
	if r.Published.Year() < 1970 {
		r.Published = r.Modified // the format lets it be left out
	}
	r.Summary = oneLine(r.Summary)
	return r, nil
}

// oneLine makes a line of a summary that has more than one, or is too long.
func oneLine(summary string) string {
	line := text.Line(summary)
	if runes := []rune(line); len(runes) > maxSummary {
		return strings.TrimSpace(string(runes[:maxSummary-1])) + "…"
	}
	return line
}
