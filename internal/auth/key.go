package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
)

// publicKey is a key of an issuer that checks signatures.
type publicKey struct {
	id string
	// algorithms are those that the key is good for.
	algorithms []string
	key        crypto.PublicKey
}

// fitting gives the algorithms that a public key of full strength is good for, and none for any other key.
func fitting(raw any) []string {
	switch key := raw.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSABits || bits > maxRSABits || key.E < 3 || key.E%2 == 0 {
			return nil
		}
		return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
	case *ecdsa.PublicKey:
		if _, err := key.ECDH(); err != nil {
			return nil // not on its curve
		}
		return map[int][]string{256: {"ES256"}, 384: {"ES384"}, 521: {"ES512"}}[key.Curve.Params().BitSize]
	case ed25519.PublicKey:
		if len(key) != ed25519.PublicKeySize {
			return nil
		}
		return []string{"EdDSA"}
	}
	return nil
}

// Moduli of RSA keys: shorter ones can be broken, longer ones make checking dear.
const (
	minRSABits = 2048
	maxRSABits = 8192
)
