// Package sbom reads software bills of materials: CycloneDX in JSON and XML, SPDX 2.3 in JSON and as tags with
// values, and SPDX 3.0 in JSON-LD. Which of them a document is, is recognised by its content.
package sbom

import (
	"fmt"
	"slices"
)

// Component is a piece of software that a document lists.
type Component struct {
	// Name is with its group where it has one, as in `@babel/core`.
	Name    string
	Version string // empty where it is not said
	PURL    string // empty where there is none
	CPEs    []string
	// Kind is what it is, in the words of CycloneDX, such as `library` or `operating-system`; empty where it is not said.
	Kind string
	// IsExcluded is true where the document says that it is no part of what runs.
	IsExcluded bool
}

// Document is what is read of a document. What it is about is none of its components.
type Document struct {
	// Format is such as `CycloneDX 1.6 in JSON`.
	Format     string
	Components []Component
}

// Limits bound a document; where one is passed, the error names its setting.
type Limits struct {
	// Bytes is the size of the largest document.
	Bytes int64
	// Components is how many it may list.
	Components int
	// Depth is how deep its parts may lie in one another.
	Depth int
}

// partsPerComponent is how many parts (objects and values of lists, elements, lines) there may be for each
// component that a document may have: a bound on the memory that reading takes.
const partsPerComponent = 40

func (l Limits) parts() int { return l.Components * partsPerComponent }

// Error is why a document is not read; its message is for whoever sent it.
type Error struct {
	Message string
	// IsLimit is true where the document is refused for its size alone.
	IsLimit bool
}

func (e *Error) Error() string { return e.Message }

func broken(format string, args ...any) *Error { return &Error{Message: fmt.Sprintf(format, args...)} }

func beyond(format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), IsLimit: true}
}

func (l Limits) tooManyComponents() *Error {
	return beyond("it lists more than %d components (--max-sbom-components)", l.Components)
}

func (l Limits) tooManyParts() *Error {
	return beyond("it has more than %d parts, %d for each of %d components (--max-sbom-components)", l.parts(), partsPerComponent, l.Components)
}

func (l Limits) tooDeep() *Error {
	return beyond("its parts lie in one another more than %d deep (--max-sbom-depth)", l.Depth)
}

// Read reads a document, which may list nothing. Its error is an *Error.
func Read(data []byte, limits Limits) (doc *Document, err error) {
	if int64(len(data)) > limits.Bytes {
		return nil, beyond("it is larger than %d bytes (--max-sbom-bytes)", limits.Bytes)
	}
	text, err := textOf(data)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil { // the formats' libraries trust what they read
			doc, err = nil, broken("it is broken: %v", p)
		}
	}()
	list := &list{limits: limits}
	format, err := readAs(text, list)
	if err != nil {
		return nil, err
	}
	return &Document{Format: format, Components: list.components}, nil
}

// list gathers components.
type list struct {
	limits     Limits
	components []Component
}

func (l *list) add(c Component) error {
	if len(l.components) == l.limits.Components {
		return l.limits.tooManyComponents()
	}
	slices.Sort(c.CPEs)
	c.CPEs = slices.Compact(c.CPEs)
	l.components = append(l.components, c)
	return nil
}
