package auth_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

const keyFile = "dev-issuer.pem"

func openDevIssuer(t *testing.T, dir string) *auth.DevIssuer {
	t.Helper()
	dev, err := auth.OpenDevIssuer(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dev
}

func devToken(t *testing.T, dev *auth.DevIssuer, name string, scopes []string, ttl time.Duration) string {
	t.Helper()
	user, err := auth.DevUserOf(name)
	if err != nil {
		t.Fatal(err)
	}
	token, err := dev.Token(user, scopes, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// devVerifier accepts the issuer's tokens, at any time that the clock says.
func devVerifier(t *testing.T, dev *auth.DevIssuer, now func() time.Time) *auth.TokenVerifier {
	t.Helper()
	p := newProvider(t)
	p.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(dev.JWKS()) })
	return newVerifier(t, auth.Options{Now: now}, auth.DevIssuerAt(p.URL))
}

func TestADevelopmentTokenPassesTheOrdinaryVerifier(t *testing.T) {
	dev := openDevIssuer(t, t.TempDir())
	v := devVerifier(t, dev, time.Now)
	for name, shown := range map[string]string{"ada": "Ada", "mel": "Mel", "eve": "Eve", "vic": "Vic", "out": "Out", "ann-2": "Ann-2"} {
		user, err := auth.DevUserOf(name)
		if err != nil {
			t.Fatal(err)
		}
		got := mustPass(t, v, devToken(t, dev, name, user.Scopes, time.Hour))
		want := auth.Viewer{
			Issuer: "stackyard-dev", Subject: name, Name: shown, Email: name + "@example.com", IsEmailVerified: true,
			IssuedAt: got.IssuedAt, ExpiresAt: got.ExpiresAt,
		}
		if got.ExpiresAt.Sub(got.IssuedAt) != time.Hour {
			t.Errorf("it was issued at %v and ends at %v", got.IssuedAt, got.ExpiresAt)
		}
		if name == "ada" {
			want.Scopes = []string{"catalog:sync", "catalog:write", "reviews:moderate", "users:read"}
		}
		mustEqual(t, *got, want)
	}
	got := mustPass(t, v, devToken(t, dev, "eve", []string{auth.ScopeUsersRead}, time.Hour))
	mustEqual(t, got.Scopes, []string{auth.ScopeUsersRead})
}

func TestADevelopmentTokenEnds(t *testing.T) {
	dev := openDevIssuer(t, t.TempDir())
	token := devToken(t, dev, "ada", nil, time.Minute)
	mustPass(t, devVerifier(t, dev, time.Now), token)
	later := time.Now().Add(time.Minute + 31*time.Second)
	mustFail(t, devVerifier(t, dev, func() time.Time { return later }), token, fault.Unauthenticated)

	ada, err := auth.DevUserOf("ada")
	if err != nil {
		t.Fatal(err)
	}
	for _, ttl := range []time.Duration{0, -time.Hour, time.Second - 1, 24*time.Hour + 1} {
		if _, err := dev.Token(ada, nil, ttl); err == nil {
			t.Errorf("%v is accepted", ttl)
		}
	}
	for _, ttl := range []time.Duration{time.Second, 24 * time.Hour} {
		if _, err := dev.Token(ada, nil, ttl); err != nil {
			t.Error(err)
		}
	}
}

func TestDevelopmentTokensAreForNamedUsersAndScopes(t *testing.T) {
	dev := openDevIssuer(t, t.TempDir())
	for _, name := range []string{"", "Ada", "a b", "a@b", "-a", "a-", "a--b", "1a", "ä", "a\n", "../a", strings.Repeat("a", 41)} {
		if u, err := auth.DevUserOf(name); err == nil {
			t.Errorf("%q is %+v", name, u)
		}
	}
	if _, err := dev.Token(auth.DevUser{}, nil, time.Hour); err == nil {
		t.Error("a token for nobody")
	}
	for _, scope := range []string{"", "a b", "a\n", `a"`, `a\`} {
		if _, err := dev.Token(auth.DevUser{Subject: "ada"}, []string{scope}, time.Hour); err == nil {
			t.Errorf("%q is a scope", scope)
		}
	}
	for _, name := range auth.DevUserNames() {
		if _, err := auth.DevUserOf(name); err != nil {
			t.Error(err)
		}
	}
}

func TestTwoDevelopmentTokensAreTwo(t *testing.T) {
	dev := openDevIssuer(t, t.TempDir())
	first := strings.Split(devToken(t, dev, "ada", nil, time.Hour), ".")
	second := strings.Split(devToken(t, dev, "ada", nil, time.Hour), ".")
	if first[1] == second[1] {
		t.Error("they have the same claims")
	}
}

func TestTheDevelopmentKeyIsKeptToItself(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first := openDevIssuer(t, dir)
	info, err := os.Stat(filepath.Join(dir, keyFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the directory has %v, %v", entries, err)
	}
	mustPass(t, devVerifier(t, first, time.Now), devToken(t, openDevIssuer(t, dir), "ada", nil, time.Hour))
	stranger := openDevIssuer(t, t.TempDir())
	mustFail(t, devVerifier(t, first, time.Now), devToken(t, stranger, "ada", nil, time.Hour), fault.Unauthenticated)

	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(first.JWKS(), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%s: %v", first.JWKS(), err)
	}
	if set.Keys[0]["d"] != nil || set.Keys[0]["kid"] == nil || set.Keys[0]["alg"] != "ES256" || set.Keys[0]["use"] != "sig" {
		t.Errorf("it publishes %v", set.Keys[0])
	}
}

func TestADevelopmentKeyThatIsNotSafeIsRefused(t *testing.T) {
	dir := t.TempDir()
	openDevIssuer(t, dir)
	path := filepath.Join(dir, keyFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refuses := func(name, want string) {
		t.Helper()
		if _, err := auth.OpenDevIssuer(dir); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o666, 0o610} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		refuses(mode.String(), "can be used by others")
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	other := must(x509.MarshalPKCS8PrivateKey(must(rsa.GenerateKey(rand.Reader, 2048))))
	curve := must(x509.MarshalPKCS8PrivateKey(must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))))
	for name, content := range map[string][]byte{
		"empty":         {},
		"half":          good[:len(good)/2],
		"no PEM":        []byte("key"),
		"twice":         append(bytes.Clone(good), good...),
		"another type":  bytes.ReplaceAll(good, []byte("PRIVATE KEY"), []byte("PUBLIC KEY")),
		"not a key":     pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("key")}),
		"another curve": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: curve}),
		"another kind":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: other}),
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		refuses(name, "is damaged")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	openDevIssuer(t, dir)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	refuses("a directory", "is not a file")
}

func TestOfManyThatMakeAKeyOneWins(t *testing.T) {
	dir := t.TempDir()
	var made sync.WaitGroup
	sets := make([]string, 8)
	for n := range sets {
		made.Go(func() {
			dev, err := auth.OpenDevIssuer(dir)
			if err != nil {
				t.Error(err)
				return
			}
			sets[n] = string(dev.JWKS())
		})
	}
	made.Wait()
	for _, set := range sets {
		if set != sets[0] {
			t.Errorf("%s is not %s", set, sets[0])
		}
	}
}
