package auth_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustEqual(t testing.TB, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("not as expected (-want +got):\n%s", d)
	}
}
