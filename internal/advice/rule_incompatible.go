package advice

import (
	"fmt"

	"stackyard/internal/enum"
	"stackyard/internal/version"
)

var incompatible = Rule{
	ID: enum.RuleIncompatible,
	Sees: "A component whose release cycle needs another technology in certain versions, by the catalogue's compatibility facts, while the stack has that technology in other versions only. " +
		"A build of Java, or a managed Kubernetes, counts as what it is a build of. The finding stands at the component that has to move: at the one that is too old.",
	Severities: "HIGH where what is needed is older than everything that will do; MEDIUM where it is newer, or one that was left out, as it then often works without anybody having promised it.",
	Reason:     "It does not start, or runs in a combination that its maintainers have not tried and will not mend.",
	Example:    "Django 4.2.1 with Python 3.7: Django 4.2 supports Python 3.8 to 3.12.",
	find: each(func(s *stack, c component) []Finding {
		if c.cycle == nil {
			return nil
		}
		var out []Finding
		for _, r := range c.cycle.Requirements {
			if f, ok := s.misfit(c, r); ok {
				out = append(out, f)
			}
		}
		return out
	}),
}

// misfit gives the finding about a requirement that no component fulfils; false where one does, where nobody can
// tell, or where what is needed is not in the stack.
func (s *stack) misfit(c component, r Requirement) (Finding, bool) {
	var beside *component
	for _, o := range s.known() {
		if StandsFor(o.Technology.Slug) != StandsFor(r.Slug) {
			continue
		}
		if r.holds(o.version) == fits {
			return Finding{}, false
		}
		if beside == nil || version.Compare(o.version, beside.version) > 0 {
			beside = &o
		}
	}
	if beside == nil {
		return Finding{}, false
	}
	message := fmt.Sprintf("%s %s, and the stack has %s.", c.line(), r.inWords(), beside.title())
	if r.holds(beside.version) == tooNew {
		f := about(c, enum.RuleIncompatible, enum.SeverityMedium)
		f.Subject, f.Message = r.Slug, message
		f.FixedBy, f.Advice = s.admitting(c, r, *beside)
		return f, true
	}
	f := about(*beside, enum.RuleIncompatible, enum.SeverityHigh)
	if r.holds(beside.version) == between {
		f.Severity = enum.SeverityMedium
	}
	f.Subject, f.Message = c.Technology.Slug, message
	f.FixedBy, f.Advice = s.fulfilling(*beside, r)
	return f, true
}

// fulfilling gives the lowest maintained release cycle of what is needed that will do, else the lowest version that will.
func (s *stack) fulfilling(c component, r Requirement) (string, string) {
	t := c.Technology
	if c.cycle != nil {
		for _, o := range t.maintainedAfter(c.cycle, s.today) {
			if r.holds(o.Name) == fits {
				return o.Name, fmt.Sprintf("Move to %s %s%s.", t.Name, o.Name, supported(o))
			}
		}
	}
	if lowest := r.lowest(); version.Compare(lowest, c.version) > 0 {
		return lowest, fmt.Sprintf("Move to %s %s or newer.", t.Name, lowest)
	}
	return "", fmt.Sprintf("Move to a version of %s that is supported.", t.Name)
}

// admitting gives the lowest release cycle of the component that goes with what is beside it: one that is
// maintained, if there is one.
func (s *stack) admitting(c component, r Requirement, beside component) (string, string) {
	t := c.Technology
	for _, o := range t.maintainedAfter(c.cycle, s.today) {
		if o.admits(r.Slug, beside.version) {
			return o.Name, fmt.Sprintf("Move to %s %s%s.", t.Name, o.Name, supported(o))
		}
	}
	for _, o := range t.newerThan(c.cycle) {
		if o.admits(r.Slug, beside.version) {
			return o.Name, fmt.Sprintf("Move to %s %s, or both to newer release cycles: %s is not maintained any more.", t.Name, o.Name, o.Name)
		}
	}
	return "", fmt.Sprintf("Run it with a version of %s that it supports, until a release of %s supports %s.", r.Name, t.Name, beside.title())
}

// admits says whether the cycle is known to go with a version of the other technology.
func (c *Cycle) admits(slug, v string) bool {
	isKnown := false
	for _, r := range c.Requirements {
		if r.Slug != slug {
			continue
		}
		if r.holds(v) != fits {
			return false
		}
		isKnown = true
	}
	return isKnown
}
