package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

const testMaxFile = 500

func uploadsOf(s *standIn) http.Handler { return uploadsWithin(s, make(chan struct{}, 1)) }

func uploadsWithin(s *standIn, slots chan struct{}) http.Handler {
	h := s.handler()
	plain := Transport{MaxBody: testMaxBody, Timeout: time.Minute}
	h.AddTransport(uploadTransport{Transport: plain, maxFile: testMaxFile, slots: slots})
	h.AddTransport(plain)
	return h
}

// formOf writes a form of parts: name and content, in turn.
func formOf(t *testing.T, parts ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		var part io.Writer
		var err error
		if parts[i] == "operations" || parts[i] == "map" {
			part, err = w.CreateFormField(parts[i])
		} else {
			part, err = w.CreateFormFile(parts[i], "a.json")
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// upload is a form by a viewer; header is as for post.
func upload(t *testing.T, parts []string, header ...string) *http.Request {
	t.Helper()
	body, contentType := formOf(t, parts...)
	r := post(body, append([]string{"Content-Type", contentType, "GraphQL-Require-Preflight", "1"}, header...)...)
	return r.WithContext(auth.WithViewer(r.Context(), &auth.Viewer{Subject: "eve"}))
}

const (
	changeFile = `{"query":"mutation($f: Upload) { change(file: $f) }","variables":{"f":null}}`
	oneFile    = `{"0":["variables.f"]}`
)

func TestFilesComeWhereTheMapSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		operations, places string
		files              []string
		want               string
	}{
		"a variable":        {changeFile, oneFile, []string{"0", "one"}, `{"f":"one"}`},
		"nothing in it":     {changeFile, oneFile, []string{"0", ""}, `{"f":""}`},
		"within an input":   {`{"query":"mutation($i: ChangeInput) { change(input: $i) }","variables":{"i":{"text":"x","file":null}}}`, `{"0":["variables.i.file"]}`, []string{"0", "one"}, `{"i":{"file":"one","text":"x"}}`},
		"within a list":     {`{"query":"mutation($l: [Upload!]) { change(files: $l) }","variables":{"l":[null,null]}}`, `{"a":["variables.l.1"],"b":["variables.l.0"]}`, []string{"a", "one", "b", "two"}, `{"l":["two","one"]}`},
		"one at two places": {`{"query":"mutation($f: Upload, $g: Upload) { a: change(file: $f) b: change(file: $g) }","variables":{"f":null,"g":null}}`, `{"0":["variables.f","variables.g"]}`, []string{"0", "one"}, `{"f":"one","g":"one"}`},
		"as many as may be": {changeFile, oneFile, []string{"0", strings.Repeat("x", testMaxFile)}, `{"f":"` + strings.Repeat("x", testMaxFile) + `"}`},
	} {
		s := newStandIn()
		resp := ask(uploadsOf(s), upload(t, append([]string{"operations", c.operations, "map", c.places}, c.files...)))
		if text := textOf(t, resp); resp.StatusCode != 200 || strings.Contains(text, "errors") {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
			continue
		}
		got, err := json.Marshal(shown(s.variables))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
}

// shown gives variables with the contents of files in their places.
func shown(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			out[name] = shown(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = shown(value)
		}
		return out
	case app.Upload:
		return string(v.Bytes())
	}
	return v
}

func TestFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	const form = "the body is not a GraphQL request in multipart/form-data"
	full := []string{"operations", changeFile, "map", oneFile, "0", "one"}
	for name, c := range map[string]struct {
		parts  []string
		header []string
		status int
		code   string
		says   string
	}{
		"what a page can send":    {full, []string{"GraphQL-Require-Preflight", ""}, 403, string(fault.Forbidden), "GraphQL-Require-Preflight"},
		"a compressed body":       {full, []string{"Content-Encoding", "gzip"}, 415, codeUnsupportedMedia, "compressed"},
		"no media that is spoken": {full, []string{"Accept", "text/html"}, 406, codeNotAcceptable, "accepted"},
		"no boundary":             {full, []string{"Content-Type", "multipart/form-data"}, 400, codeBadRequest, "boundary"},
		"another boundary":        {full, []string{"Content-Type", "multipart/form-data; boundary=x"}, 400, codeBadRequest, form},
		"nothing":                 {nil, nil, 400, codeBadRequest, form},
		"the file first":          {[]string{"0", "one", "operations", changeFile, "map", oneFile}, nil, 400, codeBadRequest, "operations is not where"},
		"no map":                  {[]string{"operations", changeFile, "0", "one"}, nil, 400, codeBadRequest, "map is not where"},
		"operations alone":        {[]string{"operations", changeFile}, nil, 400, codeBadRequest, "map is not where"},
		"a batch":                 {[]string{"operations", "[" + changeFile + "]", "map", `{"0":["0.variables.f"]}`, "0", "one"}, nil, 400, codeBadRequest, "batches"},
		"no JSON":                 {[]string{"operations", "{", "map", oneFile, "0", "one"}, nil, 400, codeBadRequest, "operations is not one JSON"},
		"no query":                {[]string{"operations", "{}", "map", oneFile, "0", "one"}, nil, 400, codeBadRequest, "the query is missing"},
		"a map of something":      {[]string{"operations", changeFile, "map", `{"0":"variables.f"}`, "0", "one"}, nil, 400, codeBadRequest, "map is not a JSON object"},
		"a map of nothing":        {[]string{"operations", changeFile, "map", `{}`, "0", "one"}, nil, 400, codeBadRequest, "map has 0 files"},
		"a map without a path":    {[]string{"operations", changeFile, "map", `{"0":[]}`, "0", "one"}, nil, 400, codeBadRequest, "no path for the file"},
		"a path into the query":   {[]string{"operations", changeFile, "map", `{"0":["query"]}`, "0", "one"}, nil, 400, codeBadRequest, `path "query"`},
		"a path to all variables": {[]string{"operations", changeFile, "map", `{"0":["variables"]}`, "0", "one"}, nil, 400, codeBadRequest, `path "variables"`},
		"a path to nowhere":       {[]string{"operations", changeFile, "map", `{"0":["variables.f.g"]}`, "0", "one"}, nil, 400, codeBadRequest, "leads to no null"},
		"a path to a value":       {[]string{"operations", `{"query":"mutation($f: Upload) { change(file: $f) }","variables":{"f":"x"}}`, "map", oneFile, "0", "one"}, nil, 400, codeBadRequest, "leads to no null"},
		"a path out of a list":    {[]string{"operations", `{"query":"mutation($l: [Upload!]) { change(files: $l) }","variables":{"l":[null]}}`, "map", `{"0":["variables.l.1"]}`, "0", "one"}, nil, 400, codeBadRequest, "leads to no null"},
		"one place twice":         {[]string{"operations", changeFile, "map", `{"0":["variables.f","variables.f"]}`, "0", "one"}, nil, 400, codeBadRequest, "leads to no null"},
		"an unknown file":         {append(full, "1", "two"), nil, 400, codeBadRequest, `map does not have the part "1"`},
		"a file twice":            {append(full, "0", "two"), nil, 400, codeBadRequest, "or it comes twice"},
		"no file":                 {full[:4], nil, 400, codeBadRequest, `the file "0" is missing`},
		"a query":                 {[]string{"operations", `{"query":"query($f: String) { plain(text: $f) }","variables":{"f":null}}`, "map", oneFile, "0", "one"}, nil, 200, "", "cannot use struct as String"},
		"a query without it":      {[]string{"operations", `{"query":"{ plain }","variables":{"f":null}}`, "map", oneFile, "0", "one"}, nil, 400, codeBadRequest, "mutations alone"},
		"a mutation without it":   {[]string{"operations", `{"query":"mutation { change }","variables":{"f":null}}`, "map", oneFile, "0", "one"}, nil, 400, codeBadRequest, `no variable "f"`},
		"in place of a text":      {[]string{"operations", `{"query":"mutation($f: String) { change(text: $f) }","variables":{"f":null}}`, "map", oneFile, "0", "one"}, nil, 200, "", "cannot use struct as String"},
		"long operations":         {[]string{"operations", strings.Repeat(" ", testMaxBody+1), "map", oneFile, "0", "one"}, nil, 413, codePayloadTooLarge, "max-body-bytes"},
		"a large file":            {[]string{"operations", changeFile, "map", oneFile, "0", strings.Repeat("x", testMaxFile+1)}, nil, 413, codePayloadTooLarge, "larger than 500 bytes (setting max-sbom-bytes)"},
		"a very large file":       {[]string{"operations", changeFile, "map", oneFile, "0", strings.Repeat("x", testMaxFile+testMaxBody)}, nil, 413, codePayloadTooLarge, "max-sbom-bytes"},
	} {
		s := newStandIn()
		resp := ask(uploadsOf(s), upload(t, c.parts, c.header...))
		text := textOf(t, resp)
		if resp.StatusCode != c.status || !strings.Contains(text, c.says) && !strings.Contains(text, strings.ReplaceAll(c.says, `"`, `\"`)) || !strings.Contains(text, c.code) || s.executed {
			t.Errorf("%s: %d %s (executed: %t)", name, resp.StatusCode, text, s.executed)
		}
		if c.status != 200 && resp.Header.Get("Connection") != "close" {
			t.Errorf("%s: what is left of the body would be taken for the next request", name)
		}
	}
}

func TestABodyOfUnknownLengthIsBoundedAsWell(t *testing.T) {
	t.Parallel()
	s := newStandIn()
	r := upload(t, []string{"operations", changeFile, "map", oneFile, "0", strings.Repeat("x", testMaxFile+testMaxBody)})
	r.ContentLength = -1
	if resp := ask(uploadsOf(s), r); resp.StatusCode != 413 || s.executed {
		t.Errorf("%d", resp.StatusCode)
	}
}

func TestABodyThatBreaksOffChangesNothing(t *testing.T) {
	t.Parallel()
	body, contentType := formOf(t, "operations", changeFile, "map", oneFile, "0", "one")
	for i := range len(body) - 1 {
		s := newStandIn()
		r := httptest.NewRequest(http.MethodPost, "/graphql", io.MultiReader(strings.NewReader(body[:i]), iotest.ErrReader(io.ErrUnexpectedEOF)))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Apollo-Require-Preflight", "1")
		r = r.WithContext(auth.WithViewer(r.Context(), &auth.Viewer{Subject: "eve"}))
		if resp := ask(uploadsOf(s), r); resp.StatusCode != 400 || s.executed {
			t.Fatalf("after %d bytes: %d %s", i, resp.StatusCode, textOf(t, resp))
		}
	}
}

// TestTheFileOfNobodyIsNotRead gives a body that fails where the file begins.
func TestTheFileOfNobodyIsNotRead(t *testing.T) {
	t.Parallel()
	s := newStandIn()
	body, contentType := formOf(t, "operations", changeFile, "map", oneFile, "0", "the content")
	before, _, _ := strings.Cut(body, "the content")
	r := httptest.NewRequest(http.MethodPost, "/graphql", io.MultiReader(strings.NewReader(before), iotest.ErrReader(fmt.Errorf("read"))))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("GraphQL-Require-Preflight", "1")
	resp := ask(uploadsOf(s), r)
	if got := fmt.Sprint(shown(s.variables)); resp.StatusCode != 200 || !s.executed || got != "map[f:]" || resp.Header.Get("Connection") != "close" {
		t.Errorf("%d %s", resp.StatusCode, got)
	}
}

func TestMoreUploadsThanThereIsRoomForAreToldToWait(t *testing.T) {
	t.Parallel()
	s := newStandIn()
	slots := make(chan struct{}, 1)
	h := uploadsWithin(s, slots)
	body, contentType := formOf(t, "operations", changeFile, "map", oneFile, "0", "one")
	request := func(from io.Reader) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/graphql", from)
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("GraphQL-Require-Preflight", "1")
		return r.WithContext(auth.WithViewer(r.Context(), &auth.Viewer{Subject: "eve"}))
	}
	// The first is held up within its file.
	head, tail, _ := strings.Cut(body, "one")
	from, to := io.Pipe()
	first := make(chan *http.Response)
	go func() { first <- ask(h, request(from)) }()
	if _, err := io.WriteString(to, head+"o"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); len(slots) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the first takes no room")
		}
	}
	second := ask(h, request(strings.NewReader(body)))
	if text := textOf(t, second); second.StatusCode != 503 || !strings.Contains(text, "max-uploads") || second.Header.Get("Retry-After") == "" {
		t.Errorf("the second: %d %s", second.StatusCode, text)
	}
	if _, err := io.WriteString(to, "ne"+tail); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if resp := <-first; resp.StatusCode != 200 {
		t.Errorf("the first: %d %s", resp.StatusCode, textOf(t, resp))
	}
	if resp := ask(h, request(strings.NewReader(body))); resp.StatusCode != 200 {
		t.Errorf("one after the first: %d %s", resp.StatusCode, textOf(t, resp))
	}
}
