package app

import (
	"context"
	"fmt"
	"reflect"

	"stackyard/ent"
	"stackyard/internal/enum"
	"stackyard/internal/text"
	"stackyard/internal/version"
)

const (
	// mostComponentName is how many characters the name or package URL of a component has.
	mostComponentName = 500
	mostNote          = 1000
)

// component is a technology in use by a project, as people say.
type component struct {
	technology *int64
	name       string
	version    string // empty where it is not known
	ring       *enum.Ring
	note       *string
	purl       *string
}

func componentOf(c *ent.StackComponent) component {
	return component{
		technology: c.TechnologyID, name: c.Name, version: orEmpty(c.InstalledVersion), ring: c.Ring, note: c.Note, purl: c.Purl,
	}
}

func (c component) equals(o component) bool { return reflect.DeepEqual(c, o) }

// identity is what makes two components the same, whatever their versions: the
// technology, or the name of what the catalogue does not know; and the package.
type identity struct {
	technology int64
	name       string
	pkg        string
}

func (c component) identity() identity {
	is := c.givenAs()
	if c.technology != nil {
		is.technology, is.name = *c.technology, ""
	}
	return is
}

// givenAs is the identity of a component as far as its own text says.
func (c component) givenAs() identity {
	if c.purl != nil {
		return identity{pkg: clueOf(*c.purl).pkg}
	}
	return identity{name: text.Fold(c.name)}
}

func (c component) write(m *ent.StackComponentMutation) {
	setSome(c.technology, m.SetTechnologyID, m.ClearTechnologyID)
	m.SetName(c.name)
	setSome(given(c.version), m.SetInstalledVersion, m.ClearInstalledVersion)
	setSome(c.ring, m.SetRing, m.ClearRing)
	setSome(c.note, m.SetNote, m.ClearNote)
	setSome(c.purl, m.SetPurl, m.ClearPurl)
}

// entriesOf are components that nothing is noted about.
func entriesOf(stack []*StackComponentInput) []*StackEntryInput {
	out := make([]*StackEntryInput, len(stack))
	for i, c := range stack {
		out[i] = &StackEntryInput{Technology: c.Technology, Version: c.Version}
	}
	return out
}

// components reads and recognises the components in a field of an input.
func (w *work) components(ctx context.Context, f *faults, field string, entries []*StackEntryInput) ([]component, error) {
	if len(entries) > w.limits.StackComponents {
		f.add(at(field), enum.InputLimitReached, "a project has no more than %d components (--max-stack-components)", w.limits.StackComponents)
		return nil, nil
	}
	parts, _, err := readComponents(ctx, w.Client(), f, field, entries)
	if err != nil {
		return nil, err
	}
	isThere := map[[2]any]bool{}
	for i, c := range parts {
		if c.name == "" {
			continue
		}
		key := [2]any{c.identity(), c.version}
		if isThere[key] {
			f.add(at(field, i), enum.InputInvalid, "it is in the stack already, in the same version")
		}
		isThere[key] = true
	}
	return parts, nil
}

// readComponents reads the components in a field of an input, and says what each was recognised as.
func readComponents(ctx context.Context, client *ent.Client, f *faults, field string, entries []*StackEntryInput) ([]component, []recognized, error) {
	parts, names := make([]component, len(entries)), make([]string, len(entries))
	for i, e := range entries {
		names[i] = f.line(at(field, i, "technology"), e.Technology, mostComponentName)
		parts[i] = component{
			name: names[i], version: f.version(at(field, i, "version"), orEmpty(e.Version)),
			ring: e.Ring, note: f.prose(at(field, i, "note"), e.Note, mostNote),
		}
	}
	known, err := recognize(ctx, client, names)
	if err != nil {
		return nil, nil, fmt.Errorf("recognising a stack: %w", err)
	}
	for i, k := range known {
		c := &parts[i]
		c.purl = given(k.purl)
		if k.technology != 0 {
			c.technology = &k.technology
		}
		if c.version == "" {
			c.version = f.version(at(field, i, "technology"), k.version)
		}
	}
	return parts, known, nil
}

// version reads a version; empty where it is not known.
func (f *faults) version(where []string, value string) string {
	s, _ := f.text(where, value, version.MaxLength, "")
	if len(s) > version.MaxLength {
		f.add(where, enum.InputTooLong, "it has more than %d bytes", version.MaxLength)
	}
	return s
}
