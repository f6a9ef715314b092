package version

import (
	"regexp"
	"strings"
)

// Versions of PHP packages, as Composer normalises them and PHP compares them. Branches (`dev-main`) are in no
// order. Sources: https://getcomposer.org/doc/articles/versions.md, https://www.php.net/version_compare.
var (
	composerBuild = regexp.MustCompile(`^([^,\s+]+)\+[^\s]+$`)
	composerForm  = regexp.MustCompile(`(?i)^v?([0-9]{1,5}(?:\.[0-9]+){0,3})` + composerPhase)
	composerDate  = regexp.MustCompile(`(?i)^v?([0-9]{4}(?:[.:-]?[0-9]{2}){1,6}(?:[.:-]?[0-9]{1,3})?)` + composerPhase)
)

const composerPhase = `[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?[0-9]+)*))?([.-]?dev)?$`

// The phases, in their order: between release candidates and patches is the release.
const (
	composerDev   = -4
	composerAlpha = -3
	composerBeta  = -2
	composerRC    = -1
	composerZero  = 1 // a number, even zero, is after nothing
	composerPatch = 2
)

func composer(text string) (key, bool) {
	if m := composerBuild.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	least := 4
	m := composerForm.FindStringSubmatch(text)
	if m == nil {
		least = 0
		m = composerDate.FindStringSubmatch(text)
	}
	if m == nil {
		return nil, false
	}
	list := composerNumbers(m[1])
	for len(list) < least {
		list = append(list, part{rank: composerZero})
	}
	phase := strings.ToLower(m[2])
	if phase == "stable" {
		return key{list}, true // what stands behind it does not count
	}
	if phase != "" {
		list = append(list, part{rank: composerRank(phase)})
		list = append(list, composerNumbers(m[3])...)
	}
	if m[4] != "" {
		list = append(list, part{rank: composerDev})
	}
	return key{list}, true
}

func composerNumbers(s string) []part {
	var out []part
	for _, n := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(".:-", c) }) {
		out = append(out, part{rank: composerZero, number: numeral(n)})
	}
	return out
}

func composerRank(phase string) int {
	switch phase {
	case "a", "alpha":
		return composerAlpha
	case "b", "beta":
		return composerBeta
	case "rc":
		return composerRC
	}
	return composerPatch
}

func printComposer(k key) string {
	count := 0
	for count < len(k[0]) && k[0][count].rank == composerZero {
		count++
	}
	text := printComposerNumbers(k[0][:count])
	separator := ""
	for _, p := range k[0][count:] {
		switch p.rank {
		case composerZero:
			text += separator + p.digits()
			separator = "."
		case composerDev:
			text += "-dev"
		case composerAlpha:
			text += "-alpha"
		case composerBeta:
			text += "-beta"
		case composerRC:
			text += "-RC"
		case composerPatch:
			text += "-patch"
		}
	}
	return text
}

func printComposerNumbers(list []part) string {
	isDate := len(list) != 4 || len(list[0].number) > 5
	var out []string
	for i, p := range list {
		n := p.digits()
		if isDate {
			n = composerDigits(n, i == 0, i == len(list)-1)
		}
		out = append(out, n)
	}
	if isDate {
		return strings.Join(out, "-")
	}
	return strings.Join(out, ".")
}

// composerDigits writes a number of a date so that it is one again: four digits of the year, and two of all else,
// which may stand together.
func composerDigits(n string, isFirst, isLast bool) string {
	least := 2
	switch {
	case isFirst && isLast:
		least = 6
	case isFirst:
		least = 4
	}
	if !isLast {
		least = max(least, len(n)+len(n)%2)
	}
	return strings.Repeat("0", max(0, least-len(n))) + n
}
