package advice

import (
	"slices"
	"testing"
)

// endless is a release cycle that is supported, and whose end is not known.
func endless(name, released string) Cycle {
	c := cycle(name, name+".1", released, "")
	c.EndOfLifePassed = new(bool)
	return c
}

func TestTheNewestOfThoseSupportedLongestIsTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		cycles []Cycle
		want   string
	}{
		{"two without an end", []Cycle{endless("5", "2024-09-09"), endless("4", "2014-04-09")}, "5, no end announced"},
		{"names that are numbers", []Cycle{endless("8.10", "2026-07-29"), endless("8.8", "2026-05-25")}, "8.10, no end announced"},
		{"one without an end", []Cycle{cycle("5", "5.2.1", "2024-09-09", "2030-01-01"), endless("4", "2014-04-09")}, "4, no end announced"},
		{"the same end", []Cycle{cycle("5", "5.2.1", "2024-09-09", "2030-01-01"), cycle("4", "4.22.2", "2014-04-09", "2030-01-01")}, "5, until 2030-01-01"},
		{"the older one ends later", []Cycle{cycle("5", "5.2.1", "2024-09-09", "2030-01-01"), cycle("4", "4.22.2", "2014-04-09", "2030-01-02")}, "4, until 2030-01-02"},
	} {
		reversed := slices.Clone(c.cycles)
		slices.Reverse(reversed)
		for _, given := range [][]Cycle{c.cycles, reversed} {
			if got := supportedUntil(&Technology{Cycles: given}, today).value; got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	}
}
