package catalog

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func mustLoad(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// linesOf reads a file of testdata, less its comments and empty lines.
func linesOf(t *testing.T, name string) []string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" || strings.HasPrefix(line, "#") })
}

func faultsOf(c *Catalog) []string {
	err := Validate(c)
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

func TestEmbeddedFilesHaveNoFaultsButTheirSources(t *testing.T) {
	if diff := cmp.Diff(linesOf(t, "exceptions.txt"), faultsOf(mustLoad(t))); diff != "" {
		t.Errorf("faults (-excepted +found):\n%s", diff)
	}
}

func TestEmbeddedFilesAreComplete(t *testing.T) {
	c := mustLoad(t)
	withCycles, cycles, affected, withdrawn := 0, 0, 0, 0
	for _, technology := range c.Technologies {
		if len(technology.ReleaseCycles) > 0 {
			withCycles++
		}
		cycles += len(technology.ReleaseCycles)
	}
	for _, advisory := range c.Advisories {
		affected += len(advisory.Affected)
		if advisory.WithdrawnAt != nil {
			withdrawn++
		}
	}
	got := map[string]int{
		"sources": len(c.Sources), "categories": len(c.Categories), "use cases": len(c.UseCases),
		"criteria": len(c.Criteria), "mistakes": len(c.Mistakes), "technologies": len(c.Technologies),
		"technologies with cycles": withCycles, "cycles": cycles, "requirements": len(c.Requirements),
		"packages": len(c.Packages), "advisories": len(c.Advisories), "ranges": affected, "withdrawn": withdrawn,
	}
	want := map[string]int{
		"sources": 3, "categories": 6, "use cases": 3, "criteria": 4, "mistakes": 5, "technologies": 291,
		"technologies with cycles": 155, "cycles": 2649, "requirements": 341, "packages": 463,
		"advisories": 293, "ranges": 681, "withdrawn": 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSlugsAreTheOnesThatEveryoneQueries(t *testing.T) {
	c := mustLoad(t)
	got := []string{}
	for _, r := range c.Categories {
		got = append(got, r.Slug)
	}
	for _, r := range c.UseCases {
		got = append(got, r.Slug)
	}
	for _, r := range c.Criteria {
		got = append(got, r.Slug)
	}
	for _, r := range c.Mistakes {
		got = append(got, r.Slug)
	}
	for _, r := range c.Sources {
		got = append(got, r.Slug)
	}
	want := strings.Fields(`
		languages-runtimes frameworks api-development databases auth-security cloud-infrastructure
		small-medium-web enterprise-high-traffic api-first
		project-requirements scalability team-expertise security
		overengineering ignoring-database-optimization poor-api-design neglecting-security limited-community
		endoflife osv curated`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEveryOSVRecordIsOneAdvisory(t *testing.T) {
	owners := map[string][]string{}
	for _, a := range mustLoad(t).Advisories {
		for _, name := range append([]string{a.Identifier}, a.Aliases...) {
			owners[name] = append(owners[name], a.Identifier)
		}
	}
	records := map[string]int{}
	ids := linesOf(t, "osv-ids.txt")
	for _, id := range ids {
		if len(owners[id]) != 1 {
			t.Errorf("%s is a name of the advisories %v, not of exactly one", id, owners[id])
			continue
		}
		records[owners[id][0]]++
	}
	merged := []string{}
	for identifier, n := range records {
		if n > 1 {
			merged = append(merged, identifier)
		}
	}
	slices.Sort(merged)
	want := []string{
		"CVE-2026-23479", "CVE-2026-25243", "CVE-2026-39822", "CVE-2026-41059", "CVE-2026-42151", "CVE-2026-42505",
		"CVE-2026-42600",
	}
	if diff := cmp.Diff(want, merged); diff != "" || len(ids) != 301 {
		t.Errorf("%d records; merged (-want +got):\n%s", len(ids), diff)
	}
}

func TestDigestDiffersWithNamesAndBytes(t *testing.T) {
	file := func(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }
	seen := map[string]string{}
	for name, files := range map[string]fstest.MapFS{
		"first":              {"a": file("1"), "b": file("2")},
		"another byte":       {"a": file("1"), "b": file("3")},
		"another name":       {"a": file("1"), "c": file("2")},
		"shifted boundaries": {"a": file("1b"), "b": file("")},
		"one file fewer":     {"a": file("1")},
	} {
		sum, err := digest(files)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[sum]; ok {
			t.Errorf("%q and %q have the same digest", name, other)
		}
		seen[sum] = name
	}
	first, second := Digest(), Digest()
	if first != second || len(first) != 64 {
		t.Errorf("the digests of the same files are %q and %q", first, second)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	for b.Loop() {
		Digest()
	}
}
