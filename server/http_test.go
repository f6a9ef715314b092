package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// siteOf is a site whose back-end is open, and its log.
func siteOf(t *testing.T, back *standIn) (*site, *buffer) {
	t.Helper()
	s, log := closedSite()
	b, err := back.open(t.Context(), Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.graphql.AddTransport(Transport{MaxBody: testMaxBody, Timeout: time.Minute})
	s.backend.Store(b)
	return s, log
}

func closedSite() (*site, *buffer) {
	log := &buffer{}
	return newSite(slog.New(slog.NewJSONHandler(log, nil)), &tokens{verifier: verifierOf{"ada": time.Hour}}), log
}

func request(method, target string, header ...string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func TestUnknownPathsAreNotFound(t *testing.T) {
	s, _ := siteOf(t, newStandIn())
	for _, path := range []string{"/nowhere", "/graphql/", "/assets/", "/assets/none.js", "/.gitkeep", "/index.html"} {
		resp := ask(s.handler(), request("GET", path))
		a, raw := bodyOf(t, resp)
		if resp.StatusCode != 404 || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "NOT_FOUND" {
			t.Errorf("%s: %d %s", path, resp.StatusCode, raw)
		}
	}
}

func TestPagesAndProbesAreReadOnly(t *testing.T) {
	s, _ := siteOf(t, newStandIn())
	for _, path := range []string{"/", "/assets/x.js", "/favicon.svg", "/healthz", "/readyz"} {
		resp := ask(s.handler(), request("POST", path))
		if resp.StatusCode != 405 || resp.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, Allow %q", path, resp.StatusCode, resp.Header.Get("Allow"))
		}
	}
}

func TestProbes(t *testing.T) {
	closed, _ := closedSite()
	open, _ := siteOf(t, newStandIn())
	ill := newStandIn()
	ill.notReady = errors.New("dial postgres://user:secret@db: refused")
	broken, log := siteOf(t, ill)

	tests := []struct {
		name   string
		site   *site
		path   string
		status int
		body   string
	}{
		{"healthy while it starts", closed, "/healthz", 200, `{"status":"ok"}`},
		{"not ready while it starts", closed, "/readyz", 503, `{"status":"starting","reason":"the database is being opened"}`},
		{"healthy", open, "/healthz", 200, `{"status":"ok"}`},
		{"ready", open, "/readyz", 200, `{"status":"ready"}`},
		{"healthy without a store", broken, "/healthz", 200, `{"status":"ok"}`},
		{"not ready without a store", broken, "/readyz", 503, `{"status":"unavailable","reason":"the database does not answer"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := ask(tt.site.handler(), request("GET", tt.path))
			if got := textOf(t, resp); resp.StatusCode != tt.status || got != tt.body+"\n" {
				t.Errorf("%d %s, want %d %s", resp.StatusCode, got, tt.status, tt.body)
			}
		})
	}
	if !strings.Contains(log.String(), "refused") {
		t.Errorf("the reason is not in the log: %s", log)
	}
}

func TestGraphQLIsUnavailableWhileTheServerStarts(t *testing.T) {
	s, _ := closedSite()
	resp := ask(s.handler(), post(`{"query":"{ plain }"}`))
	_, raw := bodyOf(t, resp)
	if resp.StatusCode != 503 || !strings.Contains(raw, `"UNAVAILABLE"`) || resp.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %s", resp.StatusCode, raw)
	}
}

func TestPagesOfOtherOriginsCannotPost(t *testing.T) {
	s, _ := siteOf(t, newStandIn())
	tests := []struct {
		name   string
		header []string
		status int
	}{
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another subdomain", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another origin, in an old browser", []string{"Origin", "http://evil.example"}, 403},
		{"the playground", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"}, 200},
		{"no browser", nil, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := ask(s.handler(), post(`{"query":"{ plain }"}`, tt.header...))
			_, raw := bodyOf(t, resp)
			if resp.StatusCode != tt.status || (tt.status == 403) != strings.Contains(raw, `"FORBIDDEN"`) {
				t.Errorf("%d %s, want %d", resp.StatusCode, raw, tt.status)
			}
		})
	}
}

func TestRequestID(t *testing.T) {
	s, _ := siteOf(t, newStandIn())
	tests := []struct {
		name, given string
		kept        bool
	}{
		{"well-formed", "abc-DEF_1.2", true},
		{"longest", strings.Repeat("a", 64), true},
		{"too long", strings.Repeat("a", 65), false},
		{"none", "", false},
		{"with a quote", `a"b`, false},
		{"with a space", "a b", false},
		{"not ASCII", "ä", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := ask(s.handler(), post(`{"query":"{ requestId }"}`, "X-Request-Id", tt.given))
			got := resp.Header.Get("X-Request-Id")
			if !wellFormedID(got) || (got == tt.given) != tt.kept {
				t.Errorf("given %q, got %q", tt.given, got)
			}
			if want := `{"data":{"requestId":"` + got + `"}}`; textOf(t, resp) != want {
				t.Errorf("the context does not have it: want %s", want)
			}
		})
	}
	first := ask(s.handler(), request("GET", "/healthz")).Header.Get("X-Request-Id")
	if again := ask(s.handler(), request("GET", "/healthz")).Header.Get("X-Request-Id"); first == again {
		t.Errorf("two requests have the id %s", first)
	}
}

func TestAccessLogHoldsNoSecrets(t *testing.T) {
	s, log := siteOf(t, newStandIn())
	r := post(`{"query":"{ plain }","variables":{"text":"secret"}}`,
		"Authorization", "Bearer ada-secret", "Cookie", "secret", "X-Request-Id", "id-1")
	r.URL.RawQuery = "token=secret"
	size := len(textOf(t, ask(s.handler(), r)))
	var entry map[string]any
	if err := json.Unmarshal([]byte(log.String()), &entry); err != nil {
		t.Fatalf("not one entry: %v in %s", err, log)
	}
	for key, want := range map[string]any{
		"msg": "request", "method": "POST", "path": "/graphql", "status": 200.0, "bytes": float64(size), "requestId": "id-1",
	} {
		if entry[key] != want {
			t.Errorf("%s is %v, want %v", key, entry[key], want)
		}
	}
	if _, ok := entry["duration"].(float64); !ok {
		t.Errorf("no duration in %s", log)
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("a secret is logged: %s", log)
	}
}

func TestProbesAreLoggedForDebuggingOnly(t *testing.T) {
	s, log := siteOf(t, newStandIn())
	ask(s.handler(), request("GET", "/readyz"))
	ask(s.handler(), request("GET", "/healthz"))
	if log.String() != "" {
		t.Errorf("logged: %s", log)
	}
}

func TestPanicsBecome500(t *testing.T) {
	log := &buffer{}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	h := withRequestID(withAccessLog(logger, withoutPanics(logger,
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the secret") }))))
	resp := ask(h, request("GET", "/", "X-Request-Id", "id-1"))
	a, raw := bodyOf(t, resp)
	if resp.StatusCode != 500 || len(a.Errors) != 1 || strings.Contains(raw, "secret") {
		t.Fatalf("%d %s", resp.StatusCode, raw)
	}
	if e := a.Errors[0].Extensions; e["code"] != "INTERNAL" || e["requestId"] != "id-1" {
		t.Errorf("extensions %v", e)
	}
	for _, want := range []string{"the secret", `"requestId":"id-1"`, `"status":500`, "http_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
}

func TestPanicsInTheMiddleOfAnAnswerBreakItOff(t *testing.T) {
	logger := slog.New(slog.DiscardHandler)
	s := httptest.NewServer(withAccessLog(logger, withoutPanics(logger,
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte("x"), 100_000))
			panic("late")
		}))))
	defer s.Close()
	resp, err := s.Client().Get(s.URL)
	if err != nil {
		return // broken off before the first byte left
	}
	defer resp.Body.Close()
	if n, err := new(bytes.Buffer).ReadFrom(resp.Body); err == nil {
		t.Errorf("the answer of %d bytes looks whole", n)
	}
}

func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	s, _ := siteOf(t, newStandIn())
	for _, r := range []*http.Request{
		post(`{"query":"{ plain }"}`), request("GET", "/nowhere"), request("GET", "/healthz"), request("GET", "/"), request("PUT", "/"),
	} {
		h := ask(s.handler(), r).Header
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
			h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
			!strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, h)
		}
	}
}

func testBundle() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":             {},
		"index.html":           {Data: []byte("<!doctype html>")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"assets/index-1.js":    {Data: []byte("1")},
		"assets/index-1.css":   {Data: []byte("2")},
		"assets/codicon-1.ttf": {Data: []byte("3")},
		"assets/.hidden":       {Data: []byte("4")},
	}
}

func TestPlaygroundServesItsBundle(t *testing.T) {
	const forever = "public, max-age=31536000, immutable"
	s, _ := siteOf(t, newStandIn())
	s.playground = newPlayground(testBundle(), false)
	tests := []struct{ path, media, caching, body string }{
		{"/", "text/html; charset=utf-8", "no-cache", "<!doctype html>"},
		{"/favicon.svg", "image/svg+xml", "no-cache", "<svg/>"},
		{"/assets/index-1.js", "text/javascript; charset=utf-8", forever, "1"},
		{"/assets/index-1.css", "text/css; charset=utf-8", forever, "2"},
		{"/assets/codicon-1.ttf", "font/ttf", forever, "3"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			resp := ask(s.handler(), request("GET", tt.path))
			h := resp.Header
			if got := textOf(t, resp); resp.StatusCode != 200 || got != tt.body {
				t.Errorf("%d %s", resp.StatusCode, got)
			}
			if h.Get("Content-Type") != tt.media || h.Get("Cache-Control") != tt.caching {
				t.Errorf("%s, %s", h.Get("Content-Type"), h.Get("Cache-Control"))
			}
			if h.Get("Content-Security-Policy") != playgroundPolicy {
				t.Errorf("policy %s", h.Get("Content-Security-Policy"))
			}
			if again := ask(s.handler(), request("GET", tt.path, "If-None-Match", h.Get("ETag"))); again.StatusCode != 304 {
				t.Errorf("asked again with the ETag %s: %d", h.Get("ETag"), again.StatusCode)
			}
			head := ask(s.handler(), request("HEAD", tt.path))
			if got := textOf(t, head); head.StatusCode != 200 || got != "" || head.Header.Get("Content-Type") != tt.media {
				t.Errorf("HEAD: %d %q", head.StatusCode, got)
			}
		})
	}
}

func TestThePageKnowsWhetherThereIsADevelopmentMode(t *testing.T) {
	built, err := os.ReadFile("../clients/playground/index.html")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{indexName: {Data: built}}
	s, _ := siteOf(t, newStandIn())
	tags := map[string]bool{}
	for isDev, want := range map[bool]string{false: noDevelopment, true: withDevelopment} {
		s.playground = newPlayground(files, isDev)
		resp := ask(s.handler(), request("GET", "/"))
		if page := textOf(t, resp); strings.Count(page, `name="development"`) != 1 || !strings.Contains(page, want) {
			t.Errorf("with development mode %t: %s", isDev, page)
		}
		tags[resp.Header.Get("ETag")] = true
	}
	if len(tags) != 2 {
		t.Error("browsers would take one page for the other")
	}
}

func TestPlaygroundHidesFilesThatAreNotOfThePage(t *testing.T) {
	s, _ := siteOf(t, newStandIn())
	s.playground = newPlayground(testBundle(), false)
	if got := ask(s.handler(), request("GET", "/assets/.hidden")).StatusCode; got != 404 {
		t.Errorf("status %d", got)
	}
}

func TestPlaygroundSaysHowToGetItsBundle(t *testing.T) {
	s, _ := siteOf(t, newStandIn())
	s.playground = newPlayground(fstest.MapFS{".gitkeep": {}}, false)
	resp := ask(s.handler(), request("GET", "/"))
	page := textOf(t, resp)
	if resp.StatusCode != 200 || !strings.Contains(page, "make playground") || !strings.Contains(page, "Node 20") {
		t.Errorf("%d %s", resp.StatusCode, page)
	}
	if resp.Header.Get("Content-Security-Policy") != playgroundPolicy || strings.Contains(page, "<script") || strings.Contains(page, "http") {
		t.Errorf("the page does not keep to its policy: %s", page)
	}
	if got := ask(s.handler(), request("HEAD", "/")); got.StatusCode != 200 || textOf(t, got) != "" {
		t.Errorf("HEAD: %d", got.StatusCode)
	}
}
