package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackyard/internal/enum"
)

// What the catalogue has of integrations and tools at least.
const (
	fewestIntegrations = 900
	fewestTools        = 60
	bestKnown          = 60
)

// TestTextsAreComplete says, category by category, which texts and integrations of its technologies are wrong
// or missing. While texts are being written it only says so: `go test -v -run TestTextsAreComplete/databases`.
func TestTextsAreComplete(t *testing.T) {
	c := mustLoad(t)
	faults := slices.Concat(validate(c, true), uncoveredAreas(c, linesOf(t, "best-known.txt")))
	for _, category := range c.Categories {
		t.Run(category.Slug, func(t *testing.T) {
			own := map[string]bool{}
			for _, technology := range c.Technologies {
				own[technology.Slug] = len(technology.Categories) > 0 && technology.Categories[0] == category.Slug
			}
			reportFaults(t, faults, func(fault string) bool { return own[subjectOf(fault)] })
		})
	}
	t.Run("integrations", func(t *testing.T) {
		reportFaults(t, tooFewIntegrations(c), func(string) bool { return true })
	})
}

func reportFaults(t *testing.T, faults []error, isOurs func(fault string) bool) {
	t.Helper()
	for _, fault := range faults {
		switch {
		case !isOurs(fault.Error()):
		case textsComplete:
			t.Error(fault)
		default:
			t.Log(fault)
		}
	}
}

// subjectOf is the technology whose files a fault is in.
func subjectOf(fault string) string {
	found := regexp.MustCompile(`^(?:technology|integration of) ([^ :]+)`).FindStringSubmatch(fault)
	if found == nil {
		return ""
	}
	return found[1]
}

// uncoveredAreas names the areas in which one of the best-known technologies has no integration, from either end.
func uncoveredAreas(c *Catalog, slugs []string) []error {
	covered := map[string]bool{}
	for _, i := range c.Integrations {
		covered[i.From+" "+string(i.Area)] = true
		covered[i.ToTechnology+" "+string(i.Area)] = true
	}
	out := []error{}
	for _, slug := range slugs {
		for _, area := range enum.IntegrationArea("").Values() {
			if !covered[slug+" "+area] {
				out = append(out, fmt.Errorf("technology %s: it has no integration for %s", slug, area))
			}
		}
	}
	return out
}

func tooFewIntegrations(c *Catalog) []error {
	out := []error{}
	used := map[string]bool{}
	for _, i := range c.Integrations {
		used[i.ToTool] = true
	}
	if len(c.Integrations) < fewestIntegrations {
		out = append(out, fmt.Errorf("there are %d integrations, not %d", len(c.Integrations), fewestIntegrations))
	}
	if len(c.Tools) < fewestTools {
		out = append(out, fmt.Errorf("there are %d tools, not %d", len(c.Tools), fewestTools))
	}
	for _, tool := range c.Tools {
		if !used[tool.Slug] {
			out = append(out, fmt.Errorf("tool %s: no integration is with it", tool.Slug))
		}
	}
	return out
}

func TestMissingIntegrationsAreNoticed(t *testing.T) {
	c := soundCatalog()
	areas := uncoveredAreas(c, []string{"redis", "valkey"})
	if len(areas) != 7+8 || areas[0].Error() != "technology redis: it has no integration for FRONT_END" {
		t.Errorf("%v", areas)
	}
	c.Tools = append(c.Tools, Tool{Slug: "npm"})
	few := tooFewIntegrations(c)
	if len(few) != 3 || few[2].Error() != "tool npm: no integration is with it" {
		t.Errorf("%v", few)
	}
}

func TestBestKnownTechnologiesExist(t *testing.T) {
	slugs := linesOf(t, "best-known.txt")
	technologies := mustLoad(t).Technologies
	for i, slug := range slugs {
		isThere := slices.ContainsFunc(technologies, func(technology Technology) bool { return technology.Slug == slug })
		if !isThere || slices.Contains(slugs[:i], slug) {
			t.Errorf("%s is not a technology, or is there twice", slug)
		}
	}
	if len(slugs) != bestKnown {
		t.Errorf("there are %d, not %d", len(slugs), bestKnown)
	}
}

// TestFieldsStandInTheOrderOfTheStructs reads the files as text, because the parser takes fields in any order.
func TestFieldsStandInTheOrderOfTheStructs(t *testing.T) {
	for pattern, record := range map[string]any{
		"data/technologies/*.yaml": Technology{}, "data/integrations/*.yaml": Integration{}, "data/tools.yaml": Tool{},
	} {
		order := fieldsOf(record)
		names, err := fs.Glob(embedded, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			content, err := fs.ReadFile(embedded, name)
			if err != nil {
				t.Fatal(err)
			}
			if fault := disorder(string(content), order); fault != "" {
				t.Errorf("%s: %s", path.Base(name), fault)
			}
		}
	}
}

func fieldsOf(record any) []string {
	out := []string{}
	for field := range reflect.TypeOf(record).Fields() {
		out = append(out, field.Tag.Get("yaml"))
	}
	return out
}

// topField is a field of a record, or of a record in a list.
var topField = regexp.MustCompile(`^(- |  )?([a-zA-Z]+):`)

// disorder names the first field that stands after one that it should precede.
func disorder(content string, order []string) string {
	last := -1
	isList := strings.HasPrefix(content, "- ")
	for _, line := range strings.Split(content, "\n") {
		found := topField.FindStringSubmatch(line)
		if found == nil || (found[1] != "") != isList {
			continue
		}
		if found[1] == "- " {
			last = -1
		}
		place := slices.Index(order, found[2])
		if place < last {
			return fmt.Sprintf("%s stands after %s", found[2], order[last])
		}
		last = place
	}
	return ""
}

func TestDisorderIsNoticed(t *testing.T) {
	order := []string{"a", "b", "c"}
	for content, want := range map[string]string{
		"a: 1\nb:\n  a: 2\nc: 3\n":           "",
		"a: 1\nc: 3\nb: 2\n":                 "b stands after c",
		"- a: 1\n  c: 1\n\n- a: 2\n  b: 2\n": "",
		"- b: 1\n  a: 1\n":                   "a stands after b",
	} {
		if got := disorder(content, order); got != want {
			t.Errorf("%q: got %q, want %q", content, got, want)
		}
	}
}
