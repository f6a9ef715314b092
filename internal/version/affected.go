package version

import "slices"

// Range is an interval of versions that an advisory concerns. Empty bounds are
// open; Fixed is the first version outside, LastAffected the last one inside.
type Range struct {
	Introduced   string
	Fixed        string
	LastAffected string
	// Versions are affected ones that are listed one by one.
	Versions []string
	// GoModule is the path of the module, where the range is of one.
	GoModule string
	// IsDecidable is false where only commits are named; such a range holds no version.
	IsDecidable bool
}

// Holds says whether the version is affected. A text without a number is no
// version, and never is.
func (r Range) Holds(v string) bool {
	if !IsVersion(v) || !r.IsDecidable || r.GoModule != "" && !fitsModule(r.GoModule, v, r.Introduced, r.Fixed, r.LastAffected) {
		return false
	}
	if slices.ContainsFunc(r.Versions, func(listed string) bool { return Compare(listed, v) == 0 }) {
		return true
	}
	if len(r.Versions) > 0 && r.Introduced == "" && r.Fixed == "" && r.LastAffected == "" {
		return false
	}
	switch {
	case r.Introduced != "" && Compare(v, r.Introduced) < 0:
		return false
	case r.Fixed != "" && Compare(v, r.Fixed) >= 0:
		return false
	case r.LastAffected != "" && Compare(v, r.LastAffected) > 0:
		return false
	}
	return true
}

// IsVersion says whether a text can be held against a range: it is at most
// MaxLength bytes long and begins with a number, after a `v` perhaps.
func IsVersion(s string) bool {
	if len(s) > MaxLength {
		return false
	}
	t := tokens(s)
	return len(t) > 0 && t[0].weight == weightNumber
}
