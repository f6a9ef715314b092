package version

import (
	"regexp"
	"strings"
)

// Versions of gems: numbers and words in turn, words before numbers, what is missing is zero. A hyphen stands
// for `.pre.`. Source: https://docs.ruby-lang.org/en/3.4/Gem/Version.html and its code.
var (
	rubyGemsForm    = regexp.MustCompile(`^[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$`)
	rubyGemsSegment = regexp.MustCompile(`[0-9]+|[a-zA-Z]+`)
)

func rubyGems(text string) (key, bool) {
	if !rubyGemsForm.MatchString(text) {
		return nil, false
	}
	// The zeros before the first word say nothing, nor do those at the end.
	var list []part
	hasWord := false
	for _, segment := range rubyGemsSegment.FindAllString(strings.ReplaceAll(text, "-", ".pre."), -1) {
		if isDigit(segment[0]) {
			list = append(list, numbered(segment))
			continue
		}
		if !hasWord {
			list = key{list}.trimmed()[0]
		}
		hasWord = true
		list = append(list, part{rank: -1, word: segment})
	}
	return key{list}, true
}

func printRubyGems(k key) string {
	out := []string{}
	for _, p := range k[0] {
		if p.rank >= 0 {
			p.word = p.digits()
		}
		out = append(out, p.word)
	}
	// A version begins with a number, even where that says nothing.
	if len(out) == 0 || k[0][0].rank < 0 {
		out = append([]string{"0"}, out...)
	}
	return strings.Join(out, ".")
}
