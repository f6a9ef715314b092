package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"stackyard/ent"
	"stackyard/internal/enum"
	"stackyard/internal/source/sbom"
	"stackyard/internal/version"
)

// listed are the components of a document, told apart by whether they are recognised.
type listed struct {
	// parts are the recognised ones, each version of a package once.
	parts []component
	// by says how each of them was recognised.
	by           []enum.MatchMethod
	unrecognized []*UnrecognizedComponent
}

// namedKinds are the kinds of components whose names are names of products; a file or a model may be called like one.
var namedKinds = []string{"", "application", "framework", "library", "platform", "container", "operating-system"}

// textsOf gives what a component may be recognised by, the surest first. A name counts only where nothing says
// better what it is: libraries are called like what they are for.
func textsOf(c sbom.Component) []string {
	var texts []string
	if c.PURL != "" {
		texts = append(texts, c.PURL)
	}
	texts = append(texts, c.CPEs...)
	if len(texts) == 0 && slices.Contains(namedKinds, c.Kind) && isVisibleText(c.Name) {
		texts = append(texts, c.Name)
	}
	return texts
}

// readListed recognises the components of a document.
func readListed(ctx context.Context, client *ent.Client, components []sbom.Component) (listed, error) {
	var texts []string
	place := map[string]int{}
	for _, c := range components {
		for _, t := range textsOf(c) {
			if _, isThere := place[t]; !isThere {
				place[t] = len(texts)
				texts = append(texts, t)
			}
		}
	}
	known, err := recognize(ctx, client, texts)
	if err != nil {
		return listed{}, fmt.Errorf("recognising a document: %w", err)
	}
	out := listed{unrecognized: []*UnrecognizedComponent{}}
	isThere := map[[2]any]bool{}
	for _, c := range components {
		var found recognized
		for _, t := range textsOf(c) {
			if found = known[place[t]]; found.technology != 0 {
				break
			}
		}
		part, reason := partOf(c, found)
		if reason != "" {
			out.unrecognized = append(out.unrecognized, &UnrecognizedComponent{
				Name: c.Name, Version: given(c.Version), PURL: given(c.PURL), Reason: reason,
			})
			continue
		}
		if key := [2]any{part.identity(), part.version}; !isThere[key] {
			isThere[key] = true
			out.parts, out.by = append(out.parts, part), append(out.by, found.by)
		}
	}
	return out, nil
}

// partOf gives the component of a stack that a component of a document is, or why it is none.
func partOf(c sbom.Component, found recognized) (part component, reason string) {
	part = component{name: strings.TrimSpace(c.Name), version: strings.TrimSpace(c.Version), purl: given(c.PURL)}
	if part.name == "" {
		part.name = c.PURL
	}
	if part.version == "" {
		part.version = found.version
	}
	switch {
	case c.IsExcluded:
		return part, "The document says that it is no part of what runs (its scope is excluded)."
	case found.technology == 0:
		return part, unknown(c)
	case part.name == "":
		return part, "It has no name."
	case !isText(part.name, "") || !isText(c.PURL, "") || !isText(part.version, ""):
		return part, "It has characters that are no text."
	case utf8.RuneCountInString(part.name) > mostComponentName || utf8.RuneCountInString(c.PURL) > mostComponentName:
		return part, fmt.Sprintf("Its name or package URL has more than %d characters.", mostComponentName)
	case len(part.version) > version.MaxLength:
		return part, fmt.Sprintf("Its version has more than %d bytes.", version.MaxLength)
	}
	part.technology = &found.technology
	return part, ""
}

// unknown says by what a component was looked for in vain.
func unknown(c sbom.Component) string {
	const vain = "The catalogue knows no technology by its %s, or more than one."
	switch {
	case c.PURL != "" && len(c.CPEs) > 0:
		return fmt.Sprintf(vain, "package URL or CPE")
	case c.PURL != "":
		return fmt.Sprintf(vain, "package URL")
	case len(c.CPEs) > 0:
		return fmt.Sprintf(vain, "CPE")
	case len(textsOf(c)) > 0:
		return "It has no package URL and no CPE, and the catalogue knows no technology by its name, or more than one."
	}
	return "It has no package URL and no CPE, and what is of its kind has no names of products."
}

// isVisibleText says whether a text has anything to see.
func isVisibleText(s string) bool { return strings.ContainsFunc(s, isVisible) }
