package auth_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestOneFileAloneKnowsJWX(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(`"github.com/lestrrat-go/`)) && name != "jwx_test.go" {
			found = append(found, name)
		}
	}
	if !slices.Equal(found, []string{"jwx.go"}) {
		t.Errorf("imported by %v", found)
	}
}
