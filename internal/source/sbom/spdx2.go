package sbom

import (
	"encoding/json"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

func checkSPDX2(version string) error {
	if version != v2_3.Version {
		return broken("it is %q; read are %s and SPDX 3.0", version, v2_3.Version)
	}
	return nil
}

// readSPDX2 takes the packages one by one; the library's reader of whole documents takes a time that grows with
// the square of what is missing in a list.
func readSPDX2(text []byte, version string, to *list) (string, error) {
	if err := checkSPDX2(version); err != nil {
		return "", err
	}
	found := packages{to: to}
	err := sections{
		"packages": each(func(element []byte) error {
			var p v2_3.Package
			if err := json.Unmarshal(element, &p); err != nil {
				return err
			}
			return found.addSPDX2(&p)
		}),
		"documentDescribes": each(func(element []byte) error {
			var id common.DocElementID
			if err := json.Unmarshal(element, &id); err != nil {
				return err
			}
			found.isAbout(id)
			return nil
		}),
		"relationships": each(func(element []byte) error {
			var r v2_3.Relationship
			if err := json.Unmarshal(element, &r); err != nil {
				return err
			}
			found.relate(&r)
			return nil
		}),
	}.read(text)
	if err != nil {
		return "", err
	}
	return "SPDX 2.3 in JSON", found.finish()
}

// packages gathers what is listed and what the document is about, in whatever order they come.
type packages struct {
	to       *list
	found    []Component
	ids      []string
	subjects map[string]bool
}

func (p *packages) add(id string, c Component) error {
	if len(p.found) > p.to.limits.Components { // one more: that which it is about
		return p.to.limits.tooManyComponents()
	}
	p.found, p.ids = append(p.found, c), append(p.ids, id)
	return nil
}

func (p *packages) about(id string) {
	if p.subjects == nil {
		p.subjects = map[string]bool{}
	}
	p.subjects[id] = true
}

// finish lists all packages but the one that the document is about; some documents say that they are about every
// package that they list, which leaves none out.
func (p *packages) finish() error {
	isSubject := func(i int) bool { return len(p.subjects) == 1 && p.subjects[p.ids[i]] }
	for i, c := range p.found {
		if isSubject(i) && len(p.found) > 1 {
			continue
		}
		if err := p.to.add(c); err != nil {
			return err
		}
	}
	return nil
}

func (p *packages) addSPDX2(from *v2_3.Package) error {
	c := Component{
		Name: from.PackageName, Version: from.PackageVersion,
		Kind: strings.ToLower(strings.ReplaceAll(from.PrimaryPackagePurpose, "_", "-")),
	}
	for _, r := range from.PackageExternalReferences {
		if r == nil {
			continue
		}
		switch r.RefType {
		case common.TypePackageManagerPURL:
			if c.PURL == "" {
				c.PURL = r.Locator
			}
		case common.TypeSecurityCPE22Type, common.TypeSecurityCPE23Type:
			c.CPEs = append(c.CPEs, r.Locator)
		}
	}
	return p.add(string(from.PackageSPDXIdentifier), c)
}

func (p *packages) relate(r *v2_3.Relationship) {
	switch r.Relationship {
	case common.TypeRelationshipDescribe:
		p.isAbout(r.RefB)
	case common.TypeRelationshipDescribeBy:
		p.isAbout(r.RefA)
	}
}

func (p *packages) isAbout(id common.DocElementID) {
	if id.DocumentRefID == "" {
		p.about(string(id.ElementRefID))
	}
}
