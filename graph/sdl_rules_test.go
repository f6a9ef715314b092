package graph

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// sdlFaults lists the rules for the contract that a schema breaks, each as `where: what`.
func sdlFaults(sdl string) []string {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: sdl})
	if err != nil {
		return []string{err.Error()}
	}
	l := &linter{schema: schema, sized: map[fieldOf]bool{}, paging: map[string]string{}}
	if _, err := rulesOf(schema); err != nil {
		l.faults = append(l.faults, err.Error())
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Directives)) {
		if d := schema.Directives[name]; !d.Position.Src.BuiltIn {
			l.directive(d)
		}
	}
	types := slices.DeleteFunc(slices.Sorted(maps.Keys(schema.Types)), func(name string) bool { return schema.Types[name].BuiltIn })
	for _, name := range types {
		l.sizes(schema.Types[name])
	}
	for _, name := range types {
		l.definition(schema.Types[name])
	}
	return l.faults
}

// linter collects the faults of a schema.
type linter struct {
	schema *ast.Schema
	sized  map[fieldOf]bool  // lists whose length another field's @listSize gives
	paging map[string]string // the description of each argument of pages
	faults []string
}

func (l *linter) fault(where, format string, args ...any) {
	l.faults = append(l.faults, where+": "+fmt.Sprintf(format, args...))
}

var (
	pascalCase = regexp.MustCompile(`^([A-Z][a-z0-9]+)+$`)
	camelCase  = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	upperSnake = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	predicate  = regexp.MustCompile(`^(is|has)[A-Z]`)
	prefix     = regexp.MustCompile(`^(get|find|query)[A-Z]`)
	plural     = regexp.MustCompile(`[^siua]s$`)
	instant    = regexp.MustCompile(`(^a|A)t$`)
	bound      = regexp.MustCompile(`(^a|A)t$|Since$|From$|Until$`)
	day        = regexp.MustCompile(`On$|(^u|U)ntil$|From$|^asOf$`)
	sentence   = regexp.MustCompile("(?s)^[A-Z0-9`].*([.?]|`)$")
	article    = regexp.MustCompile(`^(a|an|the|one|its|their) `)
)

func (l *linter) directive(d *ast.DirectiveDefinition) {
	where := "@" + d.Name
	l.described(where, d.Name, d.Description)
	l.cased(where, d.Name, camelCase, "camelCase")
	for _, a := range d.Arguments {
		at := where + "(" + a.Name + ":)"
		l.described(at, a.Name, a.Description)
		l.cased(at, a.Name, camelCase, "camelCase")
	}
}

func (l *linter) definition(def *ast.Definition) {
	l.described(def.Name, def.Name, def.Description)
	if def.Kind != ast.Scalar {
		l.cased(def.Name, def.Name, pascalCase, "PascalCase")
	}
	if plural.MatchString(def.Name) {
		l.fault(def.Name, "its name is a plural")
	}
	for _, v := range def.EnumValues {
		at := def.Name + "." + v.Name
		l.described(at, v.Name, v.Description)
		l.cased(at, v.Name, upperSnake, "UPPER_SNAKE")
	}
	l.relay(def)
	for _, f := range fieldsOf(def) {
		l.field(def, f)
	}
}

// fieldsOf leaves out what introspection adds to the root.
func fieldsOf(def *ast.Definition) ast.FieldList {
	return slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

func (l *linter) field(def *ast.Definition, f *ast.FieldDefinition) {
	where := def.Name + "." + f.Name
	l.described(where, f.Name, f.Description)
	l.cased(where, f.Name, camelCase, "camelCase")
	l.typed(where, f.Name, f.Type, def.Kind == ast.InputObject)
	if m := prefix.FindStringSubmatch(f.Name); m != nil {
		l.fault(where, "its name begins with %s", m[1])
	}
	for _, a := range f.Arguments {
		at := where + "(" + a.Name + ":)"
		l.described(at, a.Name, a.Description)
		l.cased(at, a.Name, camelCase, "camelCase")
		l.typed(at, a.Name, a.Type, true)
	}
	if def.Kind == ast.InputObject {
		return
	}
	isGuarded := l.isGuarded(def, f)
	if isGuarded && f.Type.NonNull && def != l.schema.Mutation && def != l.schema.Subscription {
		l.fault(where, "it is guarded, but cannot be null")
	}
	if strings.HasSuffix(f.Type.Name(), "Connection") {
		l.connection(where, f, isGuarded)
	}
	l.list(where, def, f)
}

// isGuarded says whether not everyone may read a field: by its own rule, or else by that of its type.
func (l *linter) isGuarded(def *ast.Definition, f *ast.FieldDefinition) bool {
	r, isGiven, err := ruleOfField(l.schema, def, f)
	return err == nil && isGiven && !r.isPublic
}

func (l *linter) described(where, name, description string) {
	said := article.ReplaceAllString(strings.ToLower(strings.TrimRight(description, ".")), "")
	switch {
	case description == "":
		l.fault(where, "it has no description")
	case !sentence.MatchString(description):
		l.fault(where, "its description is no sentence")
	case strings.ReplaceAll(said, " ", "") == strings.ToLower(strings.ReplaceAll(name, "_", "")):
		l.fault(where, "its description says no more than its name")
	}
}

func (l *linter) cased(where, name string, form *regexp.Regexp, what string) {
	if !form.MatchString(name) {
		l.fault(where, "its name is not %s", what)
	}
}

// typed holds a name against the type of what it names. Times that are put in may be bounds.
func (l *linter) typed(where, name string, typ *ast.Type, isInput bool) {
	switch {
	case typ.Name() == "Boolean" && !predicate.MatchString(name):
		l.fault(where, "a Boolean is named is… or has…")
	case typ.Name() == "Date" && !day.MatchString(name):
		l.fault(where, "a Date is named …On, …Until, …From or asOf")
	case typ.Name() == "DateTime" && isInput && !bound.MatchString(name):
		l.fault(where, "a DateTime is named …At, or …Since, …From or …Until where it is a bound")
	case typ.Name() == "DateTime" && !isInput && !instant.MatchString(name):
		l.fault(where, "a DateTime is named …At")
	}
}

// relay holds a type against the forms that clients of Relay's conventions know.
func (l *linter) relay(def *ast.Definition) {
	base, isConnection := strings.CutSuffix(def.Name, "Connection")
	ofEdge, isEdge := strings.CutSuffix(def.Name, "Edge")
	switch {
	case isConnection:
		l.has(def, "edges", "["+base+"Edge!]!")
		l.has(def, "pageInfo", "PageInfo!")
		l.has(def, "totalCount", "Int!")
		l.has(def, "nodes", "["+l.nodeOf(base)+"!]!")
	case isEdge:
		l.has(def, "cursor", "String!")
		l.has(def, "node", l.nodeOf(ofEdge)+"!")
	case def.Name == "PageInfo":
		l.has(def, "hasNextPage", "Boolean!")
		l.has(def, "hasPreviousPage", "Boolean!")
		l.has(def, "startCursor", "String")
		l.has(def, "endCursor", "String")
	case def.Name == "Node":
		l.has(def, "id", "ID!")
	case def == l.schema.Query && l.schema.Types["Node"] != nil:
		l.has(def, "node", "Node")
		l.has(def, "nodes", "[Node]!")
	case def.Kind == ast.Object && def.Fields.ForName("id") != nil && !slices.Contains(def.Interfaces, "Node"):
		l.fault(def.Name, "it has an id, but does not implement Node")
	}
}

// nodeOf is the type of what stands in the lists of that name: mostly the name itself.
func (l *linter) nodeOf(base string) string {
	if edge := l.schema.Types[base+"Edge"]; edge != nil {
		if f := edge.Fields.ForName("node"); f != nil {
			return f.Type.Name()
		}
	}
	return base
}

func (l *linter) has(def *ast.Definition, name, typ string) {
	switch f := def.Fields.ForName(name); {
	case f == nil:
		l.fault(def.Name, "it has no field %s", name)
	case f.Type.String() != typ:
		l.fault(def.Name+"."+name, "it is %s, not %s", f.Type, typ)
	}
}

// connection holds a field that gives pages against what clients know of such fields.
func (l *linter) connection(where string, f *ast.FieldDefinition, isGuarded bool) {
	if !isGuarded && !f.Type.NonNull {
		l.fault(where, "anyone may read the connection, but it can be null")
	}
	for _, want := range []struct{ name, typ string }{{"first", "Int"}, {"after", "String"}, {"last", "Int"}, {"before", "String"}} {
		a := f.Arguments.ForName(want.name)
		if a == nil || a.Type.String() != want.typ {
			l.fault(where, "it does not take %s: %s", want.name, want.typ)
			continue
		}
		if said := l.paging[a.Name]; said == "" {
			l.paging[a.Name] = a.Description
		} else if said != a.Description {
			l.fault(where+"("+a.Name+":)", "elsewhere its description is %q", said)
		}
	}
	if !slices.Equal(sizeArgument(f, "slicingArguments"), []string{"first", "last"}) {
		l.fault(where, "its @listSize does not slice by first and last")
	}
	if sized := sizeArgument(f, "sizedFields"); !slices.Contains(sized, "edges") || !slices.Contains(sized, "nodes") {
		l.fault(where, "its @listSize does not size edges and nodes")
	}
}

// list says where a list could pass what may come at once, or where nothing is known of its length.
func (l *linter) list(where string, def *ast.Definition, f *ast.FieldDefinition) {
	const most = 50
	for _, n := range sizeArgument(f, "assumedSize") {
		if items, err := strconv.Atoi(n); err != nil || items > most {
			l.fault(where, "%s items call for a connection", n)
		}
	}
	for _, a := range sizeArgument(f, "slicingArguments") {
		if f.Arguments.ForName(a) == nil && !slices.Contains([]string{"first", "last"}, a) {
			l.fault(where, "its @listSize names %s, which it does not take", a)
		}
	}
	for _, sized := range sizeArgument(f, "sizedFields") {
		if l.schema.Types[f.Type.Name()].Fields.ForName(sized) == nil {
			l.fault(where, "its @listSize names %s, which %s does not have", sized, f.Type.Name())
		}
	}
	isSized := f.Directives.ForName("listSize") != nil || l.sized[fieldOf{def.Name, f.Name}]
	if f.Type.Elem != nil && l.isNode(f.Type.Name()) && !isSized {
		l.fault(where, "nothing says how long the list may be")
	}
}

// isNode says whether a type has a global id: then there may be any number of its objects.
func (l *linter) isNode(name string) bool {
	return name == "Node" || slices.Contains(l.schema.Types[name].Interfaces, "Node")
}

// sizes notes the lists whose length is known from the fields that return their parents.
func (l *linter) sizes(def *ast.Definition) {
	for _, f := range def.Fields {
		for _, sized := range sizeArgument(f, "sizedFields") {
			l.sized[fieldOf{f.Type.Name(), sized}] = true
		}
	}
}

// sizeArgument gives the values of an argument of the field's @listSize; one that is no list is alone.
func sizeArgument(f *ast.FieldDefinition, name string) []string {
	d := f.Directives.ForName("listSize")
	if d == nil || d.Arguments.ForName(name) == nil {
		return nil
	}
	v := d.Arguments.ForName(name).Value
	if v.Kind != ast.ListValue {
		return []string{v.Raw}
	}
	var out []string
	for _, child := range v.Children {
		out = append(out, child.Value.Raw)
	}
	return out
}
