package graph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// rules are the rules of every guarded field; what is not in it is public.
type rules map[fieldOf]rule

// rulesOf reads the rules from the schema. A root field, or a type that is no
// connection, edge, payload or root, without a rule is an error: access is denied by default.
func rulesOf(schema *ast.Schema) (rules, error) {
	out := rules{}
	for _, def := range schema.Types {
		if def.Kind != ast.Object || def.BuiltIn {
			continue
		}
		_, isGiven, err := ruleOf(def.Directives)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", def.Name, err)
		}
		if !isGiven && needsRule(schema, def) {
			return nil, fmt.Errorf("type %s has no access rule", def.Name)
		}
		for _, f := range def.Fields {
			r, isGiven, err := ruleOfField(schema, def, f)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", def.Name, f.Name, err)
			}
			if isGiven && !r.isPublic {
				out[fieldOf{def.Name, f.Name}] = r
			}
		}
	}
	return out, nil
}

// ruleOfField is the field's own rule, or else that of what it returns.
func ruleOfField(schema *ast.Schema, def *ast.Definition, f *ast.FieldDefinition) (rule, bool, error) {
	r, isGiven, err := ruleOf(f.Directives)
	switch {
	case err != nil || isGiven:
		return r, isGiven, err
	case strings.HasPrefix(f.Name, "__"):
		return rule{}, false, nil
	case isRoot(schema, def):
		return rule{}, false, fmt.Errorf("it is a root field without an access rule")
	case isPage(def.Name):
		return rule{}, false, nil // the field that returns the page is guarded
	}
	returned := schema.Types[contentOf(f.Type.Name())]
	if returned == nil {
		return rule{}, false, nil
	}
	r, isGiven, err = ruleOf(returned.Directives)
	if own, _, _ := ruleOf(def.Directives); own.isToken && r.isToken {
		return rule{}, false, err // whoever got here has a token
	}
	r.isOfResult = r.role != ""
	return r, isGiven, err
}

func isRoot(schema *ast.Schema, def *ast.Definition) bool {
	return def == schema.Query || def == schema.Mutation || def == schema.Subscription
}

// needsRule says whether a type must say who may read it. Connections, edges and
// payloads are as open as what is in them.
func needsRule(schema *ast.Schema, def *ast.Definition) bool {
	return !isRoot(schema, def) && !isPage(def.Name) && !strings.HasSuffix(def.Name, "Payload")
}

// isPage says whether a type is a connection or an edge.
func isPage(name string) bool {
	return strings.HasSuffix(name, "Connection") || strings.HasSuffix(name, "Edge")
}

// contentOf is what is in a connection or an edge; other types are their own content.
func contentOf(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, "Connection"), "Edge")
}

// guarded gives the guarded fields among those that a document touches.
func (r rules) guarded(document map[fieldOf]*ast.Field) map[fieldOf]rule {
	out := map[fieldOf]rule{}
	for f := range document {
		if rule, isGuarded := r[f]; isGuarded {
			out[f] = rule
		}
	}
	return out
}
