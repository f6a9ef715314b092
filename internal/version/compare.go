package version

import (
	"cmp"
	"strings"
)

// Compare orders two versions: negative where a is older than b. Numbers compare
// as numbers and missing ones as zero; pre-releases (alpha, beta, rc, a number
// after a hyphen) come before their release, and letters such as OpenSSL's after
// it. Build metadata does not count. The rules are those that semantic
// versioning, PEP 440, RubyGems and Maven have in common.
func Compare(a, b string) int {
	x, y := tokens(a), tokens(b)
	for i := range max(len(x), len(y)) {
		if c := at(x, i).compare(at(y, i)); c != 0 {
			return c
		}
	}
	return 0
}

// token is a number, or a word by its weight: 0 is the end of the version.
type token struct {
	weight int
	number string // without leading zeros
	word   string
}

const (
	weightNumbered = -10 // a pre-release that is only a number
	weightOther    = -1  // a pre-release by a name of its own
	weightEnd      = 0
	weightNumber   = 1
	weightPatch    = 2
)

// words weighs the names of phases.
var words = map[string]int{
	"dev": -9, "alpha": -8, "a": -8, "beta": -7, "b": -7, "milestone": -6, "m": -6,
	"c": -5, "cr": -5, "rc": -5, "pre": -5, "preview": -5, "snapshot": -4,
	"": weightEnd, "release": weightEnd, "final": weightEnd, "ga": weightEnd,
	// What distributions and servers add to the version that they print.
	"mariadb": weightEnd, "log": weightEnd, "ubuntu": weightEnd, "debian": weightEnd, "deb": weightEnd, "community": weightEnd, "enterprise": weightEnd,
	"post": weightPatch, "patch": weightPatch, "p": weightPatch, "sp": weightPatch,
}

func at(t []token, i int) token {
	if i < len(t) {
		return t[i]
	}
	return token{}
}

func (t token) compare(o token) int {
	if c := cmp.Compare(t.rank(), o.rank()); c != 0 {
		return c
	}
	if c := cmp.Compare(len(t.number), len(o.number)); c != 0 {
		return c
	}
	if c := strings.Compare(t.number, o.number); c != 0 {
		return c
	}
	return strings.Compare(t.word, o.word)
}

// rank makes a zero the same as nothing at all, so that 16.14.0 is 16.14.
func (t token) rank() int {
	if t.weight == weightNumber && t.number == "" {
		return weightEnd
	}
	return t.weight
}

func tokens(s string) []token {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 1 && s[0] == 'v' && isDigit(s[1]) {
		s = s[1:]
	}
	s, _, _ = strings.Cut(s, "+")
	var out []token
	pre := false
	for i := 0; i < len(s); {
		start := i
		switch {
		case isDigit(s[i]):
			for i < len(s) && isDigit(s[i]) {
				i++
			}
			n := strings.TrimLeft(s[start:i], "0")
			if pre {
				out = append(out, token{weight: weightNumbered})
				pre = false
			}
			out = append(out, token{weight: weightNumber, number: n})
		case isLetter(s[i]):
			for i < len(s) && isLetter(s[i]) {
				i++
			}
			out = append(out, wordToken(s[start:i], i < len(s)))
			pre = false
		default:
			pre = s[i] == '-' && len(out) > 0
			i++
		}
	}
	return out
}

// wordToken weighs a word. A single letter that ends the version is a patch
// (1.1.1w), one that a number follows is a phase (1.0a1).
func wordToken(w string, isFollowed bool) token {
	if len(w) == 1 && !isFollowed {
		return token{weight: weightPatch, word: w}
	}
	if weight, ok := words[w]; ok {
		return token{weight: weight}
	}
	return token{weight: weightOther, word: w}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }
