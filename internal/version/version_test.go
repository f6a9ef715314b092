package version

import (
	goversion "go/version"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// schemes are all of them, by an ecosystem of each.
var schemes = []string{"", "npm", "NuGet", "Pub", "Go", "PyPI", "Maven", "RubyGems", "Packagist", "Debian"}

func TestEcosystemsHaveTheirSchemes(t *testing.T) {
	for ecosystem, want := range map[string]Scheme{
		"npm": SemVer, "Go": Go, "PyPI": PEP440, "Maven": Maven, "RubyGems": RubyGems, "Packagist": Composer,
		"Debian": Debian, "Debian:12": Debian, "Ubuntu:24.04:LTS": Debian, "NuGet": NuGet, "Pub": Pub, "Hex": SemVer, "crates.io": SemVer,
		"Bitnami": Vendor, "": Vendor, "of tomorrow": Vendor, "NPM": Vendor,
	} {
		if got := SchemeOf(ecosystem); got != want {
			t.Errorf("%q has scheme %d, want %d", ecosystem, got, want)
		}
	}
}

// texts are versions of the ecosystems and what comes near to them.
func texts() *rapid.Generator[string] {
	forms := []*rapid.Generator[string]{
		rapid.StringMatching(`v?[0-9]{1,3}(\.[0-9]{1,2}){0,3}([-.]?(rc|a|beta|dev|w|x)[0-9]?)?(\+z)?`),
		rapid.StringMatching(`[0-9a-cv.+~!:_-]{0,9}`),
		rapid.String(),
	}
	for _, o := range oracles {
		forms = append(forms, rapid.StringMatching(o.form))
	}
	return rapid.OneOf(forms...)
}

func TestEverySchemeIsATotalOrderThatPrints(t *testing.T) {
	for _, ecosystem := range schemes {
		t.Run(ecosystem, func(t *testing.T) {
			s := SchemeOf(ecosystem)
			rapid.Check(t, func(t *rapid.T) {
				a, b, c := drawVersion(t, s), drawVersion(t, s), drawVersion(t, s)
				checkIsOrdered(t, a, b)
				if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
					t.Fatalf("%s <= %s <= %s, but not the first and the last", a, b, c)
				}
			})
		})
	}
}

func drawVersion(t *rapid.T, s Scheme) Version {
	text := texts().Filter(func(text string) bool { _, err := s.Parse(text); return err == nil }).Draw(t, "text")
	v, _ := s.Parse(text)
	return v
}

// checkIsOrdered checks two versions of a scheme against each other, and what they print.
func checkIsOrdered(t interface{ Fatalf(string, ...any) }, a, b Version) {
	if a.Compare(a) != 0 || sign(a.Compare(b)) != -sign(b.Compare(a)) {
		t.Fatalf("%s and %s are in no order", a, b)
	}
	if (a.Compare(b) == 0) != (a.String() == b.String()) {
		t.Fatalf("%s and %s: %d", a, b, a.Compare(b))
	}
	if len(a.String()) > MaxLength {
		return // `1a1a` is longer in full
	}
	if again, err := a.scheme.Parse(a.String()); err != nil || again.Compare(a) != 0 || again.String() != a.String() {
		t.Fatalf("%s is read as %s again: %v", a, again, err)
	}
}

func TestVersionsPrintInOneWay(t *testing.T) {
	for _, c := range []struct{ ecosystem, text, want string }{
		{"npm", "v1.2", "1.2.0"},
		{"npm", "1.2.3-RC.1+build", "1.2.3-RC.1"},
		{"NuGet", "1.2.3.0-RC.1", "1.2.3-rc.1"},
		{"Pub", "1.2.3+4", "1.2.3+4"},
		{"Go", "go1.27rc2", "1.27.0-rc.2"},
		{"PyPI", "V1!2.0-ALPHA_3.rev1.dev+Deb_1", "1!2a3.post1.dev0+deb.1"},
		{"Maven", "1.0.0.CR1", "1-rc1"},
		{"RubyGems", "1.2.0-rc1", "1.2.pre.rc.1"},
		{"Packagist", "v1.2-b3", "1.2.0.0-beta3"},
		{"Packagist", "2024-01-02", "2024-01-02"},
		{"Debian", "0:1.2-0", "1.2"},
		{"", "v16.14.0", "16.14"},
	} {
		v, err := SchemeOf(c.ecosystem).Parse(c.text)
		if err != nil || v.String() != c.want {
			t.Errorf("%s %s is %s (%v), want %s", c.ecosystem, c.text, v, err, c.want)
		}
	}
	if got := (Version{}).String(); got != "" {
		t.Errorf("no version is %q", got)
	}
}

// Go's own releases stand as the standard library has them.
func TestGoReleasesAreOrderedAsGoDoes(t *testing.T) {
	names := strings.Fields("go1.20rc1 go1.20.0 go1.20.14 go1.21rc2 go1.21rc10 go1.21.0 go1.26.9 go1.27beta1 go1.27rc1 go1.27rc2 go1.27.0 go1.100.1")
	for _, a := range names {
		for _, b := range names {
			v, errV := Go.Parse(a)
			w, errW := Go.Parse(strings.TrimPrefix(b, "go"))
			if errV != nil || errW != nil || sign(v.Compare(w)) != goversion.Compare(a, b) {
				t.Errorf("%s and %s: %d (%v, %v)", a, b, v.Compare(w), errV, errW)
			}
		}
	}
}

// Each line is in order; what its ecosystem's documents say.
func TestSchemesWithoutAToolFollowTheirDocuments(t *testing.T) {
	for ecosystem, lines := range map[string][]string{
		// https://learn.microsoft.com/nuget/concepts/package-versioning#pre-release-versions
		"NuGet": {"1.0.1-alpha 1.0.1-Alpha10 1.0.1-ALPHA2 1.0.1-beta 1.0.1-open 1.0.1-rc 1.0.1-zzz 1.0.1 1.0.1.1 1.0.2"},
		// https://pub.dev/documentation/pub_semver/latest/pub_semver/Version-class.html
		"Pub": {"1.0.0-alpha 1.0.0 1.0.0+1 1.0.0+2 1.0.0+10 1.0.0+a 1.0.1"},
		// The cases of Maven 4's own test of ComparableVersion that no older release answers alike.
		"Maven": {
			"1-alpha2snapshot 1-alpha2 1-alpha-123 1-beta-2 1-beta123 1-m2 1-m11 1-rc 1-cr2 1-rc123 1-SNAPSHOT 1 1-sp 1-sp2 1-sp123 1-abc 1-def 1-pom-1 1-1-snapshot 1-1 1-2 1-123",
			"2.0 2.0.a 2-1 2.0.2 2.0.123 2.1.0 2.1-a 2.1b 2.1-c 2.1-1 2.1.0.1 2.2 2.123 11.a2 11.a11 11.b2 11.b11 11.m2 11.m11 11 11.a 11b 11c 11m",
			"6.1.0rc3 6.1.0 6.1H.5-beta", "1-0.alpha 1-0.beta 1", "1.0.final-redhat 1.0-sp1-redhat", "2.0.0.RC1 2.0.0-RC2 2.0.0.RC3",
		},
	} {
		for _, line := range lines {
			var list []Version
			for text := range strings.FieldsSeq(line) {
				v, err := SchemeOf(ecosystem).Parse(text)
				if err != nil {
					t.Error(err)
				}
				list = append(list, v)
			}
			for i, v := range list {
				for j, w := range list {
					if sign(v.Compare(w)) != sign(i-j) {
						t.Errorf("%s: %s and %s are in the wrong order", ecosystem, v, w)
					}
				}
			}
		}
	}
	for _, same := range []string{"1 1.0 1.0.0 1-0 1.0-0 1ga 1.final 1-RELEASE", "1a1 1-alpha-1 1.0.alpha1", "2-foo 2.0.foo 2.0.0.foo", "5.2.20.RELEASE 5.2.20"} {
		first, _, _ := strings.Cut(same, " ")
		v, _ := Maven.Parse(first)
		for text := range strings.FieldsSeq(same) {
			if w, err := Maven.Parse(text); err != nil || v.Compare(w) != 0 {
				t.Errorf("%s and %s differ (%v)", first, text, err)
			}
		}
	}
}

// No text costs more than its length warrants: what is read allocates a few parts for each byte, and what is
// longer than any version is not read.
func TestHostileTextsAreCheap(t *testing.T) {
	var hostile []string
	for _, unit := range []string{"1", "1.", "0.", "a", "1a", "-", "1-", "--1", ".a", "~", "1~", "1.a-", "1.0-0", "+a", "é", "a-1", "1-a", "dev", "!", ":"} {
		text := "1" + strings.Repeat(unit, MaxLength)
		hostile = append(hostile, text[:MaxLength], text[:MaxLength-1]+"!")
	}
	for _, ecosystem := range schemes {
		s := SchemeOf(ecosystem)
		for _, text := range hostile {
			v, err := s.Parse(text)
			allocations := testing.AllocsPerRun(3, func() {
				w, _ := s.Parse(text)
				_ = w.Compare(v)
				_ = v.String()
			})
			if allocations > 10*MaxLength {
				t.Errorf("%s %q: %v allocations (%v)", ecosystem, text, allocations, err)
			}
			if _, err := s.Parse(text + "0"); err == nil {
				t.Errorf("%s: %q is longer than a version", ecosystem, text)
			}
		}
	}
	if !slices.ContainsFunc(hostile, func(text string) bool { _, err := SemVer.Parse(text); return err == nil }) {
		t.Error("none of the texts is read at all")
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}
