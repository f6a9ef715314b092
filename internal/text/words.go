package text

import (
	"strings"
	"unicode"
)

// A word is a run of letters and digits. `#` and `+` belong to it where they
// follow one (C#, C++), and so does a dot in front (.NET). Chunks with inner
// dots, hyphens or underscores count both as their parts and as one word
// without them: Node.js is `node`, `js`, `.js` and `nodejs`.

// Words gives the words by which a text is indexed, each once.
func Words(s string) []string {
	var words []string
	seen := map[string]bool{}
	add := func(w string) {
		if w != "" && !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	for _, chunk := range chunks(s) {
		parts := split(chunk)
		for _, p := range parts {
			add(p)
			add(strings.TrimPrefix(p, "."))
		}
		if len(parts) > 1 {
			add(beginning(strings.ReplaceAll(strings.Join(parts, ""), ".", "")))
		}
	}
	return words
}

// Query gives the words that a text must hold to match what somebody typed;
// the last may be the beginning of a word. Nothing typed has a meaning other
// than its words.
func Query(s string) []string {
	var words []string
	seen := map[string]bool{}
	for _, chunk := range chunks(s) {
		for _, p := range split(chunk) {
			if !seen[p] {
				seen[p] = true
				words = append(words, p)
			}
		}
	}
	return words
}

// maxWord is the most characters of a word; what is longer counts by its beginning.
const maxWord = 64

// chunks splits at everything that is in no word.
func chunks(s string) []string {
	return strings.FieldsFunc(Fold(s), func(c rune) bool { return !isWord(c) && !strings.ContainsRune(".-_#+", c) })
}

// split gives the parts of a chunk. A part after a dot keeps the dot, so that
// `.js` finds Node.js and `.net` finds ASP.NET; Words adds it without.
func split(chunk string) []string {
	var parts []string
	var part strings.Builder
	flush := func() {
		if p := part.String(); strings.Trim(p, ".") != "" {
			parts = append(parts, beginning(p))
		}
		part.Reset()
	}
	for _, c := range chunk {
		switch {
		case isWord(c):
			part.WriteRune(c)
		case c == '#' || c == '+':
			if strings.Trim(part.String(), ".") != "" {
				part.WriteRune(c)
			}
		default:
			flush()
			if c == '.' {
				part.WriteRune(c)
			}
		}
	}
	flush()
	return parts
}

func isWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

func beginning(word string) string {
	if r := []rune(word); len(r) > maxWord {
		return string(r[:maxWord])
	}
	return word
}
