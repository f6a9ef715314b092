package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// checkLinks checks the records that tie others together: integrations, requirements and packages.
func (v *validation) checkLinks() {
	v.checkIntegrations()

	for _, r := range v.Requirements {
		record := fmt.Sprintf("requirement of %s %s", r.Technology, r.ReleaseCycle)
		v.refer(record, aCycle, r.Technology+" "+r.ReleaseCycle)
		v.refer(record, aTechnology, r.Requires)
		v.require(r.Technology != r.Requires, record, "it requires itself")
		v.require(len(r.Versions) == 0 || r.MinVersion+r.MaxVersion == "", record, "it has both versions and bounds")
		v.few(record, "versions", r.Versions, 0, 50)
		v.line(record, "published text", r.AsPublished, 1, 200)
	}

	owners := v.checkIdentifiers()
	for _, p := range v.Packages {
		record := aPackage + " " + p.Ecosystem + " " + p.Name
		v.refer(record, aTechnology, p.Technology)
		v.require(strings.HasPrefix(p.PURL, "pkg:"), record, "%q is not a package URL", p.PURL)
		owner, isTaken := owners[p.PURL]
		v.require(!isTaken || owner == p.Technology, record, "%s already leads to technology %s", p.PURL, owner)
		owners[p.PURL] = p.Technology
	}
}

// checkIdentifiers requires that what other systems call a technology leads to it alone, and gives what leads where.
// Products of endoflife.date may be several technologies.
func (v *validation) checkIdentifiers() (owners map[string]string) {
	owners = map[string]string{}
	for _, t := range v.Technologies {
		for _, name := range slices.Concat(t.Identifiers.PURL, t.Identifiers.CPE, t.Identifiers.Repology) {
			owner, isTaken := owners[name]
			v.require(!isTaken || owner == t.Slug, aTechnology+" "+t.Slug, "%s already leads to technology %s", name, owner)
			owners[name] = t.Slug
		}
	}
	return owners
}
