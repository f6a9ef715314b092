package graph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/fault"
)

// rule is who may read a field: anyone, whoever has a token, whoever has one of
// the sets of scopes, or whoever has a role in the organisation that it belongs to.
type rule struct {
	isPublic bool
	isToken  bool                  // any token will do
	scopes   [][]string            // the outer list is OR, the inner one is AND
	role     enum.OrganizationRole // empty where no role is asked for
	// isOfResult is true where the role is asked for by the type that the field
	// returns: then it is a role in the organisation of the result.
	isOfResult bool
}

// ruleOf reads the directive that gives a rule, if there is one.
func ruleOf(directives ast.DirectiveList) (r rule, isGiven bool, err error) {
	for _, d := range directives {
		var of rule
		switch d.Name {
		case "public":
			of.isPublic = true
		case "authenticated":
			of.isToken = true
		case "requiresScopes":
			of.scopes, err = scopesOf(d)
		case "requiresRole":
			of.role = enum.OrganizationRole(d.Arguments.ForName("role").Value.Raw)
		default:
			continue
		}
		if err != nil || isGiven {
			return rule{}, false, errorOr(err, "it has more than one access rule")
		}
		r, isGiven = of, true
	}
	return r, isGiven, nil
}

func errorOr(err error, text string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s", text)
}

func scopesOf(d *ast.Directive) ([][]string, error) {
	value, err := d.Arguments.ForName("scopes").Value.Value(nil)
	if err != nil {
		return nil, err
	}
	var out [][]string
	for _, all := range value.([]any) {
		var set []string
		for _, scope := range all.([]any) {
			set = append(set, scope.(string))
		}
		if len(set) == 0 {
			return nil, fmt.Errorf("requiresScopes has a set without scopes")
		}
		out = append(out, set)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("requiresScopes names no scopes")
	}
	return out, nil
}

// denies says whether the token alone is not enough, whatever is read. Where a
// role is asked for it may be, with a token.
func (r rule) denies(v *auth.Viewer) bool {
	return !r.isPublic && (v == nil || r.scopes != nil && !v.HasScopes(r.scopes))
}

// denial is the error of a field that the viewer may not read.
func (r rule) denial(v *auth.Viewer) *gqlerror.Error {
	e := &gqlerror.Error{Extensions: map[string]any{"code": string(fault.Forbidden)}}
	if v == nil {
		e.Extensions["code"] = string(fault.Unauthenticated)
	}
	switch {
	case r.scopes != nil:
		e.Message = "this field needs a token with the scope " + strings.Join(r.scopes[0], " and ")
		e.Extensions["requiredScopes"] = r.scopes
	case r.role != "":
		e.Message = fmt.Sprintf("this field needs the role %s in the organisation", r.role)
		e.Extensions["requiredRole"] = r.role
	default:
		e.Message = "this field needs a token"
	}
	return e
}

// String writes the rule as the schema does.
func (r rule) String() string {
	switch {
	case r.isPublic:
		return "@public"
	case r.scopes != nil:
		var sets []string
		for _, all := range r.scopes {
			sets = append(sets, strings.Join(all, " and "))
		}
		return "@requiresScopes " + strings.Join(sets, ", or ")
	case r.role != "":
		return "@requiresRole " + string(r.role)
	}
	return "@authenticated"
}
