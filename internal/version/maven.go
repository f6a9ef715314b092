package version

import (
	"slices"
	"strings"
)

// Versions of Maven artifacts: lists of numbers and qualifiers, where each hyphen and each change between
// letters and digits begins a list within the last. What a place ranks, from a list of numbers down:
// a number, a list, other qualifiers, `sp`, the release and what is missing, `snapshot` and so on.
// Source: https://maven.apache.org/pom.html#version-order-specification and ComparableVersion of Maven 4, which
// alone tells `1.x.1` from `1-x.1`; here they are equal.
const (
	mavenOther  = 2
	mavenList   = 3 // a number that begins a list
	mavenNumber = 4
)

// mavenQualifiers are the known ones, in order; the release is the one without a rank.
var mavenQualifiers = map[string]int{
	"alpha": -5, "beta": -4, "milestone": -3, "rc": -2, "cr": -2, "snapshot": -1,
	"": 0, "ga": 0, "final": 0, "release": 0, "sp": 1,
}

var mavenNames = map[int]string{-5: "alpha", -4: "beta", -3: "milestone", -2: "rc", -1: "snapshot", 0: "ga", 1: "sp"}

// mavenItem is a number, a qualifier, or a qualifier with its number.
type mavenItem struct {
	word   string
	digits string
	isWord bool
}

func maven(text string) (key, bool) {
	if text == "" || !every(text, func(c byte) bool { return c > ' ' && c < 0x7f }) {
		return nil, false
	}
	var list []part
	for i, items := range mavenLists(strings.ToLower(text)) {
		for j, item := range items {
			list = append(list, item.parts(i > 0 && j == 0)...)
		}
	}
	return key{list}, true
}

// mavenLists reads the lists, each of which is the last item of the one before.
func mavenLists(s string) [][]mavenItem {
	lists := [][]mavenItem{nil}
	add := func(item mavenItem) { lists[len(lists)-1] = append(lists[len(lists)-1], item) }
	nest := func() {
		if len(lists[len(lists)-1]) > 0 {
			lists = append(lists, nil)
		}
	}
	for s != "" {
		n := span(s, isDigit)
		if n == 0 {
			n = span(s, func(c byte) bool { return !isDigit(c) && c != '.' && c != '-' })
		}
		item, rest := mavenItem{digits: s[:n]}, s[n:]
		if n > 0 && !isDigit(s[0]) {
			// X1 and X-1 are one item. That it begins a list of its own does not show in the order.
			item = mavenItem{word: s[:n], isWord: true}
			digits := strings.TrimPrefix(rest, "-")
			if m := span(digits, isDigit); m > 0 {
				item.digits, rest = digits[:m], digits[m:]
			}
		}
		add(item)
		switch {
		case rest == "":
		case rest[0] == '.':
			rest = rest[1:]
		case rest[0] == '-':
			rest = rest[1:]
			nest()
		default:
			nest()
		}
		s = rest
	}
	return mavenNormal(lists)
}

// mavenNormal drops the zeros at the end of a list and before a qualifier, and lists that are empty then.
func mavenNormal(lists [][]mavenItem) [][]mavenItem {
	var out [][]mavenItem
	isBeforeWord := true // or at the end
	for _, list := range slices.Backward(lists) {
		var kept []mavenItem
		for _, item := range slices.Backward(list) {
			if isBeforeWord && !item.isWord && numeral(item.digits) == "" {
				continue
			}
			isBeforeWord = item.isWord
			kept = append(kept, item)
		}
		if len(kept) > 0 {
			slices.Reverse(kept)
			out = append(out, kept)
		}
	}
	slices.Reverse(out)
	return out
}

// parts gives one part for a number, and two for a qualifier: its name and its number.
func (m mavenItem) parts(isFirst bool) []part {
	switch {
	case m.isWord:
	case isFirst:
		return []part{{rank: mavenList, number: numeral(m.digits)}}
	default:
		return []part{{rank: mavenNumber, number: numeral(m.digits)}}
	}
	word := m.word
	if m.digits != "" {
		switch word {
		case "a":
			word = "alpha"
		case "b":
			word = "beta"
		case "m":
			word = "milestone"
		}
	}
	name := part{rank: mavenOther, word: word}
	if rank, isKnown := mavenQualifiers[word]; isKnown {
		name = part{rank: rank}
	}
	number := numbered(m.digits)
	if m.digits != "" && name.rank != 0 {
		number.rank = 1 // even a zero is more than none
	}
	return []part{name, number}
}

func printMaven(k key) string {
	var b strings.Builder
	list := k[0]
	for i := 0; i < len(list); i++ {
		p := list[i]
		switch {
		case p.rank == mavenNumber:
			b.WriteString("." + p.digits())
		case p.rank == mavenList && p.number == "":
			b.WriteString("-") // after a qualifier `-0` were its number
		case p.rank == mavenList:
			b.WriteString("-" + p.digits())
		default:
			name, isKnown := mavenNames[p.rank]
			if !isKnown {
				name = p.word
			}
			b.WriteString("-" + name)
			if i++; at(list, i).rank > 0 {
				b.WriteString(list[i].digits())
			}
		}
	}
	text := b.String()
	if text == "" {
		return "0"
	}
	return text[1:]
}
