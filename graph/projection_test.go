package graph_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/releasecycle"
	"stackyard/graph/generated"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// way is a way to one object of a projected type.
type way struct {
	object   string
	document string // with %s for what is asked for of the object
	place    string // of the object in the answer
}

var ways = []way{
	{"Technology", `{ technology(slug: "nodejs") { %s } }`, "technology"},
	{"Technology", `{ technologies(filter: { slugs: ["nodejs"] }) { nodes { %s } } }`, "technologies.nodes.0"},
	{"Technology", `{ technologies(first: 1, filter: { search: "node.js" }) { edges { node { %s } } } }`, "technologies.edges.0.node"},
	{"Technology", `{ category(slug: "languages-runtimes") { technologies(filter: { slugs: ["nodejs"] }) { nodes { %s } } } }`, "category.technologies.nodes.0"},
	{"Technology", `{ releaseCycles(first: 1, filter: { technologies: ["nodejs"] }) { nodes { technology { %s } } } }`, "releaseCycles.nodes.0.technology"},
	// By its dates, by its flags, and with long-term support that is still to come.
	{"ReleaseCycle", `{ technology(slug: "nodejs") { releaseCycle(version: "18") { %s } } }`, "technology.releaseCycle"},
	{"ReleaseCycle", `{ technology(slug: "nodejs") { releaseCycle(version: "24") { %s } } }`, "technology.releaseCycle"},
	{"ReleaseCycle", `{ technology(slug: "nodejs") { releaseCycle(version: "3") { %s } } }`, "technology.releaseCycle"},
	{"ReleaseCycle", `{ technology(slug: "nodejs") { releaseCycle(version: "25") { %s } } }`, "technology.releaseCycle"},
	{"ReleaseCycle", `{ technology(slug: "nodejs") { lifecycle { latestLongTermCycle { %s } } } }`, "technology.lifecycle.latestLongTermCycle"},
	{"ReleaseCycle", `{ technology(slug: "nodejs") { lifecycle { nextEndOfLife { %s } } } }`, "technology.lifecycle.nextEndOfLife"},
	{"ReleaseCycle", `{ releaseCycles(first: 1, filter: { technologies: ["nodejs"], statuses: [EXTENDED_ONLY] }) { nodes { %s } } }`, "releaseCycles.nodes.0"},
	{"Advisory", `{ advisories(filter: { identifier: "CVE-2020-8562" }) { nodes { %s } } }`, "advisories.nodes.0"},
	{"Advisory", `{ technology(slug: "kubernetes") { advisories(filter: { identifier: "CVE-2020-8562" }) { nodes { %s } } } }`, "technology.advisories.nodes.0"},
}

// whole gives Node.js, its cycle 18 and an advisory something in every column, and every link.
func whole(w rows) {
	nodejs, yii := w.technology("nodejs"), w.technology("yii")
	w.must(w.tx.Technology.UpdateOne(nodejs).
		SetDescription("A runtime.").SetDocumentation("https://nodejs.org/docs").SetSteward("OpenJS Foundation").
		SetHosting([]enum.Hosting{enum.HostingSelfHosted}).SetCapabilities([]string{"http"}).SetLanguages([]string{"JavaScript"}).
		SetRatingAverage(4.5).SetRatingDistribution([]int{0, 0, 0, 1, 1}).SetRevision(3).SetCuratorNotes("a note").Exec(w.ctx))
	w.unlink()
	w.integration(nodejs, enum.AreaData, yii, nil)
	w.alternative(nodejs, yii, 0)
	w.successor(nodejs, yii, 0)
	w.suits(nodejs, "api-first", 0, nil)
	w.review(nodejs, w.user("ann"), 0, false)

	someDay := calendar.Day(22000)
	cycle := func(name string) *ent.ReleaseCycleUpdateOne {
		id, err := w.tx.ReleaseCycle.Query().Where(releasecycle.TechnologyID(nodejs.ID), releasecycle.Name(name)).OnlyID(w.ctx)
		w.must(err)
		return w.tx.ReleaseCycle.UpdateOneID(id)
	}
	eighteen, err := cycle("18").SetCodename("Hydrogen").SetExtendedSupportUntil(someDay).SetRevision(2).Save(w.ctx)
	w.must(err)
	w.must(w.tx.VersionRequirement.Create().SetReleaseCycleID(eighteen.ID).SetTechnologyID(yii.ID).
		SetKind(enum.RequirementMinimum).SetAsPublished("any").SetPosition(0).Exec(w.ctx))
	w.must(cycle("25").SetIsLongTerm(true).SetLongTermFrom(someDay).Exec(w.ctx))
	w.must(w.tx.Advisory.Update().Where(advisory.Identifier("CVE-2020-8562")).SetScore(3.1).Exec(w.ctx))
	acme := w.organization("acme", w.user("owner"))
	for i, slug := range []string{"nodejs", "django", "postgresql"} {
		w.runs(w.project(acme, fmt.Sprint("shop-", i), enum.VisibilityPublic), w.technology(slug), slug, "1")
	}
}

func TestAFieldAloneIsWhatItIsAmongAllOthers(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		write(t, db, whole)
		isWhole := map[string]bool{}
		for _, w := range ways {
			fields := selections(schema, w.object)
			together := a.objectAt(w, strings.Join(fields, " "))
			if !isWhole[w.object] {
				isWhole[w.object] = true
				for name, value := range together {
					if isEmpty(value) {
						t.Errorf("%s.%s is empty: the test proves nothing of it", w.object, name)
					}
				}
			}
			for _, f := range fields {
				for name, value := range a.objectAt(w, f) {
					if diff := cmp.Diff(together[name], value); diff != "" {
						t.Errorf("%s of %s: -together +alone:\n%s", name, w.document, diff)
					}
				}
			}
		}
	})
}

// objectAt asks for a selection of the object at the end of a way.
func (a *api) objectAt(w way, selection string) map[string]any {
	a.t.Helper()
	var at any
	a.data(fmt.Sprintf(w.document, selection), nil, &at)
	for step := range strings.SplitSeq(w.place, ".") {
		if i, err := strconv.Atoi(step); err == nil {
			at = at.([]any)[i]
			continue
		}
		at = at.(map[string]any)[step]
	}
	object, ok := at.(map[string]any)
	if !ok {
		a.t.Fatalf("there is no object at %s of %s", w.place, w.document)
	}
	return object
}

// selections asks for each field of a type that anyone may read, with the plain
// fields of what hangs on it.
func selections(schema *ast.Schema, object string) []string {
	var out []string
	for _, f := range schema.Types[object].Fields {
		if isGuarded(f) || strings.HasPrefix(f.Name, "__") {
			continue
		}
		selection := f.Name
		if f.Name == "releaseCycle" {
			selection += `(version: "18")`
		}
		out = append(out, selection+plainFields(schema, f.Type.Name()))
	}
	return out
}

// plainFields selects the fields of a type that lead nowhere; of a connection, its length and its items'.
func plainFields(schema *ast.Schema, name string) string {
	def := schema.Types[name]
	if def.IsLeafType() {
		return ""
	}
	if nodes := def.Fields.ForName("nodes"); nodes != nil {
		return " { totalCount nodes" + plainFields(schema, nodes.Type.Name()) + " }"
	}
	out := " { __typename"
	for _, f := range def.Fields {
		if schema.Types[f.Type.Name()].IsLeafType() && !isGuarded(f) && !strings.HasPrefix(f.Name, "__") {
			out += " " + f.Name
		}
	}
	return out + " }"
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return v["totalCount"] == 0.0
	}
	return false
}

func TestCursorsDoNotDependOnWhatElseIsAskedFor(t *testing.T) {
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		write(t, db, whole)
		for list, node := range map[string]string{
			`{ technologies(first: 3) { %s } }`:                                                    technologyColumns,
			`{ technologies(first: 3, orderBy: { field: RATING, direction: DESC }) { %s } }`:       technologyColumns,
			`{ technologies(first: 3, orderBy: { field: FIRST_RELEASE_YEAR }) { %s } }`:            technologyColumns,
			`{ technologies(first: 3, orderBy: { field: UPDATED_AT }) { %s } }`:                    technologyColumns,
			`{ technologies(first: 3, filter: { search: "a" }) { %s } }`:                           technologyColumns,
			`{ category(slug: "databases") { technologies(first: 3) { %s } } }`:                    technologyColumns,
			`{ useCase(slug: "api-first") { technologies(first: 3) { %s } } }`:                     technologyColumns,
			`{ technology(slug: "nodejs") { alternatives { %s } } }`:                               technologyColumns,
			`{ technology(slug: "nodejs") { integrations { %s } } }`:                               `area note`,
			`{ technology(slug: "nodejs") { reviews { %s } } }`:                                    `rating createdAt`,
			`{ technology(slug: "nodejs") { releaseCycles(first: 3) { %s } } }`:                    cycleColumns,
			`{ releaseCycles(first: 3) { %s } }`:                                                   cycleColumns,
			`{ releaseCycles(first: 3, orderBy: { field: RELEASED_ON, direction: DESC }) { %s } }`: cycleColumns,
			`{ advisories(first: 3) { %s } }`:                                                      `identifier publishedAt`,
			`{ technology(slug: "django") { advisories(first: 3) { %s } } }`:                       `identifier publishedAt`,
		} {
			alone := a.values(fmt.Sprintf(list, `edges { cursor }`), nil)
			among := a.values(fmt.Sprintf(list, `edges { cursor } nodes { `+node+` __typename }`), nil)
			if alone == "" || !strings.HasPrefix(among, alone+" ") {
				t.Errorf("%s:\nalone %s\namong %s", list, alone, among)
			}
		}
	})
}

const (
	technologyColumns = `name firstReleaseYear updatedAt rating { average }`
	cycleColumns      = `name releasedOn endOfLifeOn`
)

// isGuarded says whether a field is not for everyone.
func isGuarded(f *ast.FieldDefinition) bool {
	return f.Directives.ForName("requiresScopes") != nil || f.Directives.ForName("requiresRole") != nil
}
