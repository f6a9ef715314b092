package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"stackyard/internal/calendar"
)

// Validate checks everything that the parser cannot see in a single record. The error joins all faults,
// each with the record that has it.
func Validate(c *Catalog) error { return errors.Join(validate(c, textsComplete)...) }

// validate gives the faults; a text that is not written yet is one of them only where all have to be there.
func validate(c *Catalog, isComplete bool) []error {
	v := validation{Catalog: c, names: map[string]map[string]bool{}}
	v.index()
	v.checkSpine()
	v.checkTechnologies()
	v.checkCycles()
	v.checkLinks()
	v.checkAdvisories()
	v.checkWording()
	v.checkLikeness()
	if isComplete {
		v.checkComplete()
	}
	return v.faults
}

// validation collects faults, and knows which names exist of each kind of record.
type validation struct {
	*Catalog
	names  map[string]map[string]bool
	faults []error
}

// The kinds of record that others refer to.
const (
	aSource     = "source"
	aLicense    = "licence"
	aCapability = "capability"
	aLanguage   = "language"
	aCategory   = "category"
	aUseCase    = "use case"
	aTool       = "tool"
	aTechnology = "technology"
	aCycle      = "release cycle"
	aPackage    = "package"
)

func (v *validation) index() {
	enter(v, aSource, v.Sources, func(s Source) string { return s.Slug })
	enter(v, aLicense, v.Licenses, func(l License) string { return l.ID })
	enter(v, aCapability, v.Vocabulary.Capabilities, func(t Term) string { return t.Name })
	enter(v, aLanguage, v.Vocabulary.Languages, func(t Term) string { return t.Name })
	enter(v, aCategory, v.Categories, func(c Category) string { return c.Slug })
	enter(v, aUseCase, v.UseCases, func(u UseCase) string { return u.Slug })
	enter(v, "criterion", v.Criteria, func(c Criterion) string { return c.Slug })
	enter(v, "mistake", v.Mistakes, func(m Mistake) string { return m.Slug })
	enter(v, aTool, v.Tools, func(t Tool) string { return t.Slug })
	enter(v, aTechnology, v.Technologies, func(t Technology) string { return t.Slug })
	for _, t := range v.Technologies {
		enter(v, aCycle, t.ReleaseCycles, func(c ReleaseCycle) string { return t.Slug + " " + c.Name })
	}
	enter(v, aPackage, v.Packages, func(p Package) string { return p.Ecosystem + " " + p.Name })
}

// enter notes the names of the records, each of which must be the only one of its kind.
func enter[T any](v *validation, kind string, records []T, name func(T) string) {
	if v.names[kind] == nil {
		v.names[kind] = map[string]bool{}
	}
	for _, r := range records {
		v.require(!v.names[kind][name(r)], kind+" "+name(r), "it is there twice")
		v.names[kind][name(r)] = true
	}
}

func (v *validation) require(holds bool, record, fault string, args ...any) {
	if !holds {
		v.faults = append(v.faults, fmt.Errorf("%s: %s", record, fmt.Sprintf(fault, args...)))
	}
}

// refer requires that records of these names exist, and that none is named twice.
func (v *validation) refer(record, kind string, names ...string) {
	for i, name := range names {
		v.require(v.names[kind][name], record, "there is no %s %q", kind, name)
		v.require(!slices.Contains(names[:i], name), record, "%s %q is named twice", kind, name)
	}
}

var wellFormed = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// named requires a slug that is well formed, and a name.
func (v *validation) named(record, slug, name string) {
	v.require(wellFormed.MatchString(slug), record, "its slug is not lower-case words joined by hyphens")
	v.line(record, "name", name, 1, 60)
}

// line requires a text of one line, of so many characters.
func (v *validation) line(record, field, text string, atLeast, atMost int) {
	n := utf8.RuneCountInString(text)
	v.require(n >= atLeast && n <= atMost, record, "its %s has %d characters, not %d to %d", field, n, atLeast, atMost)
	v.require(isTidy(text) && !strings.ContainsAny(text, "\n\r\t"), record, "its %s is not one tidy line", field)
}

// prose requires a text of so many words.
func (v *validation) prose(record, field, text string, atLeast, atMost int) {
	n := len(strings.Fields(text))
	v.require(n >= atLeast && n <= atMost, record, "its %s has %d words, not %d to %d", field, n, atLeast, atMost)
}

// address requires an absolute address of the Web.
func (v *validation) address(record, field, address string) {
	u, err := url.Parse(address)
	isWeb := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !strings.ContainsAny(address, " \t\n")
	v.require(isWeb, record, "its %s %q is not an absolute http or https address", field, address)
}

// dated requires a source that exists, and a day.
func (v *validation) dated(record, source string, asOf calendar.Day) {
	v.refer(record, aSource, source)
	v.require(asOf != 0, record, "it does not say as of which day it holds")
}

// few requires a list of so many tidy, distinct texts.
func (v *validation) few(record, field string, texts []string, atLeast, atMost int) {
	v.require(len(texts) >= atLeast && len(texts) <= atMost, record,
		"it has %d %s, not %d to %d", len(texts), field, atLeast, atMost)
	for i, text := range texts {
		v.require(text != "" && isTidy(text), record, "one of its %s is empty or has blanks around it", field)
		v.require(!slices.Contains(texts[:i], text), record, "%q is there twice among its %s", text, field)
	}
}

func isTidy(text string) bool { return text == strings.TrimSpace(text) }
