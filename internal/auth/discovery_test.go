package auth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// discovered is a provider over TLS whose discovery document has the members that are set.
func discovered(t *testing.T, k key, path string, document func(url string) map[string]any) (*provider, *auth.TokenVerifier) {
	t.Helper()
	p := &provider{}
	mux := http.NewServeMux()
	p.Server = httptest.NewTLSServer(mux)
	t.Cleanup(p.Close)
	mux.HandleFunc(strings.TrimSuffix(path, "/")+"/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(jsonOf(document(p.URL)))
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.fetches.Add(1)
		_, _ = w.Write(jsonOf(map[string]any{"keys": []any{k.public(nil)}}))
	})
	i := auth.Issuer{Name: p.URL + path, Audiences: []string{audience}}
	return p, newVerifier(t, auth.Options{Transport: p.Client().Transport}, i)
}

func TestKeysAreFoundByDiscovery(t *testing.T) {
	for _, path := range []string{"", "/", "/realms/acme"} {
		k := ecKey("k1")
		p, v := discovered(t, k, path, func(url string) map[string]any {
			return map[string]any{"issuer": url + path, "jwks_uri": url + "/keys", "more": []int{1}}
		})
		mustPass(t, v, k.token(p.claims(map[string]any{"iss": p.URL + path}), nil))
	}
}

func TestADiscoveryDocumentThatIsWrongGivesNoKeys(t *testing.T) {
	k := ecKey("k1")
	plain := newProvider(t, k.public(nil))
	for name, document := range map[string]func(url string) map[string]any{
		"of another issuer": func(url string) map[string]any { return map[string]any{"issuer": url + "/", "jwks_uri": url + "/keys"} },
		"of no issuer":      func(url string) map[string]any { return map[string]any{"jwks_uri": url + "/keys"} },
		"issuer a list": func(url string) map[string]any {
			return map[string]any{"issuer": []string{url}, "jwks_uri": url + "/keys"}
		},
		"no address": func(url string) map[string]any { return map[string]any{"issuer": url} },
		"a file":     func(url string) map[string]any { return map[string]any{"issuer": url, "jwks_uri": "file:///keys"} },
		"a path":     func(url string) map[string]any { return map[string]any{"issuer": url, "jwks_uri": "/keys"} },
		"with a password": func(url string) map[string]any {
			return map[string]any{"issuer": url, "jwks_uri": strings.Replace(url, "://", "://a:b@", 1) + "/keys"}
		},
		"from https to http": func(url string) map[string]any {
			return map[string]any{"issuer": url, "jwks_uri": plain.URL + "/jwks"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, v := discovered(t, k, "", document)
			mustFail(t, v, k.token(p.claims(nil), nil), fault.Unavailable)
			if p.fetches.Load()+plain.fetches.Load() != 0 {
				t.Error("keys were fetched")
			}
		})
	}
}
