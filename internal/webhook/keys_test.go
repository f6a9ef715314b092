package webhook_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"stackyard/internal/webhook"
)

// keyText is a key of one byte again and again, as it is written.
func keyText(b byte, length int) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, length))
}

func keysOf(t *testing.T, texts ...string) webhook.Keys {
	t.Helper()
	keys, err := webhook.ParseKeys(strings.Join(texts, ", "))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestWhatIsSealedOpensWithItsKeyForItsPurposeAlone(t *testing.T) {
	t.Parallel()
	one, two := keyText(1, 32), keyText(2, 32)
	old, both, other := keysOf(t, one), keysOf(t, two, one), keysOf(t, two)
	secret := webhook.NewSecret()
	sealed := old.Seal(secret, "acme")
	if bytes.Contains(sealed, secret) || bytes.Equal(sealed, old.Seal(secret, "acme")) {
		t.Error("it is not encrypted, or always alike")
	}
	for what, keys := range map[string]webhook.Keys{"its key": old, "an older key": both} {
		if got, err := keys.Open(sealed, "acme"); err != nil || !bytes.Equal(got, secret) {
			t.Errorf("%s: %v", what, err)
		}
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for what, open := range map[string]func() (webhook.Secret, error){
		"another key":     func() (webhook.Secret, error) { return other.Open(sealed, "acme") },
		"another purpose": func() (webhook.Secret, error) { return old.Open(sealed, "globex") },
		"changed":         func() (webhook.Secret, error) { return old.Open(changed, "acme") },
		"nothing":         func() (webhook.Secret, error) { return old.Open(nil, "acme") },
		"no key":          func() (webhook.Secret, error) { return webhook.Keys(nil).Open(sealed, "acme") },
	} {
		if got, err := open(); !errors.Is(err, webhook.ErrSealed) || got != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := other.Open(both.Seal(secret, "acme"), "acme"); err != nil {
		t.Errorf("the first key does not seal: %v", err)
	}
}

func TestAKeyIs32BytesInBase64(t *testing.T) {
	t.Parallel()
	if keys, err := webhook.ParseKeys(""); err != nil || keys != nil {
		t.Errorf("none: %v, %v", keys, err)
	}
	for _, text := range []string{keyText(7, 31), keyText(7, 33), "hunter2", keyText(7, 32) + ",", keyText(7, 32) + ",hunter2", " "} {
		_, err := webhook.ParseKeys(text)
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), keyText(7, 31)[:8]) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
