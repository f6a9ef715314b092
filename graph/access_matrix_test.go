package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/relay"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// issuer is that of the users whom tests write.
const issuer = "https://issuer.example"

var allScopes = []string{auth.ScopeUsersRead, auth.ScopeReviewsModerate, auth.ScopeCatalogWrite, auth.ScopeCatalogSync}

// asking is somebody who asks, with a role in acme.
type asking struct {
	viewer *auth.Viewer
	role   enum.OrganizationRole
}

// everyone are nobody, each role, an outsider, and an outsider with each scope.
func everyone() map[string]asking {
	of := func(name string, scopes ...string) *auth.Viewer {
		return &auth.Viewer{Issuer: issuer, Subject: name, Name: name, Email: name + "@example.org", Scopes: scopes}
	}
	out := map[string]asking{
		"nobody": {},
		"ada":    {of("ada", allScopes...), enum.RoleOwner},
		"mel":    {of("mel"), enum.RoleMaintainer},
		"eve":    {of("eve"), enum.RoleEditor},
		"vic":    {of("vic"), enum.RoleViewer},
		"out":    {of("out"), ""},
	}
	for _, scope := range allScopes {
		out["out with "+scope] = asking{of("out", scope), ""}
	}
	return out
}

// rule is an access rule, read from the schema by the test itself.
type rule struct {
	needsToken bool
	scopes     []string // one of them
	role       enum.OrganizationRole
}

func readRule(directives ast.DirectiveList) (r rule, isGiven bool) {
	if directives.ForName("public") != nil {
		return rule{}, true
	}
	if d := directives.ForName("requiresRole"); d != nil {
		return rule{true, nil, enum.OrganizationRole(d.Arguments.ForName("role").Value.Raw)}, true
	}
	if d := directives.ForName("requiresScopes"); d != nil {
		for _, set := range d.Arguments.ForName("scopes").Value.Children {
			r.scopes = append(r.scopes, set.Value.Children[0].Value.Raw) // the contract has sets of one alone
		}
		return rule{true, r.scopes, ""}, true
	}
	return rule{needsToken: directives.ForName("authenticated") != nil}, directives.ForName("authenticated") != nil
}

// allows says what the rule says of somebody.
func (r rule) allows(a asking) bool {
	switch {
	case r.needsToken && a.viewer == nil:
		return false
	case r.role != "":
		return a.role.Includes(r.role)
	case r.scopes != nil:
		return slices.ContainsFunc(r.scopes, a.viewer.HasScope)
	}
	return true
}

// guardedFields are the guarded fields of every object type but the roots, by type.
func guardedFields(schema *ast.Schema) map[string]map[string]rule {
	out := map[string]map[string]rule{}
	for name, def := range schema.Types {
		isPage := strings.HasSuffix(name, "Connection") || strings.HasSuffix(name, "Edge")
		if def.Kind != ast.Object || def.BuiltIn || def == schema.Query || def == schema.Mutation || def == schema.Subscription || isPage || strings.HasSuffix(name, "Payload") {
			continue
		}
		for _, f := range def.Fields {
			r, isGiven := readRule(f.Directives)
			if returned := schema.Types[strings.TrimSuffix(f.Type.Name(), "Connection")]; !isGiven && returned != nil {
				r, _ = readRule(returned.Directives)
			}
			own, _ := readRule(def.Directives)
			isImplied := own.needsToken && r.scopes == nil && (r.role == "" || own.role != "" && own.role.Includes(r.role))
			if r.needsToken && !isImplied {
				if out[name] == nil {
					out[name] = map[string]rule{}
				}
				out[name][f.Name] = r
			}
		}
	}
	return out
}

// neededArguments are those without which a field cannot be asked for.
var neededArguments = map[string]string{"forecast": `(until: "2027-12-31")`}

// shop is what the matrix is asked about.
type shop struct {
	ids map[string]string // a global id of each type
}

// open writes acme with its members and a public project, and what scopes guard.
func open(t *testing.T, db *store.DB) shop {
	t.Helper()
	s := shop{ids: map[string]string{}}
	write(t, db, func(w rows) {
		ada := w.user("ada")
		acme := w.organization("acme", ada)
		for name, role := range map[string]enum.OrganizationRole{"mel": enum.RoleMaintainer, "eve": enum.RoleEditor, "vic": enum.RoleViewer} {
			w.member(acme, w.user(name), role)
		}
		w.must(w.tx.Invitation.Create().SetOrganizationID(acme.ID).SetEmail("new@example.org").SetEmailKey("new@example.org").
			SetRole(enum.RoleViewer).SetCreatedAt(now).SetExpiresAt(now + 1_000_000_000).Exec(w.ctx))
		useCase, err := w.tx.UseCase.Query().FirstID(w.ctx)
		w.must(err)
		p, err := w.project(acme, "shop", enum.VisibilityPublic).Update().SetScore(100).SetUseCaseID(useCase).SetTraffic(enum.TrafficLow).SetHasUserAccounts(true).
			SetIsInternetFacing(true).SetCostAmount(10).SetCostCurrency("EUR").Save(w.ctx)
		w.must(err)
		nodejs, err := w.technology("nodejs").Update().SetCuratorNotes("a note").Save(w.ctx)
		w.must(err)
		c, err := w.runs(p, nodejs, "node", "18.20.4").Update().SetRing(enum.RingAdopt).SetNote("a note").SetPurl("pkg:generic/node").Save(w.ctx)
		w.must(err)
		r := w.review(nodejs, ada, 0, false)
		source, err := w.tx.Source.Query().Where().First(w.ctx)
		w.must(err)
		source, err = source.Update().SetLastError("a failure").Save(w.ctx)
		w.must(err)
		for name, of := range map[string]interface{ GlobalID() relay.ID }{
			"Organization": acme, "Project": p, "StackComponent": c, "Technology": nodejs, "Review": r, "User": ada, "Source": source,
		} {
			s.ids[name] = of.GlobalID().String()
		}
	})
	return s
}

// ways lead to objects of each type, on lists and alone; everyone reaches them.
func (s shop) ways() map[string][]string {
	both := func(list string) []string {
		return []string{fmt.Sprintf(list, "nodes { %s }"), fmt.Sprintf(list, "edges { node { %s } }")}
	}
	ways := map[string][]string{
		"Organization":   {`{ organization(slug: "acme") { %s } }`, `{ technology(slug: "nodejs") { usedBy { nodes { organization { %s } } } } }`},
		"Project":        both(`{ organization(slug: "acme") { projects { %s } } }`),
		"StackComponent": both(`{ organization(slug: "acme") { projects { nodes { stack { %s } } } } }`),
		"Technology":     append(both(`{ technologies(filter: { slugs: ["nodejs"] }) { %s } }`), `{ technology(slug: "nodejs") { %s } }`),
		"Review":         both(`{ technology(slug: "nodejs") { reviews { %s } } }`),
		"User":           {`{ technology(slug: "nodejs") { reviews { nodes { author { %s } } } } }`},
		"Source":         {`{ sources { %s } }`},
		"Change":         both(`{ catalogChanges(last: 1) { %s } }`),
	}
	ways["Project"] = append(ways["Project"], both(`{ technology(slug: "nodejs") { usedBy { %s } } }`)...)
	for name, id := range s.ids {
		ways[name] = append(ways[name], `{ node(id: "`+id+`") { ... on `+name+` { %s } } }`, `{ nodes(ids: ["`+id+`"]) { ... on `+name+` { %s } } }`)
	}
	return ways
}

// forms are the ways to write one selection: all answer under the name `it`.
func forms(object, field string) map[string][2]string {
	return map[string][2]string{ // the selection, and what follows the operation
		"alias":           {"it: " + field, ""},
		"fragment":        {"...F", "fragment F on " + object + " { it: " + field + " }"},
		"inline fragment": {"... on " + object + " { it: " + field + " }", ""},
		"nested fragment": {"...F", "fragment F on " + object + " { ...G } fragment G on " + object + " { ... { it: " + field + " } }"},
	}
}

func TestEveryGuardedFieldIsWhatItsRuleSaysForEveryoneOnEveryWay(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t)
	guarded := guardedFields(schema)
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		a, s := serve(t, db), open(t, db)
		ways := s.ways()
		asked := 0
		for _, object := range slices.Sorted(maps.Keys(guarded)) {
			if len(ways[object]) == 0 {
				t.Errorf("there is no way to an object of %s", object)
			}
			for field, r := range guarded[object] {
				selection := field + neededArguments[field]
				if !schema.Types[schema.Types[object].Fields.ForName(field).Type.Name()].IsLeafType() {
					selection += " { __typename }"
				}
				for _, way := range ways[object] {
					for form, written := range forms(object, selection) {
						document := fmt.Sprintf(way, written[0]) + " " + written[1]
						for name, who := range everyone() {
							asked++
							a.checkGuarded(t, fmt.Sprintf("%s as %s by %s: %s", field, name, form, document), document, r, who, object == "Change")
						}
					}
				}
			}
		}
		if asked < 4000 {
			t.Errorf("only %d questions", asked)
		}
	})
}

// checkGuarded asks one question with one guarded field under the name `it`.
func (a *api) checkGuarded(t *testing.T, what, document string, r rule, who asking, isOwnerless bool) {
	t.Helper()
	reply := a.as(who.viewer).ask(document, nil)
	value, isThere := find(t, reply.Data, "it")
	if !isThere {
		t.Fatalf("%s: nothing was reached: %s %+v", what, reply.Data, reply.Errors)
	}
	if r.allows(who) && !isOwnerless {
		if value == nil || len(reply.Errors) > 0 {
			t.Errorf("%s: %v %+v", what, value, reply.Errors)
		}
		return
	}
	code := "FORBIDDEN"
	if who.viewer == nil {
		code = "UNAUTHENTICATED"
	}
	want := map[string]any{"code": code, "places": float64(strings.Count(string(reply.Data), `"it":`))}
	if r.role != "" {
		want["requiredRole"] = string(r.role)
	}
	if r.scopes != nil {
		want["requiredScopes"] = []any{[]any{r.scopes[0]}}
	}
	if strings.Count(string(reply.Data), `"it":null`) != strings.Count(string(reply.Data), `"it":`) || len(reply.Errors) != 1 {
		t.Errorf("%s: %v %+v", what, value, reply.Errors)
		return
	}
	if diff := cmp.Diff(want, reply.Errors[0].Extensions); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", what, diff)
	}
	if path := reply.Errors[0].Path; path[len(path)-1] != "it" || len(reply.Errors[0].Locations) != 1 {
		t.Errorf("%s: %+v", what, reply.Errors[0])
	}
}

func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	b, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: string(b)})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// find gives the first value of a name, anywhere in the answer.
func find(t *testing.T, data json.RawMessage, name string) (value any, isThere bool) {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	var search func(v any) bool
	search = func(v any) bool {
		switch v := v.(type) {
		case map[string]any:
			if found, ok := v[name]; ok {
				value = found
				return true
			}
			for _, item := range v {
				if search(item) {
					return true
				}
			}
		case []any:
			return slices.ContainsFunc(v, search)
		}
		return false
	}
	return value, search(v)
}
