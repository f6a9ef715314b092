package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// checkWording requires texts that stay true, sell nothing, and are spelled in the British way.
func (v *validation) checkWording() {
	for _, t := range v.Vocabulary.Capabilities {
		v.plain(aCapability+" "+t.Name, "definition", t.Definition)
	}
	for _, t := range v.Vocabulary.Languages {
		v.plain(aLanguage+" "+t.Name, "definition", t.Definition)
	}
	for _, t := range v.Technologies {
		v.plain(aTechnology+" "+t.Slug, "summary", t.Summary)
		v.lasting(aTechnology+" "+t.Slug, "description", t.Description)
	}
	for _, i := range v.Integrations {
		v.lasting(fmt.Sprintf("integration of %s with %s%s", i.From, i.ToTechnology, i.ToTool), "note", i.Note)
	}
}

// plain requires British spelling and no slogans.
func (v *validation) plain(record, field, text string) {
	for _, word := range ordinaryWords(text) {
		v.require(!slices.Contains(slogans, word), record, "its %s has the slogan %q", field, word)
		v.require(!isAmerican(word), record, "its %s has %q, which is not British spelling", field, word)
	}
}

// lasting requires, besides, nothing that goes stale.
func (v *validation) lasting(record, field, text string) {
	v.plain(record, field, text)
	for _, word := range ordinaryWords(text) {
		v.require(!slices.Contains(staleWords, word), record, "its %s has %q, which goes stale", field, word)
	}
	for _, figure := range figures(text) {
		v.require(false, record, "its %s has the figure %q", field, figure)
	}
}

// slogans praise without saying what could be checked.
var slogans = strings.Fields(`
	amazing awesome beautiful beautifully beloved best blazing blazingly comprehensive easier easiest easily easy
	effortless effortlessly elegant elegantly excellent extremely famous fastest finest flawless flawlessly greatest
	ideal ideally incredible incredibly leverage leverages leveraging modern perfect perfectly popular powerful
	revolutionary robust seamless seamlessly simplest simply sophisticated supercharge superb superior
	unleash unmatched unparalleled unrivalled versatile
	all-in-one battle-tested best-in-class blazing-fast cutting-edge developer-friendly easy-to-use enterprise-grade
	enterprise-ready feature-rich future-proof game-changing hassle-free high-performance highly-scalable
	industry-leading industry-standard lightning-fast next-generation one-stop out-of-the-box production-grade
	production-ready rock-solid state-of-the-art super-fast top-notch turnkey user-friendly world-class`)

// staleWords tie a text to the day on which it was written.
var staleWords = strings.Fields(`
	currently lately latest newest newly nowadays today tomorrow upcoming yesterday`)

var americanWords = strings.Fields(`
	acknowledgment aging analog analyze analyzed analyzer analyzers analyzes analyzing artifact artifacts behavior
	behavioral behaviors canceled canceling catalog cataloged catalogs center centered centers color colored colors
	counselor customizable defense dialed disfavor endeavor enroll enrollment favor favored favorite favors flavor
	flavored flavors fulfill fulfillment fulfills gotten gray honor honored honors installment judgment labeled
	labeling labor license licenses liter meager modeled modeler modeling neighbor neighboring neighbors offense
	paralyze pretense rumor savor signaled signaling skeptical skillful theater toward traveled traveling tunneled
	tunneling willful`)

var (
	endsInIze  = regexp.MustCompile(`^[a-z]{2,}iz(e|ed|es|er|ers|ing|able|ation|ations)$`)
	isOfSize   = regexp.MustCompile(`^(re|over|under|down|up|right|cap|out)?(size|sized|sizes|sizer|sizing|sizable)$|^(prize|seize)[ds]?$|^seizing$`)
	codeSpan   = regexp.MustCompile("`[^`]*`")
	identifier = regexp.MustCompile(`[/@:_.\\=]`)
	startsNew  = regexp.MustCompile(`[.!?:]$`)
)

func isAmerican(word string) bool {
	return slices.Contains(americanWords, word) || endsInIze.MatchString(word) && !isOfSize.MatchString(word)
}

// ordinaryWords gives the words of a text in lower case, without code, identifiers, and what is a proper name
// because it is capital within a sentence.
func ordinaryWords(text string) []string {
	out := []string{}
	isFirst := true
	for _, token := range strings.Fields(codeSpan.ReplaceAllString(text, "`")) {
		word := strings.TrimSuffix(strings.Trim(token, `.,;:!?()"'`), "'s")
		isName := word == "" || !isFirst && unicode.IsUpper([]rune(word)[0])
		isFirst = startsNew.MatchString(token)
		if !isName && !identifier.MatchString(word) {
			out = append(out, strings.ToLower(word))
		}
	}
	return out
}

var (
	looksLikeVersion = regexp.MustCompile(`^[0-9]|^v[0-9]`)
	looksLikeYear    = regexp.MustCompile(`(^|[^0-9])(19|20)[0-9]{2}([^0-9]|$)`)
	isWordSize       = regexp.MustCompile(`^[0-9]+-bit$`)
	// namedByNumber are words after which a number is part of a name.
	namedByNumber = strings.Fields("OAuth SAML RFC PEP ISO FIPS JSON-RPC Level Top")
)

// figures gives what looks like a version, a year or a quantity, and is not part of a name such as OAuth 2.0.
func figures(text string) []string {
	out := []string{}
	before := ""
	for _, token := range strings.Fields(codeSpan.ReplaceAllString(text, "`")) {
		word := strings.Trim(token, `.,;:!?()"'`)
		isFigure := looksLikeVersion.MatchString(word) || looksLikeYear.MatchString(word)
		if isFigure && !isWordSize.MatchString(word) && !slices.Contains(namedByNumber, before) {
			out = append(out, word)
		}
		before = word
	}
	return out
}
