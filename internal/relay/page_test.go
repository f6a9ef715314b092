package relay

import (
	"testing"

	"stackyard/internal/fault"
)

func TestAWindowIsFirstOrLastWithinItsBounds(t *testing.T) {
	n := func(i int) *int { return &i }
	cursor := "c"
	for what, c := range map[string]struct {
		args PageArgs
		want Window
		bad  bool
	}{
		"nothing":      {PageArgs{}, Window{Limit: 25}, false},
		"first":        {PageArgs{First: n(1)}, Window{Limit: 1}, false},
		"first most":   {PageArgs{First: n(100), After: &cursor}, Window{Limit: 100, After: &cursor}, false},
		"last":         {PageArgs{Last: n(3), Before: &cursor}, Window{Limit: 3, Backward: true, Before: &cursor}, false},
		"first 0":      {PageArgs{First: n(0)}, Window{}, true},
		"first -1":     {PageArgs{First: n(-1)}, Window{}, true},
		"first 101":    {PageArgs{First: n(101)}, Window{}, true},
		"last 0":       {PageArgs{Last: n(0)}, Window{}, true},
		"last 101":     {PageArgs{Last: n(101)}, Window{}, true},
		"first & last": {PageArgs{First: n(1), Last: n(1)}, Window{}, true},
	} {
		got, err := c.args.Window()
		if c.bad {
			if fault.KindOf(err) != fault.BadUserInput {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}
