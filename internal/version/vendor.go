package version

import (
	"slices"
	"strings"
)

// What vendors call their releases, and Bitnami, which writes the same in the form of semantic versions
// (`16.14.0` is PostgreSQL's 16.14) while people have the vendor's. Numbers compare as numbers and missing ones
// as zero; pre-releases (alpha, beta, rc, a number after a hyphen) are before their release, and letters such as
// OpenSSL's after it. Where a version is a semantic one, this is the order of https://semver.org/#spec-item-11
// between numbers, releases and pre-releases; phases of a release are ordered by what they are called.
const (
	vendorNumbered = -10 // a pre-release that is only a number
	vendorOther    = -1  // a pre-release by a name of its own
	vendorNumber   = 1
	vendorPatch    = 2
)

// vendorPhases ranks the names of phases; the release is the one without a rank.
var vendorPhases = map[string]int{
	"dev": -9, "alpha": -8, "a": -8, "beta": -7, "b": -7, "milestone": -6, "m": -6,
	"c": -5, "cr": -5, "rc": -5, "pre": -5, "preview": -5, "snapshot": -4,
	"release": 0, "final": 0, "ga": 0,
	"post": vendorPatch, "patch": vendorPatch, "p": vendorPatch, "sp": vendorPatch,
}

var vendorNames = map[int]string{-9: "dev", -8: "alpha", -7: "beta", -6: "m", -5: "rc", -4: "snapshot", vendorPatch: "patch"}

// packaging is what distributions, images and servers add to the version of what they hold.
var packaging = map[string]bool{
	"mariadb": true, "log": true, "community": true, "enterprise": true, "percona": true,
	"ubuntu": true, "debian": true, "deb": true, "alpine": true, "slim": true, "el": true, "fc": true, "amzn": true,
	"buster": true, "bullseye": true, "bookworm": true, "trixie": true, "focal": true, "jammy": true, "noble": true,
	"eks": true, "gke": true,
}

// Compare orders any two texts as vendors order their versions: negative where a
// is older than b. It is for names of release cycles; versions of packages have Parse.
func Compare(a, b string) int { return vendor(a).compare(vendor(b)) }

// IsVersion says whether a text can be held against a range: it is at most
// MaxLength bytes long and begins with a number, after a `v` perhaps.
func IsVersion(s string) bool {
	_, err := Vendor.Parse(s)
	return err == nil
}

// Installed gives a version without what distributions, images and servers add to
// it: PostgreSQL's `16.4-alpine` is 16.4, and so is Debian's `1:16.4-0+deb12u1`.
func Installed(s string) string {
	s = withoutEpoch(s)
	for i := 1; i < len(s); i++ {
		if c := s[i-1]; (c == '-' || c == '~') && isPackaging(strings.ToLower(s[i:])) {
			return s[:i-1]
		}
	}
	return s
}

// isPackaging says whether a text behind a hyphen is packaging, or the number of a package's revision with
// packaging behind it (`27.el9`, `0+deb12u1`, `0ubuntu1.10`, Alpine's `r5`).
func isPackaging(s string) bool {
	word := s[:span(s, isLetter)]
	if word == "r" && len(s) > 1 && span(s[1:], isDigit) == len(s)-1 {
		return true
	}
	if digits := span(s, func(b byte) bool { return isDigit(b) || b == '.' }); digits > 0 {
		s = strings.TrimLeft(s[digits:], "+~")
		word = s[:span(s, isLetter)]
	}
	return packaging[word]
}

// withoutEpoch drops the number by which distributions tell that the versions of a package have begun anew (`1:10.11.6`).
func withoutEpoch(s string) string {
	epoch, rest, _ := strings.Cut(s, ":")
	if epoch != "" && rest != "" && isDigit(rest[0]) && every(epoch, isDigit) {
		return rest
	}
	return s
}

// vendor reads any text; what is neither a letter nor a digit separates.
func vendor(s string) key {
	s = strings.ToLower(Installed(strings.TrimSpace(s)))
	if len(s) > 1 && s[0] == 'v' && isDigit(s[1]) {
		s = s[1:]
	}
	s, _, _ = strings.Cut(s, "+")
	var list []part
	isPre, isAttached := false, false
	for i := 0; i < len(s); {
		if n := span(s[i:], isDigit); n > 0 {
			if isPre {
				list = append(list, part{rank: vendorNumbered})
			}
			list = append(list, numbered(s[i:i+n]))
			isPre, isAttached = false, true
			i += n
			continue
		}
		if n := span(s[i:], isLetter); n > 0 {
			list = append(list, vendorWord(s[i:i+n], isAttached && i+n == len(s)))
			isPre, isAttached = false, true
			i += n
			continue
		}
		isPre, isAttached = s[i] == '-' && len(list) > 0, false
		i++
	}
	return key{list}
}

// vendorWord ranks a word. A single letter at the very end is a patch (1.1.1w), one that a number follows is a
// phase (1.0a1).
func vendorWord(word string, isLast bool) part {
	if len(word) == 1 && isLast {
		return part{rank: vendorPatch, word: word}
	}
	if rank, ok := vendorPhases[word]; ok {
		return part{rank: rank}
	}
	return part{rank: vendorOther, word: word}
}

// isNumbered says that a text begins with a number, after a `v` perhaps.
func isNumbered(s string) bool {
	return s != "" && (isDigit(s[0]) || len(s) > 1 && (s[0] == 'v' || s[0] == 'V') && isDigit(s[1]))
}

// isPattern says that it stands for many versions, as 4.x does.
func (k key) isPattern() bool {
	return slices.Contains(k[0], part{rank: vendorOther, word: "x"})
}

func printVendor(k key) string {
	var b strings.Builder
	for _, p := range k[0] {
		switch {
		case p.rank == vendorNumber || p == (part{}):
			b.WriteString("." + p.digits())
		case p.rank == vendorNumbered:
			b.WriteString("-")
		case p.rank == vendorOther:
			b.WriteString("." + p.word)
		case p.word != "":
			b.WriteString(p.word)
		default:
			b.WriteString("." + vendorNames[p.rank])
		}
	}
	text := strings.ReplaceAll(strings.TrimPrefix(b.String(), "."), "-.", "-")
	if text == "" || strings.HasSuffix(text, "-") {
		text += "0"
	}
	return text
}
