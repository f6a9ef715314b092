package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

// DefaultMaxStale is how old keys may get while their issuer cannot be asked.
const DefaultMaxStale = 24 * time.Hour

// Options are what a verifier needs beside issuers. The zero value is good.
type Options struct {
	// MaxStale is how old keys may get while their issuer cannot be asked; 0 is DefaultMaxStale.
	MaxStale time.Duration
	// Log hears when keys stop and start being had; never of tokens. Nil is silence.
	Log *slog.Logger
	// Transport fetches keys; nil is one of the verifier's own. Redirects are never followed.
	Transport http.RoundTripper
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// TokenVerifier checks the tokens of the issuers that it was made with.
type TokenVerifier struct {
	issuers map[string]accepted
	rings   []*keyring
	cache   *cache
	client  *http.Client
	now     func() time.Time
}

// accepted is an issuer and its keys.
type accepted struct {
	issuer Issuer
	keys   keys
}

// NewVerifier checks the issuers and lists all that is wrong with them. It does not touch the network: keys are
// fetched when they are needed. Close ends what the verifier does in the background.
func NewVerifier(issuers []Issuer, o Options) (*TokenVerifier, error) {
	issuers, err := checkIssuers(issuers)
	if err != nil {
		return nil, err
	}
	o, err = o.complete()
	if err != nil {
		return nil, err
	}
	remembered, err := newCache()
	if err != nil {
		return nil, fmt.Errorf("making the cache of tokens: %w", err)
	}
	v := &TokenVerifier{issuers: map[string]accepted{}, cache: remembered, client: newClient(o.Transport), now: o.Now}
	for _, i := range issuers {
		ring := &keyring{
			issuer:   i.Name,
			fetch:    source{issuer: i, client: v.client}.fetch,
			maxStale: o.MaxStale,
			now:      o.Now,
			log:      o.Log,
		}
		v.rings = append(v.rings, ring)
		v.issuers[i.Name] = accepted{issuer: i, keys: ring}
	}
	return v, nil
}

func (o Options) complete() (Options, error) {
	if o.MaxStale < 0 {
		return o, errors.New("keys cannot be stale for less than no time")
	}
	if o.MaxStale == 0 {
		o.MaxStale = DefaultMaxStale
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           10,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: maxHeaderBytes,
		}
	}
	return o, nil
}

// Verify says who a token is about. The viewer is the caller's own.
func (v *TokenVerifier) Verify(ctx context.Context, bearer string) (*Viewer, error) {
	if len(bearer) > maxTokenBytes {
		return nil, refused("is too long")
	}
	now := v.now()
	hash := tokenHash(sha256.Sum256([]byte(bearer)))
	if viewer := v.cache.get(ctx, hash, now); viewer != nil {
		return viewer, nil
	}
	t, err := readToken(bearer)
	if err != nil {
		return nil, err
	}
	// Nothing vouches for this name yet: it only says whose keys the signature must be made with.
	name, _ := t.claims.text("iss")
	from, ok := v.issuers[name]
	if !ok {
		return nil, refused("is of an issuer that is not known here")
	}
	if !slices.Contains(from.issuer.Algorithms, t.alg) {
		return nil, refused("is signed by an algorithm that is not accepted")
	}
	key, generation, err := from.keys.find(ctx, t.alg, t.kid)
	if err != nil {
		return nil, err
	}
	if err := key.verify(t.alg, t.signed, t.signature); err != nil {
		return nil, refused("has a signature that does not hold")
	}
	viewer, err := from.issuer.viewer(t.claims, now)
	if err != nil {
		return nil, err
	}
	v.cache.add(hash, viewer, from.keys, generation, now)
	return viewer, nil
}

// Prefetch has all keys fetched in the background, so that the first token need not wait, and so that the log says
// what cannot be had. It does not wait itself.
func (v *TokenVerifier) Prefetch(ctx context.Context) {
	for _, ring := range v.rings {
		ring.refresh(ctx)
	}
}

// Close ends fetches under way and begins none; tokens are still checked with the keys that are there.
func (v *TokenVerifier) Close() error {
	for _, ring := range v.rings {
		ring.close()
	}
	v.client.CloseIdleConnections()
	return nil
}
