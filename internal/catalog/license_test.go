package catalog

import (
	"testing"

	"stackyard/internal/fault"
)

func TestOpenSourceMeansSatisfiedByApprovedLicences(t *testing.T) {
	licenses := mustLoad(t).Licenses
	for expression, want := range map[string]bool{
		"MIT":                                true,
		"Apache-2.0":                         true,
		"BUSL-1.1":                           false,
		"Elastic-2.0":                        false,
		"Python-2.0":                         true,
		"blessing":                           false,
		"Ruby":                               false,
		"MIT OR BUSL-1.1":                    true,
		"MIT AND BUSL-1.1":                   false,
		"Apache-2.0 AND MIT":                 true,
		"Ruby OR BSD-2-Clause":               true,
		"(SSPL-1.0 AND MIT) OR Elastic-2.0":  false,
		"SSPL-1.0 AND (MIT OR Apache-2.0)":   false,
		"Apache-2.0 WITH Swift-exception":    true,
		"BUSL-1.1 OR LicenseRef-RSALv2":      false,
		"LicenseRef-RSALv2 OR AGPL-3.0-only": true,
		"GPL-2.0-only WITH Classpath-exception-2.0":           true,
		"GPL-2.0-only WITH Linux-syscall-note":                true,
		"AGPL-3.0-only OR SSPL-1.0 OR Elastic-2.0":            true,
		"Artistic-1.0-Perl OR GPL-1.0-or-later":               true,
		"LicenseRef-RSALv2 OR SSPL-1.0 OR AGPL-3.0-only":      true,
		"(MIT AND GPL-2.0-only WITH Classpath-exception-2.0)": true,
	} {
		got, err := IsOpenSource(expression, licenses)
		if err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", expression, got, err, want)
		}
	}
}

func TestLicencesThatNobodyKnowsAreRefused(t *testing.T) {
	for _, expression := range []string{"", "MIT OR", "Nonsense-1.0", "MIT Apache-2.0", "MIT WITH Nonsense", "Zlib"} {
		if _, err := IsOpenSource(expression, []License{{ID: "MIT", IsOSIApproved: true}}); err == nil {
			t.Errorf("%q is accepted", expression)
		}
	}
	isOpen, err := IsOpenSource("MIT", []License{{ID: "MIT"}})
	if isOpen || err != nil {
		t.Errorf("without approved licences: %v, %v", isOpen, err)
	}
}

func TestLicencesThatPeopleWriteAreHeldAgainstAllThatWereApproved(t *testing.T) {
	for expression, want := range map[string]bool{
		"Zlib": true, "EUPL-1.2 OR SSPL-1.0": true, "GPL-2.0": true, "GPL-2.0-only WITH Classpath-exception-2.0": true,
		"CC-BY-NC-4.0": false, "LicenseRef-Ours": false, "MIT AND JSON": false,
	} {
		if got, err := IsApproved(expression); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", expression, got, err, want)
		}
	}
	for _, expression := range []string{"", " ", "MIT OR", "Nonsense-1.0", "MIT AND (", "(", "MIT WITH Nonsense", "MIT\x00", "\xff"} {
		if _, err := IsApproved(expression); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%q: %v", expression, err)
		}
	}
}
