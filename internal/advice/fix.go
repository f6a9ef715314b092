package advice

import (
	"regexp"
	"slices"
	"strings"

	"stackyard/internal/version"
)

// bitnamiRevision is what Bitnami adds to a version for its own builds.
var bitnamiRevision = regexp.MustCompile(`-[0-9]+$`)

// fix gives the lowest version that the advisory does not concern: of the same release cycle where there is one,
// else of the next one that is maintained, else the lowest of all. It is empty where none is known.
func (s *stack) fix(c component, a *Advisory) string {
	t := c.Technology
	known := c.fixes(a)
	lowestOf := func(in *Cycle) string {
		i := slices.IndexFunc(known, func(v string) bool { return t.CycleOf(v) == in })
		if i < 0 {
			return ""
		}
		return known[i]
	}
	if c.cycle != nil {
		if v := lowestOf(c.cycle); v != "" {
			return v
		}
		if newest := c.cycle.LatestVersion; version.IsVersion(newest) && version.Compare(newest, c.version) > 0 && !c.concerned(a, newest) {
			return newest
		}
		for _, next := range t.maintainedAfter(c.cycle, s.today) {
			if v := lowestOf(next); v != "" {
				return v
			}
			if version.IsVersion(next.Name) && !c.concerned(a, next.Name) && !c.concerned(a, next.LatestVersion) {
				return next.Name
			}
		}
	}
	if len(known) > 0 {
		return known[0]
	}
	return ""
}

// fixes gives the versions after the installed one that the advisory names as fixed and does not concern, the
// lowest first. A pre-release counts only where nothing else does.
func (c component) fixes(a *Advisory) []string {
	var finals, early []string
	for _, r := range a.Ranges {
		if !c.Package.isOf(r) || !version.IsVersion(r.Fixed) {
			continue
		}
		v := c.asReleased(r)
		if version.Compare(v, c.version) <= 0 || c.concerned(a, v) {
			continue
		}
		if version.Compare(v, numbers(v)) < 0 {
			early = append(early, v)
			continue
		}
		finals = append(finals, v)
	}
	if len(finals) == 0 {
		finals = early
	}
	slices.SortStableFunc(finals, version.Compare)
	return slices.Compact(finals)
}

// asReleased writes the end of a range as the releases of its cycle are called. Bitnami pads versions to three
// numbers, and adds a revision.
func (c component) asReleased(r Range) string {
	v := r.Fixed
	if r.Ecosystem != "Bitnami" {
		return v
	}
	v = bitnamiRevision.ReplaceAllString(v, "")
	if cycle := c.Technology.CycleOf(v); cycle != nil && cycle.LatestVersion != "" {
		for segments(v) > segments(cycle.LatestVersion) && strings.HasSuffix(v, ".0") {
			v = strings.TrimSuffix(v, ".0")
		}
	}
	return v
}

// numbers is what a version begins with, up to the first sign that is neither digit nor dot.
func numbers(v string) string {
	v = bare(v)
	if i := strings.IndexFunc(v, func(c rune) bool { return c != '.' && (c < '0' || c > '9') }); i >= 0 {
		v = v[:i]
	}
	return strings.TrimRight(v, ".")
}
