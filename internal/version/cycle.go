package version

import (
	"strings"
	"unicode"
)

// Cycle finds the release cycle that a version belongs to, among the names of
// the cycles: the one of that very name, else the one with the most dotted
// segments that the version begins with. `3.12` is not `3.1`, `18.20.4` and
// `v18` are of `18`; what fits none gives -1.
//
// Texts longer than MaxLength belong to none.
func Cycle(version string, names []string) int {
	if len(version) > MaxLength {
		return -1
	}
	want := segments(version)
	best, most := -1, 0
	for i, name := range names {
		if strings.EqualFold(strings.TrimSpace(version), name) {
			return i
		}
		have := segments(name)
		if len(have) > most && isPrefix(have, want) {
			best, most = i, len(have)
		}
	}
	return best
}

// segments splits a version at its dots and dashes. A `v` in front of a digit,
// build metadata and a closing `x` (as in 4.x) say nothing of the cycle.
func segments(s string) []string {
	s = withoutEpoch(strings.ToLower(strings.TrimSpace(s)))
	if len(s) > 1 && s[0] == 'v' && isDigit(s[1]) {
		s = s[1:]
	}
	s, _, _ = strings.Cut(s, "+")
	parts := strings.FieldsFunc(s, func(c rune) bool { return c == '.' || c == '-' || c == '_' || c == ' ' })
	if n := len(parts); n > 1 && parts[n-1] == "x" {
		parts = parts[:n-1]
	}
	return parts
}

// number gives the number of a segment that has letters behind it, those of a phase
// or of a patch (PostgreSQL's 18rc1, OpenSSL's 1w, Ruby's 0p648), and any other segment as it is.
func number(segment string) string {
	lettered := strings.TrimRightFunc(segment, unicode.IsDigit)
	digits := strings.TrimRightFunc(lettered, unicode.IsLetter)
	if digits == "" || digits == lettered {
		return segment
	}
	return digits
}

func isPrefix(short, long []string) bool {
	if len(short) > len(long) {
		return false
	}
	for i, s := range short {
		if s != long[i] && s != number(long[i]) {
			return false
		}
	}
	return true
}
