package version

import (
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "ask the tools anew for the orders in testdata, with more generated versions")

// order is what a tool says of versions: from old to new, with equal ones beside each other.
type order struct {
	classes [][]string
	refused []string
}

// oracle is an ecosystem's own implementation. Its program reads versions, one a line, and writes the order:
// a line for each class of equal versions, and last, after an exclamation mark, what it refuses.
type oracle struct {
	ecosystem string
	command   []string
	// form is what versions are generated from.
	form string
	// refuses says that what the tool refuses has to be refused, too.
	refuses bool
}

var oracles = []oracle{
	{"npm", []string{"node", "npm.mjs"}, `v?(0|1|2|10)\.(0|1|9|10)\.(0|1|2|03)(-((rc|alpha|beta|RC|x-y|0a|-)|[0-9]|1[0-9])(\.(rc|0|1|2|10|a1|20260102150405-abcdefabcdef)){0,2})?(\+[a-z1]{1,3})?`, false},
	{"PyPI", []string{"/usr/bin/python3", "pypi.py"}, `v?([01]!)?(0|1|2|10|2024)(\.(0|1|10|02)){0,3}([-_.]?(a|b|c|rc|alpha|beta|pre|preview|RC)[-_.]?[0-9]{0,2})?(-[0-9]|[-_.]?(post|rev|r)[-_.]?[0-9]{0,2})?([-_.]?dev[-_.]?[0-9]{0,2})?(\+[a-c0-2]{1,2}([-_.][a-c0-2]{1,2}){0,2})?`, true},
	{"RubyGems", []string{"ruby", "rubygems.rb"}, `(0|1|2|10)(\.(0|1|10|02|a|b2|rc|RC|pre|beta|1a0)){0,4}(-(1|0|a|x86-linux|b\.1))?`, true},
	{"Packagist", []string{"php", "composer.php"}, `v?((0|1|2|10|2024)([.-](0|1|10|02|2024)){0,4}|20240102([.-]?[0-9]{4,6})?)([-._]?(a|b|alpha|beta|RC|rc|p|pl|patch|stable|PATCH)[.-]?[0-9]{0,2}(\.[0-9])?)?([.-]?dev)?(\+b1)?`, true},
	{"Debian", []string{"perl", "debian.pl"}, `([012]:)?(0|1|2|10)([.+~a-]{1,2}[01b]{1,2}){0,3}(-[0-9~+.a]{1,3})?`, true},
	{"Maven", []string{"java", "-cp", "/usr/share/java/maven-artifact-3.x.jar", "Maven.java"}, `(0|1|2|10)(\.(1|2|10|0\.1)){0,3}(-(a|b|m|M)(1|2|10)|-(alpha|beta|milestone|rc|cr|RC|sp|foo|jre)-?(1|2|10)|-(alpha|beta|milestone|rc|snapshot|SNAPSHOT|foo|jre|android|sp)|-(1|2|10))?`, false},
}

func (o oracle) file() string {
	return filepath.Join("testdata", "orders", strings.ToLower(o.ecosystem)+".txt")
}

func (o oracle) recorded(t *testing.T) order {
	t.Helper()
	return readOrder(t, o.file())
}

func readOrder(t *testing.T, file string) order {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parseOrder(string(text))
}

// ask has the tool order versions. Where there is no such tool, the test is skipped, unless
// STACKYARD_REQUIRE_ORACLES says that there has to be one.
func (o oracle) ask(t *testing.T, versions []string) order {
	t.Helper()
	program := exec.CommandContext(t.Context(), o.command[0], o.command[1:]...)
	program.Dir = filepath.Join("testdata", "oracles")
	program.Stdin = strings.NewReader(strings.Join(versions, "\n") + "\n")
	var said strings.Builder
	program.Stderr = &said
	out, err := program.Output()
	if err != nil && os.Getenv("STACKYARD_REQUIRE_ORACLES") != "" {
		t.Fatalf("%v: %v\n%s", o.command, err, said.String())
	}
	if err != nil {
		t.Skipf("SKIPPED: the recorded order is not held against %v: %v\n%s", o.command, err, said.String())
	}
	return parseOrder(string(out))
}

func parseOrder(text string) order {
	var o order
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) > 0 && fields[0] == "!" {
			o.refused = slices.Sorted(slices.Values(fields[1:]))
			continue
		}
		if len(fields) > 0 {
			slices.Sort(fields)
			o.classes = append(o.classes, fields)
		}
	}
	return o
}

func (o order) String() string {
	var b strings.Builder
	for _, class := range append(slices.Clone(o.classes), slices.Concat([]string{"!"}, o.refused)) {
		b.WriteString(strings.Join(class, " ") + "\n")
	}
	return b.String()
}

func (o order) versions() []string { return slices.Concat(slices.Concat(o.classes...), o.refused) }

// generated makes versions of the form, the same ones each time.
func (o oracle) generated(count int) []string {
	seen := map[string]bool{}
	gen := rapid.StringMatching(o.form)
	noise := rapid.StringMatching(`[0-9]?[0-9a-z.+~!:-]{1,6}`)
	for seed := range count {
		seen[gen.Example(seed)] = true
		if seed%6 == 0 && o.refuses {
			seen[noise.Example(seed)] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// What is recorded is what the tool says today; with -update it is recorded anew.
func TestRecordedOrdersAreThoseOfTheTools(t *testing.T) {
	for _, o := range oracles {
		t.Run(o.ecosystem, func(t *testing.T) {
			versions := o.recorded(t).versions()
			if *update {
				versions = slices.Concat(versions, o.generated(1200))
			}
			slices.Sort(versions)
			o.compare(t, o.file(), slices.Compact(versions))
		})
	}
}

// compare holds a file against what the tool says of the versions, and writes it with -update.
func (o oracle) compare(t *testing.T, file string, versions []string) {
	t.Helper()
	said := o.ask(t, versions).String()
	if *update {
		if err := os.WriteFile(file, []byte(said), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if recorded, err := os.ReadFile(file); err != nil || string(recorded) != said {
		t.Errorf("%s is not what %v says (%v); run with -update and see what differs", file, o.command, err)
	}
}

// Thousands of versions stand to each other as the ecosystem's own implementation has it.
func TestOrdersAreThoseOfTheEcosystems(t *testing.T) {
	for _, o := range oracles {
		t.Run(o.ecosystem, func(t *testing.T) {
			checkOrder(t, SchemeOf(o.ecosystem), o.recorded(t))
			for _, text := range o.recorded(t).refused {
				if v, err := SchemeOf(o.ecosystem).Parse(text); err == nil && o.refuses {
					t.Errorf("%q is read as %s, and should be refused", text, v)
				}
			}
		})
	}
	t.Run("Go", func(t *testing.T) {
		checkOrder(t, Go, oracles[0].recorded(t)) // module versions are semantic ones
	})
}

func checkOrder(t *testing.T, s Scheme, recorded order) {
	t.Helper()
	type placed struct {
		text  string
		class int
		Version
	}
	var all []placed
	for i, class := range recorded.classes {
		for _, text := range class {
			v, err := s.Parse(text)
			if err != nil {
				t.Errorf("%q is refused", text)
				continue
			}
			all = append(all, placed{text, i, v})
		}
	}
	if len(all) < 1000 {
		t.Fatalf("only %d versions are recorded", len(all))
	}
	// Each is held against its neighbours, and against all over the order.
	pairs, wrong := 0, 0
	for i, a := range all {
		for j, b := range all {
			if i-j > 3 || j-i > 3 && (i+j)%13 != 0 {
				continue
			}
			pairs++
			got, want := sign(a.Compare(b.Version)), sign(a.class-b.class)
			if got == want && sign(b.Compare(a.Version)) == -want {
				continue
			}
			if wrong++; wrong < 20 {
				t.Errorf("%q and %q: %d, want %d", a.text, b.text, got, want)
			}
		}
	}
	t.Logf("%d versions, %d pairs, %d of them wrong", len(all), pairs, wrong)
	if wrong > 0 {
		t.Errorf("%d of %d pairs are wrong", wrong, pairs)
	}
}
