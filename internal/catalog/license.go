package catalog

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/github/go-spdx/v2/spdxexp"

	"stackyard/internal/fault"
)

// exception is the part of a licence expression that grants more than the licence itself.
var exception = regexp.MustCompile(`(?i)\s+WITH\s+[^\s()]+`)

// IsOpenSource says whether the expression can be satisfied by licences that the Open Source Initiative
// approved: one side of an OR, both sides of an AND. An exception counts as the licence that it loosens.
func IsOpenSource(expression string, licenses []License) (bool, error) {
	if !isExpression(expression) {
		return false, fmt.Errorf("%q is not an SPDX licence expression", expression)
	}
	isListed := map[string]bool{}
	for _, license := range licenses {
		isListed[license.ID] = true
	}
	for _, id := range licenseIDs(exception.ReplaceAllString(expression, "")) {
		if !isListed[id] {
			return false, fmt.Errorf("licence %q is not listed", id)
		}
	}
	return satisfies(expression, licenses)
}

// IsApproved is IsOpenSource for what people write, by the embedded list: it has every licence
// that was approved, so that one that it does not have was not. Only what is no expression is an error.
func IsApproved(expression string) (bool, error) {
	if !isExpression(expression) {
		return false, fault.BadInput("%q is not an SPDX licence expression", fault.Shorten(expression))
	}
	var licenses []License
	err := readTable(embedded, "data/licenses.tsv", licenseColumns, licenseOf, &licenses)
	if err != nil {
		return false, fmt.Errorf("reading the licences: %w", err)
	}
	return satisfies(expression, licenses)
}

// isExpression keeps to itself that the parser panics on some texts, such as a
// parenthesis that is never closed.
func isExpression(text string) (is bool) {
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	is, _ = spdxexp.ValidateLicenses([]string{text})
	return is
}

// satisfies says whether approved licences satisfy the expression.
func satisfies(expression string, licenses []License) (bool, error) {
	var approved []string
	for _, license := range licenses {
		if license.IsOSIApproved {
			approved = append(approved, license.ID)
		}
	}
	if len(approved) == 0 {
		return false, nil
	}
	return spdxexp.Satisfies(exception.ReplaceAllString(expression, ""), approved)
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
