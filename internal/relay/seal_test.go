package relay

import (
	"bytes"
	"testing"
)

// sealOf gives a seal whose key is made of one byte.
func sealOf(t testing.TB, b byte) *Seal {
	t.Helper()
	s, err := NewSeal(bytes.Repeat([]byte{b}, KeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASealTakesAWholeKeyAlone(t *testing.T) {
	for _, n := range []int{0, 1, KeyBytes - 1, KeyBytes + 1} {
		if _, err := NewSeal(make([]byte, n)); err == nil {
			t.Errorf("a key of %d bytes is taken", n)
		}
	}
}
