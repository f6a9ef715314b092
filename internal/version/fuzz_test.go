package version

import "testing"

func FuzzVersionsOfAnySortAreInAnOrder(f *testing.F) {
	for _, s := range []string{"", "1", "v18.20.4", "1.0-rc.1+build", "3.0.0.beta1", "1.1.1w", "99999999999999999999.1", "x", "-", "1..2", "é", "\xff", "\x00"} {
		f.Add(s, "1.0")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if Compare(a, a) != 0 || sign(Compare(a, b)) != -sign(Compare(b, a)) {
			t.Errorf("%q and %q are in no order", a, b)
		}
		if i := Cycle(a, []string{b}); i != -1 && i != 0 {
			t.Errorf("%q is of cycle %d of one", a, i)
		}
		below := Range{Fixed: b, IsDecidable: true}
		from := Range{Introduced: b, IsDecidable: true}
		if b != "" && IsVersion(a) && below.Holds(a) == from.Holds(a) {
			t.Errorf("%q is both before %q and from it on, or neither", a, b)
		}
	})
}
