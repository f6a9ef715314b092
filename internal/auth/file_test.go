package auth_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackyard/internal/auth"
)

func TestTheExampleFileIsGood(t *testing.T) {
	issuers, err := auth.ReadIssuers("../../docs/issuers.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	presets := map[auth.Preset]bool{}
	for _, i := range issuers {
		presets[i.Preset] = true
	}
	if len(presets) != 7 {
		t.Errorf("it shows %v", presets)
	}
	google := issuers[4]
	mustEqual(t, google, auth.Issuer{
		Name: "https://accounts.google.com", Preset: auth.PresetGoogle, Algorithms: []string{"RS256"},
		Audiences: []string{"1234567890-example.apps.googleusercontent.com"}, Require: map[string]string{"hd": "example.com"},
		Claims: auth.Claims{Audience: "aud", Name: []string{"name"}, Email: "email", EmailVerified: "email_verified", Picture: "picture"},
	})
	newVerifier(t, auth.Options{}, issuers...)
}

func readIssuers(t *testing.T, content string) ([]auth.Issuer, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "issuers.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return auth.ReadIssuers(path)
}

func TestJSONIsReadAsWell(t *testing.T) {
	issuers, err := readIssuers(t, `{"issuers": [{"issuer": "https://example.com", "audiences": ["a"]}]}`)
	if err != nil || len(issuers) != 1 || issuers[0].Name != "https://example.com" {
		t.Errorf("%+v, %v", issuers, err)
	}
}

func TestAFileThatIsWrongIsRefused(t *testing.T) {
	const good = "issuers:\n  - issuer: https://example.com\n    audiences: [a]\n"
	if _, err := readIssuers(t, good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ content, want string }{
		"empty":               {"", "no issuer"},
		"comments":            {"# none yet\n", "no issuer"},
		"an empty list":       {"issuers: []", "no issuer"},
		"another key":         {good + "other: 1\n", `"other"`},
		"another issuer's":    {good + "    audience: b\n", `"audience"`},
		"another claim":       {good + "    claims: {mail: m}\n", `"mail"`},
		"a key twice":         {good + "    audiences: [b]\n", "audiences"},
		"a number for a list": {good + "    algorithms: 5\n", "sequence is expected"},
		"no YAML":             {"issuers: [", "not found"},
		"two documents":       {good + "---\n" + good, "more than one document"},
	} {
		t.Run(name, func(t *testing.T) {
			issuers, err := readIssuers(t, c.content)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "issuers.yaml") {
				t.Errorf("%+v, %v", issuers, err)
			}
		})
	}
	if _, err := auth.ReadIssuers(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a missing file is no list")
	}
}

func TestAllThatIsWrongWithIssuersIsSaidAtOnce(t *testing.T) {
	good := auth.Issuer{Name: "https://example.com", Audiences: []string{"a"}}
	with := func(change func(*auth.Issuer)) auth.Issuer {
		i := good
		change(&i)
		return i
	}
	faulty := map[string]auth.Issuer{
		"issuer: must be":                          with(func(i *auth.Issuer) { i.Name = "" }),
		"for discovery":                            with(func(i *auth.Issuer) { i.Name = "example" }),
		`"http://example.org" must be https`:       with(func(i *auth.Issuer) { i.Name = "http://example.org" }),
		"audiences: at least one":                  with(func(i *auth.Issuer) { i.Name, i.Audiences = "https://1.example.com", nil }),
		"audiences: one is empty":                  with(func(i *auth.Issuer) { i.Name, i.Audiences = "https://2.example.com", []string{"a", ""} }),
		`"HS256" is none of`:                       with(func(i *auth.Issuer) { i.Name, i.Algorithms = "https://3.example.com", []string{"RS256", "HS256"} }),
		`"none" is none of`:                        with(func(i *auth.Issuer) { i.Name, i.Algorithms = "https://4.example.com", []string{"none"} }),
		`"rs256" is none of`:                       with(func(i *auth.Issuer) { i.Name, i.Algorithms = "https://5.example.com", []string{"rs256"} }),
		`"okta" is none of`:                        with(func(i *auth.Issuer) { i.Name, i.Preset = "https://6.example.com", "okta" }),
		`jwks: "http://10.0.0.1/k" must be https`:  with(func(i *auth.Issuer) { i.Name, i.JWKS = "https://7.example.com", "http://10.0.0.1/k" }),
		`jwks: "file:///etc/k" is not an address`:  with(func(i *auth.Issuer) { i.Name, i.JWKS = "https://8.example.com", "file:///etc/k" }),
		`"ftp://example.com/k" must be https`:      with(func(i *auth.Issuer) { i.Name, i.JWKS = "https://9.example.com", "ftp://example.com/k" }),
		"with a user name":                         with(func(i *auth.Issuer) { i.Name, i.JWKS = "https://10.example.com", "https://a:b@example.com/k" }),
		"has a fragment":                           with(func(i *auth.Issuer) { i.Name, i.JWKS = "https://11.example.com", "https://example.com/k#f" }),
		`"http://127.0.0.1.example.com" must be h`: with(func(i *auth.Issuer) { i.Name = "http://127.0.0.1.example.com" }),
		"a path is empty":                          with(func(i *auth.Issuer) { i.Name, i.Claims.Scopes = "https://12.example.com", []string{""} }),
		"require: a path or a value":               with(func(i *auth.Issuer) { i.Name, i.Require = "https://13.example.com", map[string]string{"hd": ""} }),
	}
	issuers := []auth.Issuer{good, good}
	for _, i := range faulty {
		issuers = append(issuers, i)
	}
	_, err := auth.NewVerifier(issuers, auth.Options{})
	if err == nil {
		t.Fatal("accepted")
	}
	for want := range faulty {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing is said of: %s", want)
		}
	}
	if !strings.Contains(err.Error(), "there is another of this name") {
		t.Error("nothing is said of two of the same name")
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != len(faulty)+1 {
		t.Errorf("%d lines: %v", lines, err)
	}
}

func TestKeysMayComeFromThisMachineWithoutTLS(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1:8080/k", "http://localhost/k", "http://[::1]:1/k", "https://example.com"} {
		newVerifier(t, auth.Options{}, auth.Issuer{Name: "x", Audiences: []string{"a"}, JWKS: address})
	}
}

func TestAVerifierNeedsIssuers(t *testing.T) {
	if _, err := auth.NewVerifier(nil, auth.Options{}); err == nil {
		t.Error("made of nothing")
	}
	if _, err := auth.NewVerifier([]auth.Issuer{{Preset: auth.PresetGoogle, Audiences: []string{"a"}}}, auth.Options{MaxStale: -1}); err == nil {
		t.Error("made with keys that are never good")
	}
}
