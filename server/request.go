package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

var errTrailing = errors.New("something follows the JSON value")

// payload is the body of a POST, and the payload of a subscribe message; unlike gqlgen's own, it cannot carry HTTP headers.
type payload struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

// read takes the parameters from the query string of a GET or the body of a POST.
func (t Transport) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	start := graphql.Now()
	in, err := t.payload(w, r)
	if err != nil {
		return nil, err
	}
	if in.isEmpty() {
		return nil, refused(http.StatusBadRequest, codeBadRequest, "the query is missing")
	}
	return in.params(r.Header, start), nil
}

func (p payload) isEmpty() bool { return p.Query == "" && p.Extensions["persistedQuery"] == nil }

// params is what gqlgen works with; start is when the reading began.
func (p payload) params(header http.Header, start time.Time) *graphql.RawParams {
	return &graphql.RawParams{
		Query:         p.Query,
		OperationName: p.OperationName,
		Variables:     p.Variables,
		Extensions:    p.Extensions,
		Headers:       header,
		ReadTime:      graphql.TraceTiming{Start: start, End: graphql.Now()},
	}
}

func (t Transport) payload(w http.ResponseWriter, r *http.Request) (payload, *refusal) {
	if r.Method == http.MethodGet {
		return readQueryString(r)
	}
	return t.readBody(w, r)
}

func readQueryString(r *http.Request) (payload, *refusal) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return payload{}, refused(http.StatusBadRequest, codeBadRequest, "the query string is not well-formed")
	}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if len(values[name]) > 1 {
			return payload{}, refused(http.StatusBadRequest, codeBadRequest, "%s is given more than once", name)
		}
	}
	p := payload{Query: values.Get("query"), OperationName: values.Get("operationName")}
	if err := decodeParameter(values.Get("variables"), &p.Variables); err != nil {
		return p, refused(http.StatusBadRequest, codeBadRequest, "variables is not a JSON object")
	}
	if err := decodeParameter(values.Get("extensions"), &p.Extensions); err != nil {
		return p, refused(http.StatusBadRequest, codeBadRequest, "extensions is not a JSON object")
	}
	return p, nil
}

func (t Transport) readBody(w http.ResponseWriter, r *http.Request) (payload, *refusal) {
	if !isJSON(r.Header) {
		return payload{}, refused(http.StatusUnsupportedMediaType, codeUnsupportedMedia,
			"the body must be %s in UTF-8, not compressed", mediaJSON)
	}
	if r.ContentLength > t.MaxBody {
		return payload{}, t.tooLarge()
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, t.MaxBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return payload{}, t.tooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return payload{}, late().closing()
	}
	if err != nil {
		return payload{}, refused(http.StatusBadRequest, codeBadRequest, "the body could not be read").closing()
	}
	var p payload
	if err := decode(body, &p); err != nil {
		return payload{}, refused(http.StatusBadRequest, codeBadRequest,
			"the body is not a GraphQL request in JSON: one object with query, operationName, variables and extensions")
	}
	return p, nil
}

func (t Transport) tooLarge() *refusal {
	return refused(http.StatusRequestEntityTooLarge, codePayloadTooLarge,
		"the body is larger than %d bytes (setting max-body-bytes)", t.MaxBody).closing()
}

func late() *refusal {
	return refused(http.StatusRequestTimeout, codeRequestTimeout, "the body did not arrive in time (setting read-timeout)")
}

// isJSON is strict about the media type: what a form can send from another site is refused.
func isJSON(h http.Header) bool {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || media != mediaJSON {
		return false
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	return isPlain(h)
}

// isPlain says whether the body is not compressed.
func isPlain(h http.Header) bool {
	coding := h.Get("Content-Encoding")
	return coding == "" || strings.EqualFold(coding, "identity")
}

func decodeParameter(s string, into *map[string]any) error {
	if s == "" {
		return nil
	}
	return decode([]byte(s), into)
}

// decode reads exactly one JSON value, and keeps numbers as they are written.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}
