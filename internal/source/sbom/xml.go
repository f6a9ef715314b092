package sbom

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

const namespaceOfCycloneDX = "http://cyclonedx.org/schema/bom/"

func readCycloneDXInXML(text []byte, to *list) (string, error) {
	tokens := &boundTokens{from: xml.NewDecoder(bytes.NewReader(text)), limits: to.limits}
	d := xml.NewTokenDecoder(tokens)
	root, err := nextElement(d)
	if err != nil {
		return "", tokens.broken(err)
	}
	version, isCycloneDX := strings.CutPrefix(root.Name.Space, namespaceOfCycloneDX)
	if !isCycloneDX || root.Name.Local != "bom" {
		return "", broken("it is XML, but not CycloneDX: its root is no bom of a namespace that begins with %s", namespaceOfCycloneDX)
	}
	if err := checkCycloneDX(version); err != nil {
		return "", err
	}
	if err := readBOM(d, to); err != nil {
		return "", tokens.broken(err)
	}
	return "CycloneDX " + version + " in XML", nil
}

// readBOM reads from behind the root's start to the end of the document.
func readBOM(d *xml.Decoder, to *list) error {
	for {
		e, err := nextElement(d)
		if errors.Is(err, errEnd) {
			return endOf(d)
		}
		if err != nil {
			return err
		}
		if e.Name.Local != "components" {
			if err := d.Skip(); err != nil {
				return err
			}
			continue
		}
		if err := readComponents(d, to); err != nil {
			return err
		}
	}
}

func readComponents(d *xml.Decoder, to *list) error {
	for {
		e, err := nextElement(d)
		if errors.Is(err, errEnd) {
			return nil
		}
		if err != nil {
			return err
		}
		var c cdx.Component
		if err := d.DecodeElement(&c, &e); err != nil {
			return err
		}
		if err := to.addCycloneDX(c); err != nil {
			return err
		}
	}
}

// errEnd says that the element that is being read ends.
var errEnd = errors.New("the element ends")

func nextElement(d *xml.Decoder) (xml.StartElement, error) {
	for {
		token, err := d.Token()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return t, nil
		case xml.EndElement:
			return xml.StartElement{}, errEnd
		}
	}
}

func endOf(d *xml.Decoder) error {
	_, err := nextElement(d)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		return errors.New("something follows the document")
	}
	return err
}

// boundTokens gives the tokens of a text within the limits, and refuses what can bring in anything from outside
// of it: a document type, with the entities that it declares.
type boundTokens struct {
	from   *xml.Decoder
	limits Limits
	depth  int
	parts  int
	// components counts all that are called so, also those that a component was made from: each takes far more
	// room than it has bytes.
	components int
}

var _ xml.TokenReader = (*boundTokens)(nil)

// Token gives the next token.
func (b *boundTokens) Token() (xml.Token, error) {
	token, err := b.from.RawToken()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case xml.Directive:
		return nil, broken("it has a document type (<!DOCTYPE ...>) at %s, which is refused: entities could stand for other files, or for more than there is room for", b.place())
	case xml.StartElement:
		b.depth++
		b.parts += 1 + len(t.Attr)
		if t.Name.Local == "component" {
			b.components++
		}
	case xml.EndElement:
		b.depth--
	}
	if b.depth > b.limits.Depth {
		return nil, b.limits.tooDeep()
	}
	if b.parts > b.limits.parts() {
		return nil, b.limits.tooManyParts()
	}
	if b.components > b.limits.Components+1 { // one more: that which it is about
		return nil, b.limits.tooManyComponents()
	}
	return token, nil
}

func (b *boundTokens) place() string { return placeAt(b.from.InputPos()) }

func placeAt(line, column int) string { return fmt.Sprintf("line %d, column %d", line, column) }

// broken is the error of the text, with the place.
func (b *boundTokens) broken(err error) error {
	if _, isOurs := errors.AsType[*Error](err); isOurs {
		return err
	}
	message := err.Error()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		message = syntax.Msg
	}
	if errors.Is(err, io.EOF) || message == io.ErrUnexpectedEOF.Error() {
		message = "it ends before its end"
	}
	return broken("it is broken at %s: %s", b.place(), message)
}
