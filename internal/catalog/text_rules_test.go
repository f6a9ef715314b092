package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRulesOfCompleteTextsBite(t *testing.T) {
	missing := map[string]spoiler{
		`technology redis: it has no description`:                 inRedis(func(redis *Technology) { redis.Description = "" }),
		`technology redis: it has no hosting`:                     inRedis(func(redis *Technology) { redis.Hosting = nil }),
		`technology redis: it has no capabilities`:                inRedis(func(redis *Technology) { redis.Capabilities = nil }),
		`technology redis: it has 1 alternatives, not at least 2`: inRedis(func(redis *Technology) { redis.Alternatives = redis.Alternatives[:1] }),
	}
	expectFaults(t, missing)
	for fault, spoil := range missing {
		c := soundCatalog()
		spoil(c)
		if faults := validate(c, false); len(faults) > 0 {
			t.Errorf("%q is found while texts are being written", faults)
		}
		if textsComplete && !slices.Contains(faultsOf(c), fault) {
			t.Errorf("%q is not found now that the texts are there", fault)
		}
	}
}

func TestRulesOfWordingBite(t *testing.T) {
	described := func(text string) spoiler {
		return inRedis(func(redis *Technology) { redis.Description += " " + text })
	}
	expectFaults(t, map[string]spoiler{
		`capability cache: its definition has the slogan "powerful"`: func(c *Catalog) {
			c.Vocabulary.Capabilities[0].Definition = "Powerful store of answers for the next time."
		},
		`language C: its definition has "behavior", which is not British spelling`: func(c *Catalog) {
			c.Vocabulary.Languages[0].Definition = "Language whose behavior is close to the machine's."
		},
		`technology redis: its summary has "optimized", which is not British spelling`: inRedis(func(redis *Technology) {
			redis.Summary = "Store that is optimized for memory."
		}),
		`technology redis: its description has the slogan "battle-tested"`:                      described("It is battle-tested."),
		`technology redis: its description has "catalog", which is not British spelling`:        described("The catalog's end."),
		`technology redis: its description has "currently", which goes stale`:                   described("Since. Currently it runs."),
		`technology redis: its description has the figure "7"`:                                  described("From Redis 7 on."),
		`technology redis: its description has the figure "v3"`:                                 described("Use v3."),
		`technology redis: its description has the figure "ES2015"`:                             described("It is in ES2015."),
		`technology redis: its description is not one paragraph`:                                described("One.\nTwo."),
		`technology redis: it has 17 capabilities, not 0 to 16`:                                 tooMany,
		`technology redis: alternative valkey is in none of its categories`:                     estranged,
		`integration of redis with git: its note has the slogan "seamlessly"`:                   noted("Works seamlessly"),
		`integration of redis with git: its note has "latest", which goes stale`:                noted("The latest hooks"),
		`integration of redis with git: its note has "analyzer", which is not British spelling`: noted("An analyzer"),
		`integration of redis with git: its note has the figure "2.1"`:                          noted("Since 2.1"),
	})
}

func noted(note string) spoiler { return func(c *Catalog) { c.Integrations[1].Note = note } }

func tooMany(c *Catalog) {
	for i := range 16 {
		term := c.Vocabulary.Capabilities[0]
		term.Name = fmt.Sprintf("cache-%d", i)
		c.Vocabulary.Capabilities = append(c.Vocabulary.Capabilities, term)
		c.Technologies[1].Capabilities = append(c.Technologies[1].Capabilities, term.Name)
	}
}

// estranged puts Valkey, which Redis names as an alternative, into a category that Redis is not in.
func estranged(c *Catalog) {
	c.Categories = append(c.Categories, c.Categories[0])
	c.Categories[1].Slug = "security"
	other := c.Technologies[0]
	other.Slug, other.Name, other.Description = "other", "Other", wordsOn("other", 60)
	other.Categories, other.Alternatives = []string{"security"}, []string{"valkey", "memcached"}
	c.Technologies[0].Categories, c.Technologies[0].Alternatives = []string{"security"}, []string{"other", "memcached"}
	c.Technologies[2].Categories = []string{"databases", "security"}
	c.Technologies = append(c.Technologies, other)
}

func TestNamesAndCodeAreNeitherSlogansNorFigures(t *testing.T) {
	for _, text := range []string{
		"GitHub Catalog and Windows Color Center are proper names.",
		"It reads `color` and `v2` and `optimize()`.",
		"Packages @scope/color, color.js, django:center and log4j2_color are identifiers.",
		"HTTP/2, OAuth 2.0, SAML 2.0, S3, K8s, Log4j, Neo4j, Web3, X.509, RFC 7519 and a 64-bit counter are names.",
		"The size of a resized prize is seized.",
	} {
		c := soundCatalog()
		c.Technologies[1].Description += ". " + text
		if faults := validate(c, true); len(faults) > 0 {
			t.Errorf("%q: %v", text, faults)
		}
	}
}

func TestFiguresAreFoundWhereverTheyStand(t *testing.T) {
	got := figures("Since 2009, (3.12) and v2; 50 % of ES2015 on HTTP/2 with OAuth 2.0, 16-bit.")
	if diff := cmp.Diff([]string{"2009", "3.12", "v2", "50", "ES2015"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// describe gives the technologies of a sound catalogue these descriptions, in their order.
func describe(texts ...string) spoiler {
	return func(c *Catalog) {
		for i, text := range texts {
			c.Technologies[i].Description = text
		}
	}
}

func TestRulesOfLikenessBite(t *testing.T) {
	pieces := func(topic string) string {
		out := []string{}
		for i := range 7 {
			out = append(out, wordsOn("shared"+string(rune('a'+i)), 6), wordsOn(topic+string(rune('a'+i)), 3))
		}
		return strings.Join(out, " ")
	}
	expectFaults(t, map[string]spoiler{
		`technology redis: its description shares with valkey the sentence "take § first"`: describe(
			wordsOn("one", 60)+". Take Valkey first.", wordsOn("two", 60)+". Take Redis first!",
		),
		`technology redis: its description shares with valkey the words "` + wordsOn("run", 8) + `"`: describe(
			wordsOn("one", 60)+" "+wordsOn("run", 8), wordsOn("two", 60)+" "+wordsOn("run", 8)+" more",
		),
		`technology redis: its description is like that of valkey (0.13)`: describe(pieces("one"), pieces("two")),
	})
}

func TestSevenSharedWordsAreNoFault(t *testing.T) {
	c := soundCatalog()
	describe(wordsOn("one", 60)+" "+wordsOn("run", 7), wordsOn("two", 60)+" "+wordsOn("run", 7)+" more")(c)
	if faults := validate(c, true); len(faults) > 0 {
		t.Error(faults)
	}
}

// crowd adds technologies of one category, each with a text of its own and one that all have.
func crowd(n int, common func(i int) string) spoiler {
	return func(c *Catalog) {
		for i := range n {
			other := c.Technologies[0]
			other.Slug = "x" + string(rune('a'+i))
			other.Name = other.Slug
			other.Description = wordsOn(other.Slug, 60) + ". " + common(i)
			c.Technologies = append(c.Technologies, other)
		}
	}
}

func TestRulesOfSetPhrasesBite(t *testing.T) {
	own := func(i, n int) string { return wordsOn("own"+string(rune('a'+i)), n) }
	phrase := func(i int) string { return own(i, 2) + " " + wordsOn("phrase", 5) + "." }
	opening := func(i int) string { return "Take it when " + own(i, 3) + "." }
	expectFaults(t, map[string]spoiler{
		`technology xf: 5 other descriptions have its phrase "` + wordsOn("phrase", 5) + `"`:      crowd(6, phrase),
		`technology xi: 8 other descriptions of its category open a sentence with "take it when"`: crowd(9, opening),
	})
	for _, spoil := range []spoiler{crowd(5, phrase), crowd(8, opening)} {
		c := soundCatalog()
		spoil(c)
		if faults := validate(c, true); len(faults) > 0 {
			t.Error(faults)
		}
	}
}
