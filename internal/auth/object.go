package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// object is a JSON object whose values are not read yet.
type object map[string]json.RawMessage

var errNotObject = errors.New("not a JSON object with distinct names")

// readObject refuses what two readers could read differently: a name that comes twice, bytes that are not
// UTF-8, and anything after the object.
func readObject(b []byte) (object, error) {
	if !utf8.Valid(b) {
		return nil, errNotObject
	}
	decoder := json.NewDecoder(bytes.NewReader(b))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, errNotObject
	}
	o := object{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, errNotObject
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, errNotObject
		}
		if _, isThere := o[name.(string)]; isThere {
			return nil, errNotObject
		}
		o[name.(string)] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errNotObject
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotObject
	}
	return o, nil
}

// at gives the value at a path, or nil; nothing is at the empty path. A name with dots goes before names joined by dots.
func (o object) at(path string) json.RawMessage {
	if path == "" {
		return nil
	}
	if value, ok := o[path]; ok {
		return value
	}
	for n := range path {
		if path[n] != '.' {
			continue
		}
		inner, err := readObject(o[path[:n]])
		if err != nil {
			continue
		}
		if value := inner.at(path[n+1:]); value != nil {
			return value
		}
	}
	return nil
}

// text gives the string at a path; anything else is as if it were not there.
func (o object) text(path string) (string, bool) { return text(o.at(path)) }

func text(value json.RawMessage) (string, bool) {
	if len(value) == 0 || value[0] != '"' {
		return "", false
	}
	var s string
	if err := json.Unmarshal(value, &s); err != nil {
		return "", false
	}
	return s, true
}

// texts gives the strings of the list at a path, or the one that is there alone; elements that are not strings are skipped.
func (o object) texts(path string) []string {
	value := o.at(path)
	if s, ok := text(value); ok {
		return []string{s}
	}
	var list []json.RawMessage
	if err := json.Unmarshal(value, &list); err != nil {
		return nil
	}
	var found []string
	for _, element := range list {
		if s, ok := text(element); ok {
			found = append(found, s)
		}
	}
	return found
}

// names gives the names of the object at a path, in no order.
func (o object) names(path string) []string {
	inner, err := readObject(o.at(path))
	if err != nil {
		return nil
	}
	var found []string
	for name := range inner {
		found = append(found, name)
	}
	return found
}

// isPlain says whether s is text as it was written: without control characters, and without the mark that
// the decoder puts in the place of what is no character.
func isPlain(s string) bool { return isText(s) && !strings.ContainsRune(s, utf8.RuneError) }
