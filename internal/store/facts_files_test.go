package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/advice"
	"stackyard/internal/catalog"
	"stackyard/internal/store/storetest"
)

// factCounts are what can be counted of a technology, in the files and in what is read.
type factCounts struct {
	name, license                                                 string
	categories, useCases, capabilities, alternatives, successors  []string
	cycles, requirements, advisories, ranges, integrations, tools int
}

// TestFactsAreThoseOfTheFiles reads the facts of every technology, and holds them against the embedded catalogue.
func TestFactsAreThoseOfTheFiles(t *testing.T) {
	files, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	want := countFiles(files)
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := storetest.Seeded(t, dialect)
		facts, err := db.Facts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]factCounts{}
		for id, f := range facts.Technologies {
			if f.ID != id || f.AsOf == 0 {
				t.Errorf("%s has the key %d, not %d, and is of %s", f.Slug, f.ID, id, f.AsOf)
			}
			got[f.Slug] = countFacts(f)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(factCounts{})); diff != "" {
			t.Errorf("(-files +read):\n%s", diff)
		}
	})
}

func countFacts(f *advice.Technology) factCounts {
	var alternatives []string
	for _, o := range f.Alternatives {
		alternatives = append(alternatives, o.Name)
	}
	c := factCounts{
		name: f.Name, license: f.License, categories: f.Categories, useCases: slices.Sorted(slices.Values(f.UseCases)),
		capabilities: f.Capabilities, alternatives: alternatives, successors: f.Successors, cycles: len(f.Cycles), advisories: len(f.Advisories),
	}
	for _, cycle := range f.Cycles {
		c.requirements += len(cycle.Requirements)
	}
	for _, a := range f.Advisories {
		c.ranges += len(a.Ranges)
	}
	for _, i := range f.Integrations {
		if i.With == 0 {
			c.tools++
		} else {
			c.integrations++
		}
	}
	return c
}

func countFiles(files *catalog.Catalog) map[string]factCounts {
	names := map[string]string{}
	for _, t := range files.Technologies {
		names[t.Slug] = t.Name
	}
	out := map[string]factCounts{}
	for _, t := range files.Technologies {
		c := factCounts{
			name: t.Name, license: t.License, categories: t.Categories, useCases: slices.Sorted(slices.Values(t.UseCases)),
			capabilities: append([]string{}, t.Capabilities...), cycles: len(t.ReleaseCycles),
		}
		for _, slug := range t.Alternatives {
			c.alternatives = append(c.alternatives, names[slug])
		}
		for _, slug := range t.Successors {
			c.successors = append(c.successors, names[slug])
		}
		for _, r := range files.Requirements {
			if r.Technology == t.Slug {
				c.requirements++
			}
		}
		for _, a := range files.Advisories {
			ranges := 0
			for _, r := range a.Affected {
				if r.Technology == t.Slug {
					ranges++
				}
			}
			if c.ranges += ranges; ranges > 0 {
				c.advisories++
			}
		}
		for _, i := range files.Integrations {
			switch {
			case i.From == t.Slug && i.ToTool != "":
				c.tools++
			case i.From == t.Slug, i.ToTechnology == t.Slug:
				c.integrations++
			}
		}
		out[t.Slug] = c
	}
	return out
}
