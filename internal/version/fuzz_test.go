package version

import (
	"strings"
	"testing"
)

func FuzzVersionsOfAnySortAreInAnOrder(f *testing.F) {
	for _, s := range []string{"", "1", "v18.20.4", "1.0-rc.1+build", "3.0.0.beta1", "1.1.1w", "99999999999999999999.1", "x", "-", "1..2", "é", "\xff", "\x00", "1!2.0a1.post2.dev3+l.1", "1:2.0~rc1-3", "1.foo-0.ga", "2024-01-02-RC3-dev"} {
		f.Add(s, "1.0")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if Compare(a, a) != 0 || sign(Compare(a, b)) != -sign(Compare(b, a)) {
			t.Errorf("%q and %q are in no order", a, b)
		}
		if i := Cycle(a, []string{b}); i != -1 && i != 0 {
			t.Errorf("%q is of cycle %d of one", a, i)
		}
		for _, ecosystem := range schemes {
			v, errV := SchemeOf(ecosystem).Parse(a)
			w, errW := SchemeOf(ecosystem).Parse(b)
			if errV == nil && errW == nil {
				checkIsOrdered(t, v, w)
				checkIsOrdered(t, w, v)
			}
			below := Range{Ecosystem: ecosystem, Fixed: b, IsDecidable: true}.Holds(a)
			from := Range{Ecosystem: ecosystem, Introduced: b, IsDecidable: true}.Holds(a)
			if ecosystem == "Go" && major(a) > 1 {
				continue // another module
			}
			if strings.TrimSpace(b) != "" && b != beginning && IsVersion(a) && below == from && below != Undecidable {
				t.Errorf("%s: %q is both before %q and from it on, or neither", ecosystem, a, b)
			}
		}
	})
}
