package advice

import (
	"strings"
	"testing"

	"stackyard/internal/enum"
)

func TestALicenceExpressionIsEvaluated(t *testing.T) {
	for _, c := range []struct {
		expression string
		allowed    string
		want       bool
	}{
		{"MIT", "MIT", true},
		{"mit", "MIT", true},
		{"MIT", "Apache-2.0", false},
		{"MIT", "", false},
		{"MIT OR Apache-2.0", "Apache-2.0", true},
		{"MIT OR Apache-2.0", "MIT", true},
		{"MIT AND Apache-2.0", "Apache-2.0", false},
		{"MIT AND Apache-2.0", "Apache-2.0 MIT", true},
		{"MIT OR ISC AND Apache-2.0", "ISC", false},
		{"(MIT OR ISC) AND Apache-2.0", "ISC Apache-2.0", true},
		{"MIT OR (Apache-2.0 AND (GPL-2.0-only OR ISC))", "Apache-2.0 ISC", true},
		{"MIT OR (Apache-2.0 AND (GPL-2.0-only OR ISC))", "Apache-2.0", false},
		{"GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only", true},
		{"GPL-2.0-only WITH Classpath-exception-2.0", "MIT", false},
		{"GPL-2.0-or-later", "GPL-3.0-only", true},
		{"GPL-2.0-only", "GPL-3.0-only", false},
		{"SSPL-1.0", "AGPL-3.0-only", false},
		{"LicenseRef-RSALv2 OR SSPL-1.0 OR AGPL-3.0-only", "AGPL-3.0-only", true},
		{"LicenseRef-RSALv2", "LicenseRef-RSALv2", true},
		{"PostgreSQL", "no-licence PostgreSQL", true},
		{"MIT)", "MIT", false},
		{"(MIT", "MIT", false},
		{"MIT MIT", "MIT", false},
		{"", "MIT", false},
		{"AND", "MIT", false},
		{strings.Repeat("(", 1000) + "MIT" + strings.Repeat(")", 1000), "MIT", false},
	} {
		if got := allows(strings.Fields(c.allowed), c.expression); got != c.want {
			t.Errorf("%.80q with %q: %t", c.expression, c.allowed, got)
		}
	}
}

func TestOnlyWithALimitIsALicenceAFinding(t *testing.T) {
	sspl := library("mongodb", "databases")
	sspl.License, sspl.Alternatives = "SSPL-1.0", []Other{{"A", "MIT"}, {"B", "AGPL-3.0"}, {"C", ""}, {"D", "Apache-2.0 OR MIT"}}
	unknown, service, system := library("gitlab", "cloud-infrastructure"), library("auth0", "auth-security"), library("debian", "cloud-infrastructure", "operating-system")
	unknown.License, service.License, system.License = "", "", ""
	unknown.Hosting = []enum.Hosting{enum.HostingSelfHosted, enum.HostingManaged}
	service.Hosting = []enum.Hosting{enum.HostingManaged, enum.HostingServerless}
	for _, c := range []struct {
		name       string
		technology *Technology
		allowed    []string
		want       string
	}{
		{"no limit", sspl, nil, ""},
		{"not allowed", sspl, []string{"MIT"}, "HIGH LICENSE_NOT_ALLOWED"},
		{"nothing is allowed", sspl, []string{}, "HIGH LICENSE_NOT_ALLOWED"},
		{"allowed", sspl, []string{"MIT", "SSPL-1.0"}, ""},
		{"not known", unknown, []string{"MIT"}, "LOW LICENSE_NOT_ALLOWED"},
		{"a service", service, []string{"MIT"}, ""},
		{"an operating system", system, []string{"MIT"}, ""},
	} {
		r := Check([]Component{of(c.technology, "")}, Context{AllowedLicenses: c.allowed}, today)
		if got := strings.Join(found(r), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	r := Check([]Component{of(sspl, "")}, Context{AllowedLicenses: []string{"MIT"}}, today)
	if want := "Have its licence cleared, or look at A or D."; r.Findings[0].Advice != want {
		t.Errorf("the advice is %q, want %q", r.Findings[0].Advice, want)
	}
}

func FuzzALicenceExpressionOfAnySortIsAnswered(f *testing.F) {
	for _, s := range []string{"MIT OR (ISC AND X) WITH y", "((((", "AND AND", "DocumentRef-x:LicenseRef-y", "GPL-2.0+"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) { allows([]string{"MIT"}, s) })
}
