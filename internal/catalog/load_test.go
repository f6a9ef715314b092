package catalog

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// table joins cells written with commas into a file, under a provenance.
func table(lines ...string) string {
	text := "# source: curated, as of 2026-11-22\n"
	for _, line := range lines {
		text += strings.ReplaceAll(line, ",", "\t") + "\n"
	}
	return text
}

// soundFiles is a small catalogue as files, with others in their place or beside them.
func soundFiles(others map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, content := range map[string]string{
		"README.md":       "",
		"sources.yaml":    "- slug: curated\n  name: Curators\n",
		"vocabulary.yaml": "capabilities: []\nlanguages:\n  - name: C\n",
		"categories.yaml": "# in order\n\n- slug: databases\n\n- slug: frameworks\n",
		"use-cases.yaml":  "[]\n",
		"criteria.yaml":   "[]\n",
		"mistakes.yaml":   "- slug: too-much\n  rule: OVERENGINEERED\n",
		"tools.yaml":      "- slug: git\n  area: VERSION_CONTROL\n",
		"licenses.tsv":    table("id,is_osi_approved", "MIT,true"),
		"packages.tsv":    table("ecosystem,package,purl,technology", "npm,redis,pkg:npm/redis,redis"),
		"requirements.tsv": table("technology,release_cycle,requires,kind,min_version,max_version,versions,as_published",
			"redis,8,linux,MINIMUM,6,,,6+"),
		"technologies/linux.yaml": "name: Linux\nhosting: [SELF_HOSTED]\nasOf: 2026-11-22\n",
		"technologies/redis.yaml": "name: Redis\n",
		"release-cycles/redis.tsv": table(strings.Join(cycleColumns, ","),
			"8,,2025-05-01,,2025-06-01,,,,false,,,8.2,2025-08-01", "7,Seven,2022-04-01,true,,,true,2024-04-01,,,,,"),
		"advisories/2025.yaml":    "- identifier: CVE-1\n  severity: HIGH\n  score: 8\n  publishedAt: 2025-01-01T00:00:00Z\n",
		"advisories/2026.yaml":    "- identifier: CVE-2\n",
		"integrations/redis.yaml": "- toTechnology: linux\n  area: RUNTIME\n  support: NATIVE\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(content)}
	}
	for name, content := range others {
		files[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return files
}

func TestFilesBecomeRecords(t *testing.T) {
	c, err := load(soundFiles(nil))
	if err != nil {
		t.Fatal(err)
	}
	day := func(d calendar.Day) *calendar.Day { return &d }
	yes, no := true, false
	score := 8.0
	want := &Catalog{
		Sources:    []Source{{Slug: "curated", Name: "Curators"}},
		Licenses:   []License{{ID: "MIT", IsOSIApproved: true}},
		Vocabulary: Vocabulary{Capabilities: []Term{}, Languages: []Term{{Name: "C"}}},
		Categories: []Category{{Slug: "databases"}, {Slug: "frameworks"}},
		UseCases:   []UseCase{},
		Criteria:   []Criterion{},
		Mistakes:   []Mistake{{Slug: "too-much", Rule: enum.RuleOverengineered}},
		Tools:      []Tool{{Slug: "git", Area: enum.AreaVersionControl}},
		Technologies: []Technology{
			{Slug: "linux", Name: "Linux", Hosting: []enum.Hosting{enum.HostingSelfHosted}, AsOf: 20779},
			{Slug: "redis", Name: "Redis", ReleaseCycles: []ReleaseCycle{
				{
					Name: "8", ReleasedOn: day(20209), IsLongTerm: true, LongTermFrom: day(20240), IsEndOfLife: &no,
					LatestVersion: "8.2", LatestReleasedOn: day(20301), Source: "curated", AsOf: 20779,
				},
				{
					Name: "7", Codename: "Seven", ReleasedOn: day(19083), IsLongTerm: true, IsActiveSupportOver: &yes,
					EndOfLifeOn: day(19814), Source: "curated", AsOf: 20779,
				},
			}},
		},
		Integrations: []Integration{{
			From: "redis", ToTechnology: "linux", Area: enum.AreaRuntime, Support: enum.SupportNative,
		}},
		Requirements: []Requirement{{
			Technology: "redis", ReleaseCycle: "8", Requires: "linux", Kind: enum.RequirementMinimum, MinVersion: "6",
			AsPublished: "6+",
		}},
		Packages: []Package{{Ecosystem: "npm", Name: "redis", PURL: "pkg:npm/redis", Technology: "redis"}},
		Advisories: []Advisory{
			{Identifier: "CVE-1", Severity: enum.SeverityHigh, Score: &score, PublishedAt: 1735689600000000},
			{Identifier: "CVE-2"},
		},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACatalogueNeedsNoIntegrationsAndNoCycles(t *testing.T) {
	files := soundFiles(nil)
	delete(files, "integrations/redis.yaml")
	delete(files, "release-cycles/redis.tsv")
	c, err := load(files)
	if err != nil || len(c.Integrations) != 0 || len(c.Technologies[1].ReleaseCycles) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestBrokenFilesAreNamedWithTheirLine(t *testing.T) {
	header := strings.Join(cycleColumns, ",")
	for want, file := range map[string][2]string{
		`technologies/redis.yaml:2: unknown field "nmae"`: {"technologies/redis.yaml", "name: Redis\nnmae: Redis\n"},
		`technologies/redis.yaml:2: mapping key "name"`:   {"technologies/redis.yaml", "name: Redis\nname: Redis\n"},
		`technologies/redis.yaml:1: the record is empty`:  {"technologies/redis.yaml", ""},
		`technologies/redis.yaml:1: it is more than one`:  {"technologies/redis.yaml", "name: Redis\n---\nname: Redis\n"},
		`"COAL" is none of`:                                   {"technologies/redis.yaml", "name: Redis\nhosting: [COAL]\n"},
		`technologies/redis.yaml:1: in the record`:            {"technologies/redis.yaml", "name: Redis\nasOf: 2026-02-30\n"},
		`advisories/2026.yaml:4: unknown field "cve"`:         {"advisories/2026.yaml", "- identifier: A\n\n- identifier: B\n  cve: C\n"},
		`advisories/2026.yaml:3: in the record`:               {"advisories/2026.yaml", "- identifier: A\n\n- identifier: B\n  severity: BAD\n"},
		`advisories/2026.yaml:1: it is not a list`:            {"advisories/2026.yaml", "identifier: A\n"},
		`tools.yaml:1: it is not a list`:                      {"tools.yaml", ""},
		`advisories/2026.yaml:2: `:                            {"advisories/2026.yaml", "- identifier: A\n  score: much\n"},
		`integrations/redis.yaml: record 1: from is`:          {"integrations/redis.yaml", "- from: redis\n  toTool: git\n"},
		`release-cycles/nginx.tsv: there is no technology`:    {"release-cycles/nginx.tsv", table(header)},
		`notes.txt: no part of the catalogue has such a file`: {"notes.txt", ""},
		`technologies/redis.yml: no part of the catalogue`:    {"technologies/redis.yml", "name: Redis\n"},
		`licenses.tsv:1: it is not like`:                      {"licenses.tsv", "id\tis_osi_approved\nMIT\ttrue\n"},
		`licenses.tsv:2: the columns are`:                     {"licenses.tsv", table("id", "MIT")},
		`licenses.tsv:4: it has 1 cells, not 2`:               {"licenses.tsv", table("id,is_osi_approved", "MIT,true", "ISC")},
		`licenses.tsv:3: is_osi_approved: "yes" is neither`:   {"licenses.tsv", table("id,is_osi_approved", "MIT,yes")},
		`licenses.tsv:3: is_osi_approved: it is empty`:        {"licenses.tsv", table("id,is_osi_approved", "MIT,")},
		`licenses.tsv:3: id: "MIT " has blanks around it`:     {"licenses.tsv", table("id,is_osi_approved", "MIT ,true")},
		`licenses.tsv: it needs a provenance, a header`:       {"licenses.tsv", table("id,is_osi_approved") + "MIT\ttrue"},
		`requirements.tsv:3: kind: "MAYBE" is none of`: {"requirements.tsv", table(
			strings.Join(requirementColumns, ","), "redis,8,linux,MAYBE,6,,,6+",
		)},
		`release-cycles/redis.tsv:3: end_of_life_on: "soon" is not a day`: {"release-cycles/redis.tsv", table(
			header, "8,,2025-05-01,,,,,soon,,,,,",
		)},
	} {
		_, err := load(soundFiles(map[string]string{file[0]: file[1]}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got: %v", file[0], want, err)
		}
	}
}

func TestAllBrokenFilesAreNamedTogether(t *testing.T) {
	files := soundFiles(map[string]string{"tools.yaml": "", "technologies/redis.yaml": "x: y\n"})
	delete(files, "sources.yaml")
	_, err := load(files)
	for _, name := range []string{"sources.yaml", "tools.yaml", "technologies/redis.yaml"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
}
