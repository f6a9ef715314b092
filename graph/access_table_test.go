package graph

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
)

var writeTable = flag.Bool("write-access-table", false, "rewrite docs/access.md")

const accessTable = "../docs/access.md"

// TestSDLAccessTableIsUpToDate holds the committed table of all access rules
// against the schema, so that a rule that was loosened shows in review.
func TestSDLAccessTableIsUpToDate(t *testing.T) {
	schema := loadSDL(t, readSDL(t, "../schema.graphqls"))
	got := tableOf(t, schema)
	if *writeTable {
		if err := os.WriteFile(accessTable, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(readSDL(t, accessTable), got); diff != "" {
		t.Errorf("docs/access.md is not up to date; run make access-matrix (-committed +schema):\n%s", diff)
	}
}

// tableOf writes the rule of every field, the field's own or else that of the type it returns.
func tableOf(t *testing.T, schema *ast.Schema) string {
	t.Helper()
	rules, err := rulesOf(schema)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`# Who may read and do what

Written by ` + "`make access-matrix`" + ` from schema.graphqls. A rule of a type guards the fields that return it; what a field shows of
tenants' objects is besides limited to the rows that the viewer may know of (internal/store/rules.go). Connections, edges and
payloads are as open as the field that returns them.

| type | field | rule |
| --- | --- | --- |
`)
	for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
		def := schema.Types[name]
		if def.Kind != ast.Object || def.BuiltIn || isPage(name) {
			continue
		}
		fields := slices.Clone(def.Fields)
		slices.SortFunc(fields, func(a, b *ast.FieldDefinition) int { return strings.Compare(a.Name, b.Name) })
		for _, f := range fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			r, isGuarded := rules[fieldOf{name, f.Name}]
			if !isGuarded {
				r = rule{isPublic: true}
			}
			b.WriteString("| " + name + " | " + f.Name + " | " + r.String() + " |\n")
		}
	}
	return b.String()
}
