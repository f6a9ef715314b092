package graph

import (
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
)

// A text with U+0000 or with bytes that are no UTF-8 is refused before anything
// runs: PostgreSQL keeps neither, and both databases shall answer alike.

func isBadText(s string) bool { return strings.ContainsRune(s, 0) || !utf8.ValidString(s) }

// isBadValue says whether a value of the variables holds such a text.
func isBadValue(v any) bool {
	switch v := v.(type) {
	case string:
		return isBadText(v)
	case []any:
		for _, item := range v {
			if isBadValue(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if isBadValue(item) {
				return true
			}
		}
	}
	return false
}

// hasBadText says whether a literal of the operation holds such a text.
func hasBadText(op *ast.OperationDefinition) bool {
	seen := map[string]bool{}
	var walk func(ast.SelectionSet) bool
	walk = func(set ast.SelectionSet) bool {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if hasBadArgument(s.Arguments) || walk(s.SelectionSet) {
					return true
				}
			case *ast.InlineFragment:
				if walk(s.SelectionSet) {
					return true
				}
			case *ast.FragmentSpread:
				if s.Definition == nil || seen[s.Name] {
					continue
				}
				seen[s.Name] = true
				if walk(s.Definition.SelectionSet) {
					return true
				}
			}
		}
		return false
	}
	return walk(op.SelectionSet)
}

func hasBadArgument(arguments ast.ArgumentList) bool {
	for _, a := range arguments {
		if isBadLiteral(a.Value) {
			return true
		}
	}
	return false
}

func isBadLiteral(v *ast.Value) bool {
	if v == nil || isBadText(v.Raw) {
		return v != nil
	}
	for _, child := range v.Children {
		if isBadLiteral(child.Value) {
			return true
		}
	}
	return false
}
