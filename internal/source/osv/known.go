package osv

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"stackyard/internal/fault"
	"stackyard/internal/source"
	"stackyard/internal/version"
)

// Known says what the catalogue knows packages and repositories to belong to.
type Known struct {
	// Packages are technologies by ecosystem and package.
	Packages map[Package]int64
	// Repositories are technologies by the address of their source code. Records
	// that name commits alone, and no package, are known by it.
	Repositories map[string]int64
}

// Package is a package of an ecosystem.
type Package struct{ Ecosystem, Name string }

// NewKnown makes a Known of packages and repositories as they are written down.
func NewKnown(packages map[Package]int64, repositories map[string]int64) Known {
	k := Known{Packages: map[Package]int64{}, Repositories: map[string]int64{}}
	for p, technology := range packages {
		k.Packages[p.canonical()] = technology
	}
	for address, technology := range repositories {
		k.Repositories[repository(address)] = technology
	}
	return k
}

var separators = regexp.MustCompile(`[-_.]+`)

// canonical writes a package as its ecosystem compares it, without a release of the ecosystem (`Debian:12`).
func (p Package) canonical() Package {
	p.Ecosystem, _, _ = strings.Cut(p.Ecosystem, ":")
	switch p.Ecosystem {
	case "PyPI":
		p.Name = separators.ReplaceAllString(strings.ToLower(p.Name), "-")
	case "NuGet", "Packagist":
		p.Name = strings.ToLower(p.Name)
	}
	return p
}

// repository writes an address so that the same repository is the same text.
func repository(address string) string {
	address = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(address, "/"), ".git"))
	_, address, _ = strings.Cut(address, "://")
	return address
}

// technology gives the technology that something affected is of; 0 where there is none.
func (k Known) technology(a affected) int64 {
	if a.Package.Name != "" {
		return k.Packages[Package{a.Package.Ecosystem, a.Package.Name}.canonical()]
	}
	for _, r := range a.Ranges {
		if t := k.Repositories[repository(r.Repo)]; t != 0 {
			return t
		}
	}
	return 0
}

func (k Known) concerns(r Record) bool {
	return slices.ContainsFunc(r.Affected, func(a affected) bool { return k.technology(a) != 0 })
}

// Affected is an interval of versions of one technology; see version.Range.
type Affected struct {
	Technology int64
	version.Range
}

// text is the same for ranges that are the same.
func (a Affected) text() string {
	return strings.Join(append([]string{fmt.Sprint(a.Technology), a.Ecosystem, a.Package, a.Introduced, a.Fixed, a.LastAffected}, a.Versions...), "\x00")
}

// ranges cuts what a record says of versions into intervals, in the order of the record.
func (k Known) ranges(r Record) ([]Affected, error) {
	var out []Affected
	for _, a := range r.Affected {
		technology := k.technology(a)
		if technology == 0 {
			continue
		}
		cut, err := a.ranges()
		if err != nil {
			return nil, err
		}
		for _, one := range cut {
			if one.Introduced == "0" {
				one.Introduced = ""
			}
			out = append(out, Affected{Technology: technology, Range: one})
		}
	}
	if len(out) > maxRanges {
		return nil, fault.BadInput("it has more than %d ranges", maxRanges)
	}
	return out, nil
}

// ranges gives the intervals of versions, and the versions that are named and in none of them: either is affected.
// Where there are neither, it is a range that cannot be decided.
func (a affected) ranges() ([]version.Range, error) {
	var out []version.Range
	ecosystem, name := a.Package.Ecosystem, a.Package.Name
	if !source.IsLine(ecosystem, maxNames) || !source.IsLine(name, maxNames) {
		return nil, fault.BadInput("the name of a package is no line of at most %d characters", maxNames)
	}
	for _, r := range a.Ranges {
		if r.Type == "GIT" {
			continue
		}
		events := make([]version.Event, len(r.Events))
		for i, e := range r.Events {
			for _, text := range []string{e.Introduced, e.Fixed, e.LastAffected, e.Limit} {
				if !source.IsLine(text, version.MaxLength) {
					return nil, fault.BadInput("a bound is too long for a version, or no line")
				}
			}
			events[i] = version.Event(e)
		}
		cut, err := version.Ranges(ecosystem, name, events)
		if err != nil {
			return nil, err
		}
		out = append(out, cut...)
	}
	listed := a.Versions
	if len(out) > 0 {
		listed = slices.DeleteFunc(slices.Clone(listed), func(v string) bool { return holds(out, v) })
	}
	if len(out) > 0 && len(listed) == 0 {
		return out, nil
	}
	if len(listed) > maxRanges {
		return nil, fault.BadInput("it names more than %d versions", maxRanges)
	}
	for _, v := range listed {
		if !source.IsLine(v, version.MaxLength) {
			return nil, fault.BadInput("a version is too long, or no line")
		}
	}
	return append(out, version.Range{Ecosystem: ecosystem, Package: name, Versions: listed, IsDecidable: len(listed) > 0}), nil
}

func holds(ranges []version.Range, v string) bool {
	return slices.ContainsFunc(ranges, func(r version.Range) bool { return r.Holds(v) == version.Yes })
}

// distinct keeps the first of each name.
func distinct[T any](list []T, name func(T) string) []T {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool {
		is := seen[name(v)]
		seen[name(v)] = true
		return is
	})
}

// byKind orders names of advisories: CVE, then GHSA, then the others, each by themselves.
func byKind(a, b string) int {
	rank := func(name string) int {
		switch {
		case strings.HasPrefix(name, "CVE-"):
			return 0
		case strings.HasPrefix(name, "GHSA-"):
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}
