package version

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestRangeHolds(t *testing.T) {
	open := Range{IsDecidable: true}
	fixed := Range{Introduced: "6.0.0", Fixed: "6.2.6", IsDecidable: true}
	last := Range{LastAffected: "2.3", IsDecidable: true}
	listed := Range{Versions: []string{"1.0", "1.2"}, IsDecidable: true}
	both := Range{Introduced: "3", Versions: []string{"1.0"}, IsDecidable: true}
	django := Range{Ecosystem: "PyPI", Package: "django", Introduced: "4.2", Fixed: "4.2.14", IsDecidable: true}
	kubernetes := Range{Ecosystem: "Go", Package: "k8s.io/kubernetes", Introduced: "1.33.0-alpha.0", Fixed: "1.33.4", IsDecidable: true}
	module := func(path, fixed string) Range {
		return Range{Ecosystem: "Go", Package: path, Fixed: fixed, IsDecidable: true}
	}
	for _, c := range []struct {
		name string
		r    Range
		v    string
		want Answer
	}{
		{"no bounds", open, "1", Yes},
		{"introduced is in", fixed, "6.0.0", Yes},
		{"before introduced", fixed, "5.9", No},
		{"before fixed", fixed, "6.2.5", Yes},
		{"fixed is out", fixed, "6.2.6", No},
		{"a pre-release of the fix", fixed, "6.2.6-rc1", Yes},
		{"the fix as a distribution calls it", fixed, "6.2.6-ubuntu1", No},
		{"last affected is in", last, "2.3.0", Yes},
		{"after last affected", last, "2.3.1", No},
		{"listed", listed, "1.2.0", Yes},
		{"not listed", listed, "1.1", No},
		{"listed, outside of the bounds", both, "1", Yes},
		{"neither listed nor within the bounds", both, "2", No},
		{"within the bounds, not listed", both, "3", Yes},
		{"zero is before pre-releases, too", Range{Ecosystem: "npm", Introduced: "0", IsDecidable: true}, "0.0.0-alpha", Yes},
		{"commits only", Range{}, "1.0", Undecidable},
		{"no version", open, "latest", Undecidable},
		{"a whole cycle", open, "18.x", Undecidable},
		{"a bound that is no version", Range{Fixed: "the next", IsDecidable: true}, "1", Undecidable},
		{"a development release, which PEP 440 has first", django, "4.2.dev1", No},
		{"an alpha of the first one affected", django, "4.2a1", No},
		{"a post-release of the fix", django, "4.2.14.post1", No},
		{"a pre-release of the fix", django, "4.2.14rc1", Yes},
		{"a local build of one affected", django, "4.2.13+local.7", Yes},
		{"what the ecosystem does not take, as vendors have it", django, "4.2.13w", Yes},
		{"a pre-release bound", kubernetes, "1.33.0-alpha.0", Yes},
		{"before a pre-release bound", kubernetes, "1.33.0-0", No},
		{"an image's version", kubernetes, "1.33.4-eks-5e0fdde", No},
		{"a gem's pre-release", Range{Ecosystem: "RubyGems", Introduced: "3.0.0.beta1", Fixed: "3.1", IsDecidable: true}, "3.0.0.a", No},
		{"Composer's four numbers", Range{Ecosystem: "Packagist", Fixed: "7.0.0", IsDecidable: true}, "7.0", No},
		{"Maven's release", Range{Ecosystem: "Maven", Fixed: "5.2.20.RELEASE", IsDecidable: true}, "5.2.20", No},
		{"Debian's tilde", Range{Ecosystem: "Debian:12", Fixed: "1.18.0-6", IsDecidable: true}, "1.18.0-6~deb12u1", Yes},
		{"Bitnami's padding", Range{Ecosystem: "Bitnami", Introduced: "16.0.0", Fixed: "16.14.0", IsDecidable: true}, "16.14", No},
		{"a release candidate as PostgreSQL calls it", Range{Ecosystem: "Bitnami", Introduced: "17.0.0", Fixed: "18.0.0", IsDecidable: true}, "18rc1", Yes},
		{"a release candidate as Go calls it", Range{Ecosystem: "Go", Package: "stdlib", Introduced: "1.27.0-0", Fixed: "1.27.0-rc.3", IsDecidable: true}, "1.27rc2", Yes},
		{"a module's own major", module("example.com/m/v5", "5.9.2"), "5.9.1", Yes},
		{"another major of a module", module("example.com/m/v5", "5.9.2"), "4.18", No},
		{"a module without a suffix", module("example.com/m", ""), "1.4", Yes},
		{"a later major of a module without a suffix", module("example.com/m", ""), "7.16", No},
		{"an incompatible major", module("example.com/m", "28.0.0+incompatible"), "27.1", Yes},
		{"a pseudo-version before the fix", module("example.com/m", "0.40.10-0.20260320084810-e9acca14a04d"), "v0.40.10-0.20260320084809-ffffffffffff", Yes},
		{"a pseudo-version after the fix", module("example.com/m", "0.40.10-0.20260320084810-e9acca14a04d"), "0.40.10", No},
	} {
		if got := c.r.Holds(c.v); got != c.want {
			t.Errorf("%s: Holds(%q) = %v, want %v", c.name, c.v, got, c.want)
		}
	}
}

func TestTimelinesAreCutIntoIntervals(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []Event
		want   []Range
	}{
		{"without an end", []Event{{Introduced: "0"}}, []Range{{Introduced: "0"}}},
		{"in any order", []Event{{Fixed: "2.1"}, {Introduced: "2"}, {Fixed: "1.1"}, {Introduced: "0"}}, []Range{{Introduced: "0", Fixed: "1.1"}, {Introduced: "2", Fixed: "2.1"}}},
		{"numbers are numbers", []Event{{Introduced: "9"}, {Fixed: "10"}}, []Range{{Introduced: "9", Fixed: "10"}}},
		{"the last one affected", []Event{{Introduced: "1"}, {LastAffected: "2"}}, []Range{{Introduced: "1", LastAffected: "2"}}},
		{"introduced and fixed again", []Event{{Introduced: "1"}, {Introduced: "2"}, {Fixed: "3"}, {Fixed: "4"}}, []Range{{Introduced: "1", Fixed: "3"}}},
		{"a limit", []Event{{Introduced: "1"}, {Limit: "2"}}, []Range{{Introduced: "1", Fixed: "2"}}},
		{"nothing is after the highest limit", []Event{{Introduced: "1"}, {Fixed: "3"}, {Introduced: "5"}, {Limit: "2"}, {Limit: "4"}}, []Range{{Introduced: "1", Fixed: "3"}}},
		{"a limit where the last one affected is", []Event{{Introduced: "1"}, {LastAffected: "2"}, {Limit: "2"}}, []Range{{Introduced: "1", Fixed: "2"}}},
		{"a limit that is none", []Event{{Introduced: "1"}, {Limit: "2"}, {Limit: "*"}}, []Range{{Introduced: "1"}}},
		{"fixed before it was introduced", []Event{{Fixed: "1"}, {Introduced: "2"}}, []Range{{Introduced: "2"}}},
		{"nothing", nil, nil},
	} {
		got, err := Ranges("npm", "express", c.events)
		if err != nil || len(got) != len(c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
			continue
		}
		for i, r := range got {
			if r.Introduced != c.want[i].Introduced || r.Fixed != c.want[i].Fixed || r.LastAffected != c.want[i].LastAffected || r.Ecosystem != "npm" || r.Package != "express" || !r.IsDecidable {
				t.Errorf("%s: %+v, want %+v", c.name, r, c.want[i])
			}
		}
	}
	for _, bad := range [][]Event{{{Introduced: "soon"}}, {{Introduced: "1"}, {}}, {{Introduced: "0"}, {Limit: "x"}}} {
		if got, err := Ranges("npm", "express", bad); err == nil {
			t.Errorf("%v gives %v", bad, got)
		}
	}
}

// A timeline has fixes or last affected versions, not both; any such timeline holds what the evaluation of the specification says that it holds.
func TestTimelinesHoldWhatTheSpecificationSays(t *testing.T) {
	number := rapid.IntRange(1, 9)
	event := func(hasFixes bool) *rapid.Generator[Event] {
		return rapid.Custom(func(t *rapid.T) Event {
			v := strconv.Itoa(number.Draw(t, "version"))
			end := Event{LastAffected: v}
			if hasFixes {
				end = Event{Fixed: v}
			}
			return rapid.SampledFrom([]Event{{Introduced: v}, {Introduced: v}, end, end, end, {Introduced: "0"}, {Limit: v}, {Limit: "*"}}).Draw(t, "event")
		})
	}
	place := func(v string) int { n, _ := strconv.Atoi(v); return n }
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(event(rapid.Bool().Draw(t, "hasFixes")), 1, 8).Draw(t, "events")
		ranges, err := Ranges(rapid.SampledFrom(schemes).Draw(t, "ecosystem"), "example.com/m/v3", events)
		if err != nil {
			t.Fatal(err)
		}
		for i := range ranges {
			ranges[i].Package = "" // the majors of a module are not asked for here
			if ranges[i].Ecosystem == "Go" {
				ranges[i].Ecosystem = "npm"
			}
		}
		for i := range 11 {
			v := strconv.Itoa(i)
			if got := answerOf(ranges, v); (got == Yes) != osvHolds(events, v, place) || got == Undecidable {
				t.Fatalf("%v in %v of %v", v, ranges, events)
			}
		}
	})
}

// What introduces is in, what fixes is out, in every ecosystem and for any bound.
func TestIntroducedIsInAndFixedIsOut(t *testing.T) {
	for _, ecosystem := range schemes {
		t.Run(ecosystem, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				bound := texts().Filter(IsVersion).Draw(t, "bound")
				is := func(r Range, want Answer) {
					r.Ecosystem, r.Package, r.IsDecidable = ecosystem, "example.com/m", true
					if ecosystem == "Go" && major(bound) > 1 {
						return
					}
					if got := r.Holds(bound); got != want {
						t.Fatalf("%+v holds %q: %v", r, bound, got)
					}
				}
				is(Range{Introduced: bound}, Yes)
				is(Range{LastAffected: bound}, Yes)
				is(Range{Versions: []string{bound}}, Yes)
				is(Range{Fixed: bound}, No)
				is(Range{Introduced: bound, Fixed: bound}, No)
			})
		})
	}
}
