package version

import (
	"slices"
	"strings"
)

// Semantic versions: numbers, then the release or a pre-release of it, then the build, which counts for Pub
// alone. Sources: https://semver.org/#spec-item-11,
// https://learn.microsoft.com/nuget/concepts/package-versioning,
// https://pub.dev/documentation/pub_semver.
const (
	semNumber  = 1 // a missing identifier is before any
	semWord    = 2
	semRelease = 3
)

func semVer(s Scheme, text string) (key, bool) {
	if len(text) > 1 && (text[0] == 'v' || text[0] == 'V') {
		text = text[1:]
	}
	if s == NuGet {
		text = strings.ToLower(text)
	}
	text, build, isBuilt := strings.Cut(text, "+")
	first, pre, isPre := strings.Cut(text, "-")
	core, ok := numbers(first)
	phase, okPre := []part{{rank: semRelease}}, true
	if isPre {
		phase, okPre = identifiers(pre)
	}
	builds, okBuild := identifiers(build)
	if !ok || !okPre || isBuilt && !okBuild {
		return nil, false
	}
	if s != Pub || !isBuilt {
		builds = nil
	}
	return key{core, phase, builds}, true
}

func identifiers(s string) ([]part, bool) {
	var out []part
	for id := range strings.SplitSeq(s, ".") {
		switch {
		case isNumber(id):
			out = append(out, part{rank: semNumber, number: numeral(id)})
		case id != "" && every(id, isOfIdentifier):
			out = append(out, part{rank: semWord, word: id})
		default:
			return nil, false
		}
	}
	return out, true
}

func isOfIdentifier(c byte) bool { return isDigit(c) || isLetter(c|0x20) || c == '-' }

func printSemVer(k key) string {
	out := printNumbers(k[0], 3)
	if k[1][0].rank != semRelease {
		out += "-" + printIdentifiers(k[1])
	}
	if len(k[2]) > 0 {
		out += "+" + printIdentifiers(k[2])
	}
	return out
}

func printIdentifiers(list []part) string {
	var out []string
	for _, id := range list {
		if id.rank == semNumber {
			id.word = id.digits()
		}
		out = append(out, id.word)
	}
	return strings.Join(out, ".")
}

// goVersion reads versions of modules, and of Go itself: `go1.27rc2` is 1.27.0-rc.2.
// Sources: https://go.dev/ref/mod#versions, https://go.dev/doc/toolchain#version.
func goVersion(text string) (key, bool) {
	own := strings.TrimPrefix(text, "go")
	n := span(own, func(c byte) bool { return isDigit(c) || c == '.' })
	for _, phase := range []string{"rc", "beta"} {
		if number, ok := strings.CutPrefix(own[n:], phase); ok && isNumber(number) && slices.Contains([]int{1, 2}, strings.Count(own[:n], ".")) {
			own = own[:n] + "-" + phase + "." + number
		}
	}
	return semVer(Go, own)
}
