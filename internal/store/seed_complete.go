package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/advisoryname"
	"stackyard/ent/affectedrange"
	"stackyard/internal/catalog"
	"stackyard/internal/enum"
)

// completeAdvisories gives the advisories that were read the identifiers by which
// the catalogue knows them, and adds what it knows of them from elsewhere: one
// vulnerability is one advisory, however many sources report it.
func (s *seeder) completeAdvisories(ctx context.Context) error {
	known, err := s.knownAdvisories(ctx)
	if err != nil {
		return err
	}
	done := map[string]int{} // places by identifier
	out := make([]catalog.Advisory, 0, len(s.files.Advisories))
	for _, a := range s.files.Advisories {
		if have := known.of(a); have != nil {
			a = completed(*have, a)
		}
		if i, isTwice := done[a.Identifier]; isTwice { // two that the catalogue knows to be one
			out[i] = completed(out[i], a)
			continue
		}
		done[a.Identifier] = len(out)
		out = append(out, a)
	}
	s.files.Advisories = out
	return nil
}

// advisories are what the catalogue has of those that were read.
type advisories struct {
	byName map[string]int64
	byID   map[int64]*catalog.Advisory
}

// of finds an advisory by its identifier, or else by an alias.
func (k advisories) of(a catalog.Advisory) *catalog.Advisory {
	for _, name := range append([]string{a.Identifier}, a.Aliases...) {
		if id, isKnown := k.byName[strings.ToUpper(name)]; isKnown {
			return k.byID[id]
		}
	}
	return nil
}

func (s *seeder) knownAdvisories(ctx context.Context) (advisories, error) {
	k := advisories{byName: map[string]int64{}, byID: map[int64]*catalog.Advisory{}}
	var names []string
	for _, a := range s.files.Advisories {
		for _, name := range append([]string{a.Identifier}, a.Aliases...) {
			names = append(names, strings.ToUpper(name))
		}
	}
	held, err := s.tx.AdvisoryName.Query().Where(func(q *sql.Selector) { q.Where(In(q.C(advisoryname.FieldName), names)) }).All(ctx)
	if err != nil {
		return k, err
	}
	for _, n := range held {
		k.byName[n.Name] = n.AdvisoryID
	}
	ids := slices.Collect(maps.Values(k.byName))
	rows, err := s.tx.Advisory.Query().Where(among(advisory.FieldID, ids)).All(ctx)
	if err != nil {
		return k, err
	}
	sources := map[int64]string{}
	for slug, id := range s.sources {
		sources[id] = slug
	}
	for _, row := range rows {
		k.byID[row.ID] = advisoryOf(row, sources)
	}
	ranges, err := s.tx.AffectedRange.Query().Where(among(affectedrange.FieldAdvisoryID, ids)).
		Order(ent.Asc(affectedrange.FieldAdvisoryID, affectedrange.FieldPosition)).All(ctx)
	if err != nil {
		return k, err
	}
	slugs := map[int64]string{}
	for slug, id := range s.technologies {
		slugs[id] = slug
	}
	for _, r := range ranges {
		a := k.byID[r.AdvisoryID]
		a.Affected = append(a.Affected, catalog.AffectedRange{
			Technology: slugs[r.TechnologyID], Package: textOf(r.Package), Ecosystem: textOf(r.Ecosystem),
			Introduced: textOf(r.Introduced), Fixed: textOf(r.Fixed), LastAffected: textOf(r.LastAffected),
			Versions: orNil(r.Versions), IsUndecidable: !r.IsDecidable,
		})
	}
	return k, nil
}

// advisoryOf is a row as a record, but for its ranges.
func advisoryOf(row *ent.Advisory, sources map[int64]string) *catalog.Advisory {
	a := &catalog.Advisory{
		Identifier: row.Identifier, Aliases: orNil(row.Aliases), Summary: textOf(row.Summary), Severity: row.Severity, Score: row.Score,
		PublishedAt: row.PublishedAt, ModifiedAt: row.ModifiedAt, WithdrawnAt: row.WithdrawnAt, References: orNil(row.References), AsOf: row.AsOf,
	}
	if row.SourceID != nil {
		a.Source = sources[*row.SourceID]
	}
	return a
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// What an advisory keeps at most.
const (
	maxAliases    = 50
	maxReferences = 50
)

// completed is what was read of an advisory, with what is known of it besides.
// Where what was read covers all packages that are known, it counts alone, but for names.
// Otherwise there are records that were not read now: then the ranges of the packages
// that were read are replaced, and of the rest the worse stays. Whatever order
// there was is kept.
func completed(known, read catalog.Advisory) catalog.Advisory {
	out := read
	out.Identifier = known.Identifier
	names := append([]string{read.Identifier}, read.Aliases...)
	out.Aliases = slices.DeleteFunc(joined(known.Aliases, names, strings.ToUpper), func(name string) bool { return strings.EqualFold(name, out.Identifier) })
	out.Aliases = out.Aliases[:min(len(out.Aliases), maxAliases)]
	spoken, isWithdrawn := ofPackages(read.Affected), read.WithdrawnAt != nil
	isWhole := !slices.ContainsFunc(known.Affected, func(r catalog.AffectedRange) bool { return spoken[packageOf(r)] == nil })
	if isWhole {
		kept := slices.DeleteFunc(slices.Clone(known.References), func(r string) bool { return !slices.Contains(read.References, r) })
		out.References = joined(kept, read.References, asItIs)
		out.Affected = inOrderOf(known.Affected, spoken)
		return out
	}
	if isWithdrawn {
		out.WithdrawnAt = known.WithdrawnAt
		for of := range spoken {
			spoken[of] = []catalog.AffectedRange{}
		}
	}
	out.Affected = inOrderOf(known.Affected, spoken)
	out.References = joined(known.References, read.References, asItIs)
	out.References = out.References[:min(len(out.References), maxReferences)]
	if len(known.Summary) > len(read.Summary) {
		out.Summary = known.Summary
	}
	switch {
	case known.Score != nil && (read.Score == nil || *known.Score > *read.Score):
		out.Score, out.Severity = known.Score, known.Severity
	case read.Score == nil && rank(known.Severity) > rank(read.Severity):
		out.Severity = known.Severity
	}
	out.PublishedAt, out.ModifiedAt = min(known.PublishedAt, read.PublishedAt), max(known.ModifiedAt, read.ModifiedAt)
	return out
}

// affectedPackage is a package, or a technology without one, that ranges are of.
type affectedPackage struct{ technology, ecosystem, name string }

func packageOf(r catalog.AffectedRange) affectedPackage {
	return affectedPackage{r.Technology, r.Ecosystem, r.Package}
}

func ofPackages(ranges []catalog.AffectedRange) map[affectedPackage][]catalog.AffectedRange {
	out := map[affectedPackage][]catalog.AffectedRange{}
	for _, r := range ranges {
		out[packageOf(r)] = append(out[packageOf(r)], r)
	}
	return out
}

// inOrderOf gives the ranges of packages in the order in which the packages were
// known, and then by name; of packages that are not in the map those that were known.
func inOrderOf(known []catalog.AffectedRange, read map[affectedPackage][]catalog.AffectedRange) []catalog.AffectedRange {
	have := ofPackages(known)
	var order []affectedPackage
	for _, r := range known {
		if !slices.Contains(order, packageOf(r)) {
			order = append(order, packageOf(r))
		}
	}
	news := slices.SortedFunc(maps.Keys(read), func(a, b affectedPackage) int {
		return cmp.Or(cmp.Compare(a.technology, b.technology), cmp.Compare(a.ecosystem, b.ecosystem), cmp.Compare(a.name, b.name))
	})
	for _, p := range news {
		if have[p] == nil {
			order = append(order, p)
		}
	}
	var out []catalog.AffectedRange
	for _, p := range order {
		ranges, isRead := read[p]
		if !isRead || areSame(ranges, have[p]) {
			ranges = have[p]
		}
		out = append(out, ranges...)
	}
	return out
}

// areSame says whether two lists have the same ranges, in whatever order.
func areSame(a, b []catalog.AffectedRange) bool {
	digests := func(ranges []catalog.AffectedRange) []string {
		out := make([]string, len(ranges))
		for i, r := range ranges {
			out[i] = digestOf(r)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(digests(a), digests(b))
}

// joined is a list with what another has more, by the name of each.
func joined(list, more []string, name func(string) string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range slices.Concat(list, more) {
		if !seen[name(s)] {
			seen[name(s)] = true
			out = append(out, s)
		}
	}
	return out
}

func asItIs(s string) string { return s }

func rank(s enum.Severity) int { return slices.Index(s.Values(), string(s)) }
