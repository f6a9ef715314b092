package auth

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// algorithms are all signatures that an issuer may be allowed: those that need no shared secret.
func algorithms() []string {
	return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
}

// checkIssuers completes the issuers and lists all that is wrong with them at once.
func checkIssuers(issuers []Issuer) ([]Issuer, error) {
	if len(issuers) == 0 {
		return nil, errors.New("there is no issuer")
	}
	var faults []error
	complete := make([]Issuer, len(issuers))
	names := map[string]bool{}
	for n, i := range issuers {
		i = i.complete()
		complete[n] = i
		for _, fault := range i.faults() {
			faults = append(faults, fmt.Errorf("issuer %d (%q): %s", n+1, i.Name, fault))
		}
		if names[i.Name] {
			faults = append(faults, fmt.Errorf("issuer %d (%q): there is another of this name", n+1, i.Name))
		}
		names[i.Name] = true
	}
	return complete, errors.Join(faults...)
}

// faults says what is wrong with a completed issuer.
func (i Issuer) faults() []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }

	if !slices.Contains(presets(), i.Preset) {
		fault("preset: %q is none of %q", i.Preset, presets()[1:])
	}
	switch {
	case !isText(i.Name):
		fault("issuer: must be the `iss` of its tokens")
	case i.JWKS == "":
		if err := checkAddress(i.Name); err != nil {
			fault("issuer: without jwks it must be the address for discovery: %v", err)
		}
	default:
		if err := checkAddress(i.JWKS); err != nil {
			fault("jwks: %v", err)
		}
	}
	if len(i.Audiences) == 0 {
		fault("audiences: at least one is needed")
	}
	if !areTexts(i.Audiences) {
		fault("audiences: one is empty or has control characters")
	}
	if len(i.Algorithms) == 0 {
		fault("algorithms: at least one is needed")
	}
	for _, alg := range i.Algorithms {
		if !slices.Contains(algorithms(), alg) {
			fault("algorithms: %q is none of %q", alg, algorithms())
		}
	}
	if i.Claims.Audience == "" {
		fault("claims.audience: is empty")
	}
	if !areTexts(i.Claims.Scopes) || !areTexts(i.Claims.Name) {
		fault("claims: a path is empty")
	}
	for path, value := range i.Require {
		if !isText(path) || !isText(value) {
			fault("require: a path or a value is empty")
		}
	}
	return faults
}

// checkAddress allows https, and http to this machine, so that keys cannot be changed on their way.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return fmt.Errorf("%q is not an address", address)
	case u.User != nil:
		return errors.New("an address with a user name or password is not accepted")
	case u.Fragment != "" || strings.Contains(address, "#"):
		return fmt.Errorf("%q has a fragment", address)
	case u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("%q must be https, or http on a loopback address", address)
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func isText(s string) bool { return s != "" && !strings.ContainsFunc(s, unicode.IsControl) }

func areTexts(list []string) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !isText(s) })
}
