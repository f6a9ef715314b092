package advice

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/lifecycle"
	"stackyard/internal/version"
)

// CycleOf gives the release cycle that an installed version belongs to, as people give it; nil where there is none.
func (t *Technology) CycleOf(installed string) *Cycle {
	if i := version.Cycle(t.usual(t.said(installed)), t.cycleNames()); i >= 0 {
		return &t.Cycles[i]
	}
	return nil
}

// usual writes a version as the technology's release cycles do.
func (t *Technology) usual(v string) string {
	if name := t.called(v); name != "" {
		return name
	}
	return usual(t.Slug, v)
}

// newerThan gives the cycles of the same line that follow c, oldest first. Lines differ by the word that their
// names begin with: what follows nodejs20.x is nodejs22.x, and not python3.13.
func (t *Technology) newerThan(c *Cycle) []*Cycle {
	var out []*Cycle
	for i := range t.Cycles {
		if o := &t.Cycles[i]; line(o.Name) == line(c.Name) && version.Compare(o.Name, c.Name) > 0 {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b *Cycle) int { return version.Compare(a.Name, b.Name) })
	return out
}

// maintainedAfter gives the cycles that follow c and get at least security fixes, oldest first.
func (t *Technology) maintainedAfter(c *Cycle, today calendar.Day) []*Cycle {
	return slices.DeleteFunc(t.newerThan(c), func(o *Cycle) bool { return !lifecycle.IsMaintained(o.Status(today)) })
}

// longestSupported gives the cycle that is supported longest, the newest of several, in whatever order they come;
// one without an end is supported longest of all. It is nil where there is none.
func longestSupported(cycles []*Cycle) *Cycle {
	if len(cycles) == 0 {
		return nil
	}
	end := func(c *Cycle) calendar.Day {
		if c.EndOfLifeOn == nil {
			return math.MaxInt32
		}
		return *c.EndOfLifeOn
	}
	return slices.MaxFunc(cycles, func(a, b *Cycle) int {
		return cmp.Or(cmp.Compare(end(a), end(b)), version.Compare(a.Name, b.Name))
	})
}

// line is what the name of a cycle begins with, before its first digit.
func line(name string) string {
	if i := strings.IndexAny(name, "0123456789"); i >= 0 {
		return strings.ToLower(name[:i])
	}
	return strings.ToLower(name)
}

// segments counts the parts of a version between its dots.
func segments(v string) int { return strings.Count(v, ".") + 1 }

// isWithin says whether v is the prefix, or goes on after it with another segment.
func isWithin(prefix, v string) bool {
	v, prefix = bare(v), bare(prefix)
	rest, ok := strings.CutPrefix(v, prefix)
	return ok && (rest == "" || strings.ContainsRune(".-_+", rune(rest[0])))
}

// bare is a version without space, case and the v in front.
func bare(v string) string {
	return strings.ToLower(plain(v))
}

// plain is a version without space and the v in front.
func plain(v string) string {
	v = strings.TrimSpace(v)
	if isNumbered(v) {
		return strings.TrimLeft(v, "vV")
	}
	return v
}
