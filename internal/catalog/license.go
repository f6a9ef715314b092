package catalog

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/github/go-spdx/v2/spdxexp"
)

// exception is the part of a licence expression that grants more than the licence itself.
var exception = regexp.MustCompile(`(?i)\s+WITH\s+[^\s()]+`)

// IsOpenSource says whether the expression can be satisfied by licences that the Open Source Initiative
// approved: one side of an OR, both sides of an AND. An exception counts as the licence that it loosens.
func IsOpenSource(expression string, licenses []License) (bool, error) {
	plain := exception.ReplaceAllString(expression, "")
	if ok, faulty := spdxexp.ValidateLicenses([]string{expression}); !ok {
		return false, fmt.Errorf("%q is not an SPDX licence expression", faulty)
	}
	approved := []string{}
	isListed := map[string]bool{}
	for _, license := range licenses {
		isListed[license.ID] = true
		if license.IsOSIApproved {
			approved = append(approved, license.ID)
		}
	}
	for _, id := range licenseIDs(plain) {
		if !isListed[id] {
			return false, fmt.Errorf("licence %q is not listed", id)
		}
	}
	if len(approved) == 0 {
		return false, nil
	}
	return spdxexp.Satisfies(plain, approved)
}

// licenseIDs lists the licences of an expression without exceptions.
func licenseIDs(plain string) []string {
	ids := []string{}
	for _, word := range strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune(" ()+", r) }) {
		if word != "AND" && word != "OR" {
			ids = append(ids, word)
		}
	}
	return ids
}
