package graph_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/enum"
	"stackyard/internal/store"
)

// stackOf gives what is selected of a project's components, in their order.
func (a *api) stackOf(project, selection string) []string {
	a.t.Helper()
	var data struct {
		Node struct {
			Stack struct{ Nodes []map[string]any }
		}
	}
	a.data(`query($id: ID!) { node(id: $id) { ... on Project { stack(first: 100) { nodes { `+selection+` } } } } }`, map[string]any{"id": project}, &data)
	out := []string{}
	for _, c := range data.Node.Stack.Nodes {
		out = append(out, strings.Join(scalars(c), " "))
	}
	return out
}

func TestComponentsAreRecognised(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		write(t, db, func(w rows) {
			redis, nodejs := w.technology("redis"), w.technology("nodejs")
			name := func(id int64, alias string) {
				w.must(w.tx.TechnologyName.Create().SetTechnologyID(id).SetName([]byte(alias)).Exec(w.ctx))
			}
			w.must(redis.Update().SetAliases([]string{"twofold", "caddy", "bothways"}).Exec(w.ctx))
			w.must(nodejs.Update().SetAliases([]string{"twofold"}).SetName("Bothways").Exec(w.ctx))
			for _, alias := range []string{"twofold", "caddy", "bothways"} {
				name(redis.ID, alias)
			}
			name(nodejs.ID, "twofold")
			name(nodejs.ID, "bothways")
		})
		for _, c := range []struct{ technology, version, want string }{ // technology, version, purl
			{"nodejs", "18.20.4", "nodejs 18.20.4 null"},
			{" PostgreSQL ", "", "postgresql null null"},
			{"POSTGRES", "16", "postgresql 16 null"},
			{"redis  ", " ", "redis null null"},
			{"caddy", "", "caddy null null"},                          // its slug is worth more than redis' alias
			{"bothways", "", "nodejs null null"},                      // and a name
			{"twofold", "", "null null null"},                         // but of two aliases, none
			{"Our own", "2.0", "null 2.0 null"},                       // nobody knows
			{"pkg:docker/postgres@15.3", "", "postgresql 15.3 given"}, // the library's image
			{"pkg:docker/library/postgres@15.3", "", "postgresql 15.3 given"},
			{"pkg:docker/postgres@15.3", "15.4", "postgresql 15.4 given"},
			{"pkg:docker/postgres?platform=linux/amd64", "", "postgresql null given"},
			{"PKG:Docker/library/redis@7#a/b", "", "redis 7 given"},
			{"pkg:golang/github.com/jackc/pgx/v5@v5.1.0", "", "pgx v5.1.0 given"}, // a known package
			{"pkg:oci/caddy@sha256%3Aabc?repository_url=quay.io/repository/caddy&tag=2", "", "caddy 2 given"},
			{"pkg:oci/caddy?repository_url=quay.io%2Frepository%2Fcaddy", "", "caddy null given"},
			{"pkg:oci/caddy?repository_url=elsewhere.example", "", "null null given"},
			{"pkg:npm/%40acme/secret@1.0.0", "", "null 1.0.0 given"},
			{"cpe:2.3:a:postgresql:postgresql:15.3:*:*:*:*:*:*:*", "", "postgresql 15.3 null"},
			{"cpe:2.3:a:PostgreSQL:postgresql:*:*:*:*:*:*:*:*", "", "postgresql null null"},
			{"cpe:/a:postgresql:postgresql:9.6", "", "postgresql 9.6 null"},
			{"cpe:2.3:a:acme:postgresql:1", "", "null 1 null"},
			{"pkg:", "", "null null null"},
			{"pkg:docker", "", "null null null"},
			{"cpe:2.3:a", "", "null null null"},
			{"%", "", "null null null"},
			{"'", "", "null null null"},
		} {
			part := input{"technology": c.technology}
			if c.version != "" {
				part["version"] = c.version
			}
			a.as(named("eve")).does("setStack", input{"projectId": acme.project, "components": []input{part}})
			want := strings.Replace(c.want, "given", c.technology, 1)
			got := a.as(named("vic")).stackOf(acme.project, `a: technology { slug } b: installedVersion c: purl d: name`)
			if diff := cmp.Diff([]string{strings.ReplaceAll(want+" "+strings.TrimSpace(c.technology), "&", `\u0026`)}, got); diff != "" {
				t.Errorf("%s: %s", c.technology, diff)
			}
		}
	})
}

func TestWhatIsStillInAStackStaysTheSameComponent(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		names := map[string]string{} // of ids, by what they were first
		set := func(want string, components ...string) {
			t.Helper()
			parts := make([]input, len(components))
			for i, c := range components {
				technology, version, _ := strings.Cut(c, "=")
				parts[i] = input{"technology": technology, "version": version}
			}
			eve.does("setStack", input{"projectId": acme.project, "components": parts})
			var got []string
			for i, id := range eve.stackOf(acme.project, "id") {
				if names[id] == "" {
					names[id] = components[i]
				}
				got = append(got, names[id])
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%v: %v, want %s", components, got, want)
			}
		}
		set("redis=6 redis=7 own=1", "redis=6", "redis=7", "own=1")
		set("own=1 redis=7 redis=6", "OWN=2", "redis=7", "redis=6")                       // in another order
		set("redis=7 redis=6 own=1", "Redis=7", "redis-server=8", "own=1")                // the same version before any other
		set("redis=7 own=1", "redis=9", "own=1")                                          // the first, where none has the version
		set("redis=7 pkg:docker/redis@7 own=1", "redis=9", "pkg:docker/redis@7", "own=1") // another package is another component
		set("pkg:docker/redis@7 redis=7", "pkg:docker/library/redis@8?arch=arm", "redis=9")
		set("pkg:docker/redis@7 pkg:npm/x@1 pkg:npm/y@1", "pkg:docker/redis@8", "pkg:npm/x@1", "pkg:npm/y@1")
		set("pkg:npm/y@1 pkg:npm/x@1", "pkg:npm/y@2", "pkg:npm/x@2")
		set("")
		set("own=2", "own=2")
	})
}

func TestAComponentIsTheSameOnceTheCatalogueKnowsIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		stack := input{"projectId": acme.project, "components": []input{{"technology": "Newcomer", "version": "1"}}}
		eve.does("setStack", stack)
		before := eve.stackOf(acme.project, "id technology { slug }")
		write(t, db, func(w rows) {
			redis := w.technology("redis")
			w.must(redis.Update().SetAliases([]string{"newcomer"}).Exec(w.ctx))
			w.must(w.tx.TechnologyName.Create().SetTechnologyID(redis.ID).SetName([]byte("newcomer")).Exec(w.ctx))
		})
		eve.does("setStack", stack)
		want := []string{strings.Replace(before[0], "null", "redis", 1)}
		if diff := cmp.Diff(want, eve.stackOf(acme.project, "id technology { slug }")); diff != "" {
			t.Error(diff)
		}
		if got := a.as(named("mel")).changes(acme.organization); got[len(got)-1] != "STACK_COMPONENT UPDATED technology by eve" {
			t.Errorf("%v", got)
		}
	})
}

func TestOnlyWhatDiffersOfAStackIsChanged(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve, mel := a.as(named("eve")), a.as(named("mel"))
		redis := input{"technology": "redis", "version": "7", "ring": "ADOPT", "note": " why\nnot "}
		node := input{"technology": "nodejs"}
		for _, c := range []struct {
			what     string
			stack    []input
			revision string
			want     []string
		}{
			{"the first", []input{redis, node}, "2", []string{"STACK_COMPONENT CREATED by eve", "STACK_COMPONENT CREATED by eve"}},
			{"the same", []input{redis, node}, "2", nil},
			{"another order", []input{node, redis}, "3", []string{"PROJECT UPDATED stack by eve"}},
			{"an update", []input{node, {"technology": "redis", "version": "8", "ring": "HOLD"}}, "4", []string{"STACK_COMPONENT UPDATED installedVersion,note,ring by eve"}},
			{"in front", []input{{"technology": "caddy"}, node, {"technology": "redis", "version": "8", "ring": "HOLD"}}, "5", []string{"STACK_COMPONENT CREATED by eve"}},
			{"by another name", []input{{"technology": "caddy"}, {"technology": "node"}, {"technology": "redis", "version": "8", "ring": "HOLD"}}, "6", []string{"STACK_COMPONENT UPDATED name by eve"}},
			{"one between, and others the other way round", []input{{"technology": "redis", "version": "8", "ring": "HOLD"}, {"technology": "java"}, {"technology": "node"}, {"technology": "caddy"}}, "7", []string{
				"PROJECT UPDATED stack by eve", "STACK_COMPONENT CREATED by eve",
			}},
			{"changed and moved", []input{{"technology": "java"}, {"technology": "redis", "version": "8"}, {"technology": "node"}, {"technology": "caddy"}}, "8", []string{
				"PROJECT UPDATED stack by eve", "STACK_COMPONENT UPDATED ring by eve",
			}},
			{"without the first", []input{{"technology": "redis", "version": "8"}, {"technology": "node"}}, "9", []string{"STACK_COMPONENT DELETED by eve", "STACK_COMPONENT DELETED by eve"}},
			{"one", []input{{"technology": "node"}}, "10", []string{"STACK_COMPONENT DELETED by eve"}},
			{"none", []input{}, "11", []string{"STACK_COMPONENT DELETED by eve"}},
			{"none again", []input{}, "11", nil},
		} {
			before := len(mel.changes(acme.organization))
			if got := eve.did("setStack", "project { revision }", input{"projectId": acme.project, "components": c.stack}); got != c.revision {
				t.Errorf("%s: the revision is %s, want %s", c.what, got, c.revision)
			}
			if diff := cmp.Diff(strings.Join(c.want, "\n"), strings.Join(mel.changes(acme.organization)[before:], "\n")); diff != "" {
				t.Errorf("%s: %s", c.what, diff)
			}
			var want []string
			for _, part := range c.stack {
				want = append(want, part["technology"].(string))
			}
			if diff := cmp.Diff(strings.Join(want, " "), strings.Join(eve.stackOf(acme.project, "name"), " ")); diff != "" {
				t.Errorf("%s: the order is %s", c.what, diff)
			}
		}
		if got := eve.did("setStack", "project { stack { nodes { ring note } } }", input{"projectId": acme.project, "components": []input{redis}}); got != `why\nnot ADOPT` {
			t.Errorf("it is noted that %s", got)
		}
	})
}

func TestFaultsOfStacks(t *testing.T) {
	t.Parallel()
	many := make([]input, 51)
	for i := range many {
		many[i] = input{"technology": "own " + strconv.Itoa(i)}
	}
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		mel := a.as(named("mel"))
		for _, c := range []struct {
			stack []input
			want  string // with % for the field
		}{
			{[]input{{"technology": "redis"}, {"technology": " "}, {"technology": "\u200b"}}, "REQUIRED %.1.technology, REQUIRED %.2.technology"},
			{[]input{{"technology": "a\u0000b"}, {"technology": strings.Repeat("x", 501)}}, "INVALID %.0.technology, TOO_LONG %.1.technology"},
			{[]input{{"technology": "redis", "version": strings.Repeat("1", 101)}}, "TOO_LONG %.0.version"},
			{[]input{{"technology": "redis", "version": strings.Repeat("é", 51)}}, "TOO_LONG %.0.version"},
			{[]input{{"technology": "redis", "version": "7\u0000"}}, "INVALID %.0.version"},
			{[]input{{"technology": "pkg:docker/redis@" + strings.Repeat("1", 101)}}, "TOO_LONG %.0.technology"},
			{[]input{{"technology": "pkg:docker/redis@7%00"}}, "INVALID %.0.technology"},
			{[]input{{"technology": "redis"}, {"technology": "Redis"}, {"technology": "redis-server", "version": "7"}, {"technology": "redis", "version": "7"}}, "INVALID %.1, INVALID %.3"},
			{[]input{{"technology": "own"}, {"technology": " OWN "}, {"technology": ""}}, "REQUIRED %.2.technology, INVALID %.1"},
			{[]input{{"technology": "pkg:docker/redis@7"}, {"technology": "redis", "version": "7"}, {"technology": "pkg:docker/library/redis@7?a=b"}}, "INVALID %.2"},
			{many, "LIMIT_REACHED %"},
		} {
			want := strings.ReplaceAll(c.want, "%", "input.components")
			if got := mel.rejects("setStack", input{"projectId": acme.project, "components": c.stack}); got != want {
				t.Errorf("%.60v: %s, want %s", c.stack, got, want)
			}
			create := input{"organizationId": acme.organization, "slug": "new", "name": "New", "stack": c.stack}
			if got := mel.rejects("createProject", create); got != strings.ReplaceAll(want, "components", "stack") {
				t.Errorf("creating with %.60v: %s, want %s", c.stack, got, want)
			}
		}
		got := mel.rejects("setStack", input{"projectId": acme.project, "expectedRevision": 5, "components": []input{{"technology": "redis", "note": strings.Repeat("x", 1001)}, {"technology": "redis", "note": "\u0007", "version": "1"}}})
		if want := "CONFLICT input.expectedRevision, TOO_LONG input.components.0.note, INVALID input.components.1.note"; got != want {
			t.Error(got)
		}
		if got := mel.values(`query($id: ID!) { node(id: $id) { ... on Project { revision stack { totalCount } } } }`, map[string]any{"id": acme.project}); got != "1 0" {
			t.Errorf("what was refused has changed it: %s", got)
		}
		mel.does("setStack", input{"projectId": acme.project, "components": many[:50]})
	})
}

// TestALargerStackTakesNoMoreStatements replaces a stack of one and one of many.
func TestALargerStackTakesNoMoreStatements(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		eve := a.as(named("eve"))
		run := func(n int) (statements []int) {
			acme := tenantOf(t, db, "acme-"+strconv.Itoa(n), enum.VisibilityPrivate)
			stack := make([]input, n)
			for i := range stack {
				stack[i] = input{"technology": "pkg:npm/own-" + strconv.Itoa(i) + "@1"}
			}
			other := append([]input{{"technology": "redis"}}, stack...)
			for _, s := range [][]input{stack, stack, other, {}} { // new, the same, moved, none
				_, _, r := eve.mutate("setStack", "project { id }", input{"projectId": acme.project, "components": s})
				statements = append(statements, len(r.statements))
			}
			return statements
		}
		if diff := cmp.Diff(run(1), run(40)); diff != "" {
			t.Errorf("the numbers of statements differ (-of one +of 40):\n%s", diff)
		}
	})
}

func TestEverythingKnowsTheReleaseCycleOfAVersion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		acme := tenantOf(t, db, "acme", enum.VisibilityPrivate)
		eve := a.as(named("eve"))
		for _, c := range []struct{ slug, version, want string }{
			{"oracle-jdk", "8u292", "8"},
			{"oracle-jdk", "1.8.0_292", "8"},
			{"oracle-jdk", "17.0.2", "17"},
			{"nodejs", "v22.1.0", "22"},
			{"nodejs", "1.8.0_292", "1"},
			{"express", "4.19.2", "4"},
			{"ubuntu", "jammy", "22.04"},
			{"ubuntu", "Jammy Jellyfish", "22.04"},
			{"debian", "bookworm-slim", "12"},
			{"debian", "trixie/sid", "null"},
			{"cakephp", "Chiffon", "null"},
			{"sql-server", "2019", "15.0"},
			{"sql-server", "2022-CU14", "16.0"},
			{"sql-server", "2016", "null"},
			{"nodejs", "lts/hydrogen", "18"},
			{"nodejs", "=18.20.4", "18"},
			{"go", "go1.22.1", "1.22"},
			{"amazon-corretto", "jdk-17.0.9+9", "17"},
			{"postgresql", "psql (PostgreSQL) 15.3 (Debian 15.3-1.pgdg120+1)", "15"},
			{"mariadb", "5.5.5-10.6.12-MariaDB", "10.6"},
			{"nodejs", "Python 3.11.2", "null"},
		} {
			variables := map[string]any{"slug": c.slug, "version": c.version}
			asked := eve.values(`query($slug: String!, $version: String!) { technology(slug: $slug) { releaseCycle(version: $version) { name } } }`, variables)
			checked := eve.values(`query($slug: String!, $version: String!) { checkStack(components: [{ technology: $slug, version: $version }]) {
				components { releaseCycle { name } } } }`, variables)
			eve.does("setStack", input{"projectId": acme.project, "components": []input{part(c.slug, c.version)}})
			kept := eve.values(`query($id: ID!) { node(id: $id) { ... on Project { stack { nodes { releaseCycle { name } } } } } }`, map[string]any{"id": acme.project})
			if asked != c.want || checked != c.want || kept != c.want {
				t.Errorf("%s %s is of %s, checked of %s, kept of %s; want %s", c.slug, c.version, asked, checked, kept, c.want)
			}
		}
	})
}
