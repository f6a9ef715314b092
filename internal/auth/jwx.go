package auth

import (
	"crypto"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// This file is all that knows jwx: keys are read from sets, signatures are checked and made.

// parseKeys reads a JWKS. A key that cannot be read, is weak, secret or not for signatures is left out; what
// is left may be empty.
func parseKeys(body []byte) ([]publicKey, error) {
	set, err := jwk.Parse(body, jwk.WithIgnoreParseError(true))
	if err != nil {
		return nil, fmt.Errorf("reading the key set: %w", err)
	}
	var keys []publicKey
	for n := range set.Len() {
		key, _ := set.Key(n)
		if k, ok := usable(key); ok {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

func usable(key jwk.Key) (publicKey, bool) {
	if use := key.KeyUsage(); use != "" && use != string(jwk.ForSignature) {
		return publicKey{}, false
	}
	if ops := key.KeyOps(); len(ops) > 0 && !slices.Contains(ops, jwk.KeyOpVerify) {
		return publicKey{}, false
	}
	var raw any
	if err := key.Raw(&raw); err != nil {
		return publicKey{}, false
	}
	fit := fitting(raw)
	if alg := key.Algorithm().String(); alg != "" {
		if !slices.Contains(fit, alg) {
			return publicKey{}, false
		}
		fit = []string{alg}
	}
	return publicKey{id: key.KeyID(), algorithms: fit, key: raw}, len(fit) > 0
}

// verify says whether the signature over the signed part of a token is the key's.
func (k publicKey) verify(alg, signed string, signature []byte) error {
	verifier, err := jws.NewVerifier(jwa.SignatureAlgorithm(alg))
	if err != nil {
		return fmt.Errorf("checking a signature: %w", err)
	}
	return verifier.Verify([]byte(signed), signature, k.key)
}

// signer signs tokens by ES256.
type signer struct {
	key *ecdsa.PrivateKey
	id  string
}

// newSigner names the key by its thumbprint.
func newSigner(key *ecdsa.PrivateKey) (signer, error) {
	k, err := jwk.FromRaw(key.Public())
	if err != nil {
		return signer{}, fmt.Errorf("reading the signing key: %w", err)
	}
	thumbprint, err := k.Thumbprint(crypto.SHA256)
	if err != nil {
		return signer{}, fmt.Errorf("naming the signing key: %w", err)
	}
	return signer{key: key, id: base64.RawURLEncoding.EncodeToString(thumbprint)}, nil
}

// jwks is the set with the signer's public key.
func (s signer) jwks() ([]byte, error) {
	key, err := jwk.FromRaw(s.key.Public())
	if err != nil {
		return nil, fmt.Errorf("publishing the signing key: %w", err)
	}
	set := jwk.NewSet()
	err = errors.Join(key.Set(jwk.KeyIDKey, s.id), key.Set(jwk.AlgorithmKey, jwa.ES256), key.Set(jwk.KeyUsageKey, jwk.ForSignature), set.AddKey(key))
	if err != nil {
		return nil, fmt.Errorf("publishing the signing key: %w", err)
	}
	return json.Marshal(set)
}

// sign makes a token of claims.
func (s signer) sign(claims []byte) (string, error) {
	headers := jws.NewHeaders()
	if err := errors.Join(headers.Set(jws.KeyIDKey, s.id), headers.Set(jws.TypeKey, "at+jwt")); err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	token, err := jws.Sign(claims, jws.WithKey(jwa.ES256, s.key, jws.WithProtectedHeaders(headers)))
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	return string(token), nil
}
