package advice

import (
	"fmt"
	"slices"

	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
)

// urgentDays is how near an end of life is when moving can no longer wait for an ordinary release.
const urgentDays = 30

var endOfLife = Rule{
	ID:         enum.RuleEndOfLife,
	Sees:       "A component whose release cycle is past its last day of security support, by its day or, where no day is known, by its flag.",
	Severities: "HIGH; MEDIUM where extended support, which mostly is paid for, gives fixes until a day that is known.",
	Reason:     "Flaws that are found from now on stay open, and sooner or later drivers, libraries and platforms stop working with it.",
	Example:    "Node.js 18.20.4: its end of life was on 2025-04-30.",
	find: each(func(s *stack, c component) []Finding {
		switch c.status {
		case enum.StatusEndOfLife:
			f := about(c, enum.RuleEndOfLife, enum.SeverityHigh)
			f.Message = c.line() + " is past its end of life and gets no more security fixes."
			if day := c.cycle.EndOfLifeOn; day != nil {
				f.Message = fmt.Sprintf("%s reached its end of life on %s and gets no more security fixes.", c.line(), day)
			}
			return []Finding{s.withMove(f, c)}
		case enum.StatusExtendedOnly:
			f := about(c, enum.RuleEndOfLife, enum.SeverityMedium)
			if c.isUnsupported() {
				f.Severity = enum.SeverityHigh
			}
			f.Message = c.line() + " gets security fixes only under extended support"
			if day := c.cycle.EndOfLifeOn; day != nil {
				f.Message += fmt.Sprintf(", since its end of life on %s", day)
			}
			f.Message += "."
			f = s.withMove(f, c)
			if day := c.cycle.ExtendedSupportUntil; day != nil {
				f.Advice += fmt.Sprintf(" Extended support ends on %s.", day)
			}
			return []Finding{f}
		}
		return nil
	}),
}

var endOfLifeSoon = Rule{
	ID:         enum.RuleEndOfLifeSoon,
	Sees:       "A component whose release cycle still gets security fixes, and whose last day of them is near.",
	Thresholds: []string{fmt.Sprintf("`endOfLifeHorizonDays`: %d days where nothing else is given, the last day included.", DefaultHorizonDays)},
	Severities: fmt.Sprintf("LOW; MEDIUM from %d days before the end.", urgentDays),
	Reason:     "Moving to another release cycle takes planning and tests, which should be over when the fixes stop.",
	Example:    "Node.js 22.11.0 on 2026-11-22: its end of life is on 2027-04-30, in 159 days.",
	find: each(func(s *stack, c component) []Finding {
		if !s.endsSoon(c) {
			return nil
		}
		days := c.cycle.EndOfLifeOn.Sub(s.today)
		f := about(c, enum.RuleEndOfLifeSoon, enum.SeverityLow)
		if days <= urgentDays {
			f.Severity = enum.SeverityMedium
		}
		f.Message = fmt.Sprintf("%s reaches its end of life on %s, %s.", c.line(), c.cycle.EndOfLifeOn, inDays(days))
		return []Finding{s.withMove(f, c)}
	}),
}

var securitySupportOnly = Rule{
	ID:         enum.RuleSecuritySupportOnly,
	Sees:       "A component whose release cycle gets security fixes, but no features or ordinary fixes any more. Where its end is near, END_OF_LIFE_SOON says so instead.",
	Severities: "LOW.",
	Reason:     "It is safe to run, but a fault that is no vulnerability stays, and the next step is due.",
	Example:    "Python 3.12.4 on 2026-11-22: security fixes only, until 2028-10-31.",
	find: each(func(s *stack, c component) []Finding {
		if c.status != enum.StatusSecurityOnly || s.endsSoon(c) {
			return nil
		}
		f := about(c, enum.RuleSecuritySupportOnly, enum.SeverityLow)
		f.Message = c.line() + " gets security fixes only"
		if day := c.cycle.EndOfLifeOn; day != nil {
			f.Message += fmt.Sprintf(", until %s", day)
		}
		f.Message += "."
		f.Advice = "Nothing newer gets more at the moment: stay, and watch for the next release cycle."
		for _, o := range c.Technology.maintainedAfter(c.cycle, s.today) {
			if o.Status(s.today) == enum.StatusActive {
				f.FixedBy = o.Name
				f.Advice = fmt.Sprintf("Plan the move to %s %s, which still gets features and fixes.", c.Technology.Name, o.Name)
				break
			}
		}
		return []Finding{f}
	}),
}

func (s *stack) endsSoon(c component) bool {
	return lifecycle.IsMaintained(c.status) && s.isEnding(c.cycle)
}

func (s *stack) isEnding(c *Cycle) bool {
	return c.EndOfLifeOn != nil && c.EndOfLifeOn.Sub(s.today) <= s.EndOfLifeHorizonDays
}

// isUnsupported says whether nobody gets security fixes, or nobody knows until when extended support gives them.
func (c component) isUnsupported() bool {
	return c.status == enum.StatusEndOfLife || c.status == enum.StatusExtendedOnly && c.cycle.ExtendedSupportUntil == nil
}

// withMove adds to a finding where to go from the component's release cycle: to one that is maintained and does not
// end soon itself; where all of them do and the present one has ended already, to one of those.
func (s *stack) withMove(f Finding, c component) Finding {
	t := c.Technology
	ahead := t.maintainedAfter(c.cycle, s.today)
	lasting := slices.DeleteFunc(slices.Clone(ahead), func(o *Cycle) bool { return s.isEnding(o) })
	if len(lasting) > 0 || lifecycle.IsMaintained(c.status) {
		ahead = lasting
	}
	if len(ahead) == 0 {
		f.Advice = t.wayOut(c.cycle)
		if lifecycle.IsMaintained(c.status) && len(t.Successors) == 0 {
			f.Advice = fmt.Sprintf("Watch for a release cycle of %s that is supported for longer: the catalogue, whose facts are of %s, knows none.", t.Name, t.factsOn())
		}
		return f
	}
	next, last := ahead[0], longestSupported(ahead)
	f.FixedBy = next.Name
	f.Advice = fmt.Sprintf("Move to %s %s%s.", t.Name, next.Name, supported(next))
	if last != next {
		f.Advice = fmt.Sprintf("Move to %s %s%s, or at least to %s%s.", t.Name, last.Name, supported(last), next.Name, supported(next))
	}
	return f
}

func supported(c *Cycle) string {
	if c.EndOfLifeOn == nil {
		return ""
	}
	return fmt.Sprintf(" (supported until %s)", c.EndOfLifeOn)
}

// wayOut says what to do where no newer release cycle is maintained. Where one was, when the facts were written
// down, a newer one is likely to be out.
func (t *Technology) wayOut(c *Cycle) string {
	for _, o := range append(t.newerThan(c), c) {
		if o.EndOfLifeOn != nil && *o.EndOfLifeOn >= o.AsOf || o.EndOfLifeOn == nil && !o.IsEndOfLife(o.AsOf) {
			return fmt.Sprintf("Look for a newer release of %s: the catalogue's facts are of %s, and the cycles that were maintained then have ended or are about to.", t.Name, o.AsOf)
		}
	}
	switch {
	case len(t.Successors) > 0:
		return fmt.Sprintf("Move to %s, which took its place.", list(t.Successors, "or"))
	case len(t.Alternatives) > 0:
		return fmt.Sprintf("Replace it: no release of %s is maintained any more; closest to it %s.", t.Name, be(names(t.Alternatives, 2)))
	}
	return fmt.Sprintf("Replace it: no release of %s is maintained any more.", t.Name)
}
