package graph_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// documents draws random queries from the schema, with arguments from what there is.
type documents struct {
	dice
	schema         *ast.Schema
	roots          []string // that are drawn as often as all others together
	ids, texts     []string // that arguments name
	cursor         string   // of a list of projects
	fields, budget int      // how many the document has, and may have
}

// next gives a query.
func (d *documents) next() string {
	d.fields, d.budget = 0, 60
	out := ""
	for range 1 + d.IntN(3) {
		root := pick(d.dice, slices.DeleteFunc(d.plainly(d.schema.Query.Fields), repeats)...)
		if d.in(2) {
			root = d.schema.Query.Fields.ForName(pick(d.dice, d.roots...))
		}
		out += d.field(root, 7)
	}
	return "{" + out + " }"
}

// repeats says whether an answer has what it was asked about: that gives nothing away.
func repeats(root *ast.FieldDefinition) bool { return root.Name == "checkStack" }

// plainly are the fields without those of introspection.
func (d *documents) plainly(fields ast.FieldList) ast.FieldList {
	return slices.DeleteFunc(slices.Clone(fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

// field selects a field under a name of its own, down to a depth; nothing where no
// depth is left for what is below it.
func (d *documents) field(f *ast.FieldDefinition, depth int) string {
	of := d.schema.Types[f.Type.Name()]
	if of.IsCompositeType() && (depth == 0 || d.fields >= d.budget) {
		return ""
	}
	d.fields++
	out := fmt.Sprintf(" f%d: %s%s", d.fields, f.Name, d.arguments(f.Arguments))
	if of.IsCompositeType() {
		out += " { __typename" + d.below(of, depth-1) + " }"
	}
	return out
}

func (d *documents) below(of *ast.Definition, depth int) string {
	out := ""
	if of.IsAbstractType() {
		for _, object := range d.schema.GetPossibleTypes(of) {
			if d.in(2) {
				out += " ... on " + object.Name + " { __typename" + d.below(object, depth) + " }"
			}
		}
		return out
	}
	for _, f := range of.Fields {
		isFew := f.Name == "nodes" || f.Name == "edges" || f.Name == "node" || f.Name == "totalCount"
		if isFew || d.in(2) {
			out += d.field(f, depth)
		}
	}
	return out
}

func (d *documents) arguments(of ast.ArgumentDefinitionList) string {
	order := of.ForName("orderBy")
	isOfProjects := order != nil && order.Type.Name() == "ProjectOrder"
	var out []string
	for _, a := range of {
		isOther := a.Name == "last" || a.Name == "before" || a.Name == "after" && !isOfProjects // another end, another list
		if !isOther && (a.Type.NonNull || d.in(3) || a.Name == "first" && d.in(2)) {
			out = append(out, a.Name+": "+d.value(a.Name, a.Type))
		}
	}
	if out == nil {
		return ""
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// value is a literal of a type.
func (d *documents) value(name string, of *ast.Type) string {
	if of.Elem != nil {
		return "[" + d.value(name, of.Elem) + ", " + d.value(name, of.Elem) + ", " + d.value(name, of.Elem) + "]"
	}
	switch def := d.schema.Types[of.Name()]; {
	case def.Kind == ast.Enum:
		return pick(d.dice, def.EnumValues...).Name
	case def.Kind == ast.InputObject:
		var out []string
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil || d.in(3) {
				out = append(out, f.Name+": "+d.value(f.Name, f.Type))
			}
		}
		return "{" + strings.Join(out, ", ") + "}"
	case name == "after":
		return fmt.Sprintf("%q", d.cursor)
	}
	switch of.Name() {
	case "ID":
		return fmt.Sprintf("%q", pick(d.dice, d.ids...))
	case "Int", "Float":
		return fmt.Sprint(1 + d.IntN(5))
	case "Boolean":
		return fmt.Sprint(d.in(2))
	case "Date":
		return `"2026-06-01"`
	case "DateTime":
		return `"2026-06-01T00:00:00Z"`
	}
	return fmt.Sprintf("%q", pick(d.dice, d.texts...))
}
