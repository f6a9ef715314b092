// Package internal_test holds the rule of who may import whom.
package internal_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "stackyard"

var (
	// values are the packages that the whole module speaks in.
	values = []string{"internal/enum", "internal/fault", "internal/calendar"}
	// pure are the rules and values: no data model, no I/O, no clock.
	pure = slices.Concat(values, []string{"internal/version", "internal/lifecycle", "internal/advice", "internal/relay", "internal/text"})
	// impure are the doors to the outside that a pure package does not open.
	impure = []string{"os", "os/...", "net", "net/http/...", "database/...", "log/...", "embed", "entgo.io/..."}
)

// table says which packages of the module each package may import; what is not listed is not allowed.
// A name that ends in /... stands for the package and for all below it.
var table = map[string][]string{
	"server":              {"..."},
	"graph":               slices.Concat(pure, []string{"graph/loader", "graph/generated", "graph/plan", "internal/app", "internal/auth", "ent/..."}),
	"graph/generated":     slices.Concat(pure, []string{"graph", "graph/loader", "internal/app", "internal/auth", "ent/..."}),
	"graph/plan":          {"graph/loader", "ent/...", "internal/relay"},
	"graph/loader":        slices.Concat(pure, []string{"internal/store", "ent/..."}),
	"internal/app":        slices.Concat(pure, []string{"internal/store", "internal/source/...", "internal/webhook", "internal/catalog", "internal/auth", "ent/..."}),
	"internal/store/...":  slices.Concat(pure, []string{"internal/store/...", "internal/catalog", "internal/auth", "ent/..."}),
	"internal/source/...": slices.Concat(pure, []string{"internal/source/..."}),
	"internal/webhook":    {},
	"internal/catalog":    pure,
	"internal/auth":       {"internal/enum", "internal/fault"},
	"ent/...":             {"ent/...", "internal/enum", "internal/calendar", "internal/relay"},
	"internal/version":    pure,
	"internal/lifecycle":  pure,
	"internal/advice":     pure,
	"internal/relay":      pure,
	"internal/text":       pure,
	"internal/enum":       {"internal/fault"},
	"internal/fault":      {},
	"internal/calendar":   {"internal/fault"},
}

// listed is what `go list` says of a package.
type listed struct {
	ImportPath   string
	GoFiles      []string
	CgoFiles     []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestPackagesImportOnlyWhatTheTableAllows(t *testing.T) {
	packages := modulePackages(t)
	if len(packages) == 0 {
		t.Fatal("no packages found")
	}
	for _, violation := range violations(packages) {
		t.Error(violation)
	}
}

func modulePackages(t *testing.T) []listed {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-tags=sqlite_fts5",
		"-json=ImportPath,GoFiles,CgoFiles,Imports,TestImports,XTestImports", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %v\n%s", err, failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// violations says, in words, what the table does not allow.
func violations(packages []listed) []string {
	var found []string
	for _, p := range packages {
		if len(p.GoFiles)+len(p.CgoFiles) == 0 {
			continue // tests alone
		}
		name := local(p.ImportPath)
		allowed, ok := rule(name)
		if !ok {
			found = append(found, name+" is not in the table")
			continue
		}
		imports := p.Imports
		isPure := slices.Contains(pure, name)
		if isPure {
			// The tests of a pure package are as pure, and may read their test data.
			imports = slices.Concat(imports, ofModule(p.TestImports), ofModule(p.XTestImports))
		}
		for _, path := range imports {
			switch {
			case path == p.ImportPath:
			case isOfModule(path) && !matchesAny(allowed, local(path)):
				found = append(found, name+" may not import "+local(path))
			case isPure && matchesAny(impure, path):
				found = append(found, name+" is pure and may not import "+path)
			case slices.Contains(values, name) && !isOfModule(path) && strings.Contains(path, "."):
				found = append(found, name+" may import the standard library only, not "+path)
			}
		}
	}
	return found
}

func rule(name string) ([]string, bool) {
	for pattern, allowed := range table {
		if matches(pattern, name) {
			return allowed, true
		}
	}
	return nil, false
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

func matches(pattern, name string) bool {
	root, below := strings.CutSuffix(pattern, "...")
	if !below {
		return pattern == name
	}
	return strings.HasPrefix(name+"/", root)
}

func isOfModule(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

func ofModule(paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !isOfModule(p) })
}

func local(path string) string { return strings.TrimPrefix(path, module+"/") }

func TestViolationsAreFound(t *testing.T) {
	tests := []struct {
		name string
		p    listed
		want string
	}{
		{
			"allowed",
			listed{ImportPath: "stackyard/graph", GoFiles: []string{"a.go"}, Imports: []string{"net/http", "stackyard/ent/technology", "stackyard/internal/relay"}},
			"",
		},
		{
			"upwards",
			listed{ImportPath: "stackyard/internal/store", GoFiles: []string{"a.go"}, Imports: []string{"stackyard/graph"}},
			"internal/store may not import graph",
		},
		{
			"past a layer",
			listed{ImportPath: "stackyard/graph", GoFiles: []string{"a.go"}, Imports: []string{"stackyard/internal/store"}},
			"graph may not import internal/store",
		},
		{
			"a name that begins alike",
			listed{ImportPath: "stackyard/graph", GoFiles: []string{"a.go"}, Imports: []string{"stackyard/entirely"}},
			"graph may not import entirely",
		},
		{
			"unknown",
			listed{ImportPath: "stackyard/internal/helpers", GoFiles: []string{"a.go"}},
			"internal/helpers is not in the table",
		},
		{
			"below a package without below",
			listed{ImportPath: "stackyard/internal/catalog/more", GoFiles: []string{"a.go"}},
			"internal/catalog/more is not in the table",
		},
		{
			"I/O in a pure package",
			listed{ImportPath: "stackyard/internal/lifecycle", GoFiles: []string{"a.go"}, Imports: []string{"net/http"}},
			"internal/lifecycle is pure and may not import net/http",
		},
		{
			"a test of a pure package",
			listed{ImportPath: "stackyard/internal/version", GoFiles: []string{"a.go"}, XTestImports: []string{"os", "stackyard/ent"}},
			"internal/version may not import ent",
		},
		{
			"a test of another package",
			listed{ImportPath: "stackyard/internal/catalog", GoFiles: []string{"a.go"}, TestImports: []string{"stackyard/ent"}},
			"",
		},
		{
			"a library below everything",
			listed{ImportPath: "stackyard/internal/fault", GoFiles: []string{"a.go"}, Imports: []string{"context", "github.com/x/y"}},
			"internal/fault may import the standard library only, not github.com/x/y",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(violations([]listed{tt.p}), "; "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
