package sbom_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackyard/internal/source/sbom"
)

// TestABillMadeByCycloneDXGomodIsRead makes bills of this very module with the tool.
func TestABillMadeByCycloneDXGomodIsRead(t *testing.T) {
	t.Parallel()
	scratch := t.TempDir()
	tool := filepath.Join(scratch, "cyclonedx-gomod")
	command(t, filepath.Join("testdata", "cyclonedx-gomod"), "go", "build", "-mod=readonly", "-o", tool, "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod")
	large := sbom.Limits{Bytes: 20 << 20, Components: 20_000, Depth: 100}
	for format, arguments := range map[string][]string{
		"CycloneDX 1.5 in JSON": {"-json"},
		"CycloneDX 1.4 in XML":  {"-output-version", "1.4"},
	} {
		out := filepath.Join(scratch, strings.ReplaceAll(format, " ", "-"))
		command(t, ".", tool, slices.Concat([]string{"mod", "-output", out}, arguments, []string{filepath.Join("..", "..", "..")})...)
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := sbom.Read(text, large)
		if err != nil || doc.Format != format {
			t.Fatalf("%s: %+v %v", format, doc, err)
		}
		i := slices.IndexFunc(doc.Components, func(c sbom.Component) bool { return c.Name == "github.com/99designs/gqlgen" })
		if i < 0 {
			t.Fatalf("%s: there is no gqlgen among %d components", format, len(doc.Components))
		}
		c := doc.Components[i]
		if !strings.HasPrefix(c.Version, "v0.") || !strings.HasPrefix(c.PURL, "pkg:golang/github.com/99designs/gqlgen@"+c.Version) || c.Kind != "library" {
			t.Errorf("%s: gqlgen is %+v", format, c)
		}
	}
}

func command(t *testing.T, directory, name string, arguments ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, arguments...)
	c.Dir = directory
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
}
