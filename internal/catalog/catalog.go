// Package catalog holds the embedded catalogue: the facts and texts under data,
// as values. What the files look like stands in data/README.md.
package catalog

import (
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// Catalog is everything that the embedded files say. References are slugs.
type Catalog struct {
	Sources      []Source
	Licenses     []License
	Vocabulary   Vocabulary
	Categories   []Category
	UseCases     []UseCase
	Criteria     []Criterion
	Mistakes     []Mistake
	Tools        []Tool
	Technologies []Technology
	Integrations []Integration
	Requirements []Requirement
	Packages     []Package
	Advisories   []Advisory
}

// Source is where facts come from.
type Source struct {
	Slug     string `yaml:"slug"`
	Name     string `yaml:"name"`
	Homepage string `yaml:"homepage"`
	License  string `yaml:"license"`
}

// License is one identifier that licence expressions may use.
type License struct {
	ID string
	// IsOSIApproved says whether the Open Source Initiative approved it, as the SPDX licence list has it.
	IsOSIApproved bool
}

// Vocabulary is the fixed lists that texts draw on.
type Vocabulary struct {
	Capabilities []Term `yaml:"capabilities"`
	Languages    []Term `yaml:"languages"`
}

// Term is one word of a vocabulary, with what it means.
type Term struct {
	Name       string `yaml:"name"`
	Definition string `yaml:"definition"`
}

// Category is a kind of back-end software. The order of the file is its natural order.
type Category struct {
	Slug             string   `yaml:"slug"`
	Name             string   `yaml:"name"`
	Summary          string   `yaml:"summary"`
	Rationale        string   `yaml:"rationale"`
	Responsibilities []string `yaml:"responsibilities"`
}

// UseCase is a situation that software is chosen for.
type UseCase struct {
	Slug    string   `yaml:"slug"`
	Name    string   `yaml:"name"`
	Summary string   `yaml:"summary"`
	Traits  []string `yaml:"traits"`
}

// Criterion is a question to ask before choosing.
type Criterion struct {
	Slug     string `yaml:"slug"`
	Name     string `yaml:"name"`
	Question string `yaml:"question"`
	Guidance string `yaml:"guidance"`
}

// Mistake is something that commonly goes wrong.
type Mistake struct {
	Slug        string           `yaml:"slug"`
	Name        string           `yaml:"name"`
	Explanation string           `yaml:"explanation"`
	Rule        enum.FindingRule `yaml:"rule"`
}

// Tool is something of the wider stack that the catalogue only names.
type Tool struct {
	Slug     string               `yaml:"slug"`
	Name     string               `yaml:"name"`
	Homepage string               `yaml:"homepage"`
	Area     enum.IntegrationArea `yaml:"area"`
}

// Technology is one file under data/technologies; its slug is the file's name.
// Texts that are not written yet are empty.
type Technology struct {
	Slug             string         `yaml:"-"`
	Name             string         `yaml:"name"`
	Summary          string         `yaml:"summary"`
	Description      string         `yaml:"description"`
	Aliases          []string       `yaml:"aliases"`
	Categories       []string       `yaml:"categories"` // main one first
	UseCases         []string       `yaml:"useCases"`
	License          string         `yaml:"license"` // SPDX licence expression
	FirstReleaseYear int            `yaml:"firstReleaseYear"`
	Steward          string         `yaml:"steward"`
	Homepage         string         `yaml:"homepage"`
	Documentation    string         `yaml:"documentation"`
	Repository       string         `yaml:"repository"`
	ReleasePolicy    string         `yaml:"releasePolicy"`
	VersionCommand   string         `yaml:"versionCommand"`
	WrittenIn        []string       `yaml:"writtenIn"`
	Languages        []string       `yaml:"languages"`
	Hosting          []enum.Hosting `yaml:"hosting"`
	Capabilities     []string       `yaml:"capabilities"`
	Alternatives     []string       `yaml:"alternatives"` // closest first
	Successors       []string       `yaml:"successors"`
	Identifiers      Identifiers    `yaml:"identifiers"`
	Source           string         `yaml:"source"`
	AsOf             calendar.Day   `yaml:"asOf"`
	ReleaseCycles    []ReleaseCycle `yaml:"-"`
}

// Identifiers are the names by which other systems know a technology.
type Identifiers struct {
	PURL      []string `yaml:"purl"`
	CPE       []string `yaml:"cpe"`
	Repology  []string `yaml:"repology"`
	EndOfLife []string `yaml:"endoflife"`
}

// ReleaseCycle is one row of data/release-cycles/SLUG.tsv, newest first as published.
// Days are the last day of the phase; a flag says what is known where no day is. Where neither
// day nor flag of the active or extended support is given, the cycle has no such phase.
type ReleaseCycle struct {
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
	Source                string
	AsOf                  calendar.Day
}

// Integration is how a technology works with another, or with a tool.
type Integration struct {
	From         string                  `yaml:"from"`
	ToTechnology string                  `yaml:"toTechnology"`
	ToTool       string                  `yaml:"toTool"`
	Area         enum.IntegrationArea    `yaml:"area"`
	Support      enum.IntegrationSupport `yaml:"support"`
	Note         string                  `yaml:"note"`
}

// Requirement says that a release cycle needs another technology in some versions.
type Requirement struct {
	Technology   string
	ReleaseCycle string
	Requires     string
	Kind         enum.RequirementKind
	MinVersion   string
	MaxVersion   string
	Versions     []string
	AsPublished  string
}

// Package is a package that is known to belong to a technology.
type Package struct {
	Ecosystem  string
	Name       string
	PURL       string // without a version
	Technology string
}

// Advisory is one vulnerability, however many sources report it.
type Advisory struct {
	Identifier  string            `yaml:"identifier"`
	Aliases     []string          `yaml:"aliases"`
	Summary     string            `yaml:"summary"`
	Severity    enum.Severity     `yaml:"severity"`
	Score       *float64          `yaml:"score"`
	PublishedAt calendar.Instant  `yaml:"publishedAt"`
	ModifiedAt  calendar.Instant  `yaml:"modifiedAt"`
	WithdrawnAt *calendar.Instant `yaml:"withdrawnAt"`
	References  []string          `yaml:"references"`
	Affected    []AffectedRange   `yaml:"affected"`
	Source      string            `yaml:"source"`
	AsOf        calendar.Day      `yaml:"asOf"`
}

// AffectedRange is one interval of versions of one technology.
type AffectedRange struct {
	Technology   string   `yaml:"technology"`
	Package      string   `yaml:"package"`
	Ecosystem    string   `yaml:"ecosystem"`
	Introduced   string   `yaml:"introduced"` // empty: from the beginning
	Fixed        string   `yaml:"fixed"`
	LastAffected string   `yaml:"lastAffected"`
	Versions     []string `yaml:"versions"`
	// IsUndecidable is true where only commits are named.
	IsUndecidable bool `yaml:"isUndecidable"`
}
