package version

import "slices"

// Answer says whether a range holds a version, where that can be said.
type Answer int

// The answers.
const (
	Undecidable Answer = iota // only commits are named, or the text is no version
	No
	Yes
)

// Range is an interval of versions that an advisory concerns. Empty bounds are
// open; Fixed is the first version outside, LastAffected the last one inside.
type Range struct {
	// Ecosystem and Package are as the OSV format has them. The ecosystem says
	// how versions are ordered; both are empty where there is no package.
	Ecosystem string
	Package   string

	Introduced   string
	Fixed        string
	LastAffected string
	// Versions are affected ones that are listed one by one.
	Versions []string
	// IsDecidable is false where only commits are named.
	IsDecidable bool
}

// beginning is what the OSV format introduces a range with that has no beginning.
const beginning = "0"

// Holds says whether the version is affected. It is read as its ecosystem does;
// where that does not take it, or not the bounds, as vendors write versions.
func (r Range) Holds(v string) Answer {
	if !r.IsDecidable || !IsVersion(v) {
		return Undecidable
	}
	if r.Ecosystem == "Go" && !fitsModule(r.Package, v, r.Introduced, r.Fixed, r.LastAffected) {
		return No
	}
	order, at, ok := read(r.Ecosystem, v, r.from(), r.Fixed, r.LastAffected)
	if !ok {
		return Undecidable
	}
	version, from, fixed, last := at[0], at[1], at[2], at[3]
	if order.isListed(version, r.Versions) {
		return Yes
	}
	isBounded := r.Introduced+r.Fixed+r.LastAffected != ""
	switch {
	case len(r.Versions) > 0 && !isBounded:
		return No
	case r.from() != "" && version.Compare(from) < 0:
		return No
	case r.Fixed != "" && version.Compare(fixed) >= 0:
		return No
	case r.LastAffected != "" && version.Compare(last) > 0:
		return No
	}
	return Yes
}

func (r Range) from() string {
	if r.Introduced == beginning {
		return ""
	}
	return r.Introduced
}

func (s Scheme) isListed(v Version, list []string) bool {
	return slices.ContainsFunc(list, func(text string) bool {
		listed, ok := s.place(text)
		return ok && listed.Compare(v) == 0
	})
}

// read takes texts as versions of an ecosystem if it takes them all, else as vendors'. An empty one stays the
// zero value.
func read(ecosystem string, texts ...string) (Scheme, []Version, bool) {
	s := SchemeOf(ecosystem)
	if out, ok := s.readAll(texts); ok {
		return s, out, true
	}
	out, ok := Vendor.readAll(texts)
	return Vendor, out, ok
}

func (s Scheme) readAll(texts []string) ([]Version, bool) {
	out := make([]Version, len(texts))
	for i, text := range texts {
		if text == "" {
			continue
		}
		v, ok := s.place(text)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// place reads a version without what was added to it; to Debian that tells what a package holds.
func (s Scheme) place(text string) (Version, bool) {
	if s != Debian {
		text = Installed(text)
	}
	k, ok := s.read(text)
	return Version{s, k.trimmed()}, ok
}
