package advice

import (
	"strings"

	"github.com/package-url/packageurl-go"

	"stackyard/internal/version"
)

// ecosystems are what advisories call the types of package URLs.
// Source: https://ossf.github.io/osv-schema/#defined-ecosystems
var ecosystems = map[string]string{
	packageurl.TypeCargo: "crates.io", packageurl.TypeComposer: "Packagist", packageurl.TypeGem: "RubyGems", packageurl.TypeGolang: "Go",
	packageurl.TypeHex: "Hex", packageurl.TypeMaven: "Maven", packageurl.TypeNPM: "npm", packageurl.TypeNuget: "NuGet",
	packageurl.TypePub: "Pub", packageurl.TypePyPi: "PyPI",
}

// PackageOf reads a package URL as advisories name the package; it is empty where they know no such packages.
func PackageOf(purl string) Package {
	p, err := packageurl.FromString(purl)
	ecosystem := ecosystems[p.Type]
	if err != nil || ecosystem == "" {
		return Package{}
	}
	separator := "/"
	if p.Type == packageurl.TypeMaven {
		separator = ":"
	}
	return Package{Ecosystem: ecosystem, Name: strings.TrimPrefix(p.Namespace+separator+p.Name, separator)}
}

// isOf says whether a range can be about a package: not if it names another one of a language, whose versions
// have nothing to do with the package's. Case tells no two packages of an ecosystem apart.
func (p Package) isOf(r Range) bool {
	if p.Name == "" || r.Name == "" || !isOfLanguage(r.Ecosystem) {
		return true
	}
	return p.Ecosystem == r.Ecosystem && strings.EqualFold(p.Name, r.Name)
}

// isOfLanguage says whether an ecosystem has the packages of a language, in versions of their own.
func isOfLanguage(ecosystem string) bool {
	scheme := version.SchemeOf(ecosystem)
	return scheme != version.Vendor && scheme != version.Debian
}
