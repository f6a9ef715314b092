package advice

import (
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/enum"
)

var licenseNotAllowed = Rule{
	ID:    enum.RuleLicenseNotAllowed,
	Needs: "`allowedLicenses`",
	Sees: "A component whose SPDX licence expression cannot be satisfied by the licences allowed: one side of an OR must be, both sides of an AND. " +
		"An exception counts as the licence that it loosens. A component whose licence the catalogue does not have is noted, unless it is a service that only its provider runs, or an operating system, which is under many licences.",
	Severities: "HIGH; LOW where the licence is not known.",
	Reason:     "What is distributed or offered with it may have to be opened, paid for or taken back.",
	Example:    "MongoDB (SSPL-1.0) where only MIT, Apache-2.0 and PostgreSQL are allowed.",
	find: each(func(s *stack, c component) []Finding {
		t := c.Technology
		if s.AllowedLicenses == nil {
			return nil
		}
		if t.License == "" {
			if t.isManagedOnly() || t.has("operating-system") {
				return nil
			}
			f := about(c, enum.RuleLicenseNotAllowed, enum.SeverityLow)
			f.Message = fmt.Sprintf("The catalogue has no licence for %s that could be held against those allowed.", t.Name)
			f.Advice = "Check its terms: they are proprietary, differ by edition, or are not known."
			return []Finding{f}
		}
		if allows(s.AllowedLicenses, t.License) {
			return nil
		}
		f := about(c, enum.RuleLicenseNotAllowed, enum.SeverityHigh)
		f.Message = fmt.Sprintf("%s is under %s, which the licences allowed do not satisfy.", t.Name, t.License)
		f.Advice = "Have its licence cleared, or replace it."
		isRefused := func(o Other) bool { return o.License == "" || !allows(s.AllowedLicenses, o.License) }
		if others := slices.DeleteFunc(slices.Clone(t.Alternatives), isRefused); len(others) > 0 {
			f.Advice = fmt.Sprintf("Have its licence cleared, or look at %s.", list(names(others, 3), "or"))
		}
		return []Finding{f}
	}),
}

// allows says whether a licence expression can be satisfied by the allowed licences.
func allows(allowed []string, expression string) bool {
	p := licenseParser{words: strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(expression)), allowed: allowed}
	ok := p.or()
	return ok && len(p.words) == 0
}
