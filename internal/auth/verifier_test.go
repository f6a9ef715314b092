package auth_test

import (
	"testing"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

func TestATokenOfEachAlgorithmSaysWhoIsAsking(t *testing.T) {
	for _, k := range []key{rsaKey("r"), ecKey("e"), edKey("d")} {
		t.Run(k.alg, func(t *testing.T) {
			p := newProvider(t, k.public(nil))
			v := newVerifier(t, auth.Options{}, p.issuer())
			viewer := mustPass(t, v, k.token(p.claims(map[string]any{
				"scope": "users:read  catalog:sync", "name": "Ada", "email": "ada@example.com", "email_verified": true,
				"picture": "https://example.com/ada.png",
			}), nil))
			want := auth.Viewer{
				Issuer: p.URL, Subject: "u1", Name: "Ada", Email: "ada@example.com", IsEmailVerified: true,
				Picture: "https://example.com/ada.png", Scopes: []string{"catalog:sync", "users:read"},
			}
			want.IssuedAt, want.ExpiresAt = time.Unix(today, 0).UTC(), viewer.ExpiresAt
			if viewer.ExpiresAt.Unix() != today+300 {
				t.Errorf("it ends at %v", viewer.ExpiresAt)
			}
			mustEqual(t, *viewer, want)
			mustFail(t, v, k.token(p.claims(nil), nil)+"x", fault.Unauthenticated)
		})
	}
}
