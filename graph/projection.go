package graph

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent/advisory"
	"stackyard/ent/releasecycle"
	"stackyard/ent/technology"
	"stackyard/graph/loader"
)

// projected are the types of which an operation loads only the columns that it
// needs. The set is the same everywhere in the operation, so that an object is
// whole wherever it was loaded.
var projected = map[string]projection{
	"Technology": {
		always:  []string{technology.FieldID, technology.FieldNameKey, technology.FieldUpdatedAt, technology.FieldFirstReleaseYear, technology.FieldRatingAverage},
		columns: technology.Columns,
		fields: map[string][]string{
			"license": {technology.FieldLicenseExpression, technology.FieldLicenseIsOpenSource},
			"rating":  {technology.FieldRatingAverage, technology.FieldRatingDistribution},
			"source":  {technology.FieldSourceID},

			"releaseCycle": versionColumns,
		},
		needs: map[fieldOf][]string{{"StackComponent", "releaseCycle"}: versionColumns},
		edges: []string{"identifiers", "categories", "useCases", "lifecycle", "releaseCycles", "advisories", "integrations", "successors", "alternatives", "reviews", "usedBy", "assessments"},
	},
	"ReleaseCycle": {
		always:  []string{releasecycle.FieldID, releasecycle.FieldTechnologyID, releasecycle.FieldReleasedOn, releasecycle.FieldEndOfLifeOn},
		columns: releasecycle.Columns,
		fields: map[string][]string{
			"status":             statusColumns,
			"isEndOfLife":        {releasecycle.FieldEndOfLifeOn, releasecycle.FieldEndOfLifePassed},
			"isLongTerm":         {releasecycle.FieldIsLongTerm, releasecycle.FieldLongTermFrom},
			"daysUntilEndOfLife": {releasecycle.FieldEndOfLifeOn},
			"source":             {releasecycle.FieldSourceID},
		},
		edges: []string{"technology", "requirements"},
		// What is chosen among a technology's cycles is chosen by these.
		needs: map[fieldOf][]string{
			{"Technology", "lifecycle"}:    append([]string{releasecycle.FieldName, releasecycle.FieldIsLongTerm, releasecycle.FieldLongTermFrom}, statusColumns...),
			{"Technology", "releaseCycle"}: {releasecycle.FieldName, releasecycle.FieldCodename},

			{"StackComponent", "releaseCycle"}: {releasecycle.FieldName, releasecycle.FieldCodename},
			{"Organization", "forecast"}:       {releasecycle.FieldEndOfLifeOn},
		},
	},
	"Advisory": {
		always:  []string{advisory.FieldID, advisory.FieldPublishedAt},
		columns: advisory.Columns,
		fields:  map[string][]string{"source": {advisory.FieldSourceID}},
		edges:   []string{"affected"},
	},
}

// versionColumns say in which ways the technology's versions are written.
var versionColumns = []string{technology.FieldSlug, technology.FieldName, technology.FieldAliases, technology.FieldVersionCommand}

var statusColumns = []string{
	releasecycle.FieldReleasedOn, releasecycle.FieldActiveSupportUntil, releasecycle.FieldActiveSupportOver,
	releasecycle.FieldEndOfLifeOn, releasecycle.FieldEndOfLifePassed,
	releasecycle.FieldExtendedSupportUntil, releasecycle.FieldExtendedSupportOver,
}

// projection says which columns the fields of a type need.
type projection struct {
	always  []string
	columns []string             // all there are; a field's own is its name in snake case
	fields  map[string][]string  // fields that need other columns than their own
	edges   []string             // fields that need none but the key
	needs   map[fieldOf][]string // fields of other types that need columns of this
}

// of gives the columns that a field needs; not ok where nobody has said.
func (p projection) of(field string) ([]string, bool) {
	if columns, ok := p.fields[field]; ok {
		return columns, true
	}
	if slices.Contains(p.edges, field) || field == "id" || field == "__typename" {
		return nil, true
	}
	column := snake(field)
	return []string{column}, slices.Contains(p.columns, column)
}

// columnsOf gives the columns that a document needs of each projected type.
func columnsOf(document map[fieldOf]*ast.Field) loader.Columns {
	out := loader.Columns{}
	for name, p := range projected {
		if columns, ok := p.columnsOf(name, document); ok {
			out[name] = columns
		}
	}
	return out
}

// columnsOf is not ok where the type has to be loaded whole.
func (p projection) columnsOf(name string, document map[fieldOf]*ast.Field) ([]string, bool) {
	set := map[string]bool{}
	add := func(columns []string) {
		for _, c := range columns {
			set[c] = true
		}
	}
	add(p.always)
	for f := range document {
		add(p.needs[f])
		if f.object != name {
			continue
		}
		columns, ok := p.of(f.field)
		if !ok {
			return nil, false
		}
		add(columns)
	}
	return slices.Sorted(maps.Keys(set)), true
}

// snake writes a field's name as its column's.
func snake(field string) string {
	var b []byte
	for i := range len(field) {
		c := field[i]
		if c >= 'A' && c <= 'Z' {
			b = append(b, '_')
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}
