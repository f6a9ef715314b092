package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"testing"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

func TestABadKeyIsIgnoredAndTheOthersServe(t *testing.T) {
	good, bad := rsaKey("good"), rsaKey("bad")
	curve := ecKey("bad")
	d := bad.private.(*rsa.PrivateKey).D.Bytes()
	weak := key{"bad", "RS256", must(rsa.GenerateKey(rand.Reader, 1024))}
	for name, c := range map[string]struct {
		signer key
		jwk    any
	}{
		"for encryption":       {bad, bad.public(map[string]any{"use": "enc"})},
		"of an unknown use":    {bad, bad.public(map[string]any{"use": "tls"})},
		"for making alone":     {bad, bad.public(map[string]any{"use": nil, "key_ops": []string{"sign"}})},
		"for wrapping alone":   {bad, bad.public(map[string]any{"use": nil, "key_ops": []string{"wrapKey", "encrypt"}})},
		"of another algorithm": {bad, bad.public(map[string]any{"alg": "RS512"})},
		"of no signature":      {bad, bad.public(map[string]any{"alg": "RSA-OAEP"})},
		"of a secret's alg":    {bad, bad.public(map[string]any{"alg": "HS256"})},
		"of no algorithm":      {bad, bad.public(map[string]any{"alg": "none"})},
		"a curve key for RSA":  {curve, curve.public(map[string]any{"alg": "RS256"})},
		"weak":                 {weak, weak.public(nil)},
		"with exponent 1":      {bad, bad.public(map[string]any{"e": "AQ"})},
		"with an even one":     {bad, bad.public(map[string]any{"e": "BA"})},
		"without a modulus":    {bad, bad.public(map[string]any{"n": nil})},
		"with modulus 0":       {bad, bad.public(map[string]any{"n": "AA"})},
		"enormous":             {bad, bad.public(map[string]any{"n": b64(big.NewInt(1).Lsh(big.NewInt(1), 20_000).Bytes())})},
		"that gives itself up": {bad, bad.public(map[string]any{"d": b64(d)})},
		"off its curve":        {curve, curve.public(map[string]any{"y": curve.public(nil)["x"]})},
		"at infinity":          {curve, curve.public(map[string]any{"x": b64(make([]byte, 32)), "y": b64(make([]byte, 32))})},
		"of an unknown curve":  {curve, curve.public(map[string]any{"crv": "P-999"})},
		"of another curve":     {curve, curve.public(map[string]any{"crv": "P-384", "alg": nil})},
		"too short":            {edKey("bad"), map[string]any{"kty": "OKP", "crv": "Ed25519", "kid": "bad", "x": "AAAA"}},
		"for agreement":        {edKey("bad"), map[string]any{"kty": "OKP", "crv": "X25519", "kid": "bad", "x": b64(make([]byte, 32))}},
		"of an unknown type":   {bad, bad.public(map[string]any{"kty": "LATTICE"})},
		"without a type":       {bad, bad.public(map[string]any{"kty": nil})},
		"shared":               {bad, map[string]any{"kty": "oct", "kid": "bad", "k": "c2VjcmV0"}},
		"a number":             {bad, 1},
		"named by a number":    {bad, bad.public(map[string]any{"kid": 1})},
		"an empty object":      {bad, map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t, c.jwk, good.public(nil))
			v := newVerifier(t, auth.Options{}, p.issuer())
			mustPass(t, v, good.token(p.claims(nil), nil))
			mustFail(t, v, c.signer.token(p.claims(nil), nil), fault.Unauthenticated)
		})
	}
}

func TestASharedSecretIsNoKeyHoweverItIsNamed(t *testing.T) {
	// Sets of mixed origin exist; the secret must not be found by an algorithm that would use it.
	good := rsaKey("good")
	p := newProvider(t, map[string]any{"kty": "oct", "kid": "good", "alg": "RS256", "k": "c2VjcmV0"}, good.public(nil))
	v := newVerifier(t, auth.Options{}, p.issuer())
	mustPass(t, v, good.token(p.claims(nil), nil))
}

func TestOneNameCanStandForKeysOfTwoAlgorithms(t *testing.T) {
	r, e := rsaKey("k1"), ecKey("k1")
	p := newProvider(t, r.public(nil), e.public(nil))
	v := newVerifier(t, auth.Options{}, p.issuer())
	mustPass(t, v, r.token(p.claims(nil), nil))
	mustPass(t, v, e.token(p.claims(nil), nil))
}

func TestAKeyWithoutAlgorithmServesThoseOfItsType(t *testing.T) {
	private := must(rsa.GenerateKey(rand.Reader, 2048))
	r, ps, e := key{"r", "RS256", private}, key{"r", "PS256", private}, ecKey("e")
	p := newProvider(t, r.public(map[string]any{"alg": nil, "use": nil}), e.public(map[string]any{"alg": nil, "use": nil}))
	i := p.issuer()
	i.Algorithms = []string{"RS256", "PS256", "ES256"}
	v := newVerifier(t, auth.Options{}, i)
	for _, k := range []key{r, ps, e} {
		mustPass(t, v, k.token(p.claims(nil), nil))
	}
}
