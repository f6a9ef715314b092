package graph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/fault"
)

// rule is who may read a field: anyone, or whoever has one of the sets of scopes.
type rule struct {
	isPublic bool
	scopes   [][]string // the outer list is OR, the inner one is AND
}

// rules are the rules of every guarded field; what is not in it is public.
type rules map[fieldOf]rule

// rulesOf reads the rules from the schema. A root field, or a type that is no
// connection, edge or root, without a rule is an error: access is denied by default.
func rulesOf(schema *ast.Schema) (rules, error) {
	out := rules{}
	ofType := map[string]rule{}
	for _, def := range schema.Types {
		r, isGiven, err := ruleOf(def.Directives)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", def.Name, err)
		}
		if !isGiven && needsRule(schema, def) {
			return nil, fmt.Errorf("type %s has no access rule", def.Name)
		}
		if isGiven {
			ofType[def.Name] = r
		}
	}
	for _, def := range schema.Types {
		if def.Kind != ast.Object || def.BuiltIn {
			continue
		}
		for _, f := range def.Fields {
			r, isGiven, err := ruleOf(f.Directives)
			switch {
			case err != nil:
				return nil, fmt.Errorf("%s.%s: %w", def.Name, f.Name, err)
			case isGiven:
			case isRoot(schema, def) && f.Name != "__schema" && f.Name != "__type":
				return nil, fmt.Errorf("field %s.%s has no access rule", def.Name, f.Name)
			default:
				r, isGiven = ofType[f.Type.Name()]
			}
			if isGiven && !r.isPublic {
				out[fieldOf{def.Name, f.Name}] = r
			}
		}
	}
	return out, nil
}

func isRoot(schema *ast.Schema, def *ast.Definition) bool {
	return def == schema.Query || def == schema.Mutation || def == schema.Subscription
}

// needsRule says whether a type must say who may read it. Connections and edges
// are as open as what is in them.
func needsRule(schema *ast.Schema, def *ast.Definition) bool {
	isPage := strings.HasSuffix(def.Name, "Connection") || strings.HasSuffix(def.Name, "Edge")
	return def.Kind == ast.Object && !def.BuiltIn && !isRoot(schema, def) && !isPage
}

// ruleOf reads the directive that gives a rule, if there is one.
func ruleOf(directives ast.DirectiveList) (r rule, isGiven bool, err error) {
	if directives.ForName("public") != nil {
		return rule{isPublic: true}, true, nil
	}
	d := directives.ForName("requiresScopes")
	if d == nil {
		return rule{}, false, nil
	}
	value, err := d.Arguments.ForName("scopes").Value.Value(nil)
	if err != nil {
		return rule{}, false, err
	}
	for _, all := range value.([]any) {
		var set []string
		for _, scope := range all.([]any) {
			set = append(set, scope.(string))
		}
		r.scopes = append(r.scopes, set)
	}
	if len(r.scopes) == 0 {
		return rule{}, false, fmt.Errorf("requiresScopes names no scopes")
	}
	return r, true, nil
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

// denial is the error of a field that the viewer may not read. There are no
// tokens yet: every viewer is anonymous, and no scope is theirs.
func (r rule) denial() *gqlerror.Error {
	return &gqlerror.Error{
		Message:    "reading this field needs a token with the scope " + strings.Join(r.scopes[0], " and "),
		Extensions: map[string]any{"code": string(fault.Unauthenticated), "requiredScopes": r.scopes},
	}
}
