// Package text splits texts into words and compares names, in the one way that
// holds on both databases.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which names are compared: without case, accents or
// superfluous space.
func Fold(s string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), s)
	if err != nil {
		plain = s
	}
	return strings.Join(strings.Fields(strings.ToLower(plain)), " ")
}

// Key is what names are ordered and found by: their folded form, as bytes.
func Key(name string) []byte { return []byte(Fold(name)) }

// Line makes one line of a text that may have several: what is space, or a control character that would move a terminal's
// cursor, is a blank.
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
}

// Truncate cuts s at a word boundary so that it has at most limit characters,
// the ellipsis included. A text that fits stays as it is.
func Truncate(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	cut := max(limit-1, 0)
	for at := cut; at > 0; at-- {
		if unicode.IsSpace(r[at]) {
			cut = at
			break
		}
	}
	return strings.TrimRightFunc(string(r[:cut]), func(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == ';' || c == ':' }) + "…"
}
