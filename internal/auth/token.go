package auth

import (
	"encoding/base64"
	"slices"
	"strings"

	"stackyard/internal/fault"
)

const (
	// maxTokenBytes is the length of the longest token.
	maxTokenBytes = 8 << 10
	// maxKeyIDBytes is the length of the longest name of a key.
	maxKeyIDBytes = 256
)

// token is a compact JWS whose form is good; nothing of it is verified.
type token struct {
	alg, kid string
	claims   object
	// signed is what the signature is over, letter for letter.
	signed    string
	signature []byte
}

// refused is what the bearer of a token is told; it never repeats the token.
func refused(why string) error { return fault.New(fault.Unauthenticated, "the token %s", why) }

// readToken takes a token apart. It follows no address in the header, and refuses headers that ask for more than a
// signature.
func readToken(s string) (token, error) {
	parts := strings.SplitN(s, ".", 6)
	if len(parts) == 5 {
		return token{}, refused("is encrypted, which is not accepted")
	}
	if len(parts) != 3 {
		return token{}, refused("is not a signed JWT in its compact form")
	}
	var decoded [3][]byte
	for n, part := range parts {
		b, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || len(b) == 0 || strings.ContainsAny(part, "\r\n") {
			return token{}, refused("is not a signed JWT in its compact form")
		}
		decoded[n] = b
	}
	header, err := readObject(decoded[0])
	if err != nil {
		return token{}, refused("has a header that cannot be read")
	}
	t := token{signed: s[:len(s)-len(parts[2])-1], signature: decoded[2]}
	if err := t.readHeader(header); err != nil {
		return token{}, err
	}
	if t.claims, err = readObject(decoded[1]); err != nil {
		return token{}, refused("has claims that cannot be read")
	}
	return t, nil
}

func (t *token) readHeader(header object) error {
	var ok bool
	if t.alg, ok = text(header["alg"]); !ok || t.alg == "" {
		return refused("names no algorithm")
	}
	if kid, isThere := header["kid"]; isThere {
		if t.kid, ok = text(kid); !ok || t.kid == "" || len(t.kid) > maxKeyIDBytes {
			return refused("names its key in a way that is not accepted")
		}
	}
	for _, name := range []string{"crit", "b64", "zip", "enc", "cty"} {
		if _, isThere := header[name]; isThere {
			return refused("needs an extension that is not accepted")
		}
	}
	typ, isThere := header["typ"]
	if !isThere {
		return nil
	}
	kind, _ := text(typ)
	kind = strings.TrimPrefix(strings.ToLower(kind), "application/")
	if !slices.Contains([]string{"jwt", "at+jwt"}, kind) {
		return refused("is of a type that is not accepted")
	}
	return nil
}
