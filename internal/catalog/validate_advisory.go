package catalog

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"stackyard/internal/enum"
	"stackyard/internal/version"
)

func (v *validation) checkAdvisories() {
	owners := map[string]string{}
	for _, a := range v.Advisories {
		v.checkAdvisory("advisory "+a.Identifier, a)
		for _, name := range slices.Concat([]string{a.Identifier}, a.Aliases) {
			owner, isTaken := owners[strings.ToUpper(name)]
			v.require(!isTaken, "advisory "+a.Identifier, "%q is already a name of advisory %s", name, owner)
			owners[strings.ToUpper(name)] = a.Identifier
		}
	}
}

func (v *validation) checkAdvisory(record string, a Advisory) {
	v.line(record, "identifier", a.Identifier, 3, 60)
	v.few(record, "aliases", a.Aliases, 0, 50)
	v.line(record, "summary", a.Summary, 0, 300)
	v.dated(record, a.Source, a.AsOf)
	v.require(a.PublishedAt != 0 && a.PublishedAt <= a.ModifiedAt, record, "it is modified before it is published")
	v.require(a.WithdrawnAt == nil || *a.WithdrawnAt >= a.PublishedAt, record, "it is withdrawn before it is published")
	v.require(a.Severity != "", record, "it has no severity")
	if a.Score != nil {
		v.require(a.Severity == enum.SeverityOf(*a.Score), record, "score %.1f is not of severity %s", *a.Score, a.Severity)
	}
	v.few(record, "references", a.References, 0, 50)
	for _, address := range a.References {
		v.address(record, "reference", address)
	}
	for i, r := range a.Affected {
		v.checkRange(record, r)
		isThere := slices.ContainsFunc(a.Affected[:i], func(other AffectedRange) bool { return reflect.DeepEqual(r, other) })
		v.require(!isThere, record, "a range of %s is there twice", r.Technology)
	}
}

func (v *validation) checkRange(record string, r AffectedRange) {
	v.refer(record, aTechnology, r.Technology)
	v.require((r.Package == "") == (r.Ecosystem == ""), record, "a package has no ecosystem, or the other way round")
	isMapped := r.Package == "" || slices.ContainsFunc(v.Packages, func(p Package) bool {
		return p.Ecosystem == r.Ecosystem && p.Name == r.Package && p.Technology == r.Technology
	})
	v.require(isMapped, record, "package %s %s does not belong to %s", r.Ecosystem, r.Package, r.Technology)
	v.require(r.Fixed == "" || r.LastAffected == "", record, "a range has two ends")
	isBounded := r.Introduced+r.Fixed+r.LastAffected != "" || len(r.Versions) > 0
	v.require(!r.IsUndecidable || !isBounded, record, "a range has versions and is undecidable")
	v.checkBounds(record, r)
}

// checkBounds checks that the versions of a range are ones of its ecosystem, and that there can be any in it.
func (v *validation) checkBounds(record string, r AffectedRange) {
	order := version.SchemeOf(r.Ecosystem)
	isRead := true
	for _, text := range slices.Concat([]string{r.Introduced, r.Fixed, r.LastAffected}, r.Versions) {
		_, err := order.Parse(text)
		v.require(text == "" || err == nil, record, "%v in %s", err, cmp.Or(r.Ecosystem, r.Technology))
		isRead = isRead && (text == "" || err == nil)
	}
	if !isRead || r.Introduced == "" {
		return
	}
	from, _ := order.Parse(r.Introduced)
	fixed, _ := order.Parse(r.Fixed)
	last, _ := order.Parse(r.LastAffected)
	v.require(r.Fixed == "" || from.Compare(fixed) < 0, record, "a range is fixed in %s, but begins with %s", r.Fixed, r.Introduced)
	v.require(r.LastAffected == "" || from.Compare(last) <= 0, record, "a range ends with %s, but begins with %s", r.LastAffected, r.Introduced)
}
