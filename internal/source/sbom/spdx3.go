package sbom

import (
	"encoding/json"
	"regexp"
	"strings"
)

// element is the part of an element of SPDX 3.0 that is read: a package, or a document or bill with its roots.
// See https://spdx.github.io/spdx-spec/v3.0.1/serializations/.
type element struct {
	Type     string `json:"type"`
	TypeLD   string `json:"@type"`
	ID       string `json:"spdxId"`
	IDLD     string `json:"@id"`
	Name     string `json:"name"`
	Version  string `json:"software_packageVersion"`
	PURL     string `json:"software_packageUrl"`
	Purpose  string `json:"software_primaryPurpose"`
	External []struct {
		Type       string `json:"externalIdentifierType"`
		Identifier string `json:"identifier"`
	} `json:"externalIdentifier"`
	Roots []string `json:"rootElement"`
}

var contextOfSPDX3 = regexp.MustCompile(`^https?://spdx\.(?:org|github\.io)/.*?(\d+\.\d+)(?:\.\d+)?/spdx-context\.jsonld$`)

// versionOfSPDX3 is that of the first context which is SPDX's; empty where none is.
func versionOfSPDX3(context json.RawMessage) string {
	var one string
	var several []json.RawMessage
	if json.Unmarshal(context, &one) == nil {
		if m := contextOfSPDX3.FindStringSubmatch(one); m != nil {
			return m[1]
		}
		return ""
	}
	if json.Unmarshal(context, &several) != nil {
		return ""
	}
	for _, c := range several {
		if json.Unmarshal(c, &one) != nil {
			continue
		}
		if m := contextOfSPDX3.FindStringSubmatch(one); m != nil {
			return m[1]
		}
	}
	return ""
}

// readSPDX3 reads the form of JSON-LD that the specification prescribes: one context, and a flat list of elements.
// Contexts are never fetched.
func readSPDX3(text []byte, context json.RawMessage, to *list) (string, error) {
	switch version := versionOfSPDX3(context); version {
	case "":
		return "", broken("it is JSON-LD, but its @context is not that of SPDX 3.0")
	case "3.0":
	default:
		return "", broken("it is SPDX %s; read are SPDX-2.3 and SPDX 3.0", version)
	}
	found, isBill := packages{to: to}, map[string]bool{}
	var roots []string
	err := sections{"@graph": each(func(value []byte) error {
		var e element
		if err := json.Unmarshal(value, &e); err != nil {
			return err
		}
		switch kind := e.kind(); kind {
		case "software_Package":
			return found.add(e.id(), e.component())
		case "SpdxDocument", "Bom", "software_Sbom":
			isBill[e.id()] = true
			roots = append(roots, e.Roots...)
		}
		return nil
	})}.read(text)
	if err != nil {
		return "", err
	}
	for _, id := range roots {
		if !isBill[id] {
			found.about(id)
		}
	}
	return "SPDX 3.0 in JSON", found.finish()
}

func (e element) kind() string { return firstOf(e.Type, e.TypeLD) }
func (e element) id() string   { return firstOf(e.ID, e.IDLD) }

func (e element) component() Component {
	c := Component{Name: e.Name, Version: e.Version, PURL: e.PURL, Kind: kebab(e.Purpose)}
	for _, x := range e.External {
		switch x.Type {
		case "packageUrl", "purl":
			c.PURL = firstOf(c.PURL, x.Identifier)
		case "cpe22", "cpe23":
			c.CPEs = append(c.CPEs, x.Identifier)
		}
	}
	return c
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// kebab writes operatingSystem as operating-system.
func kebab(s string) string {
	var out strings.Builder
	for _, c := range s {
		if c >= 'A' && c <= 'Z' {
			out.WriteByte('-')
			c += 'a' - 'A'
		}
		out.WriteRune(c)
	}
	return out.String()
}
