package advice

import (
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/text"
	"stackyard/internal/version"
)

// summaryLength is how much of an advisory's summary a finding repeats, in characters.
const summaryLength = 120

var vulnerable = Rule{
	ID: enum.RuleVulnerable,
	Sees: "A component whose version lies in a range of an advisory that was not withdrawn; one finding for each advisory. " +
		"A version that names a line of releases only counts where all of them are affected. " +
		"A component that was given as a package is held against that package's ranges only, and against those that name no package of a language, such as Bitnami's.",
	Severities: "That of the advisory; UNKNOWN, where nobody has rated it, stands between MEDIUM and LOW. " +
		"LOW for a release that came out after the advisory was last written, where that names no end of what is affected: the flaw may be mended by then.",
	Reason:  "The flaw is public, and so are its uses.",
	Example: "Django 4.2.1 is affected by CVE-2024-42005, which 4.2.15 mends.",
	find: each(func(s *stack, c component) []Finding {
		var out []Finding
		for i := range c.Technology.Advisories {
			a := &c.Technology.Advisories[i]
			if a.WithdrawnAt != nil || !c.isAffectedBy(a) {
				continue
			}
			out = append(out, s.affected(c, a))
		}
		return out
	}),
}

// affected is the finding that the advisory concerns the component.
func (s *stack) affected(c component, a *Advisory) Finding {
	f := about(c, enum.RuleVulnerable, a.Severity)
	f.Advisory, f.Subject = a, a.Identifier
	if c.outran(a) {
		f.Severity = enum.SeverityLow
		f.Message = sentence(fmt.Sprintf("%s may be affected by %s%s", c.title(), a.Identifier, a.inWords()))
		f.Advice = fmt.Sprintf("The advisory is older than this release and names none that mends it: look for %s in the notes of the releases since.", a.Identifier)
		return f
	}
	f.Message = sentence(fmt.Sprintf("%s is affected by %s%s", c.title(), a.Identifier, a.inWords()))
	f.FixedBy = s.fix(c, a)
	f.Advice = c.mend(f.FixedBy)
	return f
}

// outran says whether the installed release came out after the advisory was last written, and lies in it only
// because it names no end of what is affected.
func (c component) outran(a *Advisory) bool {
	return !c.isVague && c.cycle != nil && version.IsVersion(c.cycle.LatestVersion) &&
		version.Compare(c.version, c.cycle.LatestVersion) >= 0 && a.isOlderThan(c.cycle) &&
		!slices.ContainsFunc(a.Ranges, func(r Range) bool { return c.Package.isOf(r) && !r.isOpen() && r.holds(c.version) })
}

// isOlderThan says whether the newest release of the cycle came out on a later day than the advisory was last
// written on; false where either is not known.
func (a *Advisory) isOlderThan(c *Cycle) bool {
	return a.ModifiedAt != 0 && c.LatestReleasedOn != nil && calendar.DayOf(a.ModifiedAt.Time()) < *c.LatestReleasedOn
}

// isAffectedBy says whether the advisory concerns the installed version: where that is a line of releases, all of them.
func (c component) isAffectedBy(a *Advisory) bool {
	switch {
	case !c.isVague:
		return c.concerned(a, c.version)
	case c.cycle == nil:
		return false
	}
	return c.concerned(a, c.version) && c.concerned(a, c.cycle.LatestVersion) && !a.turnsWithin(c)
}

// concerned says whether the advisory concerns a version of the component.
func (c component) concerned(a *Advisory, v string) bool {
	return slices.ContainsFunc(a.Ranges, func(r Range) bool { return c.Package.isOf(r) && r.holds(v) })
}

// openAdvisories counts the advisories that concern some releases of the component's line, but not all.
func (s *stack) openAdvisories(c component) int {
	n := 0
	for i := range c.Technology.Advisories {
		a := &c.Technology.Advisories[i]
		if a.WithdrawnAt == nil && c.cycle != nil && !c.isAffectedBy(a) &&
			(c.concerned(a, c.version) || c.concerned(a, c.cycle.LatestVersion) || a.turnsWithin(c)) {
			n++
		}
	}
	return n
}

// turnsWithin says whether a range begins or ends between the releases of the component's cycle.
func (a *Advisory) turnsWithin(c component) bool {
	first, last := c.cycle.Name, c.cycle.LatestVersion
	isAfterFirst := func(bound string) bool { return version.IsVersion(bound) && version.Compare(bound, first) > 0 }
	return slices.ContainsFunc(a.Ranges, func(r Range) bool {
		switch {
		case !c.Package.isOf(r):
			return false
		case isAfterFirst(r.Introduced) && version.Compare(r.Introduced, last) <= 0:
			return true
		case isAfterFirst(r.Fixed) && version.Compare(r.Fixed, last) <= 0:
			return true
		}
		return version.IsVersion(r.LastAffected) && version.Compare(r.LastAffected, first) >= 0 && version.Compare(r.LastAffected, last) < 0
	})
}

// isDecidable says whether versions can be held against the advisory at all.
func (a *Advisory) isDecidable() bool {
	return a.WithdrawnAt == nil && slices.ContainsFunc(a.Ranges, func(r Range) bool { return r.IsDecidable })
}

// inWords is how bad the advisory is, and what it is about.
func (a *Advisory) inWords() string {
	out := ""
	switch {
	case a.Severity == enum.SeverityUnknown || a.Severity == "":
		out = " (not rated yet)"
	case a.Score != nil:
		out = fmt.Sprintf(" (%s, %.1f)", strings.ToLower(string(a.Severity)), *a.Score)
	default:
		out = fmt.Sprintf(" (%s)", strings.ToLower(string(a.Severity)))
	}
	if a.Summary != "" {
		out += ": " + text.Truncate(strings.Join(strings.Fields(a.Summary), " "), summaryLength)
	}
	return out
}

// sentence ends a text like one.
func sentence(s string) string {
	if s = strings.TrimRight(s, ". "); strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// mend says what to do about a vulnerability that the version fixes.
func (c component) mend(fixedBy string) string {
	switch {
	case fixedBy == "":
		return "No release that mends it is known: read the advisory for a way around it, and watch for a fix."
	case c.cycle == nil || c.Technology.CycleOf(fixedBy) == c.cycle:
		return fmt.Sprintf("Update to %s or newer.", fixedBy)
	}
	return fmt.Sprintf("Move to %s %s or newer: no release of %s that mends it is known.", c.Technology.Name, fixedBy, c.cycle.Name)
}
