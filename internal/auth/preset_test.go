package auth_test

import (
	"maps"
	"testing"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// Tokens as the providers document them, but for issuer and times.
func TestPresetsReadWhatProvidersSend(t *testing.T) {
	for _, c := range []struct {
		preset auth.Preset
		alter  func(*auth.Issuer)
		claims map[string]any
		want   auth.Viewer
	}{
		{
			preset: auth.PresetKeycloak,
			claims: map[string]any{
				"aud": []string{"account", audience}, "typ": "Bearer", "azp": "web", "scope": "openid email profile",
				"realm_access":    map[string]any{"roles": []string{"offline_access", "catalog:write"}},
				"resource_access": map[string]any{"account": map[string]any{"roles": []string{"manage-account"}}},
				"email_verified":  true, "email": "ada@example.com", "name": "Ada Lovelace", "preferred_username": "ada",
			},
			want: auth.Viewer{
				Name: "Ada Lovelace", Email: "ada@example.com", IsEmailVerified: true,
				Scopes: []string{"catalog:write", "email", "offline_access", "openid", "profile"},
			},
		},
		{
			preset: auth.PresetAuth0,
			claims: map[string]any{
				"aud": []string{audience, "https://acme.eu.auth0.com/userinfo"}, "azp": "web", "gty": "password",
				"scope": "openid catalog:sync", "permissions": []string{"users:read"},
			},
			want: auth.Viewer{Scopes: []string{"users:read"}},
		},
		{
			preset: auth.PresetAuth0,
			alter: func(i *auth.Issuer) {
				i.Claims.Email, i.Claims.EmailVerified = "https://example.com/email", "https://example.com/claims.verified"
			},
			claims: map[string]any{"https://example.com/email": "ada@example.com", "https://example.com/claims": map[string]any{"verified": true}},
			want:   auth.Viewer{Email: "ada@example.com", IsEmailVerified: true},
		},
		{
			preset: auth.PresetEntra,
			claims: map[string]any{
				"ver": "2.0", "azp": "web", "scp": "users:read catalog:sync", "roles": []string{"catalog:write"}, "oid": "o", "tid": "t",
				"name": "Ada Lovelace", "preferred_username": "ada@example.com", "email": "ada@example.com", "email_verified": true,
				"": true, "picture": "https://example.com/a.png",
			},
			want: auth.Viewer{Name: "Ada Lovelace", Email: "ada@example.com", Scopes: []string{"catalog:sync", "catalog:write", "users:read"}},
		},
		{
			preset: auth.PresetCognito,
			alter:  func(i *auth.Issuer) { i.ScopePrefix = "stackyard/" },
			claims: map[string]any{
				"aud": nil, "client_id": audience, "token_use": "access", "version": 2, "username": "ada",
				"scope": "openid stackyard/users:read", "cognito:groups": []string{"stackyard/catalog:write", "catalog:sync"},
			},
			want: auth.Viewer{Name: "ada", Scopes: []string{"catalog:write", "users:read"}},
		},
		{
			preset: auth.PresetGoogle,
			alter:  func(i *auth.Issuer) { i.Require = map[string]string{"hd": "example.com"} },
			claims: map[string]any{
				"azp": "web", "hd": "example.com", "email": "ada@example.com", "email_verified": true, "scope": "users:read",
				"name": "Ada Lovelace", "picture": "https://lh3.googleusercontent.com/a/x=s96-c",
			},
			want: auth.Viewer{
				Name: "Ada Lovelace", Email: "ada@example.com", IsEmailVerified: true,
				Picture: "https://lh3.googleusercontent.com/a/x=s96-c",
			},
		},
		{
			preset: auth.PresetZitadel,
			claims: map[string]any{
				"aud": []string{"1234", audience}, "client_id": "1234",
				"urn:zitadel:iam:org:project:roles": map[string]any{"users:read": map[string]any{"1": "acme.example.com"}, "catalog:write": map[string]any{}},
			},
			want: auth.Viewer{Scopes: []string{"catalog:write", "users:read"}},
		},
		{
			preset: auth.PresetNone,
			claims: map[string]any{"scope": []string{"users:read", "catalog:sync"}, "preferred_username": "ada", "permissions": []string{"catalog:write"}},
			want:   auth.Viewer{Name: "ada", Scopes: []string{"catalog:sync", "users:read"}},
		},
	} {
		t.Run(string(c.preset), func(t *testing.T) {
			k := rsaKey("k1")
			p := newProvider(t, k.public(nil))
			i := p.issuer()
			i.Preset = c.preset
			if c.alter != nil {
				c.alter(&i)
			}
			v := newVerifier(t, auth.Options{}, i)
			got := mustPass(t, v, k.token(p.claims(c.claims), nil))
			c.want.Issuer, c.want.Subject, c.want.IssuedAt, c.want.ExpiresAt = p.URL, "u1", got.IssuedAt, got.ExpiresAt
			mustEqual(t, *got, c.want)
		})
	}
}

func TestRequiredClaimsTellKindsOfTokensApart(t *testing.T) {
	k := rsaKey("k1")
	p := newProvider(t, k.public(nil))
	for _, c := range []struct {
		preset  auth.Preset
		require map[string]string
		good    map[string]any
		bad     []map[string]any
	}{
		{auth.PresetCognito, nil, map[string]any{"client_id": audience, "token_use": "access"}, []map[string]any{
			{"token_use": "id"},
			{"token_use": nil},
			{"token_use": true},
			{"token_use": []string{"access"}},
			{"client_id": "other"},
			{"client_id": nil},
		}},
		{auth.PresetKeycloak, map[string]string{"acr.level": "gold"}, map[string]any{"typ": "Bearer", "acr": map[string]any{"level": "gold"}}, []map[string]any{
			{"typ": "ID"},
			{"typ": "DPoP"},
			{"typ": nil},
			{"acr": "gold"},
			{"acr": map[string]any{"level": "silver"}},
		}},
	} {
		i := p.issuer()
		i.Preset, i.Require = c.preset, c.require
		v := newVerifier(t, auth.Options{}, i)
		mustPass(t, v, k.token(p.claims(c.good), nil))
		for _, bad := range c.bad {
			claims := maps.Clone(c.good)
			maps.Copy(claims, bad)
			mustFail(t, v, k.token(p.claims(claims), nil), fault.Unauthenticated)
		}
	}
}
