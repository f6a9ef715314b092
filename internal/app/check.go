package app

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"stackyard/internal/enum"
)

// faults collects all that is wrong with an input, so that it can be mended at once.
type faults struct{ found UserErrors }

// at is the path to a part of the input: names of fields, and indices of lists.
func at(steps ...any) []string {
	path := []string{"input"}
	for _, s := range steps {
		path = append(path, fmt.Sprint(s))
	}
	return path
}

func (f *faults) add(where []string, code enum.UserErrorCode, format string, args ...any) {
	f.found = append(f.found, &UserError{Code: code, Field: where, Message: fmt.Sprintf(format, args...)})
}

// err is nil where nothing is wrong.
func (f *faults) err() error {
	if len(f.found) == 0 {
		return nil
	}
	return f.found
}

// revision holds the revision that the viewer has seen against the one that is.
func (f *faults) revision(expected *int, is int) {
	if expected != nil && *expected != is {
		f.add(at("expectedRevision"), enum.InputConflict, "it has changed since: its revision is %d", is)
	}
}

// line reads a text of one line that must be there, without the blanks around
// it; empty where it is none.
func (f *faults) line(where []string, value string, most int) string {
	s, isGood := f.text(where, value, most, "")
	if isGood && s == "" {
		f.add(where, enum.InputRequired, "it is missing or blank")
	}
	return s
}

// optionalLine reads a text of one line; a blank one is none.
func (f *faults) optionalLine(where []string, value *string, most int) *string {
	s, _ := f.text(where, orEmpty(value), most, "")
	return given(s)
}

// prose reads a text that may have lines; a blank one is none.
func (f *faults) prose(where []string, value *string, most int) *string {
	s, _ := f.text(where, strings.ReplaceAll(orEmpty(value), "\r\n", "\n"), most, "\n\t")
	return given(s)
}

// text reads a text without the blanks around it, which has no control
// characters but the ones that are allowed; empty where it is blank or not good.
func (f *faults) text(where []string, value string, most int, allowed string) (s string, isGood bool) {
	s = strings.TrimSpace(value)
	switch {
	case !strings.ContainsFunc(s, isVisible):
		return "", true
	case !isText(s, allowed):
		f.add(where, enum.InputInvalid, "it has characters that are no text")
	case utf8.RuneCountInString(s) > most:
		f.add(where, enum.InputTooLong, "it has more than %d characters", most)
	default:
		return s, true
	}
	return "", false
}

// isText says whether s can be kept and shown: UTF-8, without control characters but those.
func isText(s, allowed string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool {
		return unicode.IsControl(c) && !strings.ContainsRune(allowed, c)
	})
}

// isVisible says whether a character shows, or is broken.
func isVisible(c rune) bool {
	return unicode.IsControl(c) || unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S)
}

var wellFormed = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// leastSlug is how many characters a slug has at least.
const leastSlug = 2

// slug reads the name that addresses know something by; empty where it is none.
func (f *faults) slug(where []string, value string, most int) string {
	s := strings.TrimSpace(value)
	switch {
	case s == "":
		f.add(where, enum.InputRequired, "it is missing or blank")
	case len(s) < leastSlug || !wellFormed.MatchString(s):
		f.add(where, enum.InputInvalid, "a slug is %d to %d small letters and digits, with single hyphens between them", leastSlug, most)
	case len(s) > most:
		f.add(where, enum.InputTooLong, "it has more than %d characters", most)
	default:
		return s
	}
	return ""
}

// mostURL is how many characters an address has at most.
const mostURL = 2000

// url reads an absolute address of the web; a blank one is none.
func (f *faults) url(where []string, value *string) *string {
	s := f.optionalLine(where, value, mostURL)
	if s == nil {
		return nil
	}
	u, err := url.Parse(*s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsFunc(*s, unicode.IsSpace) {
		f.add(where, enum.InputInvalid, "an address is absolute and begins with http:// or https://")
		return nil
	}
	return s
}
