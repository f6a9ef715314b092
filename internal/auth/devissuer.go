package auth

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// DevIssuerName is the `iss` of tokens for development, and DevAudience who they are for.
	DevIssuerName = "stackyard-dev"
	DevAudience   = "stackyard"

	// MinDevTTL and MaxDevTTL bound how long such a token is good.
	MinDevTTL = time.Second
	MaxDevTTL = 24 * time.Hour
)

// DevIssuer signs tokens for development with a key of its own. They are real tokens: a verifier that was given
// its Issuer accepts them, and no other does.
type DevIssuer struct {
	signer signer
	jwks   []byte
	now    func() time.Time
}

// OpenDevIssuer loads the signing key in a directory, and makes both where they are missing. It refuses a key
// that others can read, and one that is damaged; deleting the file makes a new one.
func OpenDevIssuer(dir string) (*DevIssuer, error) {
	key, err := openKey(dir)
	if err != nil {
		return nil, err
	}
	s, err := newSigner(key)
	if err != nil {
		return nil, err
	}
	jwks, err := s.jwks()
	if err != nil {
		return nil, err
	}
	return &DevIssuer{signer: s, jwks: jwks, now: time.Now}, nil
}

// JWKS is the key set to publish.
func (d *DevIssuer) JWKS() []byte { return d.jwks }

// DevIssuerAt is the entry of the development issuer in a verifier's list, given where its key set is published.
func DevIssuerAt(jwks string) Issuer {
	return Issuer{Name: DevIssuerName, Audiences: []string{DevAudience}, Algorithms: []string{"ES256"}, JWKS: jwks}
}

// Token makes a token for a user that is good for ttl, and permits what the scopes say.
func (d *DevIssuer) Token(u DevUser, scopes []string, ttl time.Duration) (string, error) {
	if ttl < MinDevTTL || ttl > MaxDevTTL {
		return "", fmt.Errorf("a token is good for %v at least and %v at most, not %v", MinDevTTL, MaxDevTTL, ttl)
	}
	if u.Subject == "" {
		return "", errors.New("a token needs a user")
	}
	for _, scope := range scopes {
		if !isPlain(scope) || strings.ContainsAny(scope, " \t\"\\") {
			return "", fmt.Errorf("%q is not a scope", scope)
		}
	}
	now := d.now()
	claims, err := json.Marshal(map[string]any{
		"iss":            DevIssuerName,
		"aud":            DevAudience,
		"sub":            u.Subject,
		"name":           u.Name,
		"email":          u.Email,
		"email_verified": true,
		"scope":          strings.Join(scopes, " "),
		"iat":            now.Unix(),
		"nbf":            now.Unix(),
		"exp":            now.Add(ttl).Unix(),
		"jti":            rand.Text(),
	})
	if err != nil {
		return "", fmt.Errorf("writing the claims of a token: %w", err)
	}
	return d.signer.sign(claims)
}
