package graph_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"stackyard/graph"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

var update = flag.Bool("update", false, "rewrite the answers and the numbers of statements in testdata/scenarios")

// scenario is a document, what it answers, and how many statements that takes.
// The values that `before.graphql` answers are variables as well, each named by
// its root field, so that ids and cursors need not be written down.
type scenario struct {
	name    string
	path    string
	archive *txtar.Archive
}

func scenarios(t *testing.T) []scenario {
	t.Helper()
	paths, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	var out []scenario
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, scenario{strings.TrimSuffix(filepath.Base(path), ".txtar"), path, archive})
	}
	return out
}

// section gives a part of the file; empty where there is none.
func (s scenario) section(name string) string {
	for _, f := range s.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// set writes a part of the file.
func (s scenario) set(name, data string) {
	i := slices.IndexFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		i = len(s.archive.Files)
		s.archive.Files = append(s.archive.Files, txtar.File{Name: name})
	}
	s.archive.Files[i].Data = []byte(data)
}

// run executes the scenario's document.
func (s scenario) run(t *testing.T, a *api) reply {
	t.Helper()
	a = a.in(t)
	variables := map[string]any{}
	if text := s.section("variables.json"); text != "" {
		if err := json.Unmarshal([]byte(text), &variables); err != nil {
			t.Fatal(err)
		}
	}
	if before := s.section("before.graphql"); before != "" {
		var roots map[string]any
		a.data(before, nil, &roots)
		for name, value := range roots {
			found := scalars(value)
			if len(found) != 1 {
				t.Fatalf("%s has %d values", name, len(found))
			}
			variables[name] = found[0]
		}
	}
	return a.ask(s.section("query.graphql"), variables)
}

func TestScenarios(t *testing.T) {
	if *update {
		rewrite(t)
		return
	}
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for _, s := range scenarios(t) {
			t.Run(s.name, func(t *testing.T) {
				r := s.run(t, a)
				if diff := cmp.Diff(s.section("answer.json"), r.pretty(t)); diff != "" {
					t.Errorf("the answer differs (-want +got):\n%s", diff)
				}
				if got, want := strconv.Itoa(len(r.statements)), strings.TrimSpace(s.section("statements")); got != want {
					t.Errorf("it took %s statements, want %s:\n%s", got, want, strings.Join(r.statements, "\n"))
				}
				if len(r.late) > 0 {
					t.Errorf("nobody looked ahead to what was loaded at %s", r.late)
				}
			})
		}
	})
}

// rewrite makes the goldens anew; both databases have to agree.
func rewrite(t *testing.T) {
	apis := map[string]*api{}
	for _, dialect := range storetest.Dialects {
		apis[dialect] = serve(t, seeded(t, dialect))
	}
	for _, s := range scenarios(t) {
		first, second := s.run(t, apis["sqlite"]), s.run(t, apis["postgres"])
		if diff := cmp.Diff(first.pretty(t), second.pretty(t)); diff != "" {
			t.Errorf("%s: not rewritten: PostgreSQL answers other than SQLite:\n%s", s.name, diff)
			continue
		}
		if len(first.statements) != len(second.statements) {
			t.Errorf("%s: not rewritten: %d statements on SQLite, %d on PostgreSQL", s.name, len(first.statements), len(second.statements))
			continue
		}
		s.set("answer.json", first.pretty(t))
		s.set("statements", strconv.Itoa(len(first.statements))+"\n")
		if err := os.WriteFile(s.path, txtar.Format(s.archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnswersDoNotDependOnLookingAhead asks every scenario with all loading left
// to the dataloaders.
func TestAnswersDoNotDependOnLookingAhead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		a := serve(t, db, func(c *graph.Config) { c.NoAhead = true })
		more := 0
		for _, s := range scenarios(t) {
			r := s.run(t, a)
			if diff := cmp.Diff(s.section("answer.json"), r.pretty(t)); diff != "" {
				t.Errorf("%s differs (-ahead +not):\n%s", s.name, diff)
			}
			if strconv.Itoa(len(r.statements)) != strings.TrimSpace(s.section("statements")) {
				more++
			}
		}
		if more == 0 {
			t.Error("no scenario took another number of statements: nothing was switched off")
		}
	})
}
