package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"stackyard/internal/advice"
	"stackyard/internal/enum"
)

// aBill is a document with a component by CPE, one by package URL, and others that the catalogue does not know.
const aBill = "../internal/source/sbom/testdata/cyclonedx.json"

const aList = `
components:
  - {technology: nodejs, version: 18.20.4}
  - technology: python # without quotation marks it is a number to YAML
    version: 3.10
  - {technology: acme-billing}
`

// checked runs the command on a file that is written for it, on a fixed day.
func checked(t *testing.T, content string, arguments ...string) (out string, code int, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "stack.yaml")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return check(t, append([]string{file, "--on", "2026-11-22"}, arguments...)...)
}

func check(t *testing.T, arguments ...string) (out string, code int, err error) {
	t.Helper()
	var b bytes.Buffer
	err = run(t.Context(), append([]string{"check"}, arguments...), func(string) string { return "" }, &b)
	return b.String(), exitCode(err), err
}

func TestACheckSaysWhatIsWrongAndHasAnExitCode(t *testing.T) {
	scratch := t.TempDir()
	t.Setenv("TMPDIR", scratch)
	out, code, err := checked(t, aList)
	if code != 1 || err == nil || !strings.Contains(err.Error(), "--fail-on") {
		t.Errorf("exit code %d, %v", code, err)
	}
	for _, want := range []string{
		"Node.js 18.20.4  Node.js 18 gets security fixes only under extended support",
		"END_OF_LIFE", "→ Move to Node.js", "Python 3.10 ", `The catalogue does not know "acme-billing".`,
		"list of components; 2 of 3 components recognised,", " of 100, facts of 20",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "Python 3.1 ") {
		t.Errorf("a version was read as a number:\n%s", out)
	}
	left, err := os.ReadDir(scratch)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), "stackyard-check-") {
			t.Errorf("%s was left behind", f.Name())
		}
	}
	if out, code, err := checked(t, "components:\n  - {technology: postgresql, version: '17.9'}\n", "--fail-on", "critical"); code != 0 || err != nil || !strings.Contains(out, "1 of 1 components") {
		t.Errorf("exit code %d, %v\n%s", code, err, out)
	}
}

func TestWhatAnExitCodeOf1TakesCanBeSaid(t *testing.T) {
	t.Parallel()
	const list = "components:\n  - {technology: nodejs, version: 18.20.4}\n  - {technology: acme-billing}\n"
	for arguments, want := range map[string]int{
		"":                                      1,
		"--fail-on LOW":                         1,
		"--fail-on high":                        1,
		"--fail-on INCOMPATIBLE":                0,
		"--fail-on END_OF_LIFE":                 1,
		"--fail-on incompatible,end_of_life":    1,
		"--fail-on INCOMPATIBLE --fail-on LOW":  1,
		"--fail-on UNKNOWN_VERSION":             0,
		"--fail-on NONE":                        2,
		"--fail-on UNKNOWN":                     1,
		"--fail-on CRITICAL --min-recognized 1": 0,
		"--fail-on anything":                    2,
		"--format xml":                          2,
	} {
		out, code, err := checked(t, list, strings.Fields(arguments)...)
		if code != want || (code == 2) != (out == "") {
			t.Errorf("%s: exit code %d, %v\n%.300s", arguments, code, err, out)
		}
	}
}

// TestWhatIsNotRatedYetStandsBetweenLowAndMedium asks for each severity of findings, with each that --fail-on takes.
func TestWhatIsNotRatedYetStandsBetweenLowAndMedium(t *testing.T) {
	t.Parallel()
	order := []enum.Severity{enum.SeverityNone, enum.SeverityLow, enum.SeverityUnknown, enum.SeverityMedium, enum.SeverityHigh, enum.SeverityCritical}
	for least, name := range order[1:] {
		fails, err := failuresOf([]string{string(name)})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range order {
			if got := fails(enum.RuleVulnerable, s); got != (i > least) {
				t.Errorf("--fail-on %s, of %s: %t", name, s, got)
			}
		}
	}
}

func TestACheckThatKnowsNothingSaysSo(t *testing.T) {
	t.Parallel()
	const unknown = "components: [acme-billing@1, acme-shop]"
	for _, c := range []struct {
		content, arguments string
		code               int
		says               string
	}{
		{unknown, "", 0, "0 of 2 components recognised, so nothing was checked that the catalogue has facts about\n"},
		{"components: []", "", 0, "0 of 0 components recognised, nothing is listed, so there is nothing to check\n"},
		{`{"bomFormat": "CycloneDX", "specVersion": "1.6"}`, "", 0, "nothing is listed"},
		{unknown, "--min-recognized 1", 2, "0 of 2 components recognised"},
		{"components: [acme-shop, nodejs@24.9.0]", "--fail-on CRITICAL --min-recognized 2", 2, "1 of 2 components recognised"},
		{"components: [acme-shop, nodejs@24.9.0]", "--fail-on CRITICAL --min-recognized 1", 0, " of 100, facts of "},
	} {
		arguments := strings.Fields(c.arguments)
		out, code, err := checked(t, c.content, append([]string{"--fail-on", "HIGH"}, arguments...)...)
		if code != c.code || !strings.Contains(out, c.says) || code == 2 && !strings.Contains(err.Error(), "--min-recognized") {
			t.Errorf("%s %s: exit code %d, %v\n%s", c.content, c.arguments, code, err, out)
		}
		if strings.HasPrefix(c.says, "0 of") && strings.Contains(out, "score") {
			t.Errorf("there is a score of nothing:\n%s", out)
		}
	}
	out, _, _ := checked(t, unknown, "--format", "json")
	if !strings.Contains(out, `"score": null`) || !strings.Contains(out, `"asOf": null`) {
		t.Error(out)
	}
}

func TestAComponentMayBeAText(t *testing.T) {
	t.Parallel()
	out, _, err := checked(t, "components:\n  - nodejs@18.20.4\n  - pkg:docker/postgres@15.3\n  - '@acme/shop@2'\n  - caddy\n  - {technology: python, version: 3.10}\n", "--format", "json")
	var is jsonReport
	if json.Unmarshal([]byte(out), &is) != nil {
		t.Fatal(out, err)
	}
	var got []string
	for _, c := range is.Components {
		got = append(got, fmt.Sprint(c.Name, " ", orHyphen(c.Technology), " ", orHyphen(c.GivenVersion)))
	}
	want := []string{"nodejs nodejs 18.20.4", "pkg:docker/postgres@15.3 postgresql 15.3", "@acme/shop - 2", "caddy caddy -", "python python 3.10"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// orHyphen gives a text, or a hyphen where there is none.
func orHyphen(text *string) string {
	if text == nil {
		return "-"
	}
	return *text
}

func TestTheStandardInputIsChecked(t *testing.T) { // not in parallel: there is one
	file := filepath.Join(t.TempDir(), "bom.json")
	if err := os.WriteFile(file, []byte("components: [nodejs@18.20.4]"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	was := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = was; _ = in.Close() }()
	out, code, err := check(t, "-", "--on", "2026-11-22")
	if code != 1 || !strings.Contains(out, "standard input: list of components; 1 of 1 components recognised") {
		t.Errorf("exit code %d, %v\n%s", code, err, out)
	}
}

func TestABillOfMaterialsIsCheckedAsFarAsItIsKnown(t *testing.T) {
	t.Parallel()
	out, code, err := check(t, aBill, "--on", "2026-11-22", "--format", "json")
	if code != 1 {
		t.Fatalf("exit code %d, %v", code, err)
	}
	var is jsonReport
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&is); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range is.Components {
		version := "-"
		if c.GivenVersion != nil {
			version = *c.GivenVersion
		}
		got = append(got, fmt.Sprint(c.Name, " ", version, " ", *c.Technology, " ", *c.MatchedBy))
	}
	for _, u := range is.Unrecognized {
		got = append(got, u.Name+": "+u.Reason)
	}
	want := []string{
		"express 4.19.2 express IDENTIFIER", "postgresql 15.3 postgresql IDENTIFIER", "debian - debian SLUG",
		"@acme/billing: The catalogue knows no technology by its package URL, or more than one.",
		"mocha: The document says that it is no part of what runs (its scope is excluded).",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if is.Format != "CycloneDX 1.6 in JSON" || *is.Score == 100 || *is.AsOf == "" {
		t.Errorf("%s, score %d, as of %s", is.Format, *is.Score, *is.AsOf)
	}
	i := slices.IndexFunc(is.Findings, func(f jsonFinding) bool { return f.Rule == "VULNERABLE" })
	if i < 0 {
		t.Fatalf("PostgreSQL 15.3 has no advisory: %s", out)
	}
	if f := is.Findings[i]; *f.Component != 1 || *f.Technology != "postgresql" || f.FixedBy == nil || f.Advisory == nil || f.Advice == "" {
		t.Errorf("%+v", f)
	}
}

func TestAContextIsChecked(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "context.yaml")
	if err := os.WriteFile(file, []byte(`{"allowedLicenses": ["MIT"], "traffic": "HIGH", "useCase": "api-first", "hasUserAccounts": true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, _ := check(t, aBill, "--context", file, "--on", "2026-11-22")
	for _, rule := range []string{"LICENSE_NOT_ALLOWED", "DATABASE_NOT_OPTIMIZED", "SECURITY_NEGLECTED"} {
		if !strings.Contains(out, rule) {
			t.Errorf("there is no %s in\n%s", rule, out)
		}
	}
	out, _, _ = checked(t, aList+"context: {allowedLicenses: [Python-2.0], endOfLifeHorizonDays: 1}\n")
	if !strings.Contains(out, "Node.js is under MIT") || strings.Contains(out, "Python is under") {
		t.Errorf("of the context of a list:\n%s", out)
	}
}

func TestWhatCannotBeReadHasTheExitCode2(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content   string
		arguments []string
		says      string
	}{
		"a broken bill":           {`{"bomFormat": "CycloneDX",`, nil, "line 1, column 27"},
		"a compressed bill":       {"\x1f\x8b\x08", nil, "compressed (gzip)"},
		"a broken list":           {"components: [", nil, "no list of components"},
		"nothing":                 {"", nil, "it is empty"},
		"no list":                 {"context: {traffic: LOW}", nil, "it lists no components"},
		"a field that is not":     {"components: [{technology: a, versoin: 1}]", nil, "versoin"},
		"two documents":           {aList + "---\n" + aList, nil, "more than one document"},
		"a list for a version":    {"components: [{technology: a, version: [1]}]", nil, "a version is a text"},
		"an unknown traffic":      {aList + "context: {traffic: SOME}", nil, "traffic"},
		"an unknown use case":     {aList + "context: {useCase: nothing}", nil, "use case"},
		"an unknown licence":      {aList + "context: {allowedLicenses: [Mine]}", nil, "licence"},
		"a horizon of nothing":    {aList + "context: {endOfLifeHorizonDays: 0}", nil, "days"},
		"a large file":            {aList, []string{"--max-sbom-bytes", "10"}, "larger than 10 bytes (--max-sbom-bytes)"},
		"many components":         {aList, []string{"--max-sbom-components", "2"}, "more than 2"},
		"a day that is none":      {aList, []string{"--on", "tomorrow"}, "--on"},
		"a context that is not":   {aList, []string{"--context", "/nowhere/context.yaml"}, "context.yaml"},
		"a context that is wrong": {aList, []string{"--context", aBill}, "cyclonedx.json"},
	} {
		out, code, err := checked(t, c.content, c.arguments...)
		if code != 2 || out != "" || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: exit code %d, %v\n%.300s", name, code, err, out)
		}
	}
	if _, code, err := check(t, filepath.Join(t.TempDir(), "nothing")); code != 2 {
		t.Errorf("no file: exit code %d, %v", code, err)
	}
}

// TestSARIFIsWhatItsSchemaSays reads what is written with the schema of SARIF 2.1.0.
func TestSARIFIsWhatItsSchemaSays(t *testing.T) {
	t.Parallel()
	const older = "components: [{technology: nodejs, version: 18.20.4}, {technology: acme-billing}, {technology: django, version: 4.2.1}]"
	const newer = "components: [{technology: django, version: 4.2.2}, {technology: nodejs, version: 18.20.5}]"
	ofOlder, ofNewer := sarifOf(t, older), sarifOf(t, newer)
	for i, rule := range advice.Rules() {
		if is := ofOlder.Tool.Driver.Rules[i]; *is.ID != string(rule.ID) || *is.ShortDescription.Text != rule.Sees || !strings.Contains(*is.FullDescription.Text, rule.Reason) {
			t.Errorf("%s is %+v", rule.ID, is)
		}
	}
	levels := map[string]bool{}
	known := map[string]bool{}
	for _, r := range ofOlder.Results {
		levels[r.Level] = true
		print := r.PartialFingerprints[fingerprint]
		if known[print] {
			t.Errorf("two findings have the fingerprint %s", print)
		}
		known[print] = true
		if rule := ofOlder.Tool.Driver.Rules[r.RuleIndex]; *rule.ID != *r.RuleID {
			t.Errorf("a finding of %s has the place of %s", *r.RuleID, *rule.ID)
		}
	}
	if !levels["error"] || !levels["note"] {
		t.Errorf("levels %v", levels)
	}
	same := 0
	for _, r := range ofNewer.Results {
		if known[r.PartialFingerprints[fingerprint]] {
			same++
		}
	}
	if same < 2 {
		t.Errorf("%d of %d findings are still the same in another order and version", same, len(ofNewer.Results))
	}
}

func sarifOf(t *testing.T, list string) *sarif.Run {
	t.Helper()
	out, _, _ := checked(t, list, "--format", "sarif")
	var is sarif.Report
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&is); err != nil {
		t.Fatal(err)
	}
	fill(reflect.ValueOf(&is))
	if err := is.Validate(); err != nil {
		t.Fatal(err)
	}
	if is.Version != sarifVersion || len(is.Runs) != 1 || len(is.Runs[0].Results) == 0 {
		t.Fatalf("%.500s", out)
	}
	return is.Runs[0]
}

// fill sets what is left out to what the schema has for it: the library would write null, which the schema refuses.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem())
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
		switch is := v.Addr().Interface().(type) {
		case *sarif.ToolComponent:
			is.Language = "en-US"
		case *sarif.Run:
			is.Language, is.NewlineSequences = "en-US", []string{"\n"}
		}
	}
}

func TestATableCannotBeForged(t *testing.T) {
	t.Parallel()
	out, _, _ := checked(t, `components: [{technology: "own\u001b[2J", version: "1\r\nHIGH"}]`)
	if strings.ContainsAny(out, "\x1b\r") {
		t.Errorf("%q", out)
	}
}
