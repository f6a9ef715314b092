package catalog

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/advice"
	"stackyard/internal/enum"
)

// ofLanguage is a package URL of a registry that a language has.
var ofLanguage = regexp.MustCompile(`^pkg:(cargo|composer|gem|golang|hex|maven|npm|nuget|pypi|swift)/`)

// packaged are technologies that applications hold without a package of a language: each by another way.
var packaged = map[string]string{
	"lua":     "a C library, which systems and programs bring",
	"meteor":  "its own tool installs it, from its own registry",
	"openssl": "a C library, which systems and languages bring",
	"sqlite":  "a C library, which systems and drivers bring",
}

func TestWhatIsPartOfApplicationsIsKnownByAPackageOfItsLanguage(t *testing.T) {
	c := mustLoad(t)
	packages := map[string][]string{}
	for _, p := range c.Packages {
		packages[p.Technology] = append(packages[p.Technology], p.PURL)
	}
	embedded := 0
	for _, technology := range c.Technologies {
		if !slices.Contains(technology.Hosting, enum.HostingEmbedded) {
			continue
		}
		embedded++
		urls := slices.Concat(packages[technology.Slug], technology.Identifiers.PURL)
		isKnown := slices.ContainsFunc(urls, ofLanguage.MatchString)
		if _, isException := packaged[technology.Slug]; isKnown == isException {
			t.Errorf("%s has a package of a language: %t; it is an exception: %t", technology.Slug, isKnown, isException)
		}
	}
	if embedded < 100 {
		t.Errorf("only %d technologies are embedded", embedded)
	}
}

// TestPackagesAreNamedAsAdvisoriesNameThem holds the columns of packages.tsv against each other, where advisories know the ecosystem.
func TestPackagesAreNamedAsAdvisoriesNameThem(t *testing.T) {
	for _, p := range mustLoad(t).Packages {
		want := advice.Package{Ecosystem: p.Ecosystem, Name: p.Name}
		if p.Ecosystem == "Bitnami" {
			want = advice.Package{}
		}
		if diff := cmp.Diff(want, advice.PackageOf(p.PURL)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.PURL, diff)
		}
		if strings.ContainsAny(p.PURL, "@?#") {
			t.Errorf("%s has more than a type, a namespace and a name", p.PURL)
		}
	}
}
