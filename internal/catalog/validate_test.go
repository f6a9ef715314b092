package catalog

import (
	"strings"
	"testing"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// words gives a text of n words.
func words(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }

// wordsOn gives a text of n words, of which texts on other topics have none.
func wordsOn(topic string, n int) string {
	out := []string{}
	for i := range n {
		out = append(out, topic+string(rune('a'+i/26))+string(rune('a'+i%26)))
	}
	return strings.Join(out, " ")
}

// soundCatalog is as small as a catalogue without faults can be that has every kind of record.
func soundCatalog() *Catalog {
	day := func(d calendar.Day) *calendar.Day { return &d }
	score := 7.5
	return &Catalog{
		Sources:  []Source{{Slug: "curated", Name: "Curators", Homepage: "https://example.org", License: "MIT"}},
		Licenses: []License{{ID: "MIT", IsOSIApproved: true}},
		Vocabulary: Vocabulary{
			Capabilities: []Term{{Name: "cache", Definition: "Keeps answers for the next time they are asked for."}},
			Languages:    []Term{{Name: "C", Definition: "Compiled systems language, close to the machine."}},
		},
		Categories: []Category{{
			Slug: "databases", Name: "Databases", Summary: "Where the data are kept", Rationale: words(60),
			Responsibilities: []string{"a", "b", "c", "d"},
		}},
		UseCases: []UseCase{{
			Slug: "small", Name: "Small", Summary: "What one person builds and runs", Traits: []string{"a", "b", "c", "d"},
		}},
		Criteria: []Criterion{{Slug: "security", Name: "Security", Question: "What must be protected?", Guidance: words(80)}},
		Mistakes: []Mistake{{Slug: "too-much", Name: "Too much", Explanation: words(80), Rule: enum.RuleOverengineered}},
		Tools:    []Tool{{Slug: "git", Name: "Git", Homepage: "https://git-scm.com", Area: enum.AreaVersionControl}},
		Technologies: []Technology{
			{
				Slug: "valkey", Name: "Valkey", Summary: "Key-value store in memory.", Description: wordsOn("valkey", 60),
				Categories: []string{"databases"}, License: "MIT", Hosting: []enum.Hosting{enum.HostingSelfHosted},
				Capabilities: []string{"cache"}, Alternatives: []string{"redis", "memcached"}, Source: "curated", AsOf: 20000,
			},
			{
				Slug: "redis", Name: "Redis", Summary: "Key-value store in memory.", Description: wordsOn("redis", 60),
				Aliases: []string{"redis-server"}, Categories: []string{"databases"}, UseCases: []string{"small"},
				License: "MIT", FirstReleaseYear: 2009, Steward: "Redis Ltd.", Homepage: "https://redis.io",
				WrittenIn: []string{"C"}, Languages: []string{"C"}, Hosting: []enum.Hosting{enum.HostingManaged},
				Capabilities: []string{"cache"}, Alternatives: []string{"valkey", "memcached"},
				Successors:  []string{"valkey"},
				Identifiers: Identifiers{PURL: []string{"pkg:generic/redis"}}, Source: "curated", AsOf: 20000,
				ReleaseCycles: []ReleaseCycle{{
					Name: "8", ReleasedOn: day(10), IsLongTerm: true, LongTermFrom: day(20), ActiveSupportUntil: day(30),
					EndOfLifeOn: day(40), ExtendedSupportUntil: day(50), LatestVersion: "8.1", LatestReleasedOn: day(15),
					Source: "curated", AsOf: 20000,
				}},
			},
			{
				Slug: "memcached", Name: "Memcached", Summary: "Object cache in memory.", Description: wordsOn("memcached", 150),
				Categories: []string{"databases"}, License: "MIT", Hosting: []enum.Hosting{enum.HostingSelfHosted},
				Capabilities: []string{"cache"}, Alternatives: []string{"valkey", "redis"}, Source: "curated", AsOf: 20000,
			},
		},
		Integrations: []Integration{
			{From: "redis", ToTechnology: "valkey", Area: enum.AreaData, Support: enum.SupportNative, Note: "Same protocol"},
			{From: "redis", ToTool: "git", Area: enum.AreaVersionControl, Support: enum.SupportPlugin, Note: "Hooks"},
		},
		Requirements: []Requirement{{
			Technology: "redis", ReleaseCycle: "8", Requires: "valkey", Kind: enum.RequirementMinimum, MinVersion: "7",
			AsPublished: "7+",
		}},
		Packages: []Package{{Ecosystem: "Bitnami", Name: "redis", PURL: "pkg:bitnami/redis", Technology: "redis"}},
		Advisories: []Advisory{
			{
				Identifier: "CVE-1", Aliases: []string{"BIT-1"}, Severity: enum.SeverityHigh, Score: &score, PublishedAt: 1,
				ModifiedAt: 2, References: []string{"https://example.org"}, Source: "curated", AsOf: 20000,
				Affected: []AffectedRange{{Technology: "redis", Package: "redis", Ecosystem: "Bitnami", Fixed: "8.1"}},
			},
			{Identifier: "CVE-2", Severity: enum.SeverityUnknown, PublishedAt: 1, ModifiedAt: 1, Source: "curated", AsOf: 20000},
		},
	}
}

func TestASoundCatalogueHasNoFaults(t *testing.T) {
	for _, isComplete := range []bool{false, true} {
		if faults := validate(soundCatalog(), isComplete); len(faults) > 0 {
			t.Error(faults)
		}
	}
}

// spoiler makes one fault in a sound catalogue.
type spoiler func(c *Catalog)

// expectFaults spoils a sound catalogue in each way, and requires that exactly the named fault is found.
func expectFaults(t *testing.T, spoilers map[string]spoiler) {
	t.Helper()
	for fault, spoil := range spoilers {
		c := soundCatalog()
		spoil(c)
		if faults := validate(c, true); len(faults) != 1 || faults[0].Error() != fault {
			t.Errorf("want the fault %q, got %q", fault, faults)
		}
	}
}
