package advice

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"stackyard/internal/enum"
	"stackyard/internal/version"
)

var unknownTechnology = Rule{
	ID:         enum.RuleUnknownTechnology,
	Sees:       "A component that the catalogue knows by no slug, name, alias, identifier or package.",
	Severities: "LOW.",
	Reason:     "Nothing can be said of it: neither that it is safe nor that it is not.",
	Example:    "\"acme-billing\".",
	find: func(s *stack) []Finding {
		var out []Finding
		for _, c := range s.components {
			if c.Technology != nil {
				continue
			}
			f := about(c, enum.RuleUnknownTechnology, enum.SeverityLow)
			f.Message = fmt.Sprintf("The catalogue does not know %q.", c.Name)
			f.Advice = howToName(c.Name) + "; what the catalogue does not hold has to be followed by other means."
			out = append(out, f)
		}
		return out
	},
}

// howToName says how something could be recognised that was named like this.
func howToName(given string) string {
	switch kind, _, _ := strings.Cut(strings.ToLower(given), ":"); kind {
	case "pkg":
		return "Check the package URL, or give the name of the product that the package is of"
	case "cpe":
		return "Check the vendor and the product of the CPE, or give the product's name"
	}
	return "Check the spelling or give a package URL"
}

var unknownVersion = Rule{
	ID: enum.RuleUnknownVersion,
	Sees: "A component without a version, or with one of no release cycle that the catalogue knows, where the catalogue has release cycles or advisories to hold it against; " +
		"and a version that names a line of releases only, where some of them are affected by an advisory and others are not.",
	Severities: "LOW.",
	Reason:     "Without the version nobody can say whether it is supported and safe.",
	Example:    "PostgreSQL without a version; Node.js 5000; Python 3.7, of which only some releases are affected by an advisory.",
	find: each(func(s *stack, c component) []Finding {
		t := c.Technology
		f := about(c, enum.RuleUnknownVersion, enum.SeverityLow)
		f.Advice = t.howToTell()
		switch {
		case c.version == "":
			if len(t.Cycles) == 0 && !t.hasAdvisories() {
				return nil
			}
			f.Message = fmt.Sprintf("No version of %s is given, so that its support and its vulnerabilities cannot be checked.", t.Name)
		case len(t.Cycles) > 0 && c.cycle == nil:
			f.Message = fmt.Sprintf("%s belongs to no release cycle that the catalogue knows.", c.title())
			if c.isVague {
				f.Message = fmt.Sprintf("%s does not say which release cycle is installed.", c.title())
			}
			switch t.beyond(c.version) {
			case 1:
				f.Message = fmt.Sprintf("%s is newer than every release cycle that the catalogue knows.", c.title())
				f.Advice = fmt.Sprintf("Check its support at the publisher's: the catalogue's facts are of %s.", t.Cycles[0].AsOf)
			case -1:
				f.Message = fmt.Sprintf("%s is older than every release cycle that the catalogue knows.", c.title())
				f.Advice = fmt.Sprintf("Check at the publisher's whether it is still supported: the release cycles that the catalogue knows begin with %s.", t.oldestCycle())
			}
		case len(t.Cycles) == 0 && t.hasAdvisories() && (c.isVague || !version.IsVersion(c.version)):
			f.Message = fmt.Sprintf("%q is no version of %s that advisories could be held against.", c.Version, t.Name)
		case c.isVague && s.openAdvisories(c) > 0:
			f.Message = fmt.Sprintf("%s does not say which release is installed, and %s only some of them.", c.title(), concern(s.openAdvisories(c)))
		default:
			return nil
		}
		return []Finding{f}
	}),
}

func concern(advisories int) string {
	if advisories == 1 {
		return "1 advisory concerns"
	}
	return fmt.Sprintf("%d advisories concern", advisories)
}

// howToTell says where the version can be read.
func (t *Technology) howToTell() string {
	command := firstCommand(t.VersionCommand)
	if command == "" {
		return "Give the exact version that is installed."
	}
	return fmt.Sprintf("Give the exact version that is installed, as `%s` prints it.", command)
}

// firstCommand is the first line that is a command and no comment.
func firstCommand(lines string) string {
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

// beyond is 1 for a version that is later than all release cycles, -1 for one that is earlier, and 0 for any other.
// A year and a number that counts releases say nothing of each other.
func (t *Technology) beyond(v string) int {
	if !version.IsVersion(v) || t.isVague(v, nil) {
		return 0
	}
	var sides []int
	for _, c := range t.Cycles {
		if !version.IsVersion(c.Name) || isYear.MatchString(v) != isYear.MatchString(c.Name) {
			return 0
		}
		sides = append(sides, cmp.Compare(version.Compare(v, c.Name), 0))
	}
	if slices.Min(sides) != slices.Max(sides) {
		return 0
	}
	return sides[0]
}

// isYear finds what is a version by the year of its release.
var isYear = regexp.MustCompile(`^[vV]?(19[89]|20[0-9])[0-9]\b`)

// oldestCycle is the name of the first release cycle.
func (t *Technology) oldestCycle() string {
	return slices.MinFunc(t.Cycles, func(a, b Cycle) int { return version.Compare(a.Name, b.Name) }).Name
}

func (t *Technology) hasAdvisories() bool {
	for _, a := range t.Advisories {
		if a.isDecidable() {
			return true
		}
	}
	return false
}
