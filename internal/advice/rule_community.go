package advice

import (
	"cmp"
	"fmt"
	"slices"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/version"
)

const (
	// quietDays is how long a project may go without a release before it counts as quiet.
	quietDays = 2 * 365
	// fewAlternatives is how many alternatives are few.
	fewAlternatives = 2
	// shortSupportDays is how long every recent release cycle is supported at the most, where support is short.
	shortSupportDays = 180
	// recentCycles is how many release cycles are recent.
	recentCycles = 4
)

var limitedCommunity = Rule{
	ID: enum.RuleLimitedCommunity,
	Sees: "A component of whose releases nothing has been heard for long; or one for which three things come together: a single company or person publishes it, the catalogue knows few alternatives, and its releases are supported for a short time. " +
		"What is not known, such as who publishes it, speaks against nobody.",
	Thresholds: []string{
		fmt.Sprintf("Quiet: %d days between the newest release that is known and the day of the facts.", quietDays),
		fmt.Sprintf("Few alternatives: %d or fewer.", fewAlternatives),
		fmt.Sprintf("Short support: less than %d days from release to end of life for each of the newest %d cycles, and for none of them without an end.", shortSupportDays, recentCycles),
	},
	Severities: "MEDIUM where it is quiet, else LOW.",
	Reason:     "When its few maintainers stop, nobody mends flaws, and leaving takes longer the later it begins.",
	Example:    "Gorilla, whose newest release known is of 2022-01-04.",
	find: each(func(s *stack, c component) []Finding {
		t := c.Technology
		if day := t.lastRelease(); day != nil && t.factsOn().Sub(*day) >= quietDays {
			f := about(c, enum.RuleLimitedCommunity, enum.SeverityMedium)
			f.Message = fmt.Sprintf("The newest release of %s that the catalogue knows is of %s.", t.Name, day)
			f.Advice = "Find out whether it is still maintained, keep it behind an interface of your own, and prepare to leave."
			if len(t.Alternatives) > 0 {
				f.Advice = fmt.Sprintf("Find out whether it is still maintained, and look at %s.", list(names(t.Alternatives, 3), "or"))
			}
			return []Finding{f}
		}
		longest, isKnown := t.longestSupport()
		if !isOneEmployer(t.Steward) || len(t.Alternatives) > fewAlternatives || !isKnown || longest >= shortSupportDays {
			return nil
		}
		f := about(c, enum.RuleLimitedCommunity, enum.SeverityLow)
		f.Message = fmt.Sprintf("%s depends on %s alone, supports a release cycle for %d days at the most, and has few alternatives.", t.Name, t.Steward, longest)
		f.Advice = fmt.Sprintf("Keep it behind an interface of your own, and keep an eye on what could replace it: %s.", list(names(t.Alternatives, len(t.Alternatives)), "or"))
		if len(t.Alternatives) == 0 {
			f.Advice = "Keep it behind an interface of your own, and look for what could replace it."
		}
		return []Finding{f}
	}),
}

// lastRelease is the day of the newest release; nil unless the newest cycle says when it last had one.
func (t *Technology) lastRelease() *calendar.Day {
	newest := t.newest()
	if newest == nil || newest.LatestReleasedOn == nil {
		return nil
	}
	last := *newest.LatestReleasedOn
	for _, c := range t.Cycles {
		if c.LatestReleasedOn != nil {
			last = max(last, *c.LatestReleasedOn)
		}
	}
	return &last
}

// newest is the cycle that was released last; nil where there is none.
func (t *Technology) newest() *Cycle {
	recent := t.recent()
	if len(recent) == 0 {
		return nil
	}
	return recent[0]
}

// factsOn is the newest day of the facts about its cycles: until then they would have had a newer release.
func (t *Technology) factsOn() calendar.Day {
	var day calendar.Day
	for _, c := range t.Cycles {
		day = max(day, c.AsOf)
	}
	return day
}

// longestSupport is the most days for which one of the recent cycles is supported; false where that is not known
// of all of them, or one has no end.
func (t *Technology) longestSupport() (int, bool) {
	recent := t.recent()
	longest := 0
	for _, c := range recent[:min(len(recent), recentCycles)] {
		if c.ReleasedOn == nil || c.EndOfLifeOn == nil {
			return 0, false
		}
		longest = max(longest, c.EndOfLifeOn.Sub(*c.ReleasedOn))
	}
	return longest, len(recent) > 0
}

// recent gives the cycles that were released by the day of their facts, newest first.
func (t *Technology) recent() []*Cycle {
	var out []*Cycle
	for i := range t.Cycles {
		if c := &t.Cycles[i]; c.ReleasedOn != nil && *c.ReleasedOn <= c.AsOf {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b *Cycle) int {
		return cmp.Or(cmp.Compare(*b.ReleasedOn, *a.ReleasedOn), version.Compare(b.Name, a.Name))
	})
	return out
}
