package advice

import (
	"cmp"
	"slices"
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// Whole stands in Finding.Component for the stack as a whole.
const Whole = -1

// Finding is something to know about a stack.
type Finding struct {
	Rule      enum.FindingRule
	Severity  enum.Severity
	Message   string // one sentence that says what is wrong
	Advice    string // what to do about it
	Component int    // its place among the components, or Whole
	// Technology is the one to change; nil where that is none in particular.
	Technology *Technology
	Cycle      *Cycle
	Advisory   *Advisory
	FixedBy    string // the lowest version that would put it right; empty where none is known
	// Subject tells the findings of one rule about one component apart: an advisory, another technology.
	Subject string
}

// Key names a finding among those about one component, or about the stack. It stays the same as long as the
// cause does, whatever versions are installed.
func (f Finding) Key() string {
	if f.Subject == "" {
		return string(f.Rule)
	}
	return string(f.Rule) + " " + f.Subject
}

// StateOf says where a finding stands today that is kept: one that is fixed is so, however long it is acknowledged.
func StateOf(fixedAt *calendar.Instant, acknowledgedUntil *calendar.Day, today calendar.Day) enum.FindingState {
	switch {
	case fixedAt != nil:
		return enum.FindingFixed
	case acknowledgedUntil != nil && *acknowledgedUntil >= today:
		return enum.FindingAcknowledged
	}
	return enum.FindingOpen
}

// Result is what a check says.
type Result struct {
	Findings []Finding // most severe first
	Cycles   []*Cycle  // of each component; nil where its version belongs to none
	Score    int       // 0 to 100; 100 where nothing was found
	AsOf     calendar.Day
}

// Check holds a stack against every rule that is not disabled, on a day. The same question on the same facts has
// the same answer.
func Check(components []Component, context Context, today calendar.Day) Result {
	s := newStack(components, context, today)
	var found []Finding
	for _, r := range rules {
		if !slices.Contains(context.DisabledRules, r.ID) {
			found = append(found, r.find(s)...)
		}
	}
	slices.SortStableFunc(found, bySeverity)
	found = distinct(found)
	return Result{Findings: found, Cycles: s.cycles(), Score: Score(len(components), found), AsOf: s.asOf()}
}

func (s *stack) cycles() []*Cycle {
	out := make([]*Cycle, len(s.components))
	for i, c := range s.components {
		out[i] = c.cycle
	}
	return out
}

// distinct leaves the first of findings about the same component with the same key: two requirements can name one
// component.
func distinct(found []Finding) []Finding {
	seen := map[identity]bool{}
	return slices.DeleteFunc(found, func(f Finding) bool {
		isAnother := seen[f.identity()]
		seen[f.identity()] = true
		return isAnother
	})
}

// identity tells the findings about a stack apart.
type identity struct {
	component int
	key       string
}

func (f Finding) identity() identity { return identity{f.Component, f.Key()} }

// asOf is the oldest day among the facts about the technologies in the stack; today where there are none.
func (s *stack) asOf() calendar.Day {
	oldest := s.today
	for _, c := range s.known() {
		oldest = min(oldest, c.Technology.oldest())
	}
	return oldest
}

// oldest is the oldest day among all the facts about the technology.
func (t *Technology) oldest() calendar.Day {
	day := t.AsOf
	for _, c := range t.Cycles {
		day = min(day, c.AsOf)
	}
	for _, a := range t.Advisories {
		day = min(day, a.AsOf)
	}
	return day
}

// severities are in order, the worst first. What nobody has rated is no reason to rest: it comes after MEDIUM.
var severities = []enum.Severity{
	enum.SeverityCritical, enum.SeverityHigh, enum.SeverityMedium, enum.SeverityUnknown, enum.SeverityLow, enum.SeverityNone,
}

// Rank is the place of a severity among all, 0 for the worst.
func Rank(of enum.Severity) int { return slices.Index(severities, of) }

func bySeverity(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(Rank(a.Severity), Rank(b.Severity)),
		cmp.Compare(place(a.Rule), place(b.Rule)),
		cmp.Compare(a.Component, b.Component),
		cmp.Compare(points(b.Advisory), points(a.Advisory)),
		strings.Compare(a.Subject, b.Subject),
	)
}

func points(a *Advisory) float64 {
	if a == nil || a.Score == nil {
		return -1
	}
	return *a.Score
}

// place is the rule's place among the rules.
func place(id enum.FindingRule) int {
	return slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
}

// about begins a finding about a component.
func about(c component, rule enum.FindingRule, severity enum.Severity) Finding {
	return Finding{Rule: rule, Severity: severity, Component: c.index, Technology: c.Technology, Cycle: c.cycle}
}
