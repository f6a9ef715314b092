package sbom_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackyard/internal/source/sbom"
)

var limits = sbom.Limits{Bytes: 1 << 20, Components: 100, Depth: 50}

// listed are the components that every document in testdata lists, as far as its format can say so.
func listed(hasScope bool) []sbom.Component {
	return []sbom.Component{
		{Name: "express", Version: "4.19.2", PURL: "pkg:npm/express@4.19.2", Kind: "library"},
		{
			Name: "postgresql", Version: "15.3", Kind: "application",
			CPEs: []string{"cpe:2.3:a:postgresql:postgresql:15.3:*:*:*:*:*:*:*"},
		},
		{Name: "@acme/billing", Version: "2.0.0", PURL: "pkg:npm/%40acme/billing@2.0.0", Kind: "library"},
		{Name: "mocha", Version: "10.0.0", PURL: "pkg:npm/mocha@10.0.0", Kind: "library", IsExcluded: hasScope},
		{Name: "debian", Kind: "operating-system"},
	}
}

func TestEachFormatIsReadByItsContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, format string
		hasScope     bool
	}{
		{"cyclonedx.json", "CycloneDX 1.6 in JSON", true},
		{"cyclonedx.xml", "CycloneDX 1.6 in XML", true},
		{"spdx-2.3.json", "SPDX 2.3 in JSON", false},
		{"spdx-2.3.spdx", "SPDX 2.3 as tags with values", false},
		{"spdx-3.0.json", "SPDX 3.0 in JSON", false},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			for name, text := range map[string]string{
				"as it is": document(t, c.file), "with a mark of its encoding": "\ufeff" + document(t, c.file), "with blanks": "\n\n " + document(t, c.file) + "\n",
			} {
				if name == "with blanks" && strings.HasSuffix(c.file, ".xml") {
					continue // nothing stands before the declaration
				}
				doc, err := sbom.Read([]byte(text), limits)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if diff := cmp.Diff(&sbom.Document{Format: c.format, Components: listed(c.hasScope)}, doc); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func TestEachVersionThatIsReadIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, from, to, want string }{
		{"cyclonedx.json", `"1.6"`, `"1.4"`, "CycloneDX 1.4 in JSON"},
		{"cyclonedx.json", `"1.6"`, `"1.5"`, "CycloneDX 1.5 in JSON"},
		{"cyclonedx.json", `"1.6"`, `"1.7"`, "CycloneDX 1.7 in JSON"},
		{"cyclonedx.json", `"1.6"`, `"1.3"`, `it is CycloneDX "1.3"; read are 1.4, 1.5, 1.6, 1.7`},
		{"cyclonedx.json", `"1.6"`, `"9"`, `it is CycloneDX "9"; read are 1.4, 1.5, 1.6, 1.7`},
		{"cyclonedx.xml", "bom/1.6", "bom/1.4", "CycloneDX 1.4 in XML"},
		{"cyclonedx.xml", "bom/1.6", "bom/1.5", "CycloneDX 1.5 in XML"},
		{"cyclonedx.xml", "bom/1.6", "bom/1.1", `it is CycloneDX "1.1"; read are 1.4, 1.5, 1.6, 1.7`},
		{"spdx-2.3.json", "SPDX-2.3", "SPDX-2.2", `it is "SPDX-2.2"; read are SPDX-2.3 and SPDX 3.0`},
		{"spdx-2.3.spdx", "SPDX-2.3", "SPDX-2.2", `it is "SPDX-2.2"; read are SPDX-2.3 and SPDX 3.0`},
		{"spdx-3.0.json", "3.0.1/", "3.0.0/", "SPDX 3.0 in JSON"},
		{"spdx-3.0.json", "3.0.1/", "3.1.0/", "it is SPDX 3.1; read are SPDX-2.3 and SPDX 3.0"},
		{"spdx-3.0.json", `"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"`, `"@context": [{"x": 1}, "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"]`, "SPDX 3.0 in JSON"},
		{"spdx-3.0.json", "https://spdx.org/rdf/", "https://elsewhere.example/", "it is JSON-LD, but its @context is not that of SPDX 3.0"},
	} {
		text := document(t, c.file)
		if !strings.Contains(text, c.from) {
			t.Fatalf("%s has no %s", c.file, c.from)
		}
		doc, err := sbom.Read([]byte(strings.Replace(text, c.from, c.to, 1)), limits)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = doc.Format
		}
		if got != c.want {
			t.Errorf("%s with %s: %s, want %s", c.file, c.to, got, c.want)
		}
	}
}

func document(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
