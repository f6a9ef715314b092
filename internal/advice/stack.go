package advice

import (
	"slices"
	"strings"
	"unicode"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/version"
)

// DefaultHorizonDays is how many days ahead an end of life counts as soon, where nobody says otherwise.
const DefaultHorizonDays = 180

// Component is one entry of a stack: what was given, and what it was recognised as.
type Component struct {
	Name       string      // as it was given
	Version    string      // as it was given; empty where none was
	Technology *Technology // nil where it was not recognised
	Package    Package     // by which it was recognised; empty where it was not by one
}

// Context is what a stack is for, and what its owner holds it to. What is left out is not known, and no rule
// that needs it finds anything.
type Context struct {
	UseCase              string // a slug
	Traffic              enum.Traffic
	HasUserAccounts      *bool
	IsInternetFacing     *bool
	EndOfLifeHorizonDays int      // 0 stands for DefaultHorizonDays
	AllowedLicenses      []string // SPDX identifiers; any licence where it is nil
	DisabledRules        []enum.FindingRule
}

// stack is what the rules look at.
type stack struct {
	Context
	components []component
	today      calendar.Day
}

// component is an entry with what follows from its version.
type component struct {
	Component
	index   int
	version string // as the technology's release cycles write versions
	cycle   *Cycle // nil where it belongs to none
	status  enum.LifecycleStatus
	// isVague is true where the version names a line of releases, and not one of them.
	isVague bool
}

func newStack(given []Component, context Context, today calendar.Day) *stack {
	s := &stack{Context: context, today: today}
	if s.EndOfLifeHorizonDays == 0 {
		s.EndOfLifeHorizonDays = DefaultHorizonDays
	}
	for i, g := range given {
		c := component{Component: g, index: i, status: enum.StatusUnknown}
		if t := g.Technology; t != nil {
			given, isPattern := withoutPattern(t.said(g.Version))
			c.version = t.usual(given)
			if c.cycle = t.CycleOf(given); c.cycle != nil {
				c.status = c.cycle.Status(today)
			}
			c.isVague = isPattern || t.isVague(version.Installed(c.version), c.cycle)
		}
		s.components = append(s.components, c)
	}
	return s
}

// withoutPattern gives the version before a last number that is left open, as in `22.x`, and says whether one was.
func withoutPattern(v string) (string, bool) {
	v = strings.TrimSpace(v)
	for _, open := range []string{".x", ".X", ".*"} {
		if line, ok := strings.CutSuffix(v, open); ok {
			line, _ = withoutPattern(line)
			return line, true
		}
	}
	return v, false
}

// fullVersion is of how many numbers a version is that nobody takes for a line of releases, whatever follows.
const fullVersion = 3

// isVague says whether a version is the name of a line of releases only, such as `3.7` where releases are called
// `3.7.17`. Where an advisory has a bound of that very text, it is a release: Django's 4.2 is one.
func (t *Technology) isVague(v string, c *Cycle) bool {
	if !version.IsVersion(v) || segments(v) >= fullVersion || t.names(v) {
		return false
	}
	if c != nil {
		return isWithin(v, c.LatestVersion) && bare(v) != bare(c.LatestVersion)
	}
	return slices.ContainsFunc(t.Cycles, func(o Cycle) bool { return isWithin(v, o.Name) })
}

// names says whether an advisory calls a release by that very text.
func (t *Technology) names(v string) bool {
	v = bare(v)
	return slices.ContainsFunc(t.Advisories, func(a Advisory) bool {
		return slices.ContainsFunc(a.Ranges, func(r Range) bool { return r.names(v) })
	})
}

// known gives the components that were recognised.
func (s *stack) known() []component {
	return slices.DeleteFunc(slices.Clone(s.components), func(c component) bool { return c.Technology == nil })
}

// anyOf says whether any component is one of these.
func (s *stack) anyOf(is func(*Technology) bool) bool {
	return slices.ContainsFunc(s.components, func(c component) bool { return c.Technology != nil && is(c.Technology) })
}

// hints says whether a component that nobody recognised has one of the words in its name, as a whole word. What is
// not known is not held against a stack.
func (s *stack) hints(words ...string) bool {
	isSeparator := func(c rune) bool { return !unicode.IsLetter(c) }
	return slices.ContainsFunc(s.components, func(c component) bool {
		return c.Technology == nil && slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(c.Name), isSeparator), func(w string) bool {
			return slices.Contains(words, w)
		})
	})
}

// title is the component in a sentence: its name, and the version where one was given, as it was given.
func (c component) title() string {
	if c.Technology == nil {
		return c.Name
	}
	return strings.TrimSpace(c.Technology.Name + " " + plain(c.Technology.said(c.Version)))
}

// line is the component's release cycle in a sentence.
func (c component) line() string { return c.Technology.Name + " " + c.cycle.Name }
