// Package auth says who is asking: it makes viewers of bearer tokens, and knows
// the keys that tokens are checked with.
package auth

import (
	"context"
	"slices"
	"time"
)

// The scopes that the contract names.
const (
	ScopeUsersRead       = "users:read"
	ScopeReviewsModerate = "reviews:moderate"
	ScopeCatalogWrite    = "catalog:write"
	ScopeCatalogSync     = "catalog:sync"
)

// Viewer is who is asking, as a verified token says.
type Viewer struct {
	// Issuer and Subject together name a user; neither is empty.
	Issuer  string
	Subject string
	// Name, Email and Picture are empty where the token does not say.
	Name    string
	Email   string
	Picture string
	// IsEmailVerified is true where the issuer says that the address is the viewer's.
	IsEmailVerified bool
	Scopes          []string
	// IssuedAt is when the token was made, to the second; zero where it does not say.
	IssuedAt time.Time
	// ExpiresAt is when the token stops being good.
	ExpiresAt time.Time
}

// HasScope says whether the token carries the scope. Nobody has none.
func (v *Viewer) HasScope(scope string) bool { return v != nil && slices.Contains(v.Scopes, scope) }

// HasScopes says whether the token carries all scopes of one of the sets.
func (v *Viewer) HasScopes(sets [][]string) bool {
	return v != nil && slices.ContainsFunc(sets, func(all []string) bool {
		return !slices.ContainsFunc(all, func(scope string) bool { return !v.HasScope(scope) })
	})
}

// VerifiedEmail is the address that the viewer has shown to be theirs, or empty.
func (v *Viewer) VerifiedEmail() string {
	if v == nil || !v.IsEmailVerified {
		return ""
	}
	return v.Email
}

// Verifier makes viewers of tokens.
type Verifier interface {
	// Verify checks a bearer token. A token that is not good is a fault of kind
	// Unauthenticated; one that cannot be checked now, since its issuer's keys are
	// not to be had, is of kind Unavailable.
	Verify(ctx context.Context, token string) (*Viewer, error)
}

type viewerKey struct{}

// WithViewer puts a viewer into the context of a request.
func WithViewer(ctx context.Context, v *Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// ViewerOf gives who is asking; nil is nobody in particular.
func ViewerOf(ctx context.Context) *Viewer {
	v, _ := ctx.Value(viewerKey{}).(*Viewer)
	return v
}

// EmailKey is the form in which e-mail addresses are compared: letters of ASCII
// lose their case. Nothing else is folded, since two addresses that merely look
// alike belong to two people.
func EmailKey(address string) string {
	b := []byte(address)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
