package webhook

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// KeyBytes is the length of a key of Keys.
const KeyBytes = 32

// Keys seal secrets, so that they can be kept: the first key seals, all of them open.
type Keys []cipher.AEAD

// ErrSealed says that a secret was sealed with another key, or for something else.
var ErrSealed = errors.New("none of the secret keys opens it")

// ParseKeys reads keys in base64, with commas between them; none where the text is empty. Its error does not repeat them.
func ParseKeys(text string) (Keys, error) {
	if text == "" {
		return nil, nil
	}
	var keys Keys
	for one := range strings.SplitSeq(text, ",") {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(one))
		if err != nil || len(raw) != KeyBytes {
			return nil, fmt.Errorf("is not %d bytes in base64, or several such keys with commas between them (openssl rand -base64 %d makes one)", KeyBytes, KeyBytes)
		}
		key, err := NewKey(raw)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// NewKey makes a key of KeyBytes bytes.
func NewKey(raw []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, raw, nil, "stackyard: secrets of webhooks", KeyBytes) // a key for each use
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Seal encrypts a secret. It opens with the same binding alone.
func (k Keys) Seal(s Secret, binding string) []byte {
	return k[0].Seal([]byte{}, nil, s, []byte(binding))
}

// Open decrypts what Seal made with any of the keys.
func (k Keys) Open(sealed []byte, binding string) (Secret, error) {
	for _, key := range k {
		if s, err := key.Open(nil, nil, sealed, []byte(binding)); err == nil {
			return s, nil
		}
	}
	return nil, ErrSealed
}
