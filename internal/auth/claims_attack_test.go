package auth_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

func TestATokenIsGoodForItsTimeAlone(t *testing.T) {
	a := newTarget(t)
	a.refuses(t, map[string]string{
		"expired":                   a.withClaims(map[string]any{"exp": today - 30}),
		"expired long ago":          a.withClaims(map[string]any{"exp": 1}),
		"not valid yet":             a.withClaims(map[string]any{"nbf": today + 31}),
		"issued later":              a.withClaims(map[string]any{"iat": today + 31}),
		"issued in another time":    a.withClaims(map[string]any{"iat": int64(today) * 1000}),
		"no exp":                    a.withClaims(map[string]any{"exp": nil}),
		"exp null":                  a.withClaims(map[string]any{"exp": json.RawMessage("null")}),
		"exp a string":              a.withClaims(map[string]any{"exp": "1885600000"}),
		"exp a word":                a.withClaims(map[string]any{"exp": "never"}),
		"exp true":                  a.withClaims(map[string]any{"exp": true}),
		"exp a list":                a.withClaims(map[string]any{"exp": []int{today + 300}}),
		"exp an object":             a.withClaims(map[string]any{"exp": map[string]int{"x": today + 300}}),
		"exp negative":              a.withClaims(map[string]any{"exp": -1}),
		"exp huge":                  a.withClaims(map[string]any{"exp": json.RawMessage("1e300")}),
		"exp beyond numbers":        a.withClaims(map[string]any{"exp": json.RawMessage("1e999")}),
		"exp of 300 digits":         a.withClaims(map[string]any{"exp": json.RawMessage("1" + strings.Repeat("0", 300))}),
		"exp in nanoseconds":        a.withClaims(map[string]any{"exp": int64(today) * 1_000_000_000}),
		"exp past the year 9999":    a.withClaims(map[string]any{"exp": 253402300800}),
		"exp overflows":             a.withClaims(map[string]any{"exp": json.RawMessage("18446744073709551617")}),
		"nbf a string":              a.withClaims(map[string]any{"nbf": "soon"}),
		"iat an object":             a.withClaims(map[string]any{"iat": map[string]any{}}),
		"exp twice":                 a.rsa.sign([]byte(`{"alg":"RS256","kid":"r1"}`), fmt.Appendf(nil, `{"iss":%q,"aud":"stackyard","sub":"u1","exp":1,"exp":%d}`, a.URL, today+300)),
		"exp with another spelling": a.withClaims(map[string]any{"exp": nil, "EXP": today + 300}),
	})
	for _, good := range []map[string]any{
		{"exp": today - 29},
		{"exp": json.RawMessage(fmt.Sprintf("%d.75", today+300))},
		{"exp": json.RawMessage("1.8856e9")},
		{"nbf": today + 30, "iat": today + 30},
		{"iat": nil, "nbf": nil},
		{"exp": 253402300799},
	} {
		mustPass(t, a.verifier, a.withClaims(good))
	}
}

func TestATokenForSomebodyElseIsRefused(t *testing.T) {
	a := newTarget(t)
	a.refuses(t, map[string]string{
		"wrong aud":               a.withClaims(map[string]any{"aud": "other"}),
		"aud missing":             a.withClaims(map[string]any{"aud": nil}),
		"aud empty":               a.withClaims(map[string]any{"aud": ""}),
		"aud an empty list":       a.withClaims(map[string]any{"aud": []string{}}),
		"aud a list of others":    a.withClaims(map[string]any{"aud": []string{"a", "b", ""}}),
		"aud begins alike":        a.withClaims(map[string]any{"aud": "stackyard2"}),
		"aud in other letters":    a.withClaims(map[string]any{"aud": "Stackyard"}),
		"aud with blanks":         a.withClaims(map[string]any{"aud": "other stackyard"}),
		"aud a number":            a.withClaims(map[string]any{"aud": 1}),
		"aud an object":           a.withClaims(map[string]any{"aud": map[string]any{"stackyard": "stackyard"}}),
		"aud in a list in a list": a.withClaims(map[string]any{"aud": []any{[]string{"stackyard"}}}),
		"aud with a NUL":          a.withClaims(map[string]any{"aud": "stackyard\x00"}),
		"client_id for aud":       a.withClaims(map[string]any{"aud": nil, "client_id": audience}),
		"azp for aud":             a.withClaims(map[string]any{"aud": nil, "azp": audience}),
		"bound to a key":          a.withClaims(map[string]any{"cnf": map[string]any{"jkt": "x"}}),
	})
	mustPass(t, a.verifier, a.withClaims(map[string]any{"aud": []any{1, "other", "stackyard"}}))
}

func TestATokenNeedsASubject(t *testing.T) {
	a := newTarget(t)
	raw := func(sub string) string {
		return a.rsa.sign([]byte(`{"alg":"RS256","kid":"r1"}`), fmt.Appendf(nil, `{"iss":%q,"aud":"stackyard","exp":%d,"sub":%s}`, a.URL, today+300, sub))
	}
	mustPass(t, a.verifier, raw(`"u1"`))
	a.refuses(t, map[string]string{
		"missing":           a.withClaims(map[string]any{"sub": nil}),
		"empty":             raw(`""`),
		"null":              raw(`null`),
		"a number":          raw(`1`),
		"a list":            raw(`["u1"]`),
		"an object":         raw(`{"u1":1}`),
		"a NUL":             raw(`"u1\u0000"`),
		"a raw NUL":         raw("\"u1\x00\""),
		"a line":            raw(`"u1\n"`),
		"half a character":  raw(`"\ud800"`),
		"not UTF-8":         raw("\"\xff\""),
		"too long":          raw(`"` + strings.Repeat("u", 256) + `"`),
		"twice":             raw(`"u2","sub":"u1"`),
		"twice, escaped":    raw(`"u2","s\u0075b":"u1"`),
		"a claim not UTF-8": raw("\"u1\",\"name\":\"\xff\""),
		"garbage behind":    raw(`"u1"} {"x":1`),
		"not JSON":          raw(`u1`),
	})
}

func TestAnIssuerVouchesForItsOwnTokensAlone(t *testing.T) {
	a, b := newTarget(t), newTarget(t)
	b.rsa.id = "r2"
	b.publish(b.rsa.public(nil))
	v := newVerifier(t, auth.Options{}, a.issuer(), b.issuer())
	mustPass(t, v, a.good())
	mustPass(t, v, b.good())
	a.verifier = v
	a.refuses(t, map[string]string{
		"b's name, a's key":              a.withClaims(map[string]any{"iss": b.URL}),
		"b's name, a's key as b's":       key{"r2", "RS256", a.rsa.private}.token(b.claims(nil), nil),
		"a's name, b's key":              b.withClaims(map[string]any{"iss": a.URL}),
		"a's name, b's key as a's":       key{"r1", "RS256", b.rsa.private}.token(a.claims(nil), nil),
		"a's name, b's key without name": b.rsa.token(a.claims(nil), map[string]any{"kid": nil}),
		"unknown":                        a.withClaims(map[string]any{"iss": "https://example.com"}),
		"missing":                        a.withClaims(map[string]any{"iss": nil}),
		"empty":                          a.withClaims(map[string]any{"iss": ""}),
		"a number":                       a.withClaims(map[string]any{"iss": 1}),
		"a list":                         a.withClaims(map[string]any{"iss": []string{a.URL}}),
		"with a slash":                   a.withClaims(map[string]any{"iss": a.URL + "/"}),
		"in large letters":               a.withClaims(map[string]any{"iss": strings.ToUpper(a.URL)}),
		"with a NUL":                     a.withClaims(map[string]any{"iss": a.URL + "\x00"}),
		"both":                           a.rsa.sign([]byte(`{"alg":"RS256","kid":"r1"}`), fmt.Appendf(nil, `{"iss":%q,"iss":%q,"aud":"stackyard","sub":"u1","exp":%d}`, a.URL, b.URL, today+300)),
	})
}

func TestClaimsOfStrangeTypesAreAsIfMissing(t *testing.T) {
	a := newTarget(t)
	bare := *mustPass(t, a.verifier, a.good())
	long := strings.Repeat("x", 3000)
	for name, changes := range map[string]map[string]any{
		"scope a number":          {"scope": 7},
		"scope true":              {"scope": true},
		"scope an object":         {"scope": map[string]any{"users:read": true}},
		"scope numbers":           {"scope": []any{1, 2.5, nil, true, []string{"users:read"}, map[string]any{}}},
		"scope blank":             {"scope": " \t "},
		"scope with controls":     {"scope": "users:read\x00"},
		"scope too long":          {"scope": long},
		"scope deep":              {"scope": json.RawMessage(strings.Repeat("[", 2000) + strings.Repeat("]", 2000))},
		"name an object":          {"name": map[string]any{"first": "Ada"}},
		"name a list":             {"name": []string{"Ada"}},
		"name of controls":        {"name": "\x00\x1b\u202e \n"},
		"email an object":         {"email": map[string]any{}, "email_verified": true},
		"email without a host":    {"email": "ada", "email_verified": true},
		"email with a name":       {"email": "Ada <ada@example.com>", "email_verified": true},
		"two emails":              {"email": "ada@example.com, mel@example.com", "email_verified": true},
		"email with a line":       {"email": "ada@example.com\r\nBcc: mel@example.com", "email_verified": true},
		"email too long":          {"email": strings.Repeat("a", 250) + "@example.com", "email_verified": true},
		"emails in a list":        {"email": []string{"ada@example.com"}, "email_verified": true},
		"verified, but no email":  {"email_verified": true},
		"picture a script":        {"picture": "javascript:alert(1)"},
		"picture in itself":       {"picture": "data:image/png;base64,AAAA"},
		"picture a script there":  {"picture": "javascript://example.com/%0aalert(1)"},
		"picture a file":          {"picture": "file:///etc/passwd"},
		"picture nowhere":         {"picture": "https:///a.png"},
		"picture with a password": {"picture": "https://a:b@example.com/a.png"},
		"picture too long":        {"picture": "https://example.com/" + long},
		"picture a number":        {"picture": 1},
		"picture with a control":  {"picture": "https://example.com/a\u0000.png"},
	} {
		t.Run(name, func(t *testing.T) {
			mustEqual(t, *mustPass(t, a.verifier, a.withClaims(changes)), bare)
		})
	}
}

func TestWhatIsSaidOfAViewerIsCleanAndShort(t *testing.T) {
	a := newTarget(t)
	with := func(changes map[string]any) *auth.Viewer { return mustPass(t, a.verifier, a.withClaims(changes)) }
	if name := with(map[string]any{"name": " A\x00d\na\u202e\u2066 "}).Name; name != "Ada" {
		t.Errorf("the name is %q", name)
	}
	if name := with(map[string]any{"name": strings.Repeat("é", 500)}).Name; name != strings.Repeat("é", 200) {
		t.Errorf("the name has %d bytes", len(name))
	}
	if name := with(map[string]any{"name": 1, "preferred_username": "ada"}).Name; name != "ada" {
		t.Errorf("without a name it is %q", name)
	}
	var many []string
	for n := range 1200 {
		many = append(many, strconv.FormatInt(int64(n), 36))
	}
	if scopes := with(map[string]any{"scope": strings.Join(many, " ")}).Scopes; len(scopes) != 1000 {
		t.Errorf("%d scopes are kept", len(scopes))
	}
	if scopes := with(map[string]any{"scope": "a a b a"}).Scopes; strings.Join(scopes, " ") != "a b" {
		t.Errorf("the scopes are %q", scopes)
	}
}

func TestAnAddressIsVerifiedOnlyWhereTheIssuerSaysSo(t *testing.T) {
	a := newTarget(t)
	for _, c := range []struct {
		says any
		want bool
	}{
		{true, true},
		{"true", true},
		{false, false},
		{"false", false},
		{nil, false},
		{1, false},
		{"yes", false},
		{"TRUE", false},
		{[]bool{true}, false},
		{map[string]any{"ada@example.com": true}, false},
	} {
		v := mustPass(t, a.verifier, a.withClaims(map[string]any{"email": "ada@example.com", "email_verified": c.says}))
		if v.Email != "ada@example.com" || v.IsEmailVerified != c.want {
			t.Errorf("%v: %q is verified: %v", c.says, v.Email, v.IsEmailVerified)
		}
	}
	mustFail(t, a.verifier, a.good()[1:], fault.Unauthenticated)
}
