package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// fieldOf names a field of an object type.
type fieldOf struct{ object, field string }

// touched gives every field of every object type that an operation can touch,
// and one place of each. Variables, and with them @skip and @include, do not
// count: it is the most that the document can do, so that it holds for all requests.
func touched(schema *ast.Schema, op *ast.OperationDefinition) map[fieldOf]*ast.Field {
	out := map[fieldOf]*ast.Field{}
	seen := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if s.ObjectDefinition != nil {
					for _, object := range schema.GetPossibleTypes(s.ObjectDefinition) {
						if key := (fieldOf{object.Name, s.Name}); out[key] == nil {
							out[key] = s
						}
					}
				}
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			case *ast.FragmentSpread:
				if s.Definition != nil && !seen[s.Name] {
					seen[s.Name] = true
					walk(s.Definition.SelectionSet)
				}
			}
		}
	}
	walk(op.SelectionSet)
	return out
}
