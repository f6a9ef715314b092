package sbom

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// packed are the first bytes of files that hold others.
var packed = []struct{ first, name string }{
	{"\x1f\x8b", "gzip"},
	{"PK\x03\x04", "zip"},
	{"PK\x05\x06", "zip"},
	{"\x28\xb5\x2f\xfd", "zstd"},
	{"\xfd7zXZ\x00", "xz"},
	{"BZh", "bzip2"},
	{"7z\xbc\xaf\x27\x1c", "7z"},
}

// textOf gives the text of a document without the mark of its encoding.
func textOf(data []byte) ([]byte, error) {
	for _, p := range packed {
		if bytes.HasPrefix(data, []byte(p.first)) {
			return nil, broken("it is compressed (%s): send what is in it", p.name)
		}
	}
	text := bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, broken("it is empty")
	}
	if !utf8.Valid(text) {
		return nil, broken("it is no text in UTF-8")
	}
	return text, nil
}

// Is says whether a text is to be read as a bill of materials, broken or not, and not as anything else in JSON or YAML.
func Is(data []byte) bool {
	text, err := textOf(data)
	if err != nil {
		return true // and cannot be read
	}
	switch first := bytes.TrimSpace(text); first[0] {
	case '<':
		return true
	case '{':
		return slices.ContainsFunc([]string{`"bomFormat"`, `"spdxVersion"`, `"@context"`}, func(mark string) bool { return bytes.Contains(first, []byte(mark)) })
	}
	return isTagValue(text)
}

// readAs recognises the format by the first character, and reads the document.
func readAs(text []byte, to *list) (format string, err error) {
	switch first := bytes.TrimSpace(text); first[0] {
	case '{':
		return readJSON(text, to)
	case '<':
		return readCycloneDXInXML(text, to)
	}
	if isTagValue(text) {
		return readTagValue(text, to)
	}
	return "", broken("it is neither CycloneDX (JSON, XML) nor SPDX (JSON, tags with values)")
}

// place is a line and a column of a text, in words, both from 1.
func place(text []byte, offset int64) string {
	before := text[:min(max(offset, 0), int64(len(text)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return placeAt(line, column)
}
