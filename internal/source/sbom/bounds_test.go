package sbom_test

import (
	"errors"
	"strings"
	"testing"

	"stackyard/internal/source/sbom"
)

const (
	head3  = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[`
	headCX = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[`
	headX  = `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>`
	headTV = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nDocumentNamespace: https://example.org/x\nCreator: Tool: x\nCreated: 2026-01-01T00:00:00Z\n"
)

func TestWhatIsTooLargeNamesTheSetting(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"bytes": {headCX + strings.Repeat(" ", 1<<20) + "]}", "it is larger than 1048576 bytes (--max-sbom-bytes)"},
		"components in JSON": {
			headCX + strings.Repeat(`{"name":"a"},`, 100) + `{"name":"a"}]}`, "it lists more than 100 components (--max-sbom-components)",
		},
		"components within components": {
			headCX + `{"name":"a","components":[` + strings.Repeat(`{"name":"a"},`, 99) + `{"name":"a"}]}]}`,
			"it lists more than 100 components (--max-sbom-components)",
		},
		"pedigrees in XML": {
			headX + `<component type="library"><name>a</name><pedigree><ancestors>` + strings.Repeat(`<component/>`, 101) + `</ancestors></pedigree></component></components></bom>`,
			"it lists more than 100 components (--max-sbom-components)",
		},
		"fields": {`{"bomFormat":"CycloneDX"` + strings.Repeat(`,"a":1`, 100) + `}`, "it has more than 100 fields"},
		"components in XML": {
			headX + strings.Repeat(`<component type="library"><name>a</name></component>`, 101) + "</components></bom>",
			"it lists more than 100 components (--max-sbom-components)",
		},
		"packages": {
			`{"spdxVersion":"SPDX-2.3","packages":[` + strings.Repeat(`{"name":"a","SPDXID":"SPDXRef-a"},`, 101) + `{"name":"a","SPDXID":"SPDXRef-a"}]}`,
			"it lists more than 100 components (--max-sbom-components)",
		},
		"packages as tags": {
			headTV + strings.Repeat("PackageName: a\nSPDXID: SPDXRef-a\n", 102), "it lists more than 100 components (--max-sbom-components)",
		},
		"packages in JSON-LD": {
			head3 + strings.Repeat(`{"type":"software_Package","name":"a"},`, 101) + `{"type":"software_Package","name":"a"}]}`,
			"it lists more than 100 components (--max-sbom-components)",
		},
		"objects": {
			headCX + `{"name":"a","properties":[` + strings.Repeat(`{},`, 4000) + `{}]}]}`,
			"it has more than 4000 parts, 40 for each of 100 components (--max-sbom-components)",
		},
		"values of a list": {
			`{"spdxVersion":"SPDX-2.3","relationships":[` + strings.Repeat(`null,`, 4000) + `null]}`,
			"it has more than 4000 parts, 40 for each of 100 components (--max-sbom-components)",
		},
		"elements": {
			headX + `<component type="library"><name>a</name><properties>` + strings.Repeat(`<property name="x"/>`, 2001) + "</properties></component></components></bom>",
			"it has more than 4000 parts, 40 for each of 100 components (--max-sbom-components)",
		},
		"lines":               {headTV + strings.Repeat("\n", 4000), "it has more than 4000 parts, 40 for each of 100 components (--max-sbom-components)"},
		"lines of a text":     {headTV + "ExtractedText: <text>" + strings.Repeat("\n", 4000) + "</text>", "it has more than 4000 parts, 40 for each of 100 components (--max-sbom-components)"},
		"a long line":         {headTV + "PackageName: " + strings.Repeat("x", 64<<10), "line 8 has more than 65536 bytes"},
		"depth in JSON":       {strings.Repeat(`{"components":[`, 26), "its parts lie in one another more than 50 deep (--max-sbom-depth)"},
		"depth of lists":      {`{"x":` + strings.Repeat("[", 500000), "its parts lie in one another more than 50 deep (--max-sbom-depth)"},
		"depth in XML":        {headX + strings.Repeat("<component><components>", 25), "its parts lie in one another more than 50 deep (--max-sbom-depth)"},
		"depth of a property": {`<bom xmlns="http://cyclonedx.org/schema/bom/1.6">` + strings.Repeat("<x>", 50), "its parts lie in one another more than 50 deep (--max-sbom-depth)"},
	} {
		refused(t, name, c.text, c.want, true)
	}
}

func TestWhatIsBrokenIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	const xxe = `<?xml version="1.0"?>` + "\n" + `<!DOCTYPE bom [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]>` + "\n" + headX +
		`<component type="library"><name>&x;</name></component></components></bom>`
	const laughs = `<!DOCTYPE bom [ <!ENTITY a "ha"> <!ENTITY b "&a;&a;&a;"> ]>` + headX + `<component><name>&b;</name></component></components></bom>`
	const documentType = "it has a document type (<!DOCTYPE ...>) at %, which is refused: entities could stand for other files, or for more than there is room for"
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                     {"", "it is empty"},
		"blanks":                      {" \n", "it is empty"},
		"a mark alone":                {"\ufeff", "it is empty"},
		"gzip":                        {"\x1f\x8b\x08\x00", "it is compressed (gzip): send what is in it"},
		"zip":                         {"PK\x03\x04....", "it is compressed (zip): send what is in it"},
		"zstd":                        {"\x28\xb5\x2f\xfd..", "it is compressed (zstd): send what is in it"},
		"bytes":                       {"{\"a\":\"\xff\"}", "it is no text in UTF-8"},
		"UTF-16":                      {"\xff\xfe{\x00}\x00", "it is no text in UTF-8"},
		"prose":                       {"Dear all,\nattached is: nothing", "it is neither CycloneDX (JSON, XML) nor SPDX (JSON, tags with values)"},
		"other JSON":                  {`{"name": "x"}`, "it is JSON, but neither CycloneDX (there is no bomFormat) nor SPDX (there is neither spdxVersion nor @context)"},
		"a list":                      {`["x"]`, "it is neither CycloneDX (JSON, XML) nor SPDX (JSON, tags with values)"},
		"other XML":                   {`<html/>`, "it is XML, but not CycloneDX: its root is no bom of a namespace that begins with http://cyclonedx.org/schema/bom/"},
		"an entity":                   {xxe, strings.Replace(documentType, "%", "line 2, column 59", 1)},
		"entities in entities":        {laughs, strings.Replace(documentType, "%", "line 1, column 60", 1)},
		"an unknown entity":           {headX + "\n<component><name>&x;</name></component></components></bom>", "it is broken at line 2, column 21: invalid character entity &x;"},
		"another encoding":            {`<?xml version="1.0" encoding="ISO-8859-1"?>` + headX, `it is broken at line 1, column 44: xml: encoding "ISO-8859-1" declared but Decoder.CharsetReader is nil`},
		"a tag not closed":            {headX + "\n<component></components></bom>", "it is broken at line 2, column 25: element <component> closed by </components>"},
		"half of XML":                 {headX + "\n<component>", "it is broken at line 2, column 12: it ends before its end"},
		"two documents in XML":        {headX + "</components></bom><bom/>", "it is broken at line 1, column 87: something follows the document"},
		"JSON that ends":              {"{\"bomFormat\": \"CycloneDX\",\n \"specVersion\":", "it is broken at line 2, column 16: it ends before its end"},
		"JSON with a slip at its end": {`{"bomFormat":"CycloneDX",}`, "it is broken at line 1, column 26: invalid character '}' looking for beginning of object key string"},
		"JSON with a slip":            {"{\n \"bomFormat\": CycloneDX}", "it is broken at line 2, column 15: invalid character 'C' looking for beginning of value"},
		"two documents in JSON":       {`{"bomFormat":"CycloneDX"} {}`, "it is broken at line 1, column 28: something follows the document"},
		"no list":                     {"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\n\"components\":{}}", "it is broken at line 2, column 15: components is no list"},
		"a number for a name":         {headCX + "{\"name\":\"a\"},\n{\"name\":1}]}", "it is broken at line 2, column 1, components[1]: name is a number"},
		"a number for a version":      {`{"bomFormat":"CycloneDX","specVersion":1.6}`, "it is broken at line 1, column 40, specVersion: it is a number"},
		"a number within":             {headCX + `{"name":"a","components":[{"name":"b"},{"name":1}]}]}`, "it is broken at line 1, column 60, components[0]: name is a number"},
		"no id of a package":          {`{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","SPDXID":"a"}]}`, "it is broken at line 1, column 39, packages[0]: failed to parse ElementID: a"},
		"no colon":                    {headTV + "PackageName", "it is broken at line 8: there is no colon behind a tag"},
		"a text without an end":       {headTV + "PackageName: a\nPackageComment: <text>x\nPackageName: b", "it is broken at line 9: the text that begins there has no end"},
		"a tag of nothing":            {headTV + "PackageChecksum: SHA1: x\n", "it is broken: "},
	} {
		refused(t, name, c.text, c.want, false)
	}
}

func refused(t *testing.T, name, text, want string, isLimit bool) {
	t.Helper()
	doc, err := sbom.Read([]byte(text), limits)
	problem, isOurs := errors.AsType[*sbom.Error](err)
	if doc != nil || !isOurs {
		t.Errorf("%s: %v %v", name, doc, err)
		return
	}
	if problem.IsLimit != isLimit || problem.Message != want && (!strings.HasSuffix(want, ": ") || !strings.HasPrefix(problem.Message, want)) {
		t.Errorf("%s: %s (a limit: %t)\nwant %s", name, problem.Message, problem.IsLimit, want)
	}
}

func TestWhatADocumentIsAboutIsNoComponentOfIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"one of two":  {`"documentDescribes":["SPDXRef-a"],"packages":[{"name":"a","SPDXID":"SPDXRef-a"},{"name":"b","SPDXID":"SPDXRef-b"}]`, 1},
		"at the end":  {`"packages":[{"name":"a","SPDXID":"SPDXRef-a"},{"name":"b","SPDXID":"SPDXRef-b"}],"documentDescribes":["SPDXRef-b"]`, 1},
		"the only":    {`"documentDescribes":["SPDXRef-a"],"packages":[{"name":"a","SPDXID":"SPDXRef-a"}]`, 1},
		"each of two": {`"documentDescribes":["SPDXRef-a","SPDXRef-b"],"packages":[{"name":"a","SPDXID":"SPDXRef-a"},{"name":"b","SPDXID":"SPDXRef-b"}]`, 2},
		"another":     {`"documentDescribes":["DocumentRef-x:SPDXRef-a"],"packages":[{"name":"a","SPDXID":"SPDXRef-a"},{"name":"b","SPDXID":"SPDXRef-b"}]`, 2},
	} {
		doc, err := sbom.Read([]byte(`{"spdxVersion":"SPDX-2.3",`+c.text+`}`), limits)
		if err != nil || len(doc.Components) != c.want {
			t.Errorf("%s: %+v %v", name, doc, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range []string{"cyclonedx.json", "cyclonedx.xml", "spdx-2.3.json", "spdx-2.3.spdx", "spdx-3.0.json"} {
		f.Add([]byte(document(f, file)))
	}
	f.Add([]byte(`{"spdxVersion":"SPDX-2.3","packages":[null],"relationships":[null]}`))
	f.Add([]byte(headTV + "ExternalRef: x\nRelationship: a\nFileName: x\nAnnotator: x\nSnippetSPDXID: x\n"))
	small := sbom.Limits{Bytes: 1 << 16, Components: 50, Depth: 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := sbom.Read(data, small)
		if err != nil {
			if problem, isOurs := errors.AsType[*sbom.Error](err); !isOurs || problem.Message == "" || doc != nil {
				t.Errorf("%v with %#v", doc, err)
			}
			return
		}
		if n := len(doc.Components); n == 0 || n > small.Components || doc.Format == "" {
			t.Errorf("%d components of a document in %q", n, doc.Format)
		}
	})
}

func TestADocumentMayListNothing(t *testing.T) {
	for text, want := range map[string]string{
		headCX + `]}`: "CycloneDX 1.6 in JSON",
		`{"bomFormat":"CycloneDX","specVersion":"1.6","components":null}`: "CycloneDX 1.6 in JSON",
		`{"bomFormat":"CycloneDX","specVersion":"1.6"}`:                   "CycloneDX 1.6 in JSON",
		headX + `</components></bom>`:                                     "CycloneDX 1.6 in XML",
		`{"spdxVersion":"SPDX-2.3","packages":[]}`:                        "SPDX 2.3 in JSON",
		headTV:       "SPDX 2.3 as tags with values",
		head3 + `]}`: "SPDX 3.0 in JSON",
	} {
		doc, err := sbom.Read([]byte(text), limits)
		if err != nil || doc.Format != want || len(doc.Components) > 0 {
			t.Errorf("%s: %+v, %v", want, doc, err)
		}
	}
}
