// Package version reads versions as their ecosystems do: which of two is newer,
// whether a range of an advisory holds one, and which release cycle it is of.
//
// Nothing here takes more time than a small multiple of the length of its input,
// and no text is longer than MaxLength.
package version

import (
	"strings"

	"stackyard/internal/fault"
)

// MaxLength is the most bytes of a text that is taken for a version.
const MaxLength = 100

// Scheme is how the versions of an ecosystem are written and ordered.
type Scheme int

// The schemes; each file says where its order is defined.
const (
	Vendor   Scheme = iota // what is in no ecosystem, and Bitnami
	SemVer                 // npm, crates.io and whoever else follows semantic versioning
	NuGet                  // the same without regard to case
	Pub                    // the same with an order of builds
	Go                     // the same, and the names that Go gives its own releases
	PEP440                 // PyPI
	Maven                  // Maven and what uses its repositories
	RubyGems               // RubyGems
	Composer               // Packagist
	Debian                 // Debian and Ubuntu
)

// SchemeOf gives the scheme of an ecosystem by its name in the OSV format, with
// or without a release (`Debian:12`); Vendor where it has none of its own.
// Source: https://ossf.github.io/osv-schema/#defined-ecosystems
func SchemeOf(ecosystem string) Scheme {
	name, _, _ := strings.Cut(ecosystem, ":")
	switch name {
	case "npm", "crates.io", "Hex", "SwiftURL", "Julia", "GitHub Actions":
		return SemVer
	case "NuGet":
		return NuGet
	case "Pub":
		return Pub
	case "Go":
		return Go
	case "PyPI":
		return PEP440
	case "Maven", "Android":
		return Maven
	case "RubyGems":
		return RubyGems
	case "Packagist":
		return Composer
	case "Debian", "Ubuntu":
		return Debian
	}
	return Vendor
}

// Version is a place in the order of a scheme. The zero value is no version.
type Version struct {
	scheme Scheme
	key    key
}

// Parse reads a version; what the ecosystem would not take is an error, save that
// schemes with three numbers take fewer (the rest are zero) and more.
func (s Scheme) Parse(text string) (Version, error) {
	if k, ok := s.read(text); ok {
		return Version{s, k.trimmed()}, nil
	}
	return Version{}, fault.BadInput("%q is not a version", fault.Shorten(text))
}

func (s Scheme) read(text string) (key, bool) {
	if len(text) > MaxLength {
		return nil, false
	}
	text = strings.TrimSpace(text)
	switch s {
	case SemVer, NuGet, Pub:
		return semVer(s, text)
	case Go:
		return goVersion(text)
	case PEP440:
		return pep440(text)
	case Maven:
		return maven(text)
	case RubyGems:
		return rubyGems(text)
	case Composer:
		return composer(text)
	case Debian:
		return debian(text)
	}
	k := vendor(text)
	return k, isNumbered(text) && !k.isPattern()
}

// Compare orders versions of one scheme: negative where v is older than w.
func (v Version) Compare(w Version) int { return v.key.compare(w.key) }

// String is the version as Parse reads it again, where it is not too long for
// that; versions that are equal are written alike, and others are not.
func (v Version) String() string {
	if v.key == nil {
		return ""
	}
	switch v.scheme {
	case SemVer, NuGet, Pub, Go:
		return printSemVer(v.key)
	case PEP440:
		return printPEP440(v.key)
	case Maven:
		return printMaven(v.key)
	case RubyGems:
		return printRubyGems(v.key)
	case Composer:
		return printComposer(v.key)
	case Debian:
		return printDebian(v.key)
	}
	return printVendor(v.key)
}
