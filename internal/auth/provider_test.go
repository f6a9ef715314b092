package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

const (
	audience = "stackyard"
	today    = 1_785_600_000 // seconds
)

// provider stands for an identity provider: it publishes keys over HTTP and signs whatever it is asked to.
type provider struct {
	*httptest.Server
	fetches atomic.Int64
	mu      sync.Mutex
	answer  http.HandlerFunc
	// asked gets a value for every question that hangs.
	asked <-chan struct{}
}

// newProvider publishes the keys at /jwks.
func newProvider(t testing.TB, keys ...any) *provider {
	t.Helper()
	p := &provider{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.fetches.Add(1)
		p.mu.Lock()
		answer := p.answer
		p.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(p.Close)
	p.publish(keys...)
	return p
}

func (p *provider) answers(answer http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *provider) publish(keys ...any) {
	body, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic(err)
	}
	p.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
}

func (p *provider) goesDown() {
	p.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
}

// issuer is the entry for the provider, whose name is its address.
func (p *provider) issuer() auth.Issuer {
	return auth.Issuer{Name: p.URL, Audiences: []string{audience}, JWKS: p.URL + "/jwks"}
}

// claims are good ones; changes replace them, and nil takes one away.
func (p *provider) claims(changes map[string]any) map[string]any {
	c := map[string]any{"iss": p.URL, "aud": audience, "sub": "u1", "iat": today, "exp": today + 300}
	for name, value := range changes {
		c[name] = value
		if value == nil {
			delete(c, name)
		}
	}
	return c
}

// clock is set by hand.
type clock struct{ nanos atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanos.Store(time.Unix(today, 0).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.nanos.Load()) }
func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

func newVerifier(t testing.TB, o auth.Options, issuers ...auth.Issuer) *auth.TokenVerifier {
	t.Helper()
	if o.Now == nil {
		o.Now = newClock().now
	}
	v, err := auth.NewVerifier(issuers, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func mustPass(t testing.TB, v auth.Verifier, token string) *auth.Viewer {
	t.Helper()
	viewer, err := v.Verify(t.Context(), token)
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	return viewer
}

func mustFail(t testing.TB, v auth.Verifier, token string, kind fault.Kind) string {
	t.Helper()
	viewer, err := v.Verify(t.Context(), token)
	if err == nil {
		t.Fatalf("passed as %+v", viewer)
	}
	if viewer != nil || fault.KindOf(err) != kind {
		t.Fatalf("viewer %v, kind %s: %v", viewer, fault.KindOf(err), err)
	}
	return err.Error()
}

// key signs as RFC 7515 says, with nothing but the standard library.
type key struct {
	id      string
	alg     string
	private crypto.Signer
}

// rsaKey takes turns among four keys, since making them takes long.
func rsaKey(id string) key {
	return key{id, "RS256", rsaKeys()[rsaTurn.Add(1)%4]}
}

var rsaTurn atomic.Int64

var rsaKeys = sync.OnceValue(func() (keys [4]*rsa.PrivateKey) {
	for n := range keys {
		keys[n] = must(rsa.GenerateKey(rand.Reader, 2048))
	}
	return keys
})

func ecKey(id string) key {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key{id, "ES256", k}
}

func edKey(id string) key {
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return key{id, "EdDSA", k}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func jsonOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// public is the key as a JWK; changes replace its members, and nil takes one away.
func (k key) public(changes map[string]any) map[string]any {
	m := map[string]any{"kid": k.id, "use": "sig", "alg": k.alg}
	switch p := k.private.Public().(type) {
	case *rsa.PublicKey:
		m["kty"], m["n"], m["e"] = "RSA", b64(p.N.Bytes()), b64(big.NewInt(int64(p.E)).Bytes())
	case *ecdsa.PublicKey:
		point := must(p.Bytes())[1:] // x and y
		m["kty"], m["crv"] = "EC", p.Curve.Params().Name
		m["x"], m["y"] = b64(point[:len(point)/2]), b64(point[len(point)/2:])
	case ed25519.PublicKey:
		m["kty"], m["crv"], m["x"] = "OKP", "Ed25519", b64(p)
	}
	for name, value := range changes {
		m[name] = value
		if value == nil {
			delete(m, name)
		}
	}
	return m
}

// token signs claims; changes are made to the header before.
func (k key) token(claims map[string]any, changes map[string]any) string {
	header := map[string]any{"alg": k.alg, "kid": k.id, "typ": "JWT"}
	for name, value := range changes {
		header[name] = value
		if value == nil {
			delete(header, name)
		}
	}
	return k.sign(jsonOf(header), jsonOf(claims))
}

// sign makes a token of a header and claims as they are.
func (k key) sign(header, claims []byte) string {
	signed := b64(header) + "." + b64(claims)
	return signed + "." + b64(k.signature(signed))
}

func (k key) signature(signed string) []byte {
	digest := crypto.SHA256.New()
	digest.Write([]byte(signed))
	sum := digest.Sum(nil)
	switch p := k.private.(type) {
	case *rsa.PrivateKey:
		if k.alg == "PS256" {
			return must(rsa.SignPSS(rand.Reader, p, crypto.SHA256, sum, nil))
		}
		return must(rsa.SignPKCS1v15(rand.Reader, p, crypto.SHA256, sum))
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, p, sum)
		if err != nil {
			panic(err)
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	case ed25519.PrivateKey:
		return ed25519.Sign(p, []byte(signed))
	}
	panic("no such key")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
