package advice

import (
	"regexp"
	"slices"
	"strings"

	"stackyard/internal/version"
)

var (
	// simpleCommand prints a version, and names the program that it is of.
	simpleCommand = regexp.MustCompile(`(?m)^(?:\S*/)?([\w.-]+) (?:--?version|version|-[vV])$`)
	// replication is what MariaDB's servers say before their version, so that replicas of MySQL believe it.
	replication = regexp.MustCompile(`(?i)^5\.5\.5-[0-9]+\.[0-9]+\.[0-9]+-mariadb`)
	// distribution follows the version of MySQL's and MariaDB's client, which is counted by itself.
	distribution = regexp.MustCompile(`(?i)^[0-9.]+\s+distrib\s+`)
)

// isNumbered says whether a text begins with a number, after a `v` perhaps.
func isNumbered(v string) bool {
	if v != "" && (v[0] == 'v' || v[0] == 'V') {
		v = v[1:]
	}
	return v != "" && v[0] >= '0' && v[0] <= '9'
}

// said gives the version in a text such as programs print: `nginx/1.18.0` is nginx's 1.18.0, and `go1.22.1` Go's. What
// begins with a number or with the name of a release cycle is a version as it is, and what does not begin with a name
// of the technology stays what it is.
func (t *Technology) said(given string) string {
	v := strings.TrimSpace(given)
	switch {
	case t.Slug == "mariadb" && replication.MatchString(v):
		return strings.TrimPrefix(v, "5.5.5-")
	case isNumbered(v) || version.Cycle(v, t.cycleNames()) >= 0:
		return given
	}
	rest, names := strings.TrimLeft(v, "= "), append(t.ownNames(), "server version", "version", "ver", "v")
	isLoose := true
	for !isNumbered(rest) {
		if t.called(rest) != "" {
			return rest
		}
		name := beginning(rest, names)
		if name == "" {
			return given
		}
		rest = rest[len(name):]
		isLoose = !strings.ContainsAny(rest[:1], "-_0123456789")
		rest = strings.TrimLeft(rest, separators)
		names = append(names, "server", "release", "db")
	}
	out := firstVersion(rest[len(distribution.FindString(rest)):])
	if !isLoose && !strings.Contains(out, ".") && version.Cycle(t.usual(out), t.cycleNames()) < 0 {
		return given // a name that ends with a number, such as that of a package
	}
	return out
}

// separators stand between a name and what follows it.
const separators = " \t:=\"'()/@-_"

// beginning gives the longest of the names that a text begins with, where a separator or a number follows it.
func beginning(s string, names []string) string {
	longest := ""
	for _, n := range names {
		if len(n) <= len(longest) || len(s) <= len(n) || !strings.EqualFold(s[:len(n)], n) {
			continue
		}
		isCounted := strings.ContainsAny(n[len(n)-1:], "0123456789")
		if strings.ContainsAny(s[len(n):len(n)+1], separators) || !isCounted && isNumbered(s[len(n):]) {
			longest = s[:len(n)]
		}
	}
	return longest
}

// firstVersion is what a text begins with, up to what cannot be of a version.
func firstVersion(s string) string {
	if i := strings.IndexAny(s, " \t,;\"'()"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, ".:")
}

// countedApart are languages by which .NET is known, and whose versions are not those of .NET.
var countedApart = []string{"c#", "csharp", "f#", "fsharp"}

// ownNames are all that the technology calls itself where it tells its version.
func (t *Technology) ownNames() []string {
	names := append([]string{t.Slug, t.Name}, t.Aliases...)
	for _, command := range simpleCommand.FindAllStringSubmatch(t.VersionCommand, -1) {
		names = append(names, command[1])
	}
	if StandsFor(t.Slug) == "java" {
		names = append(names, "java", "openjdk", "jdk", "jre")
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "" || slices.Contains(countedApart, strings.ToLower(n)) })
}

// cycleNames are the names of the release cycles, in their order.
func (t *Technology) cycleNames() []string {
	names := make([]string, len(t.Cycles))
	for i := range t.Cycles {
		names[i] = t.Cycles[i].Name
	}
	return names
}
