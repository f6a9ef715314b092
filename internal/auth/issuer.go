package auth

import (
	"cmp"
	"maps"
)

// Issuer is one party whose tokens are accepted, and how to read them.
type Issuer struct {
	// Name is the `iss` of its tokens, letter for letter.
	Name string `yaml:"issuer"`
	// Preset fills in what is left empty here.
	Preset Preset `yaml:"preset"`
	// Audiences are who tokens may be meant for; a token needs one of them.
	Audiences []string `yaml:"audiences"`
	// Algorithms are the signatures that are accepted, all of them asymmetric; by default RS256, ES256 and EdDSA.
	Algorithms []string `yaml:"algorithms"`
	// JWKS is the address of its keys; where empty, its discovery document says it.
	JWKS string `yaml:"jwks"`
	// ScopePrefix, where set, is what scopes begin with in tokens; it is taken off, and scopes without it do not count.
	ScopePrefix string `yaml:"scopePrefix"`
	// Require are claims that a token must carry with exactly this text, beside those that all tokens need.
	Require map[string]string `yaml:"require"`
	// Claims say where in a token things are.
	Claims Claims `yaml:"claims"`
}

// Claims are paths into the claims of a token. A path is the name of a claim, which may itself have dots,
// slashes and colons, or names joined by dots that lead into objects.
type Claims struct {
	// Audience is a string or a list.
	Audience string `yaml:"audience"`
	// Scopes are read all: strings with blanks, lists, and, where the path ends in `.*`, the names in an object.
	Scopes []string `yaml:"scopes"`
	// Name is the first of these that a token has.
	Name []string `yaml:"name"`
	// Email is the address, EmailVerified whether the issuer vouches for it; without the second nothing is verified.
	Email         string `yaml:"email"`
	EmailVerified string `yaml:"emailVerified"`
	// Picture is the address of an image.
	Picture string `yaml:"picture"`
}

// complete gives the issuer with everything filled in that its preset knows; it changes nothing that is set.
func (i Issuer) complete() Issuer {
	p := i.Preset.issuer()
	i.Name = cmp.Or(i.Name, p.Name)
	i.Algorithms = orElse(i.Algorithms, p.Algorithms)
	required := maps.Clone(p.Require)
	if required == nil {
		required = map[string]string{}
	}
	maps.Copy(required, i.Require)
	i.Require = required
	i.Claims = Claims{
		Audience:      cmp.Or(i.Claims.Audience, p.Claims.Audience),
		Scopes:        orElse(i.Claims.Scopes, p.Claims.Scopes),
		Name:          orElse(i.Claims.Name, p.Claims.Name),
		Email:         cmp.Or(i.Claims.Email, p.Claims.Email),
		EmailVerified: cmp.Or(i.Claims.EmailVerified, p.Claims.EmailVerified),
		Picture:       cmp.Or(i.Claims.Picture, p.Claims.Picture),
	}
	return i
}

func orElse(set, otherwise []string) []string {
	if len(set) > 0 {
		return set
	}
	return otherwise
}
