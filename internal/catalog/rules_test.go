package catalog

import (
	"strings"
	"testing"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

func TestRulesOfTheSpineBite(t *testing.T) {
	expectFaults(t, map[string]spoiler{
		`source Curated: its slug is not lower-case words joined by hyphens`: func(c *Catalog) {
			c.Sources = append(c.Sources, c.Sources[0])
			c.Sources[1].Slug = "Curated"
		},
		`source curated: its license has 0 characters, not 1 to 120`: func(c *Catalog) { c.Sources[0].License = "" },
		`category data_bases: its slug is not lower-case words joined by hyphens`: func(c *Catalog) {
			c.Categories = append(c.Categories, c.Categories[0])
			c.Categories[1].Slug = "data_bases"
		},
		`use case -small: its slug is not lower-case words joined by hyphens`: func(c *Catalog) {
			c.UseCases = append(c.UseCases, c.UseCases[0])
			c.UseCases[1].Slug = "-small"
		},
		`use case small: its summary is not one tidy line`:           func(c *Catalog) { c.UseCases[0].Summary += " " },
		`criterion security: its name has 0 characters, not 1 to 60`: func(c *Catalog) { c.Criteria[0].Name = "" },
		`mistake too-much: its name has 61 characters, not 1 to 60`: func(c *Catalog) {
			c.Mistakes[0].Name = strings.Repeat("x", 61)
		},
		`tool git: its homepage "git-scm.com" is not an absolute http or https address`: func(c *Catalog) {
			c.Tools[0].Homepage = "git-scm.com"
		},
		`language ` + strings.Repeat("C", 41) + `: its name has 41 characters, not 1 to 40`: func(c *Catalog) {
			c.Vocabulary.Languages = append(c.Vocabulary.Languages, c.Vocabulary.Languages[0])
			c.Vocabulary.Languages[1].Name = strings.Repeat("C", 41)
		},
		`capability cache: its definition is not one tidy line`: func(c *Catalog) {
			c.Vocabulary.Capabilities[0].Definition += "\n"
		},
		`tool Git_: its slug is not lower-case words joined by hyphens`: func(c *Catalog) {
			c.Tools[0].Slug, c.Integrations[1].ToTool = "Git_", "Git_"
		},
		`category databases: it is there twice`: func(c *Catalog) { c.Categories = append(c.Categories, c.Categories[0]) },
		`category databases: its summary has 5 characters, not 20 to 120`: func(c *Catalog) {
			c.Categories[0].Summary = "Short"
		},
		`category databases: its rationale has 59 words, not 60 to 140`: func(c *Catalog) {
			c.Categories[0].Rationale = words(59)
		},
		`category databases: it has 3 responsibilities, not 4 to 10`: func(c *Catalog) {
			c.Categories[0].Responsibilities = []string{"a", "b", "c"}
		},
		`use case small: "a" is there twice among its traits`: func(c *Catalog) { c.UseCases[0].Traits[1] = "a" },
		`use case small: one of its traits is empty or has blanks around it`: func(c *Catalog) {
			c.UseCases[0].Traits[1] = " b"
		},
		`criterion security: its guidance has 201 words, not 80 to 200`: func(c *Catalog) {
			c.Criteria[0].Guidance = words(201)
		},
		`criterion security: its question is not one tidy line`: func(c *Catalog) {
			c.Criteria[0].Question = "What must be\nprotected?"
		},
		`mistake too-much: its explanation has 2 words, not 80 to 200`: func(c *Catalog) {
			c.Mistakes[0].Explanation = words(2)
		},
		`mistake too-much: no rule detects it`: func(c *Catalog) { c.Mistakes[0].Rule = "" },
		`source curated: its homepage "example.org" is not an absolute http or https address`: func(c *Catalog) {
			c.Sources[0].Homepage = "example.org"
		},
		`tool git: it has no area`: func(c *Catalog) { c.Tools[0].Area = "" },
		`tool redis: "redis" already leads to technology redis`: func(c *Catalog) {
			c.Tools[0].Slug, c.Integrations[1].ToTool = "redis", "redis"
		},
		`tool git: "Redis-Server" already leads to technology redis`: func(c *Catalog) { c.Tools[0].Name = "Redis-Server" },
		`capability Full text: its name is not lower-case words joined by hyphens`: func(c *Catalog) {
			c.Vocabulary.Capabilities = append(c.Vocabulary.Capabilities, c.Vocabulary.Capabilities[0])
			c.Vocabulary.Capabilities[1].Name = "Full text"
		},
		`language C: its definition has 1 characters, not 30 to 140`: func(c *Catalog) {
			c.Vocabulary.Languages[0].Definition = "x"
		},
	})
}

func TestRulesOfLinksBite(t *testing.T) {
	expectFaults(t, map[string]spoiler{
		`integration of redis with nginx: there is no technology "nginx"`: func(c *Catalog) {
			c.Integrations[0].ToTechnology = "nginx"
		},
		`integration of redis with valkey: its note has 141 characters, not 5 to 140`: func(c *Catalog) {
			c.Integrations[0].Note = strings.Repeat("x", 141)
		},
		`requirement of redis 8: "7" is there twice among its versions`: func(c *Catalog) {
			c.Requirements[0].MinVersion, c.Requirements[0].Versions = "", []string{"7", "7"}
		},
		`requirement of redis 8: its published text has 0 characters, not 1 to 200`: func(c *Catalog) {
			c.Requirements[0].AsPublished = ""
		},
		`integration of redis with redis: it is with itself`: func(c *Catalog) { c.Integrations[0].ToTechnology = "redis" },
		`integration of redis with npm: there is no tool "npm"`: func(c *Catalog) {
			c.Integrations[1].ToTool = "npm"
		},
		`integration of redis with valkey: its note has 0 characters, not 5 to 140`: func(c *Catalog) { c.Integrations[0].Note = "" },
		`integration of redis with git: it is for DATA, but the tool is for VERSION_CONTROL`: func(c *Catalog) {
			c.Integrations[1].Area = enum.AreaData
		},
		`integration of valkey with redis: redis lists it, being first by category or by slug`: func(c *Catalog) {
			c.Integrations[0].From, c.Integrations[0].ToTechnology = "valkey", "redis"
		},
		`integration of valkey with memcached: memcached lists it, being first by category or by slug`: func(c *Catalog) {
			last := c.Categories[0]
			last.Slug = "authentication"
			c.Categories = append(c.Categories, last)
			c.Technologies[0].Categories = []string{"authentication", "databases"}
			c.Integrations[0].From, c.Integrations[0].ToTechnology = "valkey", "memcached"
		},
		`integration of nginx with valkey: there is no technology "nginx"`: func(c *Catalog) {
			c.Integrations[0].From = "nginx"
		},
		`integration of redis with valkeygit: it is not with either a technology or a tool`: func(c *Catalog) {
			c.Integrations[0].ToTool = "git"
		},
		`integration of redis with : it is not with either a technology or a tool`: func(c *Catalog) {
			c.Integrations[0].ToTechnology = ""
		},
		`integration of redis with valkey: it has no area or no support`: func(c *Catalog) { c.Integrations[0].Support = "" },
		`integration of redis with valkey: it is there twice for DATA`: func(c *Catalog) {
			c.Integrations = append(c.Integrations, c.Integrations[0])
		},
		`requirement of redis 9: there is no release cycle "redis 9"`: func(c *Catalog) { c.Requirements[0].ReleaseCycle = "9" },
		`requirement of redis 8: there is no technology "go"`:         func(c *Catalog) { c.Requirements[0].Requires = "go" },
		`requirement of redis 8: it requires itself`:                  func(c *Catalog) { c.Requirements[0].Requires = "redis" },
		`requirement of redis 8: it has both versions and bounds`: func(c *Catalog) {
			c.Requirements[0].Versions = []string{"7", "8"}
		},
		`package npm x: there is no technology "x"`: func(c *Catalog) {
			c.Packages = append(c.Packages, Package{Ecosystem: "npm", Name: "x", PURL: "pkg:npm/x", Technology: "x"})
		},
		`package Bitnami redis: it is there twice`: func(c *Catalog) { c.Packages = append(c.Packages, c.Packages[0]) },
		`package Bitnami redis: "redis" is not a package URL`: func(c *Catalog) {
			c.Packages[0].PURL = "redis"
		},
		`package npm x: pkg:bitnami/redis already leads to technology redis`: func(c *Catalog) {
			c.Packages = append(c.Packages, Package{Ecosystem: "npm", Name: "x", PURL: "pkg:bitnami/redis", Technology: "valkey"})
		},
		`package npm x: pkg:generic/redis already leads to technology redis`: func(c *Catalog) {
			c.Packages = append(c.Packages, Package{Ecosystem: "npm", Name: "x", PURL: "pkg:generic/redis", Technology: "valkey"})
		},
		`technology redis: cpe:2.3:a:x:y already leads to technology valkey`: func(c *Catalog) {
			c.Technologies[0].Identifiers.CPE = []string{"cpe:2.3:a:x:y"}
			c.Technologies[1].Identifiers.CPE = []string{"cpe:2.3:a:x:y"}
		},
	})
}

func TestRulesOfAdvisoriesBite(t *testing.T) {
	tooMuch, low := 10.1, 1.0
	early := calendar.Instant(0)
	expectFaults(t, map[string]spoiler{
		`advisory : its identifier has 0 characters, not 3 to 60`: func(c *Catalog) { c.Advisories[1].Identifier = "" },
		`advisory CVE-1: one of its aliases is empty or has blanks around it`: func(c *Catalog) {
			c.Advisories[0].Aliases[0] = "BIT-1 "
		},
		`advisory CVE-1: its summary is not one tidy line`: func(c *Catalog) { c.Advisories[0].Summary = "Two\nlines" },
		`advisory CVE-2: "BIT-1" is already a name of advisory CVE-1`: func(c *Catalog) {
			c.Advisories[1].Aliases = []string{"BIT-1"}
		},
		`advisory cve-1: "cve-1" is already a name of advisory CVE-1`: func(c *Catalog) {
			c.Advisories[1].Identifier = "cve-1"
		},
		`advisory CVE-1: score 1.0 is not of severity HIGH`:  func(c *Catalog) { c.Advisories[0].Score = &low },
		`advisory CVE-1: score 10.1 is not of severity HIGH`: func(c *Catalog) { c.Advisories[0].Score = &tooMuch },
		`advisory CVE-1: it has no severity`: func(c *Catalog) {
			c.Advisories[0].Severity, c.Advisories[0].Score = "", nil
		},
		`advisory CVE-1: it is modified before it is published`:  func(c *Catalog) { c.Advisories[0].PublishedAt = 3 },
		`advisory CVE-1: it is withdrawn before it is published`: func(c *Catalog) { c.Advisories[0].WithdrawnAt = &early },
		`advisory CVE-1: there is no source "nvd"`:               func(c *Catalog) { c.Advisories[0].Source = "nvd" },
		`advisory CVE-1: it does not say as of which day it holds`: func(c *Catalog) {
			c.Advisories[0].AsOf = 0
		},
		`advisory CVE-1: its reference "/x" is not an absolute http or https address`: func(c *Catalog) {
			c.Advisories[0].References[0] = "/x"
		},
		`advisory CVE-1: "https://example.org" is there twice among its references`: func(c *Catalog) {
			c.Advisories[0].References = append(c.Advisories[0].References, "https://example.org")
		},
		`advisory CVE-2: there is no technology "x"`: func(c *Catalog) {
			c.Advisories[1].Affected = []AffectedRange{{Technology: "x", IsUndecidable: true}}
		},
		`advisory CVE-1: package Bitnami redis does not belong to valkey`: func(c *Catalog) {
			c.Advisories[0].Affected[0].Technology = "valkey"
		},
		`advisory CVE-2: a package has no ecosystem, or the other way round`: func(c *Catalog) {
			c.Advisories[1].Affected = []AffectedRange{{Technology: "redis", Ecosystem: "Bitnami"}}
		},
		`advisory CVE-1: a range has two ends`:                    func(c *Catalog) { c.Advisories[0].Affected[0].LastAffected = "8" },
		`advisory CVE-1: a range has versions and is undecidable`: func(c *Catalog) { c.Advisories[0].Affected[0].IsUndecidable = true },
		`advisory CVE-1: "latest" is not a version in Bitnami`:    func(c *Catalog) { c.Advisories[0].Affected[0].Fixed = "latest" },
		`advisory CVE-1: a range is fixed in 8.1, but begins with 8.1.0`: func(c *Catalog) {
			c.Advisories[0].Affected[0].Introduced = "8.1.0"
		},
		`advisory CVE-1: a range ends with 8.1-rc1, but begins with 8.1`: func(c *Catalog) {
			c.Advisories[0].Affected[0].Introduced, c.Advisories[0].Affected[0].Fixed, c.Advisories[0].Affected[0].LastAffected = "8.1", "", "8.1-rc1"
		},
		`advisory CVE-1: a range of redis is there twice`: func(c *Catalog) {
			c.Advisories[0].Affected = append(c.Advisories[0].Affected, c.Advisories[0].Affected[0])
		},
	})
}
