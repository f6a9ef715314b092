package auth_test

import (
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// target is a provider of two keys, and a verifier that accepts its tokens.
type target struct {
	*provider
	rsa, ec  key
	verifier *auth.TokenVerifier
}

func newTarget(t testing.TB) target {
	t.Helper()
	a := target{rsa: rsaKey("r1"), ec: ecKey("e1")}
	a.provider = newProvider(t, a.rsa.public(map[string]any{"alg": nil}), a.ec.public(nil))
	a.verifier = newVerifier(t, auth.Options{}, a.issuer())
	mustPass(t, a.verifier, a.good())
	mustPass(t, a.verifier, a.ec.token(a.claims(nil), nil))
	return a
}

// good is what attacks begin with.
func (a target) good() string { return a.rsa.token(a.claims(nil), nil) }

// withHeader is a good token but for its header.
func (a target) withHeader(changes map[string]any) string { return a.rsa.token(a.claims(nil), changes) }

// withClaims is a good token but for its claims.
func (a target) withClaims(changes map[string]any) string {
	return a.rsa.token(a.claims(changes), nil)
}

// refuses runs each attack by itself. No message may repeat any part of the token.
func (a target) refuses(t *testing.T, attacks map[string]string) {
	t.Helper()
	for name, token := range attacks {
		t.Run(name, func(t *testing.T) {
			message := mustFail(t, a.verifier, token, fault.Unauthenticated)
			for part := range strings.SplitSeq(token, ".") {
				if len(part) > 8 && strings.Contains(message, part) || strings.Contains(message, a.URL) {
					t.Errorf("the message repeats the token: %s", message)
				}
			}
		})
	}
}

func TestATokenThatIsNotSignedByItsIssuerIsRefused(t *testing.T) {
	a := newTarget(t)
	parts := strings.Split(a.good(), ".")
	other := strings.Split(a.withClaims(map[string]any{"sub": "u2"}), ".")
	attacks := map[string]string{
		"signature of another token": parts[0] + "." + parts[1] + "." + other[2],
		"claims of another token":    parts[0] + "." + other[1] + "." + parts[2],
		"header of another token":    strings.Split(a.withHeader(map[string]any{"typ": nil}), ".")[0] + "." + parts[1] + "." + parts[2],
		"no signature":               parts[0] + "." + parts[1] + ".",
		"half a signature":           parts[0] + "." + parts[1] + "." + parts[2][:100],
		"a stranger's key":           rsaKey("r1").token(a.claims(nil), nil),
		"a stranger's curve key":     ecKey("e1").token(a.claims(nil), nil),
	}
	for _, alg := range []any{"none", "None", "NONE", "nOnE", "", nil, 1, []string{"RS256"}} {
		header := map[string]any{"alg": alg}
		attacks[fmt.Sprintf("alg %q with a signature", alg)] = a.withHeader(header)
		unsigned := strings.Split(a.withHeader(header), ".")
		attacks[fmt.Sprintf("alg %q without", alg)] = unsigned[0] + "." + unsigned[1] + "."
	}
	a.refuses(t, attacks)
}

func TestAPublicKeyIsNoSharedSecret(t *testing.T) {
	a := newTarget(t)
	public := a.rsa.private.Public().(*rsa.PublicKey)
	pkix := must(x509.MarshalPKIXPublicKey(public))
	secrets := map[string][]byte{
		"PKIX as PEM":    pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}),
		"PKCS #1 as PEM": pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(public)}),
		"PKIX as DER":    pkix,
		"n":              public.N.Bytes(),
		"n in base64":    []byte(b64(public.N.Bytes())),
		"the JWK":        jsonOf(a.rsa.public(nil)),
		"nothing":        {},
	}
	attacks := map[string]string{}
	for name, secret := range secrets {
		for _, header := range []map[string]any{{"alg": "HS256", "kid": "r1"}, {"alg": "HS256"}} {
			signed := b64(jsonOf(header)) + "." + b64(jsonOf(a.claims(nil)))
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte(signed))
			attacks[fmt.Sprintf("%s, kid %v", name, header["kid"])] = signed + "." + b64(mac.Sum(nil))
		}
	}
	a.refuses(t, attacks)
}

func TestAKeyIsUsedByItsOwnAlgorithmAlone(t *testing.T) {
	a := newTarget(t)
	pss := key{"r1", "PS256", a.rsa.private}
	a.refuses(t, map[string]string{
		"PS256, which is not in the list":       pss.token(a.claims(nil), nil),
		"RS512, which is not in the list":       a.withHeader(map[string]any{"alg": "RS512"}),
		"the RSA key as ES256":                  a.withHeader(map[string]any{"alg": "ES256"}),
		"the RSA key as EdDSA":                  a.withHeader(map[string]any{"alg": "EdDSA"}),
		"the curve key as RS256":                a.ec.token(a.claims(nil), map[string]any{"alg": "RS256"}),
		"the curve key's name over RSA":         a.withHeader(map[string]any{"kid": "e1"}),
		"the curve key's name and alg over RSA": a.withHeader(map[string]any{"kid": "e1", "alg": "ES256"}),
		"small letters":                         a.withHeader(map[string]any{"alg": "rs256"}),
	})
	i := a.issuer()
	i.Algorithms = []string{"PS256"}
	mustPass(t, newVerifier(t, auth.Options{}, i), pss.token(a.claims(nil), nil))
}

func TestACurveSignatureNeedsNumbersInRange(t *testing.T) {
	a := newTarget(t)
	good := a.ec.token(a.claims(nil), nil)
	signed := good[:strings.LastIndex(good, ".")]
	signature := a.ec.signature(signed)
	zero, order := make([]byte, 32), curveOrder()
	r, s := signature[:32], signature[32:]
	der := must(asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(r), new(big.Int).SetBytes(s)}))
	attacks := map[string]string{}
	for name, forged := range map[string][]byte{
		"r and s zero":     append(zero[:32:32], zero...),
		"r zero":           append(zero[:32:32], s...),
		"s zero":           append(r[:32:32], zero...),
		"r the order":      append(order.Bytes(), s...),
		"s the order":      append(r[:32:32], order.Bytes()...),
		"both the order":   append(order.Bytes(), order.Bytes()...),
		"DER":              der,
		"a zero in front":  append([]byte{0}, signature...),
		"a zero behind":    append(signature[:64:64], 0),
		"63 bytes":         signature[:63],
		"swapped":          append(s[:32:32], r...),
		"one half":         r,
		"wider, with zero": append(append(zero[:1:1], r...), append(zero[:1:1], s...)...),
	} {
		attacks[name] = signed + "." + b64(forged)
	}
	a.refuses(t, attacks)

	// Every such signature has a twin that is as good. It makes nobody else of the viewer.
	twin := new(big.Int).Sub(order, new(big.Int).SetBytes(s)).FillBytes(make([]byte, 32))
	mustEqual(t, mustPass(t, a.verifier, signed+"."+b64(append(r[:32:32], twin...))), mustPass(t, a.verifier, good))
}

func TestNamesOfKeysAreOnlyNames(t *testing.T) {
	a := newTarget(t)
	attacks := map[string]string{}
	for _, kid := range []any{
		"", "../../etc/passwd", "/dev/null", "r1\x00", "R1", " r1", "r1' OR '1'='1", "http://127.0.0.1/key",
		strings.Repeat("r", 257), strings.Repeat("r", 4000), 1,
		[]string{"r1"},
		map[string]any{"r1": true},
		true,
	} {
		attacks[fmt.Sprintf("%.20q", kid)] = a.withHeader(map[string]any{"kid": kid})
	}
	a.refuses(t, attacks) // one key would fit if there were no name
	attacks["null"] = a.rsa.sign([]byte(`{"alg":"RS256","kid":null}`), jsonOf(a.claims(nil)))
	second := rsaKey("r2")
	a.publish(a.rsa.public(nil), second.public(nil))
	attacks["none where two keys would fit"] = second.token(a.claims(nil), map[string]any{"kid": nil})
	a.verifier = newVerifier(t, auth.Options{}, a.issuer())
	mustPass(t, a.verifier, a.good())
	a.refuses(t, attacks)
}

func TestAHeaderBringsNoKeys(t *testing.T) {
	a := newTarget(t)
	evil := rsaKey("evil")
	var fetched atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		_, _ = w.Write(jsonOf(map[string]any{"keys": []any{evil.public(nil), rsaKey("r1").public(nil)}}))
	}))
	defer server.Close()
	certificate := must(x509.MarshalPKIXPublicKey(evil.private.Public()))
	attacks := map[string]string{}
	for name, header := range map[string]map[string]any{
		"jku":     {"jku": server.URL},
		"x5u":     {"x5u": server.URL},
		"jwk":     {"jwk": evil.public(nil)},
		"x5c":     {"x5c": []string{b64(certificate)}, "x5t": "x"},
		"a url":   {"url": server.URL, "kid": server.URL},
		"at once": {"jku": server.URL, "x5u": server.URL, "jwk": evil.public(nil)},
	} {
		attacks[name+", its own name"] = evil.token(a.claims(nil), header)
		header["kid"] = "r1"
		attacks[name+", the issuer's name"] = evil.token(a.claims(nil), header)
	}
	a.refuses(t, attacks)
	if n := fetched.Load(); n != 0 {
		t.Errorf("fetched %d times from where the header said", n)
	}
}

func TestAHeaderThatAsksForMoreIsRefused(t *testing.T) {
	a := newTarget(t)
	claims := jsonOf(a.claims(nil))
	attacks := map[string]string{
		"alg twice":             a.rsa.sign([]byte(`{"alg":"none","alg":"RS256","kid":"r1"}`), claims),
		"alg twice, escaped":    a.rsa.sign([]byte(`{"alg":"none","\u0061lg":"RS256","kid":"r1"}`), claims),
		"not an object":         a.rsa.sign([]byte(`["RS256"]`), claims),
		"not JSON":              a.rsa.sign([]byte(`alg=RS256`), claims),
		"garbage after":         a.rsa.sign([]byte(`{"alg":"RS256","kid":"r1"}{}`), claims),
		"an open end":           a.rsa.sign([]byte(`{"alg":"RS256","kid":"r1"`), claims),
		"a NUL after":           a.rsa.sign([]byte("{\"alg\":\"RS256\",\"kid\":\"r1\"}\x00"), claims),
		"a name not UTF-8":      a.rsa.sign([]byte("{\"alg\":\"RS256\",\"kid\":\"r1\",\"x\xff\":1}"), claims),
		"nothing":               a.rsa.sign([]byte(`{}`), claims),
		"a list without an end": a.rsa.sign([]byte(strings.Repeat("[", 5000)), claims),
	}
	for name, header := range map[string]map[string]any{
		"unknown crit":      {"crit": []string{"exp2"}, "exp2": 1},
		"crit of b64":       {"crit": []string{"b64"}, "b64": false},
		"empty crit":        {"crit": []string{}},
		"crit that is none": {"crit": "exp"},
		"b64 alone":         {"b64": false},
		"zip":               {"zip": "DEF"},
		"enc":               {"enc": "A128GCM"},
		"nested":            {"cty": "JWT"},
		"typ dpop+jwt":      {"typ": "dpop+jwt"},
		"typ logout+jwt":    {"typ": "logout+jwt"},
		"typ a number":      {"typ": 1},
		"typ empty":         {"typ": ""},
	} {
		attacks[name] = a.withHeader(header)
	}
	a.refuses(t, attacks)
	for _, typ := range []any{"JWT", "jwt", "at+jwt", "application/at+JWT", nil} {
		mustPass(t, a.verifier, a.withHeader(map[string]any{"typ": typ}))
	}
}

func TestOnlyCompactSignaturesAreRead(t *testing.T) {
	a := newTarget(t)
	good := a.good()
	p := strings.Split(good, ".")
	flat := map[string]any{"protected": p[0], "payload": p[1], "signature": p[2]}
	general := map[string]any{"payload": p[1], "signatures": []any{map[string]any{"protected": p[0], "signature": p[2]}}}
	// The last digit of 256 bytes has four bits to spare.
	spare := good[:len(good)-1] + string(rune(good[len(good)-1]+1))
	a.refuses(t, map[string]string{
		"nothing":                      "",
		"dots":                         "..",
		"a dot":                        ".",
		"letters":                      "a.b.c",
		"a word":                       "undefined",
		"flattened JSON":               string(jsonOf(flat)),
		"general JSON":                 string(jsonOf(general)),
		"five parts":                   strings.Join([]string{p[0], p[1], p[2], p[0], p[1]}, "."),
		"an encrypted token":           b64([]byte(`{"alg":"dir","enc":"A128GCM"}`)) + "..YWFh.YWFh.YWFh",
		"four parts":                   good + "." + p[2],
		"two parts":                    p[0] + "." + p[1],
		"many parts":                   strings.Repeat(".", 8000),
		"a nested token":               a.rsa.sign([]byte(`{"alg":"RS256","kid":"r1"}`), []byte(good)),
		"a megabyte":                   good + strings.Repeat("A", 1<<20),
		"a megabyte that is signed":    a.withClaims(map[string]any{"x": strings.Repeat("x", 1<<20)}),
		"a little too long":            a.withClaims(map[string]any{"x": strings.Repeat("x", 6<<10)}),
		"padding":                      good + "==",
		"padding inside":               p[0] + "=." + p[1] + "." + p[2],
		"a dot behind":                 good + ".",
		"a dot in front":               "." + good,
		"a line behind":                good + "\n",
		"a line inside":                good[:10] + "\n" + good[10:],
		"carriage returns":             good[:10] + "\r\n" + good[10:],
		"a blank behind":               good + " ",
		"a blank in front":             " " + good,
		"a NUL behind":                 good + "\x00",
		"a NUL inside":                 good[:10] + "\x00" + good[10:],
		"its scheme":                   "Bearer " + good,
		"a letter behind":              good + "A",
		"twice":                        good + good,
		"the alphabet of other base64": "++//" + good,
		"bits to spare":                spare,
		"not UTF-8":                    "\xff" + good,
	})
}

func FuzzNothingPassesButWhatWasSigned(f *testing.F) {
	k := edKey("d1")
	p := newProvider(f, k.public(nil))
	v := newVerifier(f, auth.Options{}, p.issuer())
	good := k.token(p.claims(nil), nil)
	mustPass(f, v, good)
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, token string) {
		if token != good {
			mustFail(t, v, token, fault.Unauthenticated)
		}
	})
}

func curveOrder() *big.Int { return elliptic.P256().Params().N }
