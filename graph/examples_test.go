package graph_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackyard/graph"
	"stackyard/internal/auth"
	"stackyard/internal/store/storetest"
)

// TestPlaygroundExamplesHaveAnswers executes every tab of the playground as the
// user whom it is for: no errors, and something to see at every root field and in
// every list. Those that change something are as good the second time.
func TestPlaygroundExamplesHaveAnswers(t *testing.T) {
	paths, err := filepath.Glob("../clients/examples/*.graphql")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d examples, %v", len(paths), err)
	}
	storetest.Each(t, func(t *testing.T, dialect string) {
		a := serve(t, seeded(t, dialect), func(c *graph.Config) {
			if err := c.App.Sample(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
		for _, round := range []string{"first", "again"} {
			for _, path := range paths {
				t.Run(round+"/"+strings.TrimSuffix(filepath.Base(path), ".graphql"), func(t *testing.T) {
					answer(t, a.in(t), exampleAt(t, path))
				})
			}
		}
	})
}

// example is a document of the playground.
type example struct {
	document  string
	variables map[string]any
}

func exampleAt(t *testing.T, path string) (e example) {
	t.Helper()
	document, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	values, err := os.ReadFile(strings.TrimSuffix(path, ".graphql") + ".variables.json")
	if err == nil {
		err = json.Unmarshal(values, &e.variables)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	e.document = string(document)
	return e
}

// answer executes an example, a subscription from the beginning of its log to the first event.
func answer(t *testing.T, a *api, e example) {
	if opening, _, _ := strings.Cut(e.document, "\n"); strings.HasPrefix(opening, "# as: ") {
		a = a.as(developer(t, strings.TrimPrefix(opening, "# as: ")))
	}
	variables := a.withIDs(e.variables).(map[string]any)
	isSubscription := strings.Contains(e.document, "\nsubscription ")
	if isSubscription {
		variables["after"] = ""
	}
	var data map[string]any
	a.data(e.document, variables, &data)
	seen := map[string]bool{}
	look(data, "", seen)
	for place, hasSomething := range seen {
		switch {
		case strings.HasSuffix(place, ".userErrors"):
			if hasSomething {
				t.Errorf("%s are %v", place, data)
			}
		case isSubscription && strings.HasSuffix(place, ".node.fields"): // there are none on creation
		case !hasSomething && place != ".rateLimit":
			t.Errorf("%s is empty everywhere", place)
		}
	}
}

// developer is a user of the sample organisation.
func developer(t *testing.T, name string) *auth.Viewer {
	t.Helper()
	u, err := auth.DevUserOf(name)
	if err != nil {
		t.Fatal(err)
	}
	return &auth.Viewer{
		Issuer: auth.DevIssuerName, Subject: u.Subject, Name: u.Name, Email: u.Email, IsEmailVerified: true, Scopes: u.Scopes,
	}
}

// exampleID is how variables of examples stand for an id, which the playground looks up.
var exampleID = regexp.MustCompile(`^id of (organization|project|technology) ([a-z0-9-]+)/?([a-z0-9-]*)$`)

// withIDs puts the ids into variables as the playground does.
func (a *api) withIDs(v any) any {
	a.t.Helper()
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			out[key] = a.withIDs(value)
		}
		return out
	case []any:
		var out []any
		for _, item := range v {
			out = append(out, a.withIDs(item))
		}
		return out
	case string:
		if found := exampleID.FindStringSubmatch(v); found != nil {
			return a.lookUp(found[1], found[2], found[3])
		}
	}
	return v
}

func (a *api) lookUp(kind, slug, project string) string {
	a.t.Helper()
	if kind != "project" {
		return a.values(`query ($slug: String!) { `+kind+`(slug: $slug) { id } }`, map[string]any{"slug": slug})
	}
	var data struct {
		Organization struct {
			Projects struct{ Nodes []struct{ ID, Slug string } }
		}
	}
	a.data(`query ($slug: String!) { organization(slug: $slug) { projects(first: 100) { nodes { id slug } } } }`, map[string]any{"slug": slug}, &data)
	for _, p := range data.Organization.Projects.Nodes {
		if p.Slug == project {
			return p.ID
		}
	}
	a.t.Fatalf("there is no project %s/%s", slug, project)
	return ""
}

// look notes, for each root field and each list of an answer by its place
// without indices, whether there is something in it anywhere.
func look(v any, place string, seen map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		seen[place] = true
		for name, value := range v {
			below := place + "." + name
			if value == nil && place == "" {
				seen[below] = false
			}
			look(value, below, seen)
		}
	case []any:
		seen[place] = seen[place] || len(v) > 0
		for _, item := range v {
			look(item, place, seen)
		}
	case nil:
	default:
		seen[place] = true
	}
}
