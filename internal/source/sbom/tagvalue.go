package sbom

import (
	"bytes"

	spdx2 "github.com/spdx/tools-golang/spdx/v2/v2_3/tagvalue/reader"
	"github.com/spdx/tools-golang/tagvalue/reader"
)

const (
	versionTag  = "SPDXVersion"
	longestLine = 64 << 10 // the library's
)

// isTagValue says whether the first line that is no comment has the tag that a document begins with.
func isTagValue(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		tag, _, isTag := bytes.Cut(line, []byte(":"))
		return isTag && string(bytes.TrimSpace(tag)) == versionTag
	}
	return false
}

func readTagValue(text []byte, to *list) (string, error) {
	lines, err := withoutTexts(text, to.limits)
	if err != nil {
		return "", err
	}
	pairs, err := reader.ReadTagValues(bytes.NewReader(lines))
	if err != nil {
		return "", broken("it is broken: %v", err)
	}
	for _, p := range pairs {
		if p.Tag == versionTag {
			if err := checkSPDX2(p.Value); err != nil {
				return "", err
			}
		}
	}
	doc, err := spdx2.ParseTagValues(pairs)
	if err != nil {
		return "", broken("it is broken: %v", err)
	}
	found := packages{to: to}
	for _, p := range doc.Packages {
		if err := found.addSPDX2(p); err != nil {
			return "", err
		}
	}
	for _, r := range doc.Relationships {
		found.relate(r)
	}
	return "SPDX 2.3 as tags with values", found.finish()
}

// withoutTexts empties the values that have several lines, such as texts of licences: nothing is read in them, and
// the library takes a time that grows with the square of their lines. It holds the lines against the limits.
func withoutTexts(text []byte, limits Limits) ([]byte, error) {
	const open, shut = "<text>", "</text>"
	out, number, begun := make([]byte, 0, len(text)), 0, 0
	for line := range bytes.Lines(text) {
		number++
		line = bytes.TrimRight(line, "\r\n")
		if number > limits.parts() {
			return nil, limits.tooManyParts()
		}
		if begun > 0 {
			if _, _, isShut := bytes.Cut(line, []byte(shut)); isShut {
				begun = 0
			}
			continue
		}
		bare := bytes.TrimSpace(line)
		if len(bare) == 0 || bare[0] == '#' {
			continue
		}
		if len(line) >= longestLine {
			return nil, beyond("line %d has more than %d bytes", number, longestLine)
		}
		if !bytes.Contains(bare, []byte(":")) {
			return nil, broken("it is broken at line %d: there is no colon behind a tag", number)
		}
		tag, rest, isOpen := bytes.Cut(line, []byte(open))
		if isOpen && !bytes.Contains(rest, []byte(shut)) {
			begun = number
			line = append(append([]byte{}, tag...), open+shut...)
		}
		out = append(append(out, line...), '\n')
	}
	if begun > 0 {
		return nil, broken("it is broken at line %d: the text that begins there has no end", begun)
	}
	return out, nil
}
