package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWordsKeepTheNamesThatPunctuationMakes(t *testing.T) {
	for in, want := range map[string][]string{
		"C#":              {"c#"},
		"C++ and C":       {"c++", "and", "c"},
		".NET Framework":  {".net", "net", "framework"},
		"ASP.NET Core":    {"asp", ".net", "net", "aspnet", "core"},
		"Node.js":         {"node", ".js", "js", "nodejs"},
		"full-text (k8s)": {"full", "text", "fulltext", "k8s"},
		"Señor  Ångström": {"senor", "angstrom"},
		"end. Next":       {"end", "next"},
		`"*" - + # .`:     nil,
	} {
		if diff := cmp.Diff(want, Words(in)); diff != "" {
			t.Errorf("Words(%q) (-want +got):\n%s", in, diff)
		}
	}
}

func TestQueryIsNeverSyntax(t *testing.T) {
	for in, want := range map[string][]string{
		"":               {},
		`"`:              {},
		"*":              {},
		"-":              {},
		"a NEAR b":       {"a", "near", "b"},
		`"quoted" OR x*`: {"quoted", "or", "x"},
		"node.js":        {"node", ".js"},
		"single sign-on": {"single", "sign", "on"},
		"name:postgres":  {"name", "postgres"},
		"^a {b} (c) 'd'": {"a", "b", "c", "d"},
		"c# .net":        {"c#", ".net"},
	} {
		got := Query(in)
		if len(got) == 0 && len(want) == 0 {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Query(%q) (-want +got):\n%s", in, diff)
		}
	}
}

func TestWhatIsIndexedIsFoundByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("aB1é .-_#+\"*(:'"))).Draw(t, "text")
		indexed := map[string]bool{}
		for _, w := range Words(s) {
			indexed[w] = true
			if strings.Trim(w, "#+.") == "" || strings.ContainsAny(w, "\"*():' -_") {
				t.Fatalf("Words(%q) holds %q", s, w)
			}
		}
		for _, w := range Query(s) {
			if !indexed[w] {
				t.Fatalf("%q asks for %q, which its own index lacks", s, w)
			}
		}
	})
}

func TestTruncateCutsAtAWord(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"some words here", 11, "some words…"},
		{"some words here", 10, "some…"},
		{"unbreakable", 4, "unb…"},
		{"one, two", 5, "one…"},
		{"word", 1, "…"},
	} {
		if got := Truncate(c.in, c.limit); got != c.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "s"), rapid.IntRange(1, 40).Draw(t, "n")
		if got := utf8.RuneCountInString(Truncate(s, n)); got > max(n, 0) {
			t.Fatalf("%d characters for a limit of %d", got, n)
		}
	})
}
