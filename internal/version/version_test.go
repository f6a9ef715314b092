package version

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCycleMatchesWholeSegments(t *testing.T) {
	node := []string{"22", "20", "18", "0.10"}
	python := []string{"3.12", "3.11", "3.1", "2.7"}
	lambda := []string{"nodejs22.x", "nodejs20.x", "java8.al2", "java8", "python3.12", "go1.x"}
	for _, c := range []struct {
		version string
		names   []string
		want    string
	}{
		{"18.20.4", node, "18"},
		{"v18", node, "18"},
		{"V18.1", node, "18"},
		{"18", node, "18"},
		{" 18 ", node, "18"},
		{"1", node, ""},
		{"182", node, ""},
		{"0.10.48", node, "0.10"},
		{"0", node, ""},
		{"", node, ""},
		{"3.12", python, "3.12"},
		{"3.1", python, "3.1"},
		{"3.1.5", python, "3.1"},
		{"3.12.1", python, "3.12"},
		{"3.13.0", python, ""},
		{"3", python, ""},
		{"3.12.0-rc1", python, "3.12"},
		{"3.12+local", python, "3.12"},
		{"nodejs22.x", lambda, "nodejs22.x"},
		{"java8.al2", lambda, "java8.al2"},
		{"java8", lambda, "java8"},
		{"go1.21", lambda, "go1.x"},
	} {
		got := ""
		if i := Cycle(c.version, c.names); i >= 0 {
			got = c.names[i]
		}
		if got != c.want {
			t.Errorf("Cycle(%q) = %q, want %q", c.version, got, c.want)
		}
	}
}

// Each line is in order; equal ones are written twice with "=".
func TestCompareOrdersAsEcosystemsDo(t *testing.T) {
	for _, line := range [][]string{
		{"1.26.0-0", "1.26.0-rc.1", "1.26.0", "1.26.1", "1.26.10"},          // semver, Go's lower bound
		{"3.0.0.beta1", "3.0.0.beta2", "3.0.0.rc1", "3.0.0"},                // RubyGems
		{"5.2.20.M1", "5.2.20.RC1", "5.2.20.RELEASE", "5.2.21.RELEASE"},     // Maven
		{"1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.1"}, // PEP 440
		{"1.1.1", "1.1.1a", "1.1.1w", "1.1.2"},                              // OpenSSL
		{"9", "10", "11.5", "100"},
		{"2024.9.1", "2024.10.0", "2025.1"},
	} {
		for i := range line {
			for j := range line {
				if got, want := sign(Compare(line[i], line[j])), sign(i-j); got != want {
					t.Errorf("Compare(%q, %q) = %d, want %d", line[i], line[j], got, want)
				}
			}
		}
	}
	for _, same := range [][2]string{{"16.14.0", "16.14"}, {"v1.2", "1.2"}, {"1.2.0+build5", "1.2"}, {"5.2.20.RELEASE", "5.2.20"}, {"01.2", "1.2"}} {
		if Compare(same[0], same[1]) != 0 {
			t.Errorf("%q and %q differ", same[0], same[1])
		}
	}
}

func TestCompareIsAnOrder(t *testing.T) {
	gen := rapid.StringMatching(`v?[0-9]{1,3}(\.[0-9]{1,2}){0,3}([-.]?(rc|a|beta|dev|w|x)[0-9]?)?(\+z)?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := gen.Draw(t, "a"), gen.Draw(t, "b"), gen.Draw(t, "c")
		if Compare(a, a) != 0 || sign(Compare(a, b)) != -sign(Compare(b, a)) {
			t.Fatalf("%q and %q are in no order", a, b)
		}
		if Compare(a, b) <= 0 && Compare(b, c) <= 0 && Compare(a, c) > 0 {
			t.Fatalf("%q <= %q <= %q, but not the first and the last", a, b, c)
		}
	})
}

func TestRangeHolds(t *testing.T) {
	open := Range{IsDecidable: true}
	fixed := Range{Introduced: "6.0.0", Fixed: "6.2.6", IsDecidable: true}
	last := Range{LastAffected: "2.3", IsDecidable: true}
	listed := Range{Versions: []string{"1.0", "1.2"}, IsDecidable: true}
	for _, c := range []struct {
		name string
		r    Range
		v    string
		want bool
	}{
		{"no bounds", open, "1", true},
		{"introduced is in", fixed, "6.0.0", true},
		{"before introduced", fixed, "5.9", false},
		{"before fixed", fixed, "6.2.5", true},
		{"fixed is out", fixed, "6.2.6", false},
		{"a pre-release of the fix", fixed, "6.2.6-rc1", true},
		{"last affected is in", last, "2.3.0", true},
		{"after last affected", last, "2.3.1", false},
		{"listed", listed, "1.2.0", true},
		{"not listed", listed, "1.1", false},
		{"commits only", Range{}, "1.0", false},
		{"a module's own major", Range{GoModule: "example.com/m/v5", Fixed: "5.9.2", IsDecidable: true}, "5.9.1", true},
		{"another major of a module", Range{GoModule: "example.com/m/v5", Fixed: "5.9.2", IsDecidable: true}, "4.18", false},
		{"a module without a suffix", Range{GoModule: "example.com/m", IsDecidable: true}, "1.4", true},
		{"a later major of a module without a suffix", Range{GoModule: "example.com/m", IsDecidable: true}, "7.16", false},
		{"an incompatible major", Range{GoModule: "example.com/m", Fixed: "28.0.0+incompatible", IsDecidable: true}, "27.1", true},
	} {
		if got := c.r.Holds(c.v); got != c.want {
			t.Errorf("%s: Holds(%q) = %t", c.name, c.v, got)
		}
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
