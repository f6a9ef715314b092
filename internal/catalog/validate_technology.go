package catalog

import (
	"slices"
	"strings"

	"stackyard/internal/calendar"
)

func (v *validation) checkTechnologies() {
	owners := map[string]string{}
	for _, t := range v.Technologies {
		v.checkTechnology(t)
		v.checkNames(t, owners)
	}
}

func (v *validation) checkTechnology(t Technology) {
	record := aTechnology + " " + t.Slug
	v.named(record, t.Slug, t.Name)
	v.line(record, "summary", t.Summary, 20, 120)
	v.require(strings.HasSuffix(t.Summary, "."), record, "its summary does not end with a full stop")
	if t.Description != "" {
		v.prose(record, "description", t.Description, 60, 150)
		v.require(isTidy(t.Description), record, "its description has blanks around it")
		v.require(!strings.Contains(strings.TrimSpace(t.Description), "\n"), record, "its description is not one paragraph")
	}
	if t.Steward != "" {
		v.line(record, "steward", t.Steward, 2, 80)
	}
	v.checkAddresses(record, t)

	v.few(record, "categories", t.Categories, 1, 3)
	v.refer(record, aCategory, t.Categories...)
	v.few(record, "use cases", t.UseCases, 0, 3)
	v.refer(record, aUseCase, t.UseCases...)
	v.refer(record, aLanguage, t.WrittenIn...)
	v.refer(record, aLanguage, t.Languages...)
	v.refer(record, aCapability, t.Capabilities...)
	v.refer(record, aTechnology, t.Alternatives...)
	v.few(record, "capabilities", t.Capabilities, 0, 16)
	v.few(record, "alternatives", t.Alternatives, 0, 8)
	v.checkAlternatives(record, t)
	v.few(record, "successors", t.Successors, 0, 2)
	v.refer(record, aTechnology, t.Successors...)
	isItself := slices.Contains(t.Alternatives, t.Slug) || slices.Contains(t.Successors, t.Slug)
	v.require(!isItself, record, "it is its own alternative or successor")
	for i, way := range t.Hosting {
		v.require(!slices.Contains(t.Hosting[:i], way), record, "hosting %s is named twice", way)
	}
	for _, names := range [][]string{t.Identifiers.PURL, t.Identifiers.CPE, t.Identifiers.Repology, t.Identifiers.EndOfLife} {
		v.few(record, "identifiers", names, 0, 300)
	}

	if t.License != "" {
		_, err := IsOpenSource(t.License, v.Licenses)
		v.require(err == nil, record, "its licence: %v", err)
	}
	v.dated(record, t.Source, t.AsOf)
	isYear := t.FirstReleaseYear == 0 || t.FirstReleaseYear >= 1950 && t.FirstReleaseYear <= t.AsOf.Time().Year()
	v.require(isYear, record, "it cannot have been released first in %d", t.FirstReleaseYear)
}

// checkAlternatives requires that what could be taken instead is of the same kind.
func (v *validation) checkAlternatives(record string, t Technology) {
	for _, other := range v.Technologies {
		isAlternative := slices.Contains(t.Alternatives, other.Slug)
		isElsewhere := v.isFiled(t) && v.isFiled(other) &&
			!slices.ContainsFunc(t.Categories, func(c string) bool { return slices.Contains(other.Categories, c) })
		v.require(!isAlternative || !isElsewhere, record, "alternative %s is in none of its categories", other.Slug)
	}
}

// isFiled says whether a technology has a main category, and that exists.
func (v *validation) isFiled(t Technology) bool {
	return len(t.Categories) > 0 && v.names[aCategory][t.Categories[0]]
}

func (v *validation) checkAddresses(record string, t Technology) {
	for field, address := range map[string]string{
		"homepage": t.Homepage, "documentation": t.Documentation, "repository": t.Repository, "release policy": t.ReleasePolicy,
	} {
		if address != "" {
			v.address(record, field, address)
		}
	}
}

// checkNames requires that a slug, name or alias leads to one technology, whatever its case.
func (v *validation) checkNames(t Technology, owners map[string]string) {
	record := aTechnology + " " + t.Slug
	v.few(record, "aliases", t.Aliases, 0, 20)
	for _, alias := range t.Aliases {
		isOwn := strings.EqualFold(alias, t.Slug) || strings.EqualFold(alias, t.Name)
		v.require(!isOwn, record, "alias %q is its slug or name", alias)
	}
	for _, name := range slices.Concat([]string{t.Slug, t.Name}, t.Aliases) {
		folded := strings.ToLower(name)
		owner, isTaken := owners[folded]
		v.require(!isTaken || owner == t.Slug, record, "%q already leads to technology %s", name, owner)
		owners[folded] = t.Slug
	}
}

func (v *validation) checkCycles() {
	for _, t := range v.Technologies {
		for _, c := range t.ReleaseCycles {
			v.checkCycle(aCycle+" "+t.Slug+" "+c.Name, c)
		}
	}
}

func (v *validation) checkCycle(record string, c ReleaseCycle) {
	v.line(record, "name", c.Name, 1, 60)
	v.dated(record, c.Source, c.AsOf)
	v.require(areInOrder(c.ReleasedOn, c.ActiveSupportUntil, c.EndOfLifeOn, c.ExtendedSupportUntil), record,
		"release, active support, end of life and extended support are not in this order")
	v.require(areInOrder(c.ReleasedOn, c.LongTermFrom, c.EndOfLifeOn), record,
		"release, long-term support and end of life are not in this order")
	v.require(c.LongTermFrom == nil || c.IsLongTerm, record, "it is not long-term and has a day from which it is")
	v.require(c.LatestReleasedOn == nil || c.LatestVersion != "", record, "its latest version has a day but no name")
	isTwofold := c.ActiveSupportUntil != nil && c.IsActiveSupportOver != nil ||
		c.EndOfLifeOn != nil && c.IsEndOfLife != nil ||
		c.ExtendedSupportUntil != nil && c.IsExtendedSupportOver != nil
	v.require(!isTwofold, record, "a phase has a day and a flag")
}

// areInOrder says whether none of the days that are known is before another that stands earlier in the list.
func areInOrder(days ...*calendar.Day) bool {
	known := slices.DeleteFunc(days, func(d *calendar.Day) bool { return d == nil })
	return slices.IsSortedFunc(known, func(a, b *calendar.Day) int { return a.Sub(*b) })
}
