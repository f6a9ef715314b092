package graph_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackyard/graph"
	"stackyard/internal/app"
)

// vulnerability is an OSV record as its source publishes it.
type vulnerability struct {
	ID        string
	Aliases   []string
	Withdrawn *string
	Affected  []affectedPackage
}

type affectedPackage struct {
	Package osvPackage
	Ranges  []struct {
		Type   string
		Events []map[string]string
	}
	Versions []string
}

type osvPackage struct{ Ecosystem, Name string }

// purl is the package as package URLs have it; empty where the record names no package.
func (p osvPackage) purl() string {
	types := map[string]string{"Bitnami": "bitnami", "Go": "golang", "Maven": "maven", "Packagist": "composer", "PyPI": "pypi", "RubyGems": "gem", "npm": "npm"}
	name := p.Name
	if p.Ecosystem == "PyPI" {
		name = strings.ToLower(name)
	}
	return "pkg:" + types[p.Ecosystem] + "/" + strings.ReplaceAll(name, ":", "/")
}

// fits says whether a version can be one of the package: Go modules from the second major version on name it in their path,
// and those that do not have no others, but where the bounds have.
func (a affectedPackage) fits(version string) bool {
	if a.Package.Ecosystem != "Go" {
		return true
	}
	_, suffix, hasSuffix := strings.Cut(majorInPath.FindString(a.Package.Name), "v")
	major, _, _ := strings.Cut(version, ".")
	if hasSuffix || major == "0" || major == "1" {
		return major == suffix || !hasSuffix
	}
	return slices.ContainsFunc(a.bounds(), func(bound string) bool { return !strings.HasPrefix(bound, "0.") && !strings.HasPrefix(bound, "1.") })
}

var majorInPath = regexp.MustCompile(`[/.]v[0-9]+$`)

// bounds are the versions that the package's ranges name.
func (a affectedPackage) bounds() (out []string) {
	for _, r := range a.Ranges {
		for _, event := range r.Events {
			for _, version := range event {
				if version != "0" && r.Type != "GIT" {
					out = append(out, version)
				}
			}
		}
	}
	return out
}

// holds says whether a version is affected, as the OSV specification has it: whether it is listed, or the last event that is
// not after it introduces the flaw. It cannot be told where the ecosystem's tool was not asked where the version stands.
// Source: https://ossf.github.io/osv-schema/#evaluation
func (a affectedPackage) holds(version string, order toolOrder) (isAffected, isKnown bool) {
	if slices.Contains(a.Versions, version) {
		return true, true
	}
	at, isKnown := order.place(version)
	if !isKnown || !a.fits(version) {
		return false, isKnown
	}
	for _, r := range a.Ranges {
		latest, isInside := -2, false
		for _, event := range r.Events {
			for kind, bound := range event {
				from := -1
				if bound != "0" {
					from, isKnown = order.place(bound)
				}
				if kind == "last_affected" {
					from++ // the first place that it has nothing to do with
				}
				if from <= at && from >= latest {
					latest, isInside = from, kind == "introduced"
				}
			}
			if r.Type == "GIT" || !isKnown {
				return false, isKnown
			}
		}
		isAffected = isAffected || isInside
	}
	return isAffected, true
}

// toolOrder is the order of versions that an ecosystem's own tool gave, as internal/version/testdata keeps it.
type toolOrder struct {
	versions []string // from old to new
	places   map[string]int
}

// toolOrders reads them by the ecosystems of the records. Bitnami's and Go's versions are semantic ones, which npm's tool orders.
func toolOrders(t *testing.T) map[string]toolOrder {
	t.Helper()
	out := map[string]toolOrder{}
	for ecosystem, file := range map[string]string{
		"Bitnami": "npm", "Go": "npm", "npm": "npm", "Maven": "maven", "Packagist": "packagist", "PyPI": "pypi", "RubyGems": "rubygems",
	} {
		content, err := os.ReadFile("../internal/version/testdata/bounds/" + file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		order := toolOrder{places: map[string]int{}}
		for i, line := range strings.Split(string(content), "\n") {
			if strings.HasPrefix(line, "!") {
				break
			}
			for _, version := range strings.Fields(line) {
				order.versions = append(order.versions, version)
				order.places[version] = i
			}
		}
		out[ecosystem] = order
	}
	return out
}

var zeroInFront = regexp.MustCompile(`\.0([0-9])`)

// place gives the place of a version. Those that the tool does not take stand for what it was asked instead: Bitnami's dates
// have zeros in front, and Maven before 3.9 did not know `RELEASE`.
func (o toolOrder) place(version string) (int, bool) {
	at, isKnown := o.places[version]
	if !isKnown {
		at, isKnown = o.places[zeroInFront.ReplaceAllString(strings.TrimSuffix(version, ".RELEASE"), ".$1")]
	}
	return at, isKnown
}

// around gives those of some versions of the order that are beside a bound: ten on each side, or more on one where they end.
func (o toolOrder) around(bound string, used []string) []string {
	at, isKnown := o.place(bound)
	if !isKnown {
		return nil
	}
	first := slices.IndexFunc(used, func(v string) bool { return o.places[v] >= at })
	if first < 0 {
		first = len(used)
	}
	last := first
	for last < len(used) && o.places[used[last]] == at {
		last++
	}
	from := max(0, first-10)
	until := min(len(used), max(last+10, from+21))
	return used[max(0, min(from, until-21)):until]
}

// unheld are packages of records that the catalogue does not hold.
var unheld = []osvPackage{{"Go", "go.etcd.io/bbolt"}, {"Go", "golang.org/x/mod"}, {"Go", "golang.org/x/net"}}

// TestEveryRecordIsAnsweredAsItsSourceSays has packages of all records checked, in at least 20 versions around each bound that
// records give them. What is to be found is computed from the records, by the evaluation of the OSV specification, and by orders
// that were recorded from the ecosystems' own tools: nothing of internal/version, internal/advice or internal/source is
// used. Shared is what the rule says of it: a package is held against the ranges of its own name, and against those of
// Bitnami, whose packages are the technology; which technology a package is of is asked.
func TestEveryRecordIsAnsweredAsItsSourceSays(t *testing.T) {
	t.Parallel()
	const atOnce = 200
	content, err := os.ReadFile("../internal/catalog/testdata/osv-sample.json")
	if err != nil {
		t.Fatal(err)
	}
	var records []vulnerability
	if err := json.Unmarshal(content, &records); err != nil {
		t.Fatal(err)
	}
	db := seeded(t, "sqlite") // all facts are in memory, which are the same on both databases
	a := serve(t, db, func(c *graph.Config) { c.App = app.New(db, c.Now, app.Limits{CheckedComponents: atOnce}) })
	e := &evaluation{api: a, orders: toolOrders(t), records: records, technologies: map[osvPackage]string{}, asked: map[string]bool{}}
	e.recognize()
	for _, p := range slices.SortedFunc(maps.Keys(e.technologies), func(a, b osvPackage) int { return strings.Compare(a.purl(), b.purl()) }) {
		for some := range slices.Chunk(e.versionsOf(p), atOnce) {
			e.compare(p, some)
		}
	}
	e.compare(osvPackage{"Bitnami", "python"}, []string{"2.7.18", "3.11.4", "3.12.1", "3.14.0"}) // some of whose records name commits alone
	t.Logf("%d of %d records, %d packages, %d bounds, %d versions, %d answers, %d of them yes, %d that nobody can tell, %d wrong",
		len(e.asked), len(records), len(e.technologies), e.bounds, e.versions, e.answers, e.affected, e.unknown, e.wrong)
	if e.bounds < 1100 || e.affected < 10_000 || e.answers-e.affected < 10_000 || e.unknown > e.answers/20 {
		t.Error("that is too little to say much")
	}
	for _, r := range records {
		isUnheld := !slices.ContainsFunc(r.Affected, func(a affectedPackage) bool { return !slices.Contains(unheld, a.Package) })
		if !e.asked[r.ID] && !isUnheld {
			t.Errorf("nothing was held against %s", r.ID)
		}
	}
}

// evaluation compares what is found with what the records say.
type evaluation struct {
	*api
	orders       map[string]toolOrder
	records      []vulnerability
	technologies map[osvPackage]string // slugs
	asked        map[string]bool       // records that something was held against

	bounds, versions, answers, affected, unknown, wrong int
}

// recognize asks which technologies the records' packages belong to.
func (e *evaluation) recognize() {
	e.t.Helper()
	e.technologies[osvPackage{}] = "python" // of which there are records that name no package
	for _, r := range e.records {
		for _, affected := range r.Affected {
			p := affected.Package
			if _, isKnown := e.technologies[p]; isKnown {
				continue
			}
			var data struct {
				CheckStack struct {
					Components []struct{ Technology *struct{ Slug string } }
				}
			}
			e.data(`query($components: [StackComponentInput!]!) { checkStack(components: $components) { components { technology { slug } } } }`,
				map[string]any{"components": []input{{"technology": p.purl()}}}, &data)
			of := data.CheckStack.Components[0].Technology
			switch {
			case of != nil:
				e.technologies[p] = of.Slug
			case !slices.Contains(unheld, p):
				e.t.Errorf("%s: nobody knows %s", r.ID, p.purl())
			}
		}
	}
}

// versionsOf gives the versions around each bound of a package.
func (e *evaluation) versionsOf(p osvPackage) (versions []string) {
	e.t.Helper()
	seen := map[string]bool{}
	for _, r := range e.records {
		for _, affected := range r.Affected {
			if affected.Package != p {
				continue
			}
			// With two numbers it can be the name of a line of releases, of which the rule says something else.
			order := e.orders[p.Ecosystem]
			used := slices.DeleteFunc(slices.Clone(order.versions), func(v string) bool { return strings.Count(v, ".") < 2 || !affected.fits(v) })
			bounds := affected.bounds()
			e.bounds += len(bounds)
			if len(bounds) == 0 && p.Name != "" { // all versions are affected
				bounds = used[:1]
			}
			for _, bound := range bounds {
				near := order.around(bound, used)
				if len(near) < 20 {
					e.t.Errorf("%s: %d versions around %s of %s", r.ID, len(near), bound, p.purl())
				}
				for _, v := range append(near, bound) {
					// Java 8 calls itself 1.8.0, and is 8.0 then, which a record has as another version.
					if !seen[v] && (p.Name != "java" || v != "1.8.0") {
						seen[v] = true
						versions = append(versions, v)
					}
				}
			}
		}
	}
	return versions
}

// compare checks a package in several versions, and compares what is found with every record of its technology.
func (e *evaluation) compare(p osvPackage, versions []string) {
	e.t.Helper()
	e.versions += len(versions)
	found := e.found(p, versions)
	for _, r := range e.records {
		against, isOfTechnology := e.against(r, p)
		e.asked[r.ID] = e.asked[r.ID] || isOfTechnology
		for _, version := range versions {
			if !isOfTechnology {
				if found[version][r.ID] {
					e.t.Errorf("%s: %s %s is affected, and no package of its technology is", r.ID, p.purl(), version)
				}
				continue
			}
			want, isKnown := false, true
			for _, affected := range against {
				holds, isPlaced := affected.holds(version, e.orders[affected.Package.Ecosystem])
				want, isKnown = want || holds, isKnown && isPlaced
			}
			e.answers++
			if want {
				e.affected++
			}
			if !want && !isKnown {
				e.unknown++
				continue
			}
			if got := found[version][r.ID]; got != want {
				if e.wrong++; e.wrong < 30 {
					e.t.Errorf("%s: %s %s is affected: %t, want %t", r.ID, p.purl(), version, got, want)
				}
			}
		}
	}
}

// against gives what a package is held against because of a record, if the record is of its technology. Records with a name in
// common are one advisory to the catalogue, so that each speaks for the others.
func (e *evaluation) against(r vulnerability, p osvPackage) (ranges []affectedPackage, isOfTechnology bool) {
	for _, other := range e.records {
		if r.ID != other.ID && !slices.ContainsFunc(r.Aliases, func(name string) bool { return slices.Contains(other.Aliases, name) }) {
			continue
		}
		for _, affected := range other.Affected {
			named := affected.Package
			if slug, isKnown := e.technologies[named]; !isKnown || slug != e.technologies[p] {
				continue
			}
			isOfTechnology = true
			isAnother := named != p && named.Ecosystem != "Bitnami" && p.Ecosystem != "Bitnami"
			if other.Withdrawn == nil && named.Name != "" && !isAnother {
				ranges = append(ranges, affected)
			}
		}
	}
	return ranges, isOfTechnology
}

// found gives, for each version, the records whose advisories the server finds.
func (e *evaluation) found(p osvPackage, versions []string) map[string]map[string]bool {
	e.t.Helper()
	components, out, byTitle := make([]input, len(versions)), map[string]map[string]bool{}, map[string]string{}
	for i, v := range versions {
		components[i] = part(p.purl(), v)
		out[v], byTitle[v] = map[string]bool{}, v
	}
	records := map[string][]string{}
	for _, r := range e.records {
		for _, name := range append([]string{r.ID}, r.Aliases...) {
			records[name] = append(records[name], r.ID)
		}
	}
	var data struct {
		CheckStack struct {
			Findings []struct {
				Rule, Message string
				Advisory      *struct {
					Identifier string
					Aliases    []string
				}
			}
		}
	}
	e.data(`query($components: [StackComponentInput!]!) { checkStack(components: $components) {
		findings { rule message advisory { identifier aliases } } } }`, map[string]any{"components": components}, &data)
	for _, f := range data.CheckStack.Findings {
		if f.Rule != "VULNERABLE" {
			continue
		}
		title, _, _ := strings.Cut(strings.Replace(f.Message, " may be ", " is ", 1), " is affected by ")
		version, isGiven := byTitle[title[strings.LastIndexByte(title, ' ')+1:]]
		ids := records[f.Advisory.Identifier]
		for _, alias := range f.Advisory.Aliases {
			ids = append(ids, records[alias]...)
		}
		if !isGiven || len(ids) == 0 {
			e.t.Fatalf("%s: %q is about no version that was given, or of no record", p.purl(), f.Message)
		}
		for _, id := range ids {
			out[version][id] = true
		}
	}
	return out
}
