package sbom

import (
	"encoding/json"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// The versions of CycloneDX that are read.
var versionsOfCycloneDX = []string{"1.4", "1.5", "1.6", "1.7"}

func checkCycloneDX(version string) error {
	if !slices.Contains(versionsOfCycloneDX, version) {
		return broken("it is CycloneDX %q; read are %s", version, strings.Join(versionsOfCycloneDX, ", "))
	}
	return nil
}

func readCycloneDXInJSON(text []byte, version string, to *list) (string, error) {
	if err := checkCycloneDX(version); err != nil {
		return "", err
	}
	err := sections{"components": each(to.addCycloneDXInJSON)}.read(text)
	return "CycloneDX " + version + " in JSON", err
}

// component is a component without others in it: there is a limit to their number, and each takes far more room
// than it has bytes. So they are counted before they are read.
type component struct {
	cdx.Component
	Within   []unread `json:"components"`
	Pedigree unread   `json:"pedigree"` // those that it was made from
}

// unread is a value that is left as it is. It is valid as long as the text is that it was found in.
type unread []byte

// UnmarshalJSON keeps the text.
func (u *unread) UnmarshalJSON(text []byte) error {
	*u = text
	return nil
}

func (l *list) addCycloneDXInJSON(text []byte) error {
	var c component
	if err := json.Unmarshal(text, &c); err != nil {
		return err
	}
	if err := l.addCycloneDX(c.Component); err != nil {
		return err
	}
	for _, within := range c.Within {
		if err := l.addCycloneDXInJSON(within); err != nil {
			return err
		}
	}
	return nil
}

// addCycloneDX takes a component with those that are within it.
func (l *list) addCycloneDX(c cdx.Component) error {
	is := Component{
		Name: c.Name, Version: c.Version, PURL: c.PackageURL, Kind: string(c.Type), IsExcluded: c.Scope == cdx.ScopeExcluded,
	}
	if c.Group != "" {
		is.Name = c.Group + "/" + c.Name
	}
	if c.CPE != "" {
		is.CPEs = []string{c.CPE}
	}
	if err := l.add(is); err != nil {
		return err
	}
	if c.Components == nil {
		return nil
	}
	for _, within := range *c.Components {
		if err := l.addCycloneDX(within); err != nil {
			return err
		}
	}
	return nil
}
