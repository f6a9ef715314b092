package app

import (
	"strings"

	"stackyard/internal/enum"
	"stackyard/internal/store"
)

const (
	mostLicense = 200
	// mostLicenseOperators bounds the work for an expression, which doubles with each of them.
	mostLicenseOperators = 10
)

// license is what an input says of a licence.
type license struct {
	// expression has identifiers as SPDX writes them; nil is none.
	expression   *string
	isOpenSource bool
	faults       faults
}

// readLicense reads an SPDX expression; a blank one is none. It is called before
// a transaction begins: who works on an expression holds nobody up.
func readLicense(expression *string) (l license) {
	s := l.faults.optionalLine(at("license"), expression, mostLicense)
	if s == nil {
		return l
	}
	if operatorsOf(*s) > mostLicenseOperators {
		l.faults.add(at("license"), enum.InputTooLong, "it has more than %d operators (AND, OR, WITH)", mostLicenseOperators)
		return l
	}
	isOpen, err := store.IsOpenSource(*s)
	if err != nil {
		l.faults.add(at("license"), enum.InputInvalid, "it is no SPDX licence expression, such as MIT OR Apache-2.0")
		return l
	}
	words := strings.Fields(*s)
	for i, word := range words {
		id := strings.Trim(word, "()+")
		if known, isKnown := licenseID(id); isKnown {
			words[i] = strings.Replace(word, id, known, 1)
		}
	}
	written := strings.Join(words, " ")
	l.expression, l.isOpenSource = &written, isOpen
	return l
}

// operatorsOf counts the operators of an expression, in any case.
func operatorsOf(expression string) int {
	n := 0
	for _, word := range strings.FieldsFunc(expression, func(r rune) bool { return strings.ContainsRune(" \t()", r) }) {
		switch strings.ToUpper(word) {
		case "AND", "OR", "WITH":
			n++
		}
	}
	return n
}

// take gives what was read, with its faults.
func (f *faults) take(l license) (expression *string, isOpenSource bool) {
	f.found = append(f.found, l.faults.found...)
	return l.expression, l.isOpenSource
}
