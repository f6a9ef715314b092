package auth

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// leeway is how far the clocks of issuers may be off.
	leeway = 30 * time.Second
	// maxSubjectBytes is the length of the longest subject.
	maxSubjectBytes = 255
	// maxScopes is how many scopes are read, and maxScopeBytes the length of the longest.
	maxScopes     = 1000
	maxScopeBytes = 200
	// lastSecond is the end of the year 9999.
	lastSecond = 253402300799
)

// viewer checks the claims of a token that the issuer has signed, and says who it is about.
func (i Issuer) viewer(claims object, now time.Time) (*Viewer, error) {
	expiresAt, err := lifetime(claims, now)
	if err != nil {
		return nil, err
	}
	isMeant := func(audience string) bool { return slices.Contains(i.Audiences, audience) }
	if !slices.ContainsFunc(claims.texts(i.Claims.Audience), isMeant) {
		return nil, refused("is for another audience")
	}
	subject, _ := text(claims["sub"])
	if !isPlain(subject) || len(subject) > maxSubjectBytes {
		return nil, refused("has no subject, or one that is not accepted")
	}
	for path, value := range i.Require {
		if got, _ := claims.text(path); got != value {
			return nil, refused("lacks a claim that is required, or has another value there")
		}
	}
	if _, isBound := claims["cnf"]; isBound {
		return nil, refused("is bound to a key, and is not accepted from its bearer alone")
	}
	v := &Viewer{Issuer: i.Name, Subject: subject, Scopes: i.scopes(claims), ExpiresAt: expiresAt}
	v.IssuedAt, _ = instant(claims["iat"])
	i.describe(v, claims)
	return v, nil
}

// lifetime checks the times of a token, and gives its end.
func lifetime(claims object, now time.Time) (time.Time, error) {
	expiresAt, ok := instant(claims["exp"])
	if !ok {
		return time.Time{}, refused("does not say when it expires")
	}
	if !now.Before(expiresAt.Add(leeway)) {
		return time.Time{}, refused("has expired")
	}
	for _, name := range []string{"nbf", "iat"} {
		value, isThere := claims[name]
		if !isThere {
			continue
		}
		from, ok := instant(value)
		if !ok {
			return time.Time{}, refused("has a time that cannot be read")
		}
		if from.After(now.Add(leeway)) {
			return time.Time{}, refused("is not valid yet")
		}
	}
	return expiresAt, nil
}

// instant reads seconds since 1970, up to the year 9999; parts of a second are dropped.
func instant(value json.RawMessage) (time.Time, bool) {
	if len(value) == 0 || value[0] < '0' || value[0] > '9' {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseFloat(string(value), 64)
	if err != nil || seconds > lastSecond {
		return time.Time{}, false
	}
	return time.Unix(int64(math.Floor(seconds)), 0).UTC(), true
}

// scopes gathers what the token permits, each once and in order.
func (i Issuer) scopes(claims object) []string {
	var found []string
	for _, path := range i.Claims.Scopes {
		words := claims.texts(path)
		if inner, isObject := strings.CutSuffix(path, ".*"); isObject {
			words = claims.names(inner)
		}
		for _, word := range words {
			found = append(found, strings.Fields(word)...)
		}
	}
	var scopes []string
	for _, scope := range found {
		scope, isOurs := strings.CutPrefix(scope, i.ScopePrefix)
		if isOurs && isPlain(scope) && len(scope) <= maxScopeBytes {
			scopes = append(scopes, scope)
		}
	}
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	return scopes[:min(len(scopes), maxScopes)]
}
