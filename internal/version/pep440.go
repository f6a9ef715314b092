package version

import (
	"regexp"
	"strings"
)

// Versions of Python packages. Source: https://peps.python.org/pep-0440/, now
// https://packaging.python.org/specifications/version-specifiers/; the expression is its appendix's.
var pep440Form = regexp.MustCompile(`^v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)` +
	`(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?` +
	`(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?` +
	`(?:[-_.]?(dev)[-_.]?([0-9]*))?` +
	`(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`)

// The phases, in their order; the release itself is none.
const (
	pepDev   = -4 // a development release that is of no other phase
	pepAlpha = -3
	pepBeta  = -2
	pepRC    = -1
)

func pep440(text string) (key, bool) {
	m := pep440Form.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return nil, false
	}
	epoch, release, phase, phaseNumber, postDash, post, postNumber, dev, devNumber, local := m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10]
	first, _ := numbers(release)
	isPost, isDev := post != "" || postDash != "", dev != ""
	var pre, after, development part
	switch {
	case phase != "":
		pre = part{rank: pepPhase(phase), number: numeral(phaseNumber)}
	case isDev && !isPost:
		pre = part{rank: pepDev}
	}
	if isPost {
		after = part{rank: 1, number: numeral(postDash + postNumber)}
	}
	if isDev {
		development = part{rank: -1, number: numeral(devNumber)}
	}
	return key{{numbered(epoch)}, first, {pre, after, development}, pepLocal(local)}, true
}

func pepPhase(word string) int {
	switch word {
	case "a", "alpha":
		return pepAlpha
	case "b", "beta":
		return pepBeta
	}
	return pepRC
}

// pepLocal reads a local version: words are before numbers, and more are after fewer.
func pepLocal(s string) []part {
	var out []part
	for _, segment := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("-_.", c) }) {
		if isNumber(segment) {
			out = append(out, part{rank: 2, number: numeral(segment)})
			continue
		}
		out = append(out, part{rank: 1, word: segment})
	}
	return out
}

func printPEP440(k key) string {
	var b strings.Builder
	if len(k[0]) > 0 {
		b.WriteString(k[0][0].number + "!")
	}
	b.WriteString(printNumbers(k[1], 1))
	if pre := at(k[2], 0); pre.rank < 0 && pre.rank != pepDev {
		b.WriteString([]string{"a", "b", "rc"}[pre.rank-pepAlpha] + pre.digits())
	}
	if post := at(k[2], 1); post.rank > 0 {
		b.WriteString(".post" + post.digits())
	}
	if dev := at(k[2], 2); dev.rank < 0 {
		b.WriteString(".dev" + dev.digits())
	}
	for i, segment := range k[3] {
		if segment.rank == 2 {
			segment.word = segment.digits()
		}
		b.WriteString(string("+."[min(i, 1)]) + segment.word)
	}
	return b.String()
}
