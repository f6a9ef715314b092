package main

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of a GraphQL answer.
const (
	mediaJSON    = "application/json"
	mediaGraphQL = "application/graphql-response+json"
	mediaEvents  = "text/event-stream"
)

// preference is how much a client wants a media type: q, then how exactly it was named, then how early.
type preference struct {
	q         float64
	precision int
	position  int
}

func (p preference) better(than preference) bool {
	if p.q != than.q {
		return p.q > than.q
	}
	if p.precision != than.precision {
		return p.precision > than.precision
	}
	return p.position < than.position
}

// negotiate picks the media type of the answer. Without a wish it is application/json, which is
// also what an error is written in where nothing that is accepted can be answered.
func negotiate(accept []string) (media string, ok bool) {
	header := strings.TrimSpace(strings.Join(accept, ","))
	if header == "" {
		return mediaJSON, true
	}
	wish := wishes(header)
	media = mediaJSON
	if wish[mediaGraphQL].better(wish[mediaJSON]) {
		media = mediaGraphQL
	}
	return media, wish[media].q > 0
}

// prefersEvents is true where a stream of events is named, and nothing that can be answered is preferred.
func prefersEvents(accept []string) bool {
	wish := wishes(strings.Join(accept, ","))
	events := wish[mediaEvents]
	return events.q > 0 && !wish[mediaJSON].better(events) && !wish[mediaGraphQL].better(events)
}

// wishes says how much each media type is wanted. The most exact range decides, so that
// `*/*, application/json;q=0` excludes JSON.
func wishes(header string) map[string]preference {
	wish := map[string]preference{}
	position := 0
	for part := range strings.SplitSeq(header, ",") {
		name, q, ok := acceptRange(part)
		if !ok {
			continue
		}
		position++
		for _, m := range []string{mediaJSON, mediaGraphQL, mediaEvents} {
			precision := matches(name, m)
			if precision > wish[m].precision {
				wish[m] = preference{q, precision, position}
			}
		}
	}
	return wish
}

func acceptRange(part string) (name string, q float64, ok bool) {
	name, params, err := mime.ParseMediaType(strings.TrimSpace(part))
	if err != nil {
		return "", 0, false
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return "", 0, false
	}
	text, given := params["q"]
	if !given {
		return name, 1, true
	}
	q, err = strconv.ParseFloat(text, 64)
	return name, q, err == nil && q >= 0 && q <= 1
}

// matches says how exactly a range names a media type: 0 not at all, 3 by its name. Events have to be named.
func matches(name, media string) int {
	switch {
	case name == media:
		return 3
	case media == mediaEvents:
		return 0
	case name == "application/*":
		return 2
	case name == "*/*":
		return 1
	}
	return 0
}
