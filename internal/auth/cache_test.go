package auth_test

import (
	"fmt"
	"testing"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

func TestARememberedTokenEndsWithItsTime(t *testing.T) {
	k := ecKey("k1")
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	token := k.token(p.claims(map[string]any{"exp": today + 10}), nil)
	mustPass(t, v, token)
	c.advance(39 * time.Second)
	mustPass(t, v, token) // by the leeway for clocks
	c.advance(time.Second)
	mustFail(t, v, token, fault.Unauthenticated)
}

func TestARememberedTokenEndsWithItsKey(t *testing.T) {
	revoked, next := ecKey("k1"), ecKey("k2")
	p, c := newProvider(t, revoked.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	token := revoked.token(p.claims(nil), nil)
	mustPass(t, v, token)
	mustPass(t, v, token)
	c.advance(gap)
	p.publish(next.public(nil))
	mustPass(t, v, token) // nobody has asked for keys since
	mustPass(t, v, next.token(p.claims(nil), nil))
	mustFail(t, v, token, fault.Unauthenticated)
}

func TestARefusalIsNotRemembered(t *testing.T) {
	k, late := ecKey("k1"), ecKey("k2")
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	early := k.token(p.claims(map[string]any{"nbf": today + 40}), nil)
	unknown := late.token(p.claims(nil), nil)
	mustPass(t, v, k.token(p.claims(nil), nil))
	mustFail(t, v, early, fault.Unauthenticated)
	mustFail(t, v, unknown, fault.Unauthenticated)
	p.publish(k.public(nil), late.public(nil))
	c.advance(gap)
	mustPass(t, v, early)
	mustPass(t, v, unknown)
}

func TestAViewerIsTheCallersOwn(t *testing.T) {
	k := ecKey("k1")
	p := newProvider(t, k.public(nil))
	v := newVerifier(t, auth.Options{}, p.issuer())
	token := k.token(p.claims(map[string]any{"scope": "users:read"}), nil)
	for range 3 {
		viewer := mustPass(t, v, token)
		if viewer.Subject != "u1" || !viewer.HasScope(auth.ScopeUsersRead) {
			t.Fatalf("another caller made it %+v", viewer)
		}
		viewer.Subject, viewer.Scopes[0] = "root", auth.ScopeCatalogWrite
	}
}

// A remembered token costs no signature: that shows in allocations, which a clock does not disturb.
func TestARememberedTokenIsNotCheckedAgainForAMinute(t *testing.T) {
	k := rsaKey("k1")
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	var tokens []string
	for n := range 21 {
		tokens = append(tokens, k.token(p.claims(map[string]any{"sub": fmt.Sprint("u", n)}), nil))
	}
	each := func() float64 {
		n := 0
		return testing.AllocsPerRun(len(tokens)-1, func() { mustPass(t, v, tokens[n]); n++ })
	}
	const few, many = 4, 40
	if n := each(); n < many {
		t.Errorf("%.0f allocations at first", n)
	}
	if n := each(); n > few {
		t.Errorf("%.0f allocations for a remembered token", n)
	}
	c.advance(gap)
	mustFail(t, v, k.token(p.claims(nil), map[string]any{"kid": "k2"}), fault.Unauthenticated)
	if n := each(); n > few || p.fetches.Load() != 2 {
		t.Errorf("%.0f allocations once the same keys were fetched again", n)
	}
	c.advance(time.Minute - gap)
	if n := each(); n < many {
		t.Errorf("%.0f allocations after a minute", n)
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, k := range []key{rsaKey("k1"), ecKey("k1"), edKey("k1")} {
		p := newProvider(b, k.public(nil))
		v := newVerifier(b, auth.Options{}, p.issuer())
		remembered := k.token(p.claims(nil), nil)
		mustPass(b, v, remembered)
		b.Run(k.alg+"/remembered", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustPass(b, v, remembered)
			}
		})
		b.Run(k.alg+"/checked", func(b *testing.B) {
			// More tokens than are remembered, each in its turn.
			tokens := make([]string, 5000)
			for n := range tokens {
				tokens[n] = k.token(p.claims(map[string]any{"sub": fmt.Sprint("u", n)}), nil)
			}
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				mustPass(b, v, tokens[n%len(tokens)])
			}
		})
	}
}
