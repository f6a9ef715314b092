package app

import (
	"testing"

	"pgregory.net/rapid"

	"stackyard/ent"
)

// TestPairsKeepAsManyComponentsAsTheyCan holds pairing against what is asked of it.
func TestPairsKeepAsManyComponentsAsTheyCan(t *testing.T) {
	part := rapid.Custom(func(t *rapid.T) component {
		c := component{name: rapid.SampledFrom([]string{"a", "A", "b", "c"}).Draw(t, "name"), version: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "version")}
		if id := rapid.Int64Range(0, 2).Draw(t, "technology"); id > 0 {
			c.technology = &id
		}
		if p := rapid.SampledFrom([]string{"", "pkg:npm/x@1", "pkg:npm/x@2?a=b", "pkg:npm/y@1"}).Draw(t, "purl"); p != "" {
			c.purl = &p
		}
		return c
	})
	rapid.Check(t, func(t *rapid.T) {
		var was []*ent.StackComponent
		for i, c := range rapid.SliceOfN(part, 0, 6).Draw(t, "was") {
			was = append(was, &ent.StackComponent{ID: int64(i + 1), TechnologyID: c.technology, Name: c.name, InstalledVersion: given(c.version), Purl: c.purl})
		}
		parts := rapid.SliceOfN(part, 0, 6).Draw(t, "parts")
		kept := pair(was, parts)
		if len(kept) != len(parts) {
			t.Fatalf("%d pairs for %d parts", len(kept), len(parts))
		}
		isUsed := map[int64]bool{}
		for i, old := range kept {
			if old == nil {
				continue
			}
			if isUsed[old.ID] {
				t.Fatalf("component %d is kept twice", old.ID)
			}
			isUsed[old.ID] = true
			o := componentOf(old)
			isOfOne := o.purl == nil && o.technology != nil && orNone(o.technology) == orNone(parts[i].technology)
			if o.identity() != parts[i].identity() && o.givenAs() != parts[i].givenAs() && !isOfOne {
				t.Fatalf("%+v became %+v", o, parts[i])
			}
		}
		for i, c := range parts {
			for _, old := range was {
				o := componentOf(old)
				isExact := o.identity() == c.identity() && o.version == c.version
				if isExact && !isUsed[old.ID] && (kept[i] == nil || componentOf(kept[i]).version != c.version) {
					t.Fatalf("%+v was there, in this version, and is not kept", c)
				}
				isOfOne := o.purl == nil && o.technology != nil && orNone(o.technology) == orNone(c.technology)
				if (o.givenAs() == c.givenAs() || isOfOne) && kept[i] == nil && !isUsed[old.ID] {
					t.Fatalf("%+v was there, and is not kept", c)
				}
			}
		}
	})
}

func TestWhatAStackWasIsWhatItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var was []*ent.StackComponent
		var parts []component
		for i := range rapid.IntRange(0, 6).Draw(t, "components") {
			version := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "version")
			was = append(was, &ent.StackComponent{ID: int64(i + 1), Name: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"), InstalledVersion: &version})
			parts = append(parts, componentOf(was[i]))
		}
		for i, old := range pair(was, parts) {
			if old == nil || !parts[i].equals(componentOf(old)) {
				t.Fatalf("%+v became %+v", parts[i], old)
			}
		}
	})
}
