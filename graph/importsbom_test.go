package graph_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// bill is a document that lists components, each as `name version purl cpe scope type`; `-` is nothing.
func bill(components ...string) string {
	list := []map[string]any{}
	for _, c := range components {
		one := map[string]any{"type": "library"}
		for i, value := range strings.Fields(c) {
			if value != "-" {
				one[[]string{"name", "version", "purl", "cpe", "scope", "type"}[i]] = value
			}
		}
		list = append(list, one)
	}
	text, _ := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list}) // strings
	return string(text)
}

const imported = "componentCount recognizedCount unrecognized { name version purl reason }"

// imports imports a document, and gives what is selected of the payload, the faults, and the answer.
func (a *api) imports(project, file, selection, directive string) (answer, faults string, r reply) {
	a.t.Helper()
	return a.importsAt(project, file, selection, directive, "null")
}

// importsAt imports a document where the project's revision is as expected.
func (a *api) importsAt(project, file, selection, directive, revision string) (answer, faults string, r reply) {
	a.t.Helper()
	r = a.ask(fmt.Sprintf(`mutation($file: Upload!) {
		it: importSbom(input: {projectId: %q, file: $file, expectedRevision: %s}) %s { a: userErrors { code field } %s b: userErrors { message } }
	}`, project, revision, directive, selection), map[string]any{"file": file})
	var data struct{ It map[string]any }
	if len(r.Data) > 0 {
		if err := json.Unmarshal(r.Data, &data); err != nil {
			a.t.Fatalf("%v in %s", err, r.Data)
		}
	}
	var found []string
	for i := range asList(data.It["a"]) {
		e := asList(data.It["a"])[i].(map[string]any)
		found = append(found, e["code"].(string)+" "+strings.Join(scalars(e["field"]), ".")+": "+scalars(asList(data.It["b"])[i])[0])
	}
	for _, e := range r.Errors {
		found = append(found, fmt.Sprint(e.Extensions["code"], ": ", e.Message))
	}
	delete(data.It, "a")
	delete(data.It, "b")
	return strings.Join(scalars(map[string]any(data.It)), " "), strings.Join(found, ", "), r
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

func TestTheComponentsOfADocumentThatAreRecognisedBecomeTheStack(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("1", 101)
	document := bill(
		"postgres 15.3 pkg:docker/library/postgres@15.3?platform=linux", // by a package URL
		"pgx v5.1.0 pkg:golang/github.com/jackc/pgx/v5@v5.1.0",          // by a known package
		"own-name 9.6 - cpe:2.3:a:postgresql:postgresql:9.6:*:*:*:*:*:*:*",
		"odd 7.2 pkg:npm/odd@7.2 cpe:2.3:a:redis:redis:7.2:*:*:*:*:*:*:*", // by the second
		"caddy 2.8",                           // by its name
		"redis 4.6.0 pkg:npm/redis-own@4.6.0", // a library that is called like what it is for
		"caddy 2.7 - - - file",
		"caddy - - - - operating-system",
		"mocha 10 pkg:npm/mocha@10",
		"nginx 1.27 - cpe:2.3:a:acme:nginx:1.27 excluded",
		"nothing 1 - cpe:2.3:a:acme:nothing:1",
		"unheard-of",
		"postgres 15.3 pkg:docker/postgres@15.3", // once more
		"postgres 16.1 pkg:docker/postgres@16.1", // in another version
		"- 14 pkg:docker/postgres@14",
		"redis "+long+" pkg:docker/redis",
		"@ - pkg:docker/redis@7",
	)
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		answer, faults, _ := eve.imports(acme.project, document, "componentCount recognizedCount", "")
		if answer != "17 10" || faults != "" {
			t.Errorf("%s %s", answer, faults)
		}
		want := []string{
			"postgresql postgres 15.3 pkg:docker/library/postgres@15.3?platform=linux",
			"pgx pgx v5.1.0 pkg:golang/github.com/jackc/pgx/v5@v5.1.0",
			"postgresql own-name 9.6 null",
			"redis odd 7.2 pkg:npm/odd@7.2",
			"caddy caddy 2.8 null",
			"caddy caddy null null",
			"postgresql postgres 16.1 pkg:docker/postgres@16.1",
			"postgresql pkg:docker/postgres@14 14 pkg:docker/postgres@14",
			"redis @ 7 pkg:docker/redis@7",
		}
		if diff := cmp.Diff(want, eve.stackOf(acme.project, "a: technology { slug } b: name c: installedVersion d: purl")); diff != "" {
			t.Error(diff)
		}
		var data struct {
			It struct {
				Project      struct{ Revision int }
				Unrecognized []struct {
					Name, Reason  string
					Version, PURL *string
				}
			}
		}
		_, faults, r := eve.imports(acme.project, document, "project { revision } unrecognized { name version purl reason }", "")
		if err := json.Unmarshal(r.Data, &data); err != nil || faults != "" {
			t.Fatal(err, faults)
		}
		if data.It.Project.Revision != 2 {
			t.Errorf("the same document again has changed the project: revision %d", data.It.Project.Revision)
		}
		var got []string
		for _, u := range data.It.Unrecognized {
			got = append(got, u.Name+": "+u.Reason)
		}
		const vain = "The catalogue knows no technology by its %, or more than one."
		want = []string{
			"redis: " + strings.Replace(vain, "%", "package URL", 1),
			"caddy: It has no package URL and no CPE, and what is of its kind has no names of products.",
			"mocha: " + strings.Replace(vain, "%", "package URL", 1),
			"nginx: The document says that it is no part of what runs (its scope is excluded).",
			"nothing: " + strings.Replace(vain, "%", "CPE", 1),
			"unheard-of: It has no package URL and no CPE, and the catalogue knows no technology by its name, or more than one.",
			"redis: Its version has more than 100 bytes.",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if u := data.It.Unrecognized[2]; *u.Version != "10" || *u.PURL != "pkg:npm/mocha@10" || data.It.Unrecognized[5].Version != nil {
			t.Errorf("%+v", data.It.Unrecognized)
		}
	})
}

func TestAnImportKeepsWhatIsStillInTheStackWithItsNotes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve, mel := a.as(named("eve")), a.as(named("mel"))
		eve.does("setStack", input{"projectId": acme.project, "components": []input{
			{"technology": "pkg:docker/postgres@15.3", "ring": "ADOPT", "note": "the shop's"},
			{"technology": "pkg:npm/express@4.19.2", "note": "to go"},
			{"technology": "pkg:npm/our-own@1"},
		}})
		before, changes := eve.stackOf(acme.project, "id"), len(mel.changes(acme.organization))
		if _, faults, _ := eve.imports(acme.project, bill("redis 7 pkg:docker/redis@7", "postgres 15.4 pkg:docker/library/postgres@15.4"), imported, ""); faults != "" {
			t.Fatal(faults)
		}
		after := eve.stackOf(acme.project, "a: id b: technology { slug } c: installedVersion d: ring e: note")
		if len(after) != 2 || !strings.HasSuffix(after[0], " redis 7 null null") || after[1] != before[0]+" postgresql 15.4 ADOPT the shop's" {
			t.Errorf("%s, of %s", after, before)
		}
		got := mel.changes(acme.organization)[changes:]
		want := []string{
			"STACK_COMPONENT UPDATED installedVersion,name,purl by eve",
			"STACK_COMPONENT DELETED by eve", "STACK_COMPONENT DELETED by eve", "STACK_COMPONENT CREATED by eve",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// TestAnImportLeavesWhatNoPackageManagerLists imports what a build lists into a stack with servers that people entered.
func TestAnImportLeavesWhatNoPackageManagerLists(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		eve.does("setStack", input{"projectId": acme.project, "components": []input{
			{"technology": "Our own", "version": "1", "note": "of the third floor"},
			{"technology": "postgresql", "version": "15.3", "ring": "ADOPT", "note": "the shop's"},
			{"technology": "nodejs", "version": "18.20.4"},
			{"technology": "nodejs", "version": "20.1.0", "note": "what the build runs on"},
			{"technology": "pkg:npm/express@4.18.0"},
			{"technology": "pkg:npm/our-own@1"},
		}})
		before := eve.stackOf(acme.project, "id")
		const selection = "a: id b: name c: installedVersion d: ring e: note"
		want := []string{
			before[0] + " Our own 1 null of the third floor", before[1] + " postgresql 15.3 ADOPT the shop's",
			before[3] + " node 20.1.0 null what the build runs on", before[4] + " express 4.19.2 null null",
		}
		document := bill("node 20.1.0 pkg:docker/node@20.1.0", "express 4.19.2 pkg:npm/express@4.19.2", "left-pad 1 pkg:npm/left-pad@1")
		for range 2 {
			if _, faults, _ := eve.imports(acme.project, document, imported, ""); faults != "" {
				t.Fatal(faults)
			}
			if diff := cmp.Diff(want, eve.stackOf(acme.project, selection)); diff != "" {
				t.Fatal(diff)
			}
		}
		answer, faults, _ := eve.imports(acme.project, bill("left-pad 1 pkg:npm/left-pad@1", "unheard-of"), "project { id } componentCount recognizedCount", "")
		if answer != "2 null 0" || faults != "INVALID input.file: the catalogue knows none of the components that it lists (2), so nothing was changed" {
			t.Errorf("nothing recognised: %s %s", answer, faults)
		}
		if answer, _, _ := eve.imports(acme.project, bill("left-pad 1 pkg:npm/left-pad@1"), "unrecognized { name }", `@idempotent(key: "k")`); answer != "left-pad" {
			t.Errorf("not recognised: %s", answer)
		}
		if diff := cmp.Diff(want, eve.stackOf(acme.project, selection)); diff != "" {
			t.Error(diff)
		}
		for revision, want := range map[string]string{"3": "", "2": "CONFLICT input.expectedRevision: it has changed since: its revision is 3"} {
			_, faults, _ := eve.importsAt(acme.project, document, "componentCount", "", revision)
			if faults != want {
				t.Errorf("revision %s is expected: %s", revision, faults)
			}
		}
	})
}

func TestADocumentThatCannotBeImportedChangesNothing(t *testing.T) {
	t.Parallel()
	many := make([]string, 51)
	for i := range many {
		many[i] = "postgres " + strconv.Itoa(i) + " pkg:docker/postgres@" + strconv.Itoa(i)
	}
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		eve.does("setStack", input{"projectId": acme.project, "components": []input{{"technology": "redis"}}})
		changes := len(eve.as(named("mel")).changes(acme.organization))
		for name, c := range map[string]struct{ file, want string }{
			"nothing":             {"", "INVALID input.file: it is empty"},
			"broken":              {`{"bomFormat":`, "INVALID input.file: it is broken at line 1, column 14: it ends before its end"},
			"compressed":          {"PK\x03\x04", "INVALID input.file: it is compressed (zip): send what is in it"},
			"an entity":           {`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><bom/>`, `INVALID input.file: it has a document type (\u003c!DOCTYPE ...\u003e) at line 1, column 55, which is refused: entities could stand for other files, or for more than there is room for`},
			"large":               {strings.Repeat(" ", 100_001), "LIMIT_REACHED input.file: it is larger than 100000 bytes (--max-sbom-bytes)"},
			"deep":                {strings.Repeat(`{"a":`, 21), "LIMIT_REACHED input.file: its parts lie in one another more than 20 deep (--max-sbom-depth)"},
			"many components":     {bill(append(many, many...)...), "LIMIT_REACHED input.file: it lists more than 100 components (--max-sbom-components)"},
			"many that are known": {bill(many...), "LIMIT_REACHED input.file: the catalogue knows 51 of its components, beside which 1 stay, and a project has no more than 50 (--max-stack-components)"},
		} {
			answer, faults, _ := eve.imports(acme.project, c.file, "project { id } "+imported, "")
			if answer != "null null null null" || faults != c.want {
				t.Errorf("%s: %s %s", name, answer, faults)
			}
		}
		if got := eve.values(`query($id: ID!) { node(id: $id) { ... on Project { revision stack { totalCount } } } }`, map[string]any{"id": acme.project}); got != "2 1" {
			t.Errorf("what was refused has changed it: %s", got)
		}
		if got := eve.as(named("mel")).changes(acme.organization); len(got) != changes {
			t.Errorf("changes were recorded: %v", got[changes:])
		}
		if answer, faults, _ := eve.imports(acme.project, bill(many[:49]...), "recognizedCount", ""); answer != "49" || faults != "" {
			t.Errorf("as many as may be: %s %s", answer, faults)
		}
		text := eve.ask(`mutation($in: ImportSbomInput!) { importSbom(input: $in) { componentCount } }`, map[string]any{"in": input{"projectId": acme.project, "file": bill("redis")}})
		if len(text.Errors) != 1 || text.Errors[0].Extensions["code"] != "BAD_USER_INPUT" || !strings.Contains(text.Errors[0].Message, "multipart/form-data") {
			t.Errorf("a text for a file: %+v", text.Errors)
		}
	})
}

func TestAnImportUnderAKeyHappensOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		const selection, key = "componentCount recognizedCount project { revision }", `@idempotent(key: "k")`
		redis, caddy := bill("redis 7 pkg:docker/redis@7"), bill("caddy 2")
		for _, c := range []struct{ what, file, want string }{
			{"first", redis, "1 2 1 "},
			{"the same", redis, "null 2 null "},
			{"another file", caddy, " CONFLICT: the key of @idempotent was used for another mutation or input"},
		} {
			if answer, faults, _ := eve.imports(acme.project, c.file, selection, key); answer+" "+faults != c.want {
				t.Errorf("%s: %s %s", c.what, answer, faults)
			}
		}
		eve.imports(acme.project, caddy, selection, "")
		if answer, _, _ := eve.imports(acme.project, redis, selection, key); answer != "null 3 null" {
			t.Errorf("after another change: %s", answer)
		}
	})
}

// TestNobodyHasADocumentReadWhoMayNotImportIt gives documents that cannot be read: who may import hears of that.
func TestNobodyHasADocumentReadWhoMayNotImportIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		for who, want := range map[string]string{
			"eve": "INVALID input.file: it is empty",
			"vic": "FORBIDDEN: this field needs the role EDITOR in the organisation",
			"out": "NOT_FOUND input.projectId: there is no such object",
		} {
			if _, faults, _ := a.as(named(who)).imports(acme.project, "", "componentCount", ""); faults != want {
				t.Errorf("%s: %s", who, faults)
			}
		}
		for _, id := range []string{acme.organization, "x"} {
			if _, faults, _ := a.as(named("eve")).imports(id, "", "componentCount", ""); !strings.Contains(faults, "NOT_FOUND") && !strings.Contains(faults, "BAD_USER_INPUT") {
				t.Errorf("%s: %s", id, faults)
			}
		}
	})
}

// TestALargerDocumentTakesNoMoreStatements imports one component and many.
func TestALargerDocumentTakesNoMoreStatements(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		run := func(n int) []int {
			acme := tenantOf(t, db, "acme-"+strconv.Itoa(n), enum.VisibilityPrivate)
			var components []string
			for i := range n {
				v := strconv.Itoa(i)
				components = append(components, "postgres "+v+" pkg:docker/postgres@"+v, "own-"+v+" 1 pkg:npm/own-"+v+"@1", "own-"+v+" 1")
			}
			eve := a.as(named("eve"))
			eve.imports(acme.project, bill("redis"), "componentCount", "")
			_, _, first := eve.imports(acme.project, bill(components...), "componentCount", "")
			_, _, again := eve.imports(acme.project, bill(components...), "componentCount", "")
			return []int{len(first.statements), len(again.statements)}
		}
		if diff := cmp.Diff(run(1), run(30)); diff != "" {
			t.Errorf("the numbers of statements differ (-of few +of many):\n%s", diff)
		}
	})
}
