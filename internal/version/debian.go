package version

import "strings"

// Versions of Debian packages: an epoch, what the vendor calls it, the revision of the package. Both are words
// and numbers in turn; in words a tilde is before the end, and letters are before all else.
// Source: https://www.debian.org/doc/debian-policy/ch-controlfields.html#version.
const (
	debianTilde = 1
	debianEnd   = 2
	debianOther = 0x80 // added to what is no letter
)

func debian(text string) (key, bool) {
	epoch, rest, hasEpoch := strings.Cut(text, ":")
	if !hasEpoch {
		epoch, rest = "0", text
	}
	upstream, revision := rest, ""
	hyphen := strings.LastIndexByte(rest, '-')
	if hyphen >= 0 {
		upstream, revision = rest[:hyphen], rest[hyphen+1:]
	}
	isWellFormed := isNumber(epoch) && len(upstream) > 0 && isDigit(upstream[0]) &&
		every(upstream, func(c byte) bool { return isOfDebian(c) || c == '-' || c == ':' && hasEpoch }) &&
		(hyphen < 0 || revision != "") && every(revision, isOfDebian)
	if !isWellFormed {
		return nil, false
	}
	return key{{numbered(epoch)}, debianParts(upstream), debianParts(revision)}, true
}

func isOfDebian(c byte) bool {
	return isDigit(c) || isLetter(c|0x20) || c == '.' || c == '+' || c == '~'
}

func debianParts(s string) []part {
	var out []part
	for s != "" {
		n := span(s, func(c byte) bool { return !isDigit(c) })
		out = append(out, debianWord(s[:n]))
		s = s[n:]
		n = span(s, isDigit)
		out = append(out, numbered(s[:n]))
		s = s[n:]
	}
	return out
}

// debianWord writes a word so that its bytes are in order, with its end.
func debianWord(s string) part {
	if s == "" {
		return part{}
	}
	word := make([]byte, 0, len(s)+1)
	for i := range len(s) {
		switch {
		case s[i] == '~':
			word = append(word, debianTilde)
		case isLetter(s[i] | 0x20):
			word = append(word, s[i])
		default:
			word = append(word, s[i]+debianOther)
		}
	}
	word = append(word, debianEnd)
	if s[0] == '~' {
		return part{rank: -1, word: string(word)}
	}
	return part{rank: 1, word: string(word)}
}

func printDebian(k key) string {
	var b strings.Builder
	hasColon := strings.ContainsRune(printDebianParts(k[1]), ':')
	if len(k[0]) > 0 || hasColon {
		b.WriteString(at(k[0], 0).digits() + ":")
	}
	b.WriteString(printDebianParts(k[1]))
	if len(k[2]) > 0 || strings.ContainsRune(printDebianParts(k[1]), '-') {
		b.WriteString("-" + printDebianParts(k[2]))
	}
	return b.String()
}

func printDebianParts(list []part) string {
	var b strings.Builder
	for i, p := range list {
		if i%2 == 1 {
			b.WriteString(p.digits())
			continue
		}
		for _, c := range []byte(strings.TrimSuffix(p.word, string(rune(debianEnd)))) {
			switch {
			case c == debianTilde:
				c = '~'
			case c >= debianOther:
				c -= debianOther
			}
			b.WriteByte(c)
		}
	}
	if len(list)%2 == 1 || len(list) == 0 { // a number that is zero is not kept
		b.WriteByte('0')
	}
	return b.String()
}
