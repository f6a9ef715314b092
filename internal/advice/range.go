package advice

import (
	"slices"

	"stackyard/internal/version"
)

// Range is an interval of versions that an advisory concerns, of a package or of the technology where none is
// named. Empty bounds are open.
type Range struct {
	Package
	Introduced   string
	Fixed        string // the first version outside
	LastAffected string
	Versions     []string // affected ones that are listed one by one
	IsDecidable  bool     // false where only commits are named
}

// holds says whether the range holds the version; false where nobody can tell.
func (r Range) holds(v string) bool {
	in := version.Range{
		Ecosystem: r.Ecosystem, Package: r.Name,
		Introduced: r.Introduced, Fixed: r.Fixed, LastAffected: r.LastAffected, Versions: r.Versions, IsDecidable: r.IsDecidable,
	}
	return in.Holds(v) == version.Yes
}

// isOpen says whether the range names no end of what is affected.
func (r Range) isOpen() bool { return r.Fixed == "" && r.LastAffected == "" && len(r.Versions) == 0 }

// names says whether a bound of the range, or a version that it lists, is that very text.
func (r Range) names(v string) bool {
	return slices.ContainsFunc(append([]string{r.Introduced, r.Fixed, r.LastAffected}, r.Versions...), func(named string) bool { return bare(named) == v })
}
