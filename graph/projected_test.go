package graph

import (
	"slices"
	"testing"

	"stackyard/graph/generated"
)

func TestEveryFieldOfAProjectedTypeSaysWhatItNeeds(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: resolver{}}).Schema()
	isField := func(object, field string) bool {
		def := schema.Types[object]
		return def != nil && def.Fields.ForName(field) != nil
	}
	for name, p := range projected {
		for _, f := range schema.Types[name].Fields {
			columns, ok := p.of(f.Name)
			if !ok {
				t.Errorf("%s.%s has no column of its own, and no entry in projected", name, f.Name)
			}
			for _, c := range columns {
				if !slices.Contains(p.columns, c) {
					t.Errorf("%s.%s needs the column %s, which there is not", name, f.Name, c)
				}
			}
		}
		for _, c := range p.always {
			if !slices.Contains(p.columns, c) {
				t.Errorf("%s always needs the column %s, which there is not", name, c)
			}
		}
		for _, edge := range p.edges {
			if !isField(name, edge) {
				t.Errorf("%s has no field %s", name, edge)
			}
		}
		for field := range p.fields {
			if !isField(name, field) {
				t.Errorf("%s has no field %s", name, field)
			}
		}
		for field, columns := range p.needs {
			if !isField(field.object, field.field) {
				t.Errorf("%s has no field %s", field.object, field.field)
			}
			for _, c := range columns {
				if !slices.Contains(p.columns, c) {
					t.Errorf("%s.%s needs the column %s of %s, which there is not", field.object, field.field, c, name)
				}
			}
		}
	}
}
