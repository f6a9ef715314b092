package version

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// record is one range of an OSV record, as its source publishes it.
type record struct {
	id, kind, ecosystem, pkg string
	events                   []Event
}

func records(t *testing.T) []record {
	t.Helper()
	file, err := os.Open("testdata/osv-ranges.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []record
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		r := record{id: fields[0], kind: fields[1], ecosystem: fields[2], pkg: fields[3]}
		for _, field := range fields[4:] {
			kind, text, _ := strings.Cut(field, ":")
			switch kind {
			case "introduced":
				r.events = append(r.events, Event{Introduced: text})
			case "fixed":
				r.events = append(r.events, Event{Fixed: text})
			case "last_affected":
				r.events = append(r.events, Event{LastAffected: text})
			default:
				t.Fatalf("%s: an event %q", r.id, field)
			}
		}
		out = append(out, r)
	}
	if len(out) < 300 {
		t.Fatalf("%d ranges", len(out))
	}
	return out
}

// tools say where the bounds and what is near them stand. Bitnami's ranges and Go's are of semantic versions.
func toolOf(ecosystem string) oracle {
	if ecosystem == "Bitnami" || ecosystem == "Go" {
		ecosystem = "npm"
	}
	return oracles[slices.IndexFunc(oracles, func(o oracle) bool { return o.ecosystem == ecosystem })]
}

func (o oracle) boundsFile() string {
	return filepath.Join("testdata", "bounds", strings.ToLower(o.ecosystem)+".txt")
}

var (
	afterNumbers = regexp.MustCompile(`^([0-9.]+)(.*)$`)
	moment       = regexp.MustCompile(`[0-9]{14}`)
	zeroInFront  = regexp.MustCompile(`\.0([0-9])`)
)

// phases are what a package of the ecosystem puts behind the numbers of a version.
var phases = map[string][]string{
	"npm":       {"-0", "-alpha", "-alpha.1", "-beta.2", "-rc.1", "-rc.10"},
	"PyPI":      {".dev1", "a1", "b2", "rc1", ".post1", ".0"},
	"RubyGems":  {".a", ".beta1", ".pre", ".rc1", ".rc2", ".0", ".1"},
	"Packagist": {"-dev", "-alpha1", "-beta2", "-RC1", "-patch1", ".0"},
	"Maven":     {"-alpha-1", "-M1", "-RC1", "-SNAPSHOT", "-1", ".0", "-jre"},
}

// around gives at least 20 versions near a bound, and the bound.
func around(tool, bound string) []string {
	m := afterNumbers.FindStringSubmatch(bound)
	var nums []int
	for field := range strings.SplitSeq(strings.Trim(m[1], "."), ".") {
		n, _ := strconv.Atoi(field)
		nums = append(nums, n)
	}
	for len(nums) < 3 {
		nums = append(nums, 0)
	}
	text := func(nums []int) string { return strings.Trim(strings.ReplaceAll(fmt.Sprint(nums), " ", "."), "[]") }
	out := []string{bound, text(nums)}
	for i := range nums {
		for _, step := range []int{-1, 1, 10} {
			near := slices.Clone(nums)
			if near[i] += step; near[i] >= 0 {
				out = append(out, text(near), text(near)+phases[tool][3])
			}
			for j := i + 1; j < len(near); j++ {
				near[j] = 0
			}
			if near[i] >= 0 {
				out = append(out, text(near))
			}
		}
	}
	for _, phase := range phases[tool] {
		out = append(out, text(nums)+phase)
	}
	// The moment before and after a commit that a pseudo-version names.
	for _, other := range []string{"20190101000000", "20270101000000"} {
		if moment.MatchString(bound) {
			out = append(out, moment.ReplaceAllString(bound, other))
		}
	}
	return out
}

// toTool writes a version as the tool at hand has it: Bitnami's dates have zeros in front, which npm does not
// take, and Maven before 3.9 did not know `RELEASE`.
func toTool(v string) string {
	v = strings.TrimSuffix(v, ".RELEASE")
	return zeroInFront.ReplaceAllString(v, ".$1")
}

func TestRecordedBoundsAreThoseOfTheTools(t *testing.T) {
	near := map[string][]string{}
	for _, r := range records(t) {
		for _, e := range r.events {
			if r.kind == "GIT" || e.Introduced == "0" {
				continue
			}
			tool := toolOf(r.ecosystem)
			for _, v := range around(tool.ecosystem, e.Introduced+e.Fixed+e.LastAffected) {
				near[tool.ecosystem] = append(near[tool.ecosystem], toTool(v))
			}
		}
	}
	for _, o := range oracles {
		t.Run(o.ecosystem, func(t *testing.T) {
			versions := slices.Compact(slices.Sorted(slices.Values(near[o.ecosystem])))
			if len(versions) > 0 {
				o.compare(t, o.boundsFile(), versions)
			}
		})
	}
}

// For every record and at least 20 versions around each of its bounds, the answer is that of the evaluation in
// the OSV specification, with the order of the ecosystem's own tool.
func TestEveryRecordIsAnsweredAsItsSourceSays(t *testing.T) {
	places := map[string]map[string]int{}
	for ecosystem := range phases {
		places[ecosystem] = map[string]int{}
		for i, class := range readOrder(t, toolOf(ecosystem).boundsFile()).classes {
			for _, v := range class {
				places[ecosystem][v] = i
			}
		}
	}
	bounds, asked, affected := 0, 0, 0
	for _, r := range records(t) {
		if r.kind == "GIT" {
			if got := (Range{}).Holds("3.12.1"); got != Undecidable {
				t.Errorf("%s: %v", r.id, got)
			}
			continue
		}
		ranges, err := Ranges(r.ecosystem, r.pkg, r.events)
		if err != nil {
			t.Errorf("%s: %v", r.id, err)
		}
		tool := toolOf(r.ecosystem).ecosystem
		place := func(v string) int {
			i, ok := places[tool][v]
			if !ok {
				i, ok = places[tool][toTool(v)]
				places[tool][v] = i
			}
			if !ok {
				t.Fatalf("%s: the tool did not say where %q stands", r.id, v)
			}
			return i
		}
		for _, e := range r.events {
			if e.Introduced == "0" {
				continue
			}
			bounds++
			near := slices.Compact(slices.Sorted(slices.Values(around(tool, e.Introduced+e.Fixed+e.LastAffected))))
			if len(near) < 21 {
				t.Errorf("%s: only %d versions around %s", r.id, len(near)-1, e.Introduced+e.Fixed+e.LastAffected)
			}
			for _, v := range near {
				if r.ecosystem == "Go" && !fitsModule(r.pkg, v, "", "") {
					continue // another module
				}
				asked++
				want := osvHolds(r.events, v, place)
				if want {
					affected++
				}
				if got := answerOf(ranges, v); got != map[bool]Answer{true: Yes, false: No}[want] {
					t.Errorf("%s %s: %s is %v, want affected %t of %v", r.id, r.pkg, v, got, want, r.events)
				}
			}
		}
	}
	t.Logf("%d bounds, %d questions, %d affected", bounds, asked, affected)
	if bounds < 1000 || asked < 20*1000 || affected < 1000 || affected > asked-1000 {
		t.Errorf("%d bounds, %d questions, %d affected: too few to say much", bounds, asked, affected)
	}
}

func answerOf(ranges []Range, v string) Answer {
	answer := No
	for _, r := range ranges {
		answer = max(answer, r.Holds(v))
	}
	return answer
}

// osvHolds is the evaluation of the OSV specification, word for word, with places for versions.
// Source: https://ossf.github.io/osv-schema/#evaluation
func osvHolds(events []Event, v string, place func(string) int) bool {
	at := func(text string) int {
		if text == "0" {
			return -1
		}
		return place(text)
	}
	isLimited, isBefore := false, false
	for _, e := range events {
		if e.Limit != "" {
			isLimited = true
			isBefore = isBefore || e.Limit == "*" || at(v) < at(e.Limit)
		}
	}
	if isLimited && !isBefore {
		return false
	}
	sorted := slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Limit != "" })
	slices.SortStableFunc(sorted, func(a, b Event) int {
		return at(a.Introduced+a.Fixed+a.LastAffected) - at(b.Introduced+b.Fixed+b.LastAffected)
	})
	isVulnerable := false
	for _, e := range sorted {
		switch {
		case e.Introduced != "" && at(v) >= at(e.Introduced):
			isVulnerable = true
		case e.Fixed != "" && at(v) >= at(e.Fixed):
			isVulnerable = false
		case e.LastAffected != "" && at(v) > at(e.LastAffected):
			isVulnerable = false
		}
	}
	return isVulnerable
}
