package catalog

import (
	"slices"
	"strings"
)

// checkSpine checks what the catalogue is hung on: sources, vocabulary, categories, use cases, criteria,
// mistakes and tools.
func (v *validation) checkSpine() {
	for _, s := range v.Sources {
		record := aSource + " " + s.Slug
		v.named(record, s.Slug, s.Name)
		v.line(record, "license", s.License, 1, 120)
		v.address(record, "homepage", s.Homepage)
	}
	v.checkTerms(aCapability, v.Vocabulary.Capabilities)
	for _, t := range v.Vocabulary.Capabilities {
		v.require(wellFormed.MatchString(t.Name), aCapability+" "+t.Name, "its name is not lower-case words joined by hyphens")
	}
	v.checkTerms(aLanguage, v.Vocabulary.Languages)
	for _, c := range v.Categories {
		record := aCategory + " " + c.Slug
		v.named(record, c.Slug, c.Name)
		v.line(record, "summary", c.Summary, 20, 120)
		v.prose(record, "rationale", c.Rationale, 60, 140)
		v.few(record, "responsibilities", c.Responsibilities, 4, 10)
	}
	for _, u := range v.UseCases {
		record := aUseCase + " " + u.Slug
		v.named(record, u.Slug, u.Name)
		v.line(record, "summary", u.Summary, 20, 120)
		v.few(record, "traits", u.Traits, 4, 10)
	}
	for _, c := range v.Criteria {
		record := "criterion " + c.Slug
		v.named(record, c.Slug, c.Name)
		v.line(record, "question", c.Question, 20, 160)
		v.prose(record, "guidance", c.Guidance, 80, 200)
	}
	for _, m := range v.Mistakes {
		record := "mistake " + m.Slug
		v.named(record, m.Slug, m.Name)
		v.prose(record, "explanation", m.Explanation, 80, 200)
		v.require(m.Rule != "", record, "no rule detects it")
	}
	owners := v.ownersOfNames()
	for _, t := range v.Tools {
		record := aTool + " " + t.Slug
		v.named(record, t.Slug, t.Name)
		v.require(t.Area != "", record, "it has no area")
		for _, name := range []string{t.Slug, t.Name} {
			owner, isTaken := owners[strings.ToLower(name)]
			v.require(!isTaken, record, "%q already leads to technology %s", name, owner)
		}
		if t.Homepage != "" {
			v.address(record, "homepage", t.Homepage)
		}
	}
}

func (v *validation) checkTerms(kind string, terms []Term) {
	for _, t := range terms {
		v.line(kind+" "+t.Name, "name", t.Name, 1, 40)
		v.line(kind+" "+t.Name, "definition", t.Definition, 30, 140)
	}
}

// ownersOfNames maps the slugs, names and aliases of technologies, in lower case, to their slugs.
func (v *validation) ownersOfNames() map[string]string {
	owners := map[string]string{}
	for _, t := range v.Technologies {
		for _, name := range slices.Concat([]string{t.Slug, t.Name}, t.Aliases) {
			owners[strings.ToLower(name)] = t.Slug
		}
	}
	return owners
}
