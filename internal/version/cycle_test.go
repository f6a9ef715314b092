package version

import "testing"

func TestCycleMatchesWholeSegments(t *testing.T) {
	node := []string{"22", "20", "18", "0.10"}
	python := []string{"3.12", "3.11", "3.1", "2.7"}
	some := []string{"1.10", "1", "1.1"}
	openssl := []string{"3.0", "1.1.1", "1.1.0"}
	patched := []string{"1.9.3", "8", "3.1", "6.50-sp5a", "6.50-sp5"}
	lambda := []string{"nodejs22.x", "nodejs20.x", "java8.al2", "java8", "python3.12", "go1.x"}
	for _, c := range []struct {
		version string
		names   []string
		want    string
	}{
		{"18.20.4", node, "18"},
		{"v18", node, "18"},
		{"V18.1", node, "18"},
		{"18", node, "18"},
		{" 18 ", node, "18"},
		{"1", node, ""},
		{"182", node, ""},
		{"0.10.48", node, "0.10"},
		{"0", node, ""},
		{"", node, ""},
		{"3.12", python, "3.12"},
		{"3.1", python, "3.1"},
		{"3.1.5", python, "3.1"},
		{"3.12.1", python, "3.12"},
		{"3.13.0", python, ""},
		{"3", python, ""},
		{"3.12.0-rc1", python, "3.12"},
		{"3.12+local", python, "3.12"},
		{"1.10.2", some, "1.10"},
		{"1.1.2", some, "1.1"},
		{"1.2", some, "1"},
		{"nodejs22.x", lambda, "nodejs22.x"},
		{"java8.al2", lambda, "java8.al2"},
		{"java8", lambda, "java8"},
		{"go1.21", lambda, "go1.x"},
		{"1.1.1w", openssl, "1.1.1"},
		{"1.1.1za-dev", openssl, "1.1.1"},
		{"1.1.2w", openssl, ""},
		{"1.1w", openssl, ""},
		{"1.9.3-p551", patched, "1.9.3"},
		{"1.9.3p551", patched, "1.9.3"},
		{"8u502-b07", patched, "8"},
		{"3.1r8", patched, "3.1"},
		{"31r8", patched, ""},
		{"6.50-sp5a", patched, "6.50-sp5a"},
		{"nodejsrc1", []string{"nodejs"}, ""},
	} {
		got := ""
		if i := Cycle(c.version, c.names); i >= 0 {
			got = c.names[i]
		}
		if got != c.want {
			t.Errorf("Cycle(%q) = %q, want %q", c.version, got, c.want)
		}
	}
}
