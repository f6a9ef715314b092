// Package advice judges software: what is wrong with a stack, how technologies
// compare, and what marks they get. Everything is a pure function: values and a
// day in, values out. Each rule carries its own documentation, from which
// docs/rules.md is made.
package advice

import (
	"slices"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
)

// Technology is what the rules know of a piece of software. What is empty is not
// known, except for its capabilities, hosting and languages, which are complete
// where there are any capabilities at all.
type Technology struct {
	ID               int64
	Slug             string
	Name             string
	Categories       []string // slugs, the main one first
	UseCases         []string // slugs
	Capabilities     []string
	Hosting          []enum.Hosting
	Languages        []string // from which it is used; empty where any will do
	License          string   // an SPDX expression
	IsOpenSource     bool
	Steward          string
	FirstReleaseYear int
	Documentation    string
	ReleasePolicy    string
	VersionCommand   string
	Aliases          []string
	Alternatives     []Other  // the closest first
	Successors       []string // names
	Integrations     []Integration
	Cycles           []Cycle
	Advisories       []Advisory
	Rating           *float64 // from 1 to 5
	Reviews          int
	AsOf             calendar.Day
}

// Other is what could be taken instead.
type Other struct {
	Name    string
	License string // an SPDX expression
}

// Integration is one tie to another technology or tool.
type Integration struct {
	Area    enum.IntegrationArea
	Support enum.IntegrationSupport
	With    int64 // the other technology's ID; 0 where it is a tool
}

// Cycle is a release cycle, with what it needs beside it.
type Cycle struct {
	lifecycle.Cycle
	ID               int64
	Name             string
	Codename         string // what people call it, too
	LatestVersion    string
	LatestReleasedOn *calendar.Day
	Requirements     []Requirement
	AsOf             calendar.Day
}

// Requirement says in which versions a cycle needs another technology. Where
// there are neither bounds nor versions, nobody can tell.
type Requirement struct {
	Slug     string // of the technology that is needed
	Name     string // of the same
	Kind     enum.RequirementKind
	Min      string
	Max      string // and everything that begins with it
	Versions []string
}

// Advisory is a vulnerability, with the versions of the technology that it concerns.
type Advisory struct {
	ID          int64
	Identifier  string
	Summary     string
	Severity    enum.Severity
	Score       *float64
	PublishedAt calendar.Instant
	ModifiedAt  calendar.Instant // 0 where it is not known
	WithdrawnAt *calendar.Instant
	Ranges      []Range
	AsOf        calendar.Day
}

// Package names a package in its ecosystem, as advisories do.
type Package struct {
	Ecosystem string
	Name      string
}

// has says whether the technology has any of the capabilities.
func (t *Technology) has(capabilities ...string) bool {
	return slices.ContainsFunc(capabilities, func(c string) bool { return slices.Contains(t.Capabilities, c) })
}

// isMainly says whether any of the categories is the technology's main one.
func (t *Technology) isMainly(categories ...string) bool {
	return len(t.Categories) > 0 && slices.Contains(categories, t.Categories[0])
}

// isManagedOnly says whether nobody but its provider runs it.
func (t *Technology) isManagedOnly() bool {
	return len(t.Hosting) > 0 && !slices.Contains(t.Hosting, enum.HostingSelfHosted) && !slices.Contains(t.Hosting, enum.HostingEmbedded)
}
