package graph_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stackyard/graph"
	"stackyard/internal/app"
	"stackyard/internal/store"
)

// checkSeed decides which versions are checked; a failure names it.
var checkSeed = flag.Uint64("check-seed", 1, "what the random versions of the test of lifecycle findings are drawn from")

// release is one as endoflife.date publishes it; days are texts, whose order is that of time.
type release struct {
	Name        string
	ReleaseDate string
	IsEOAS      *bool
	EOASFrom    *string
	IsEOL       *bool
	EOLFrom     *string
	IsEOES      *bool
	EOESFrom    *string
	Latest      *struct{ Name string }

	// normal is the name as normalVersion gives it, and begins finds it at the beginning of versions.
	normal string
	begins *regexp.Regexp
}

// publishedReleases reads the source's file: releases by the names that it has for products.
func publishedReleases(t *testing.T) map[string][]release {
	t.Helper()
	content, err := os.ReadFile("../internal/catalog/testdata/endoflife-products.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Products []struct {
			Name     string
			Releases []release
		}
	}
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	out := map[string][]release{}
	for _, p := range file.Products {
		for i := range p.Releases {
			r := &p.Releases[i]
			r.normal = normalVersion(r.Name)
			// Behind a number there may be the letters of a patch or a phase: 1.1.1w, 18rc1, 8u292.
			letters := ""
			if strings.ContainsAny(r.normal[len(r.normal)-1:], "0123456789") {
				letters = `([a-z]+[0-9]*)?`
			}
			r.begins = regexp.MustCompile("^" + regexp.QuoteMeta(r.normal) + letters + `($|\.)`)
		}
		out[p.Name] = p.Releases
	}
	return out
}

var (
	vInFront = regexp.MustCompile(`^v([0-9])`)
	javas    = []string{"eclipse-temurin", "amazon-corretto", "oracle-jdk", "graalvm-ce"}
	oldJava  = regexp.MustCompile(`^1\.([5-8])($|\.)`) // 1.8.0_292 is of 8
)

// normalVersion is a version in small letters, with dots alone between its parts, and without what says nothing of
// the release: a v in front, the build, and a last number that is left open.
func normalVersion(s string) string {
	s = vInFront.ReplaceAllString(strings.ToLower(s), "$1")
	s, _, _ = strings.Cut(s, "+")
	return strings.TrimSuffix(strings.NewReplacer("-", ".", "_", ".", " ", ".").Replace(s), ".x")
}

// releaseOf gives the release that a version is of: that with the longest name of those that it begins with; nil where there is none.
func releaseOf(product string, releases []release, version string) *release {
	v := normalVersion(version)
	if slices.Contains(javas, product) {
		v = oldJava.ReplaceAllString(v, "$1$2")
	}
	var best *release
	for i := range releases {
		if r := &releases[i]; r.begins.MatchString(v) && (best == nil || len(r.normal) > len(best.normal)) {
			best = r
		}
	}
	return best
}

// isPast says whether a phase is over on a day, which it is not on its last one, and whether the source says anything of it.
func isPast(last *string, flag *bool, day string) (isOver, isKnown bool) {
	if last != nil {
		return day > *last, true
	}
	return flag != nil && *flag, flag != nil
}

// lifecycleFinding is what is to be found on a day of what is installed of the release; empty where it is nothing.
func (r *release) lifecycleFinding(today time.Time, horizonDays int) string {
	if r == nil {
		return "UNKNOWN_VERSION LOW"
	}
	in := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }
	isEnded, isEndKnown := isPast(r.EOLFrom, r.IsEOL, in(0))
	isQuiet, _ := isPast(r.EOASFrom, r.IsEOAS, in(0))
	switch {
	case r.ReleaseDate > in(0):
		return ""
	case isEnded && r.EOESFrom != nil && in(0) <= *r.EOESFrom:
		return "END_OF_LIFE MEDIUM"
	case isEnded:
		return "END_OF_LIFE HIGH"
	case r.EOLFrom != nil && *r.EOLFrom <= in(min(30, horizonDays)):
		return "END_OF_LIFE_SOON MEDIUM"
	case r.EOLFrom != nil && *r.EOLFrom <= in(horizonDays):
		return "END_OF_LIFE_SOON LOW"
	case isEndKnown && isQuiet:
		return "SECURITY_SUPPORT_ONLY LOW"
	}
	return ""
}

// drawVersion draws a version that there is, could be or is not, in one of the forms that people write.
func drawVersion(random *rand.Rand, releases []release) string {
	r := releases[random.IntN(len(releases))]
	version := strings.TrimSuffix(r.Name, ".x")
	switch kind := random.IntN(10); {
	case kind < 3 && r.Latest != nil:
		version = r.Latest.Name
	case kind < 5:
		version = fmt.Sprintf("%s.%d", version, random.IntN(40))
	case kind == 5:
		version = fmt.Sprintf("%s.%d.%d", version, random.IntN(40), random.IntN(10))
	case kind == 6:
		version = fmt.Sprintf("%s%d", version, random.IntN(10)) // 3.12 is not of 3.1
	case kind == 7:
		version = fmt.Sprintf("%d.%d.%d", random.IntN(40), random.IntN(30), random.IntN(10))
	case kind == 8:
		version = fmt.Sprintf("%d.0.%d", 4000+random.IntN(1000), random.IntN(10))
	}
	forms := []string{"v%s", "V%s", "%s+build.7", "%s-rc1", "%src2", "%s.x", "%sw"}
	if n := random.IntN(2 * len(forms)); n < len(forms) {
		return fmt.Sprintf(forms[n], version)
	}
	return version
}

// drawDay draws a day on which something ends, has ended just now, or ends in as many days as rules go by.
func drawDay(random *rand.Rand, releases map[string][]release) time.Time {
	for {
		of := releases[slices.Sorted(maps.Keys(releases))[random.IntN(len(releases))]]
		end := of[random.IntN(len(of))].EOLFrom
		if end == nil || *end < "2015" {
			continue
		}
		if day, err := time.Parse(time.DateOnly, *end); err == nil {
			return day.AddDate(0, 0, -[]int{-1, 0, 1, 2, 30, 31, 180, 181, 365, 366}[random.IntN(10)])
		}
	}
}

// productTechnologies gives the technologies that the names of the source's products lead to.
func productTechnologies(a *api) map[string]string {
	type page struct {
		Technologies struct {
			Nodes []struct {
				Slug        string
				Identifiers []struct{ Scheme, Value string }
			}
			PageInfo struct {
				EndCursor   *string
				HasNextPage bool
			}
		}
	}
	out := map[string]string{}
	for after, hasMore := (*string)(nil), true; hasMore; {
		var data page
		a.data(`query($after: String) { technologies(first: 100, after: $after) {
			nodes { slug identifiers { scheme value } } pageInfo { endCursor hasNextPage } } }`, map[string]any{"after": after}, &data)
		for _, node := range data.Technologies.Nodes {
			for _, i := range node.Identifiers {
				if i.Scheme == "ENDOFLIFE" {
					out[i.Value] = node.Slug
				}
			}
		}
		after, hasMore = data.Technologies.PageInfo.EndCursor, data.Technologies.PageInfo.HasNextPage
	}
	return out
}

// The file of endoflife.date says, by code that shares nothing with the server's but the rules, what is to be found of 2,000
// versions of technologies on each of several days: days are compared as texts, and versions found by patterns.
func TestLifecycleFindingsAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	const pairs = 2000
	releases := publishedReleases(t)
	products := slices.Sorted(maps.Keys(releases))
	onEach(t, func(t *testing.T, _ *api, db *store.DB) {
		a := serve(t, db, func(c *graph.Config) { c.App = app.New(db, c.Now, app.Limits{CheckedComponents: len(products)}) })
		technologies := productTechnologies(a)
		random := rand.New(rand.NewPCG(*checkSeed, 0))
		seen, wrong := map[string]int{}, 0
		for drawn := 0; drawn < pairs; drawn += len(products) {
			components := make([]input, len(products)) // a version of each, so that findings are told apart by the technology
			for i, product := range products {
				components[i] = part(technologies[product], drawVersion(random, releases[product]))
			}
			for range 5 {
				today, horizon := drawDay(random, releases), []int{1, 30, 180, 365, 3650}[random.IntN(5)]
				a.clock.advance(today.Sub(a.clock.now()))
				got := lifecycleFindings(a, components, horizon)
				for i, product := range products {
					version := components[i]["version"].(string)
					of := releaseOf(product, releases[product], version)
					want := checkedRelease{finding: of.lifecycleFinding(today, horizon)}
					if of != nil {
						want.name = of.Name
					}
					seen[want.finding]++
					if got[i] == want {
						continue
					}
					if wrong++; wrong < 30 {
						t.Errorf("-check-seed=%d: %s %q on %s, %d days ahead: %+v, want %+v", *checkSeed, product, version, today.Format(time.DateOnly), horizon, got[i], want)
					}
				}
			}
		}
		t.Logf("-check-seed=%d: %d wrong of %v", *checkSeed, wrong, seen)
		for _, finding := range []string{"", "UNKNOWN_VERSION LOW", "END_OF_LIFE HIGH", "END_OF_LIFE MEDIUM", "END_OF_LIFE_SOON MEDIUM", "END_OF_LIFE_SOON LOW", "SECURITY_SUPPORT_ONLY LOW"} {
			if seen[finding] < 20 {
				t.Errorf("%q was to be found %d times: too rarely to say much", finding, seen[finding])
			}
		}
	})
}

// checkedRelease is the release cycle of a component, and what is found of it; both may be empty.
type checkedRelease struct{ name, finding string }

// lifecycleFindings checks components of different technologies, and gives what is found of the releases of each.
func lifecycleFindings(a *api, components []input, horizonDays int) []checkedRelease {
	a.t.Helper()
	var data struct {
		CheckStack struct {
			Components []struct {
				Technology   struct{ Slug string }
				ReleaseCycle *struct{ Name string }
			}
			Findings []struct {
				Rule, Severity string
				Technology     *struct{ Slug string }
			}
		}
	}
	a.data(`query($components: [StackComponentInput!]!, $days: Int!) { checkStack(components: $components, context: { endOfLifeHorizonDays: $days }) {
		components { technology { slug } releaseCycle { name } } findings { rule severity technology { slug } } } }`,
		map[string]any{"components": components, "days": horizonDays}, &data)
	out := make([]checkedRelease, len(components))
	for i, c := range data.CheckStack.Components {
		if c.ReleaseCycle != nil {
			out[i].name = c.ReleaseCycle.Name
		}
		rules := []string{"END_OF_LIFE", "END_OF_LIFE_SOON", "SECURITY_SUPPORT_ONLY"}
		if c.ReleaseCycle == nil {
			rules = append(rules, "UNKNOWN_VERSION")
		}
		for _, f := range data.CheckStack.Findings {
			if f.Technology != nil && f.Technology.Slug == c.Technology.Slug && slices.Contains(rules, f.Rule) {
				out[i].finding += f.Rule + " " + f.Severity
			}
		}
	}
	return out
}
