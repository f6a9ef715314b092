package auth_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// log keeps what was logged, a line each.
type log struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(b)
}

func (l *log) taken() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.lines.Reset()
	return strings.Split(strings.TrimSpace(l.lines.String()), "\n")
}

func (l *log) mustSay(t *testing.T, level string, lines int) {
	t.Helper()
	said := l.taken()
	if len(said) != lines || !strings.Contains(said[0], level) {
		t.Errorf("expected %d of %s: %q", lines, level, said)
	}
}

func (l *log) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func TestKnownKeysServeThroughAnOutageUpToABound(t *testing.T) {
	k, l := ecKey("k1"), &log{}
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now, Log: l.logger(), MaxStale: 6 * time.Hour}, p.issuer())
	claims := p.claims(map[string]any{"exp": today + 1_000_000})
	token := k.token(claims, nil)
	mustPass(t, v, token)
	l.mustSay(t, "INFO", 1)

	p.goesDown()
	for range 36 {
		c.advance(10 * time.Minute)
		mustPass(t, v, k.token(claims, nil))
		mustPass(t, v, token)
		p.settle(t, v)
	}
	l.mustSay(t, "WARN", 1)
	mustPass(t, v, token) // remembered now
	c.advance(time.Millisecond)
	mustFail(t, v, token, fault.Unavailable)
	c.advance(coldGap)
	mustFail(t, v, k.token(claims, nil), fault.Unavailable)
	mustFail(t, v, token, fault.Unavailable)
	l.mustSay(t, "ERROR", 1)

	p.publish(k.public(nil))
	c.advance(coldGap)
	mustPass(t, v, token)
	said := strings.Join(l.taken(), "\n")
	if !strings.Contains(said, "INFO") || strings.Contains(said, token[:20]) {
		t.Errorf("the end of the outage is logged as %q", said)
	}
}

func TestAnUnknownKeyInAnOutageCannotBeJudged(t *testing.T) {
	k := ecKey("k1")
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	stranger := ecKey("k2").token(p.claims(nil), nil)
	mustPass(t, v, k.token(p.claims(nil), nil))
	mustFail(t, v, stranger, fault.Unauthenticated)
	c.advance(gap)
	p.goesDown()
	mustFail(t, v, stranger, fault.Unavailable)
	mustFail(t, v, stranger, fault.Unavailable)
	mustPass(t, v, k.token(p.claims(nil), nil))
	if n := p.fetches.Load(); n != 2 {
		t.Errorf("%d fetches: failed ones keep the gap too", n)
	}
}

func TestAProviderThatIsDownAtStartIsAskedAgain(t *testing.T) {
	k, l := ecKey("k1"), &log{}
	p, c := newProvider(t), newClock()
	p.goesDown()
	v := newVerifier(t, auth.Options{Now: c.now, Log: l.logger()}, p.issuer())
	token := k.token(p.claims(nil), nil)
	for range 5 {
		mustFail(t, v, token, fault.Unavailable)
	}
	if n := p.fetches.Load(); n != 1 {
		t.Errorf("%d fetches within the gap", n)
	}
	p.publish(k.public(nil))
	mustFail(t, v, token, fault.Unavailable)
	c.advance(coldGap)
	mustPass(t, v, token)
	said := l.taken()
	if len(said) != 2 || !strings.Contains(said[0], "ERROR") || !strings.Contains(said[1], "INFO") {
		t.Errorf("logged %q", said)
	}
}

func TestAnAnswerWithoutKeysDoesNotReplaceThoseThatAreThere(t *testing.T) {
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		elsewhere.Add(1)
		_, _ = w.Write([]byte(`{"keys":[]}`))
	}))
	defer other.Close()
	k := rsaKey("k1")
	weak := key{"k2", "RS256", must(rsa.GenerateKey(rand.Reader, 1024))}
	offCurve := ecKey("k2").public(nil)
	offCurve["y"] = offCurve["x"]
	good := jsonOf(map[string]any{"keys": []any{ecKey("k2").public(nil)}})
	body := func(b string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(b)) }
	}
	alone := func(jwk any) http.HandlerFunc { return body(string(jsonOf(map[string]any{"keys": []any{jwk}}))) }
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", other.URL)
			w.WriteHeader(code)
			_, _ = w.Write(good)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"no keys":                   body(`{"keys":[]}`),
		"no set":                    body(`{}`),
		"keys null":                 body(`{"keys":null}`),
		"keys a number":             body(`{"keys":1}`),
		"keys of strangers":         body(`{"keys":[{"kty":"new"},1,null,"x",[]]}`),
		"a list":                    body(`[]`),
		"null":                      body(`null`),
		"a page":                    body(`<html>`),
		"nothing":                   body(``),
		"half of it":                body(string(good[:len(good)/2])),
		"a secret alone":            body(`{"keys":[{"kty":"oct","kid":"k1","k":"c2VjcmV0"}]}`),
		"a weak key alone":          alone(weak.public(nil)),
		"exponent 1 alone":          alone(k.public(map[string]any{"e": "AQ"})),
		"exponent 4 alone":          alone(k.public(map[string]any{"e": "BA"})),
		"an enormous key alone":     alone(k.public(map[string]any{"n": b64(new(big.Int).Lsh(big.NewInt(1), 20_000).Bytes())})),
		"a key off its curve alone": alone(offCurve),
		"a short key alone":         alone(map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}),
		"too much":                  body(string(good) + strings.Repeat(" ", 1<<20)),
		"moved":                     status(http.StatusMovedPermanently),
		"found":                     status(http.StatusFound),
		"moved for now":             status(http.StatusTemporaryRedirect),
		"not found":                 status(http.StatusNotFound),
		"created":                   status(http.StatusCreated),
		"hung up":                   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			p, c := newProvider(t, k.public(nil)), newClock()
			v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
			mustPass(t, v, k.token(p.claims(nil), nil))
			p.answers(answer)
			c.advance(gap)
			mustFail(t, v, ecKey("k2").token(p.claims(nil), nil), fault.Unavailable)
			mustPass(t, v, k.token(p.claims(nil), nil))
		})
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("followed %d redirects", n)
	}
}

func TestAClosedVerifierFetchesNoMore(t *testing.T) {
	k := ecKey("k1")
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	mustPass(t, v, k.token(p.claims(nil), nil))
	release := p.hangs(k.public(nil))
	defer release()
	c.advance(gap)
	waiting := make(chan error)
	go func() {
		_, err := v.Verify(t.Context(), ecKey("k2").token(p.claims(nil), nil))
		waiting <- err
	}()
	<-p.asked
	if err := v.Close(); err != nil { // ends the fetch, which would hang
		t.Error(err)
	}
	if err := <-waiting; err == nil {
		t.Error("a token passed without its key")
	}
	p.publish(k.public(nil))
	c.advance(gap)
	mustFail(t, v, ecKey("k2").token(p.claims(nil), nil), fault.Unauthenticated)
	mustPass(t, v, k.token(p.claims(map[string]any{"sub": "u2"}), nil))
	if n := p.fetches.Load(); n != 2 {
		t.Errorf("%d fetches", n)
	}
}

func TestClosingEndsAFetch(t *testing.T) {
	asked, ended := make(chan struct{}), make(chan error, 1)
	v := newVerifier(t, auth.Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		close(asked)
		<-r.Context().Done()
		ended <- r.Context().Err()
		return nil, r.Context().Err()
	})}, auth.Issuer{Name: "https://example.com", Audiences: []string{audience}})
	v.Prefetch(t.Context())
	<-asked
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended by %v", err)
	}
}

func TestARequestDoesNotWaitForASecondFetchThatFails(t *testing.T) {
	c := newClock()
	var fetches atomic.Int64
	v := newVerifier(t, auth.Options{Now: c.now, Transport: transport(func(*http.Request) (*http.Response, error) {
		fetches.Add(1)
		c.advance(2 * time.Second) // longer than the gap
		return nil, context.DeadlineExceeded
	})}, auth.Issuer{Name: "https://example.com", Audiences: []string{audience}})
	mustFail(t, v, ecKey("k1").token((&provider{Server: &httptest.Server{URL: "https://example.com"}}).claims(nil), nil), fault.Unavailable)
	if n := fetches.Load(); n != 1 {
		t.Errorf("%d fetches", n)
	}
}

func TestAFetchThatPanicsHasFailed(t *testing.T) {
	v := newVerifier(t, auth.Options{Transport: transport(func(*http.Request) (*http.Response, error) {
		panic("a set that breaks its reader")
	})}, auth.Issuer{Name: "https://example.com", Audiences: []string{audience}})
	for range 2 {
		mustFail(t, v, ecKey("k1").token((&provider{Server: &httptest.Server{URL: "https://example.com"}}).claims(nil), nil), fault.Unavailable)
	}
}

func TestATokenThatCannotBeGoodFetchesNothing(t *testing.T) {
	k := ecKey("k1")
	p := newProvider(t, k.public(nil))
	v := newVerifier(t, auth.Options{}, p.issuer())
	for name, header := range map[string]map[string]any{
		"an algorithm that is not in the list": {"alg": "PS256"},
		"a name that is too long":              {"kid": strings.Repeat("k", 257)},
		"an extension":                         {"crit": []string{"x"}},
		"another type":                         {"typ": "dpop+jwt"},
	} {
		mustFail(t, v, k.token(p.claims(nil), header), fault.Unauthenticated)
		if p.fetches.Load() != 0 {
			t.Fatalf("%s: keys were fetched", name)
		}
	}
	mustFail(t, v, k.token(p.claims(map[string]any{"iss": "https://example.com"}), nil), fault.Unauthenticated)
	if p.fetches.Load() != 0 {
		t.Error("an unknown issuer: keys were fetched")
	}
	mustPass(t, v, k.token(p.claims(nil), nil))
}

func TestKeysCanBeFetchedAhead(t *testing.T) {
	k := ecKey("k1")
	p := newProvider(t)
	release := p.hangs(k.public(nil))
	v := newVerifier(t, auth.Options{}, p.issuer())
	v.Prefetch(t.Context())
	<-p.asked
	release()
	mustPass(t, v, k.token(p.claims(nil), nil))
	if n := p.fetches.Load(); n != 1 {
		t.Errorf("%d fetches", n)
	}
}

// settle waits for the fetch in the background: a token with an unknown key shares it.
func (p *provider) settle(t *testing.T, v auth.Verifier) {
	t.Helper()
	mustFail(t, v, ecKey("nobody").token(p.claims(map[string]any{"exp": today + 1_000_000}), nil), fault.Unavailable)
}
