package advice

import (
	"fmt"
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
			f.Advice = "Check the spelling or give a package URL; what the catalogue does not hold has to be followed by other means."
			out = append(out, f)
		}
		return out
	},
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
			if t.isAhead(c.version) {
				f.Message = fmt.Sprintf("%s is newer than every release cycle that the catalogue knows.", c.title())
				f.Advice = fmt.Sprintf("Check its support at the publisher's: the catalogue's facts are of %s.", t.Cycles[0].AsOf)
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

// isAhead says whether the version is later than all release cycles.
func (t *Technology) isAhead(v string) bool {
	if !version.IsVersion(v) || t.isVague(v, nil) {
		return false
	}
	for _, c := range t.Cycles {
		if !version.IsVersion(c.Name) || version.Compare(v, c.Name) <= 0 {
			return false
		}
	}
	return true
}

func (t *Technology) hasAdvisories() bool {
	for _, a := range t.Advisories {
		if a.isDecidable() {
			return true
		}
	}
	return false
}
