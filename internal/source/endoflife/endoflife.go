// Package endoflife reads what endoflife.date publishes: the answer of its API
// (version 1, `/products/full`), and the release data that it is made from.
// Source: https://endoflife.date/docs/api/v1/
package endoflife

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/source"
	"stackyard/internal/version"
)

// Document is what was read: products with their release cycles, or releases.
type Document struct {
	// AsOf is the day of the data, as they say themselves.
	AsOf     calendar.Day
	Products []Product
	// Releases are the days of exact versions, by product and version.
	Releases map[string]map[string]calendar.Day
	Skipped  source.SkippedRecords
}

// Product is one product, with all of its release cycles, newest first as published.
type Product struct {
	Name   string
	Cycles []Cycle
}

// Cycle is a line of releases. Days are the last of their phase, and a flag says
// what is known where there is no day; with neither, there is no such phase.
type Cycle struct {
	Name                  string
	Codename              string
	ReleasedOn            *calendar.Day
	IsLongTerm            bool // now, or from LongTermFrom on
	LongTermFrom          *calendar.Day
	ActiveSupportUntil    *calendar.Day
	IsActiveSupportOver   *bool
	EndOfLifeOn           *calendar.Day
	IsEndOfLife           *bool
	ExtendedSupportUntil  *calendar.Day
	IsExtendedSupportOver *bool
	LatestVersion         string
	LatestReleasedOn      *calendar.Day
}

// Parse reads an answer of the API or the release data, whichever it is. A product
// that cannot be read is skipped; a document that is cut short is an error.
func Parse(b []byte) (*Document, error) {
	var d struct {
		SchemaVersion json.RawMessage            `json:"schema_version"`
		GeneratedAt   string                     `json:"generated_at"`
		Snapshot      string                     `json:"snapshot"`
		Result        []json.RawMessage          `json:"result"`
		Products      map[string]json.RawMessage `json:"products"`
	}
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, fault.BadInput("the source is not what endoflife.date publishes: %v", err)
	}
	if v := string(bytes.Trim(d.SchemaVersion, `"`)); v != "1" && !strings.HasPrefix(v, "1.") {
		return nil, fault.BadInput("the source has the schema version %q; what can be read is 1", fault.Shorten(v))
	}
	switch {
	case d.Result != nil:
		return parseProducts(d.GeneratedAt, d.Result)
	case d.Products != nil:
		return parseReleases(d.Snapshot, d.Products)
	}
	return nil, fault.BadInput("the source has neither products (result) nor releases (products)")
}

func parseProducts(generatedAt string, records []json.RawMessage) (*Document, error) {
	at, err := time.Parse(time.RFC3339, generatedAt)
	if err != nil {
		return nil, fault.BadInput("the source does not say when it was made (generated_at)")
	}
	out := &Document{AsOf: calendar.DayOf(at)}
	seen := map[string]bool{}
	for i, record := range records {
		var named struct{ Name string }
		_ = json.Unmarshal(record, &named) // what is wrong is said of the whole
		if named.Name == "" {
			named.Name = fmt.Sprintf("product %d", i+1)
		}
		product, err := parseProduct(record)
		if err == nil && seen[product.Name] {
			err = fault.BadInput("it is there twice")
		}
		if err != nil {
			out.Skipped.Add(named.Name, "%v", err)
			continue
		}
		seen[product.Name] = true
		out.Products = append(out.Products, product)
	}
	return out, nil
}

// release is a release cycle as it is published.
type release struct {
	Name        string        `json:"name"`
	Codename    *string       `json:"codename"`
	ReleaseDate *calendar.Day `json:"releaseDate"`
	IsLTS       bool          `json:"isLts"`
	LTSFrom     *calendar.Day `json:"ltsFrom"`
	IsEOAS      *bool         `json:"isEoas"`
	EOASFrom    *calendar.Day `json:"eoasFrom"`
	IsEOL       *bool         `json:"isEol"`
	EOLFrom     *calendar.Day `json:"eolFrom"`
	IsEOES      *bool         `json:"isEoes"`
	EOESFrom    *calendar.Day `json:"eoesFrom"`
	Latest      *struct {
		Name string        `json:"name"`
		Date *calendar.Day `json:"date"`
	} `json:"latest"`
}

func parseProduct(record []byte) (Product, error) {
	var p struct {
		Name     string    `json:"name"`
		Releases []release `json:"releases"`
	}
	if err := json.Unmarshal(record, &p); err != nil {
		return Product{}, err
	}
	if p.Name == "" || !source.IsLine(p.Name, maxName) {
		return Product{}, fault.BadInput("its name is not a line of 1 to %d characters", maxName)
	}
	if len(p.Releases) == 0 {
		return Product{}, fault.BadInput("it has no releases")
	}
	out := Product{Name: p.Name}
	seen := map[string]bool{}
	for _, r := range p.Releases {
		c := r.cycle()
		if seen[c.Name] {
			return Product{}, fault.BadInput("its release cycle %q is there twice", fault.Shorten(c.Name))
		}
		if err := c.check(); err != nil {
			return Product{}, err
		}
		seen[c.Name] = true
		out.Cycles = append(out.Cycles, c)
	}
	return out, nil
}

// What the names of products and cycles may have, in characters.
const maxName = 60

func (c Cycle) check() error {
	if c.Name == "" || !source.IsLine(c.Name, maxName) {
		return fault.BadInput("the name of a release cycle is not a line of 1 to %d characters", maxName)
	}
	if !source.IsLine(c.Codename, maxName) || !source.IsLine(c.LatestVersion, version.MaxLength) || len(c.LatestVersion) > version.MaxLength {
		return fault.BadInput("the release cycle %s has a codename or version that is too long, or no line", c.Name)
	}
	return nil
}

// cycle leaves out the flags that follow from a day.
func (r release) cycle() Cycle {
	c := Cycle{
		Name:                  r.Name,
		ReleasedOn:            r.ReleaseDate,
		IsLongTerm:            r.IsLTS || r.LTSFrom != nil,
		LongTermFrom:          r.LTSFrom,
		ActiveSupportUntil:    r.EOASFrom,
		IsActiveSupportOver:   flagWithout(r.EOASFrom, r.IsEOAS),
		EndOfLifeOn:           r.EOLFrom,
		IsEndOfLife:           flagWithout(r.EOLFrom, r.IsEOL),
		ExtendedSupportUntil:  r.EOESFrom,
		IsExtendedSupportOver: flagWithout(r.EOESFrom, r.IsEOES),
	}
	if r.Codename != nil {
		c.Codename = *r.Codename
	}
	if r.Latest != nil && r.Latest.Name != "" {
		c.LatestVersion, c.LatestReleasedOn = r.Latest.Name, r.Latest.Date
	}
	return c
}

func flagWithout(day *calendar.Day, flag *bool) *bool {
	if day != nil {
		return nil
	}
	return flag
}

func parseReleases(snapshot string, records map[string]json.RawMessage) (*Document, error) {
	day, err := calendar.ParseDay(snapshot)
	if err != nil {
		return nil, fault.BadInput("the source does not say as of which day it is (snapshot)")
	}
	out := &Document{AsOf: day, Releases: map[string]map[string]calendar.Day{}}
	for _, name := range sortedKeys(records) {
		var days map[string]calendar.Day
		if err := json.Unmarshal(records[name], &days); err != nil {
			out.Skipped.Add(name, "%v", err)
			continue
		}
		for v := range days {
			if !source.IsLine(v, version.MaxLength) || len(v) > version.MaxLength {
				out.Skipped.Add(name+" "+v, "it is too long for a version, or no line")
				delete(days, v)
			}
		}
		out.Releases[name] = days
	}
	return out, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Latest is a version of a release cycle, with the day on which it was released.
type Latest struct {
	Version    string
	ReleasedOn calendar.Day
}

// LatestOf gives the newest release of every cycle, among the names of a
// product's cycles; none of a cycle that has no release but previews.
func LatestOf(releases map[string]calendar.Day, cycles []string) map[string]Latest {
	out, newest := map[string]Latest{}, map[string]version.Version{}
	for _, text := range sortedKeys(releases) {
		v, err := version.Vendor.Parse(text)
		i := version.Cycle(text, cycles)
		if err != nil || i < 0 || !isFinal(text) {
			continue
		}
		if have, isThere := newest[cycles[i]]; !isThere || have.Compare(v) < 0 {
			newest[cycles[i]], out[cycles[i]] = v, Latest{Version: text, ReleasedOn: releases[text]}
		}
	}
	return out
}

// isFinal says whether a version is plainly no preview: numbers alone, with or without a `v` in front.
func isFinal(text string) bool {
	return strings.Trim(strings.TrimPrefix(text, "v"), "0123456789.") == ""
}
