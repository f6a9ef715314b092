package version

import (
	"cmp"
	"slices"
	"strings"
)

// key is a version in the form that all schemes are compared in: lists of parts,
// one after the other. Lists are compared part by part, and where one ends its
// missing parts are zero values. So every scheme's order is total, whatever it reads.
type key [][]part

// part is a number, a word, or a phase with its number. The zero value is what a
// missing part is: what a scheme ranks below it, is before the shorter version.
type part struct {
	rank   int
	number string // in digits, without leading zeros: zero is empty
	word   string
}

func (k key) compare(o key) int {
	for i := range max(len(k), len(o)) {
		if c := compareParts(at(k, i), at(o, i)); c != 0 {
			return c
		}
	}
	return 0
}

func compareParts(a, b []part) int {
	for i := range max(len(a), len(b)) {
		if c := at(a, i).compare(at(b, i)); c != 0 {
			return c
		}
	}
	return 0
}

func (p part) compare(o part) int {
	return cmp.Or(
		cmp.Compare(p.rank, o.rank),
		cmp.Compare(len(p.number), len(o.number)), // a longer number is a larger one
		strings.Compare(p.number, o.number),
		strings.Compare(p.word, o.word),
	)
}

// trimmed drops the parts that say what their absence says, too.
func (k key) trimmed() key {
	for i, list := range k {
		for len(list) > 0 && list[len(list)-1] == (part{}) {
			list = list[:len(list)-1]
		}
		k[i] = list
	}
	return k
}

// at gives an element, and the zero value behind the last one.
func at[T any](list []T, i int) T {
	if i < len(list) {
		return list[i]
	}
	var none T
	return none
}

// numeral gives the digits of a number as parts have them.
func numeral(digits string) string { return strings.TrimLeft(digits, "0") }

// digits writes a number of a part.
func (p part) digits() string { return cmp.Or(p.number, "0") }

// numbered is a number that counts as missing where it is zero.
func numbered(digits string) part {
	if n := numeral(digits); n != "" {
		return part{rank: 1, number: n}
	}
	return part{}
}

// numbers reads numbers with dots between them.
func numbers(s string) ([]part, bool) {
	var out []part
	for field := range strings.SplitSeq(s, ".") {
		if !isNumber(field) {
			return nil, false
		}
		out = append(out, numbered(field))
	}
	return out, true
}

// printNumbers writes numbers with dots between them, at least so many.
func printNumbers(list []part, least int) string {
	var out []string
	for i := range max(len(list), least) {
		out = append(out, at(list, i).digits())
	}
	return strings.Join(out, ".")
}

func isNumber(s string) bool { return s != "" && every(s, isDigit) }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isLetter takes small letters; texts are folded before.
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func every(s string, is func(byte) bool) bool {
	return !slices.ContainsFunc([]byte(s), func(c byte) bool { return !is(c) })
}

// span is the length of the beginning of s that fulfils a condition.
func span(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
}
