package graph_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackyard/internal/store"
)

// TestPlaygroundExamplesHaveAnswers executes every tab of the playground: no
// errors, and something to see at every root field and in every list.
func TestPlaygroundExamplesHaveAnswers(t *testing.T) {
	paths, err := filepath.Glob("../clients/examples/*.graphql")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d examples, %v", len(paths), err)
	}
	onEach(t, func(t *testing.T, a *api, _ *store.DB) {
		for _, path := range paths {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".graphql"), func(t *testing.T) {
				document, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				var variables map[string]any
				values, err := os.ReadFile(strings.TrimSuffix(path, ".graphql") + ".variables.json")
				if err == nil {
					err = json.Unmarshal(values, &variables)
				}
				if err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
				var data map[string]any
				a.in(t).data(string(document), variables, &data)
				seen := map[string]bool{}
				look(data, "", seen)
				for place, hasSomething := range seen {
					if !hasSomething && place != ".rateLimit" {
						t.Errorf("%s is empty everywhere", place)
					}
				}
			})
		}
	})
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
