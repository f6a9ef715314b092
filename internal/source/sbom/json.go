package sbom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readJSON reads a document in JSON: what format it has stands in its head.
func readJSON(text []byte, to *list) (string, error) {
	if err := scanJSON(text, to.limits); err != nil {
		return "", err
	}
	var head struct {
		BOMFormat   string          `json:"bomFormat"`
		SpecVersion string          `json:"specVersion"`
		SPDXVersion string          `json:"spdxVersion"`
		Context     json.RawMessage `json:"@context"`
	}
	fields := sections{
		"bomFormat": whole(&head.BOMFormat), "specVersion": whole(&head.SpecVersion),
		"spdxVersion": whole(&head.SPDXVersion), "@context": whole(&head.Context),
	}
	if err := fields.read(text); err != nil {
		return "", err
	}
	switch {
	case head.BOMFormat == "CycloneDX":
		return readCycloneDXInJSON(text, head.SpecVersion, to)
	case head.SPDXVersion != "":
		return readSPDX2(text, head.SPDXVersion, to)
	case len(head.Context) > 0:
		return readSPDX3(text, head.Context, to)
	}
	return "", broken("it is JSON, but neither CycloneDX (there is no bomFormat) nor SPDX (there is neither spdxVersion nor @context)")
}

// scanJSON holds the shape of a text against the limits before anything is made of it: objects, lists, and the
// values of lists are its parts. Whether it is well-formed is for the parser to say.
func scanJSON(text []byte, limits Limits) error {
	var within []byte // the objects and lists that are open
	parts := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			within = append(within, c)
			parts++
		case '}', ']':
			within = within[:max(len(within)-1, 0)]
		case ',':
			if len(within) > 0 && within[len(within)-1] == '[' {
				parts++
			}
		}
		if len(within) > limits.Depth {
			return limits.tooDeep()
		}
		if parts > limits.parts() {
			return limits.tooManyParts()
		}
	}
	return nil
}

// section reads the value of a field that is read whole, or an element of one that is a list.
type section struct {
	isList bool
	read   func(value []byte) error
}

// sections are the fields of a document's object that are read, each as it is met; others are passed over.
type sections map[string]section

// mostFields is how many fields the object of a document has: the formats have some twenty.
const mostFields = 100

func whole(into any) section {
	return section{read: func(value []byte) error { return json.Unmarshal(value, into) }}
}

func each(read func(element []byte) error) section { return section{isList: true, read: read} }

// read goes through the document once and holds no more of it than one value.
func (s sections) read(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return brokenJSON(text, d, err)
	}
	for n := 0; d.More(); n++ {
		if n == mostFields {
			return beyond("it has more than %d fields", mostFields)
		}
		key, err := d.Token()
		if err != nil {
			return brokenJSON(text, d, err)
		}
		name, _ := key.(string) // keys are
		field, isKnown := s[name]
		if !isKnown || !field.isList {
			if err := one(text, d, name, field.read); err != nil {
				return err
			}
			continue
		}
		if err := field.elements(text, d, name); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return brokenJSON(text, d, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return broken("it is broken at %s: something follows the document", place(text, d.InputOffset()))
	}
	return nil
}

func (s section) elements(text []byte, d *json.Decoder, name string) error {
	open, err := d.Token()
	if err != nil {
		return brokenJSON(text, d, err)
	}
	if open == nil {
		return nil
	}
	if open != json.Delim('[') {
		return broken("it is broken at %s: %s is no list", place(text, d.InputOffset()), name)
	}
	for i := 0; d.More(); i++ {
		if err := one(text, d, fmt.Sprintf("%s[%d]", name, i), s.read); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return brokenJSON(text, d, err)
	}
	return nil
}

// one takes the next value, and reads it where there is something to read it with.
func one(text []byte, d *json.Decoder, name string, read func([]byte) error) error {
	var value json.RawMessage
	if err := d.Decode(&value); err != nil {
		return brokenJSON(text, d, err)
	}
	if read == nil {
		return nil
	}
	err := read(value)
	if _, isOurs := errors.AsType[*Error](err); isOurs || err == nil {
		return err
	}
	return broken("it is broken at %s, %s: %s", place(text, d.InputOffset()-int64(len(value))), name, reason(err))
}

// brokenJSON is the error of a text that is no JSON; where it is none, reading it as a whole says best.
func brokenJSON(text []byte, d *json.Decoder, err error) *Error {
	offset := d.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(text, &json.RawMessage{})); ok {
		offset, err = syntax.Offset-1, syntax
	}
	if strings.HasPrefix(err.Error(), "unexpected end") {
		return broken("it is broken at %s: it ends before its end", place(text, int64(len(text))))
	}
	return broken("it is broken at %s: %s", place(text, offset), reason(err))
}

// reason is an error of a parser without what concerns programmers alone.
func reason(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field == "" {
			return "it is a " + wrong.Value
		}
		return fmt.Sprintf("%s is a %s", strings.TrimPrefix(wrong.Field, "Component."), wrong.Value) // which is embedded
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}
