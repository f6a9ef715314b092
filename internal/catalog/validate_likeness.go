package catalog

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// How far descriptions may resemble each other.
const (
	shingleWords    = 5    // words that make a shingle
	mostLikeness    = 0.04 // shingles that two descriptions share, of those that either has
	runWords        = 8    // words in a row that no two descriptions share
	mostWithPhrase  = 5    // descriptions that have the same shingle
	openingWords    = 3    // words that make the opening of a sentence
	mostWithOpening = 8    // descriptions of a category that have a sentence of the same opening
)

// checkLikeness requires that each description is about its technology alone: none is another one with the
// names exchanged, and none is put together from set phrases. The technology's own name counts as one word.
func (v *validation) checkLikeness() {
	described := slices.DeleteFunc(slices.Clone(v.Technologies), func(t Technology) bool { return t.Description == "" })
	v.checkPairs(described)

	phrases, openings := map[string]int{}, map[string]int{}
	for _, t := range described {
		record := aTechnology + " " + t.Slug
		for _, phrase := range sorted(shinglesOf(wordsOf(t), shingleWords)) {
			phrases[phrase]++
			v.require(phrases[phrase] <= mostWithPhrase, record, "%d other descriptions have its phrase %q", phrases[phrase]-1, phrase)
		}
		category := strings.Join(t.Categories[:min(1, len(t.Categories))], "")
		for _, opening := range sorted(openingsOf(t)) {
			key := category + " " + opening
			openings[key]++
			v.require(openings[key] <= mostWithOpening, record,
				"%d other descriptions of its category open a sentence with %q", openings[key]-1, opening)
		}
	}
}

// checkPairs names, for each pair that is too much alike, the greatest likeness.
func (v *validation) checkPairs(described []Technology) {
	type pair struct{ first, second int }
	sentences, runs, shared := map[pair]string{}, map[pair]string{}, map[pair]int{}
	note := func(to map[pair]string) func(pair, string) {
		return func(p pair, text string) { to[p] = cmp.Or(to[p], text) }
	}
	count := func(p pair, _ string) { shared[p]++ }
	sizes := make([]int, len(described))
	owners := [3]map[string][]int{{}, {}, {}}
	for i, t := range described {
		shingles := shinglesOf(wordsOf(t), shingleWords)
		sizes[i] = len(shingles)
		for kind, texts := range [3]map[string]bool{sentencesOf(t), shinglesOf(wordsOf(t), runWords), shingles} {
			found := [3]func(pair, string){note(sentences), note(runs), count}[kind]
			for _, text := range sorted(texts) {
				for _, earlier := range owners[kind][text] {
					found(pair{earlier, i}, text)
				}
				owners[kind][text] = append(owners[kind][text], i)
			}
		}
	}

	alike := maps.Clone(shared)
	for p := range sentences {
		alike[p] += 0
	}
	inOrder := slices.SortedFunc(maps.Keys(alike), func(a, b pair) int {
		return cmp.Or(a.second-b.second, a.first-b.first)
	})
	for _, p := range inOrder {
		record, other := aTechnology+" "+described[p.second].Slug, described[p.first].Slug
		likeness := float64(shared[p]) / float64(max(1, sizes[p.first]+sizes[p.second]-shared[p]))
		switch {
		case sentences[p] != "":
			v.require(false, record, "its description shares with %s the sentence %q", other, sentences[p])
		case runs[p] != "":
			v.require(false, record, "its description shares with %s the words %q", other, runs[p])
		default:
			v.require(likeness <= mostLikeness, record, "its description is like that of %s (%.2f)", other, likeness)
		}
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?]["')]*\s+`)

// sentencesOf gives the sentences of a description as their words.
func sentencesOf(t Technology) map[string]bool {
	out := map[string]bool{}
	for _, sentence := range sentenceEnd.Split(t.Description, -1) {
		if words := namelessWords(sentence, t.Name); len(words) > 0 {
			out[strings.Join(words, " ")] = true
		}
	}
	return out
}

// openingsOf gives the first words of its sentences.
func openingsOf(t Technology) map[string]bool {
	out := map[string]bool{}
	for sentence := range sentencesOf(t) {
		words := strings.Fields(sentence)
		out[strings.Join(words[:min(openingWords, len(words))], " ")] = true
	}
	return out
}

func wordsOf(t Technology) []string { return namelessWords(t.Description, t.Name) }

// namelessWords gives the words of a text, with one mark in place of a name, so that exchanging it makes no difference.
func namelessWords(text, name string) []string {
	words, named := split(text), split(name)
	for i := 0; len(named) > 0 && i+len(named) <= len(words); i++ {
		if slices.Equal(words[i:i+len(named)], named) {
			words = slices.Replace(words, i, i+len(named), "§")
		}
	}
	return words
}

func split(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// shinglesOf gives all runs of so many words.
func shinglesOf(words []string, size int) map[string]bool {
	out := map[string]bool{}
	for i := range max(0, len(words)-size+1) {
		out[strings.Join(words[i:i+size], " ")] = true
	}
	return out
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
