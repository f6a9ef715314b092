package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// listener reads an event stream, line by line.
type listener struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Scanner
}

func (s *streaming) request(t *testing.T, query string, header ...string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	body := strings.NewReader(`{"query":"` + query + `"}`)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+"/graphql", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", mediaJSON)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// ask gives the whole answer.
func (s *streaming) ask(t *testing.T, query string, header ...string) (*http.Response, string) {
	t.Helper()
	resp := s.request(t, query, header...)
	return resp, textOf(t, resp)
}

// listen opens an event stream.
func (s *streaming) listen(t *testing.T, query string, header ...string) *listener {
	t.Helper()
	resp := s.request(t, query, append([]string{"Accept", mediaEvents}, header...)...)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != mediaEvents+"; charset=utf-8" {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	return &listener{t: t, resp: resp, lines: bufio.NewScanner(resp.Body)}
}

// hear expects these lines in this order; empty ones are skipped, and EOF is the end.
func (l *listener) hear(want ...string) {
	l.t.Helper()
	for _, w := range want {
		got := "EOF"
		for l.lines.Scan() {
			if got = l.lines.Text(); got != "" {
				break
			}
			got = "EOF"
		}
		if got != w {
			l.t.Fatalf("got %s, want %s; %v", got, w, l.lines.Err())
		}
	}
}

func TestEventsOfASubscription(t *testing.T) {
	s := startStreaming(t, streamConfig())
	resp, body := s.ask(t, "subscription { count(to: 2) }", "Accept", mediaEvents)
	want := ":\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nevent: next\ndata: {\"data\":{\"count\":2}}\n\nevent: complete\ndata: \n\n"
	if resp.StatusCode != 200 || body != want {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	h := resp.Header
	if h.Get("Cache-Control") != "no-store" || h.Get("X-Accel-Buffering") != "no" || !strings.Contains(strings.Join(h.Values("Vary"), ","), "Accept") {
		t.Errorf("header %v", h)
	}
}

func TestEventsOfQueriesAndMutations(t *testing.T) {
	s := startStreaming(t, streamConfig())
	for _, query := range []string{"{ plain }", "mutation { change }"} {
		_, body := s.ask(t, query, "Accept", mediaEvents)
		if body := strings.TrimPrefix(body, ":\n\n"); body != "event: next\ndata: {\"data\":{ \"plain\":  \"<ok>\" }}\n\nevent: complete\ndata: \n\n" {
			t.Errorf("%s: %q", query, body)
		}
	}
}

func TestErrorsOfAnOperationAreEvents(t *testing.T) {
	s := startStreaming(t, streamConfig())
	for query, code := range map[string]string{
		"{":                         "GRAPHQL_PARSE_FAILED",
		"subscription { nowhere }":  "GRAPHQL_VALIDATION_FAILED",
		"subscription { refused }":  "not for you",
		"subscription { breaking }": "INTERNAL",
		"{ panicking }":             "INTERNAL",
		"{ unspeakable }":           "INTERNAL",
		"subscription { ending }":   "CURSOR_EXPIRED",
	} {
		resp, body := s.ask(t, query, "Accept", mediaEvents)
		if resp.StatusCode != 200 || !strings.Contains(body, "event: next\ndata: {\"errors\":[{\"message\":") || !strings.Contains(body, code) ||
			!strings.HasSuffix(body, "\n\nevent: complete\ndata: \n\n") || strings.Contains(body, "secret") {
			t.Errorf("%s: %d %s", query, resp.StatusCode, body)
		}
	}
}

func TestWhatIsNoRequestForEventsGetsAnOrdinaryAnswer(t *testing.T) {
	s := startStreaming(t, streamConfig())
	get := func(query string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.address+"/graphql?query="+url.QueryEscape(query), nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	post := func(body, media string) *http.Request {
		r := get("")
		r.Method, r.Body = http.MethodPost, io.NopCloser(strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		return r
	}
	put := get("{ plain }")
	put.Method = http.MethodPut
	tests := []struct {
		name    string
		request *http.Request
		status  int
		code    string
	}{
		{"another method", put, 405, codeMethodNotAllowed},
		{"a mutation by GET", get("mutation { change }"), 405, codeMethodNotAllowed},
		{"no query", get(""), 400, codeBadRequest},
		{"no JSON", post("{", mediaJSON), 400, codeBadRequest},
		{"a form", post("query={plain}", "application/x-www-form-urlencoded"), 415, codeUnsupportedMedia},
		{"a body over the limit", post(strings.Repeat(" ", 100_001), mediaJSON), 413, codePayloadTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.request.Header.Set("Accept", mediaEvents)
			resp, err := http.DefaultTransport.RoundTrip(tt.request)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			a, raw := bodyOf(t, resp)
			if resp.StatusCode != tt.status || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != tt.code {
				t.Errorf("%d %s", resp.StatusCode, raw)
			}
		})
	}
	r := get("subscription { count(to: 1) }")
	r.Header.Set("Accept", mediaEvents)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body := textOf(t, resp); !strings.Contains(body, `{"data":{"count":1}}`) {
		t.Errorf("a subscription by GET: %s", body)
	}
}

func TestEventsAreForThoseWhoPreferThem(t *testing.T) {
	for accept, want := range map[string]bool{
		"text/event-stream":                               true,
		"text/event-stream, */*":                          true,
		"text/event-stream, multipart/mixed":              true,
		"text/event-stream;q=0.9, application/json;q=0.8": true,
		"application/json;q=0, text/event-stream;q=0.1":   true,
		"":                                    false,
		"*/*":                                 false,
		"text/*":                              false,
		"application/json, text/event-stream": false,
		"application/graphql-response+json, application/json, text/event-stream, multipart/mixed": false,
		"text/event-stream;q=0": false,
		"text/event-stream;q=0.1, application/graphql-response+json;q=0.2": false,
	} {
		if got := prefersEvents([]string{accept}); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}

func TestALineBreakInDataBreaksNoEvent(t *testing.T) {
	s := startStreaming(t, streamConfig())
	s.back.events = make(chan string, 1)
	s.back.emit(t, "\r\n\n")
	close(s.back.events)
	_, body := s.ask(t, "subscription { changes }", "Accept", mediaEvents)
	if body != ":\n\nevent: next\ndata: {\"data\":{\"changes\":\"   \"}}\n\nevent: complete\ndata: \n\n" {
		t.Errorf("%q", body)
	}
}

func TestAnEventStreamIsKeptAlive(t *testing.T) {
	cfg := streamConfig()
	cfg.StreamKeepAlive = 10 * time.Millisecond
	// A stream outlives what bounds other requests.
	cfg.ReadTimeout, cfg.RequestTimeout, cfg.WriteTimeout = 20*time.Millisecond, 20*time.Millisecond, 30*time.Millisecond
	s := startStreaming(t, cfg)
	l := s.listen(t, "subscription { changes }")
	for range 20 {
		l.hear(":")
	}
	s.back.emit(t, "one")
	for l.lines.Scan() && (l.lines.Text() == ":" || l.lines.Text() == "") {
	}
	if got := l.lines.Text(); got != "event: next" {
		t.Errorf("got %s, %v", got, l.lines.Err())
	}
}

func TestAReaderOfEventsThatLeavesEndsTheSubscription(t *testing.T) {
	s := startStreaming(t, streamConfig())
	l := s.listen(t, "subscription { changes }")
	_ = l.resp.Body.Close()
	s.awaitCancelled(t, "changes")
	s.awaitEmpty(t)
}

func TestAnEventStreamEndsWithItsToken(t *testing.T) {
	s := startStreaming(t, streamConfig())
	l := s.listen(t, "subscription { changes }", "Authorization", "Bearer brief-1")
	l.hear(":", "event: next",
		`data: {"errors":[{"message":"the token has expired; connect again with a fresh one","extensions":{"code":"UNAUTHENTICATED"}}]}`,
		"event: complete", "data: ", "EOF")
	s.awaitCancelled(t, "changes")
}

func TestASlowReaderOfEventsIsGivenUp(t *testing.T) {
	cfg := streamConfig()
	cfg.StreamWriteTimeout = 100 * time.Millisecond
	s := startStreaming(t, cfg)
	other := s.listen(t, "subscription { changes }")
	body := `{"query":"subscription { flood }"}`
	s.deaf(t, "POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n"+body)
	s.awaitCancelled(t, "flood")
	await(t, "the entry of the log", func() bool { return strings.Contains(s.log.String(), "slow reader: nothing taken for 100ms") })
	if made := s.back.flooded.Load() * floodBytes; made > 24<<20 {
		t.Errorf("%d bytes were made for a reader that took none", made)
	}
	s.back.emit(t, "one")
	other.hear(":", "event: next", `data: {"data":{"changes":"one"}}`)
}
