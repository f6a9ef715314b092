package main

import (
	"net/http"
	"strings"
	"testing"
)

// siteWithUsers is a site that knows the tokens of testUsers.
func siteWithUsers(t *testing.T) (*site, *buffer, *standIn) {
	t.Helper()
	back := newStandIn()
	s, log := siteOf(t, back)
	s.bearer.verifier = testUsers()
	return s, log, back
}

func TestABadTokenIsRefusedWhateverIsAsked(t *testing.T) {
	const invalid = `Bearer realm="stackyard", error="invalid_token", error_description="`
	long := "Bearer ada-" + strings.Repeat("x", maxTokenBytes-3)
	tests := []struct {
		name          string
		authorization []string
		status        int
		says          string
	}{
		{"a token that is not good", []string{"Bearer mel-1"}, 401, `the 'token' is not good`},
		{"garbage", []string{"Bearer !!"}, 401, "not good"},
		{"another scheme", []string{"Basic YWRhOmFkYQ=="}, 401, "not of the form Bearer TOKEN"},
		{"a token alone", []string{"ada-1"}, 401, "not of the form Bearer TOKEN"},
		{"a scheme alone", []string{"Bearer"}, 401, "not of the form Bearer TOKEN"},
		{"a scheme and a blank", []string{"Bearer "}, 401, "not of the form Bearer TOKEN"},
		{"a tab after the scheme", []string{"Bearer\tada-1"}, 401, "not of the form Bearer TOKEN"},
		{"nothing", []string{""}, 401, "not of the form Bearer TOKEN"},
		{"two headers", []string{"Bearer ada-1", "Bearer ada-1"}, 401, "more than one"},
		{"a good one and nothing", []string{"Bearer ada-1", ""}, 401, "more than one"},
		{"a long token", []string{long}, 401, "longer than 8192 bytes"},
		{"keys that are not to be had", []string{"Bearer down"}, 503, "keys are not to be had"},
		{"a verifier that fails", []string{"Bearer broken"}, 500, "went wrong"},
		{"a verifier that panics", []string{"Bearer panic"}, 500, "went wrong"},
	}
	requests := map[string]func() *http.Request{
		"POST":      func() *http.Request { return post(`{"query":"{ plain }"}`) },
		"GET":       func() *http.Request { return get("query={plain}") },
		"nonsense":  func() *http.Request { return post(`{`) },
		"events":    func() *http.Request { return post(`{"query":"{ plain }"}`, "Accept", mediaEvents) },
		"a mistake": func() *http.Request { r := get(""); r.Method = http.MethodPut; return r },
	}
	for _, tt := range tests {
		for how, request := range requests {
			t.Run(tt.name+" by "+how, func(t *testing.T) {
				s, _, back := siteWithUsers(t)
				r := request()
				r.Header["Authorization"] = tt.authorization
				resp := ask(s.handler(), r)
				a, raw := bodyOf(t, resp)
				if resp.StatusCode != tt.status || len(a.Errors) != 1 || back.executed {
					t.Fatalf("%d %s, executed: %v", resp.StatusCode, raw, back.executed)
				}
				code := map[int]string{401: "UNAUTHENTICATED", 500: "INTERNAL", 503: "UNAVAILABLE"}[tt.status]
				if a.Errors[0].Extensions["code"] != code || strings.Contains(raw, "secret") || strings.Contains(raw, "ada") {
					t.Errorf("got %s", raw)
				}
				challenge := resp.Header.Get("WWW-Authenticate")
				if (tt.status == 401) != (strings.HasPrefix(challenge, invalid) && strings.Contains(challenge, tt.says)) || tt.status != 401 && challenge != "" {
					t.Errorf("WWW-Authenticate: %s", challenge)
				}
				if tt.status != 401 && !strings.Contains(raw, tt.says) {
					t.Errorf("it does not say %s: %s", tt.says, raw)
				}
				if got := resp.Header.Get("Retry-After"); (got != "") != (tt.status == 503) {
					t.Errorf("Retry-After: %s", got)
				}
				if got := resp.Header.Get("Cache-Control"); got != "no-store" {
					t.Errorf("Cache-Control: %s", got)
				}
			})
		}
	}
}

func TestTheViewerIsWhomTheTokenIsAbout(t *testing.T) {
	tests := []struct {
		name, authorization, viewer string
	}{
		{"no token", "", "nobody"},
		{"a token", "Bearer ada-1", "ada"},
		{"in small letters", "bearer ada-1", "ada"},
		{"in capitals", "BEARER ada-1", "ada"},
		{"two blanks", "Bearer  ada-1", "ada"},
		{"the longest", "Bearer ada-" + strings.Repeat("x", maxTokenBytes-4), "ada"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _, _ := siteWithUsers(t)
			for _, r := range []*http.Request{post(`{"query":"{ viewer }"}`), get("query={viewer}")} {
				if tt.authorization != "" {
					r.Header.Set("Authorization", tt.authorization)
				}
				resp := ask(s.handler(), r)
				if got := textOf(t, resp); got != `{"data":{"viewer":"`+tt.viewer+`"}}` {
					t.Errorf("%s: %d %s", r.Method, resp.StatusCode, got)
				}
				if vary := strings.Join(resp.Header.Values("Vary"), ", "); vary != "Authorization, Accept" {
					t.Errorf("Vary: %s", vary)
				}
			}
		})
	}
}

func TestAServerWithoutIssuersSaysWhyItAcceptsNoToken(t *testing.T) {
	p := start(t, newStandIn())
	s := &streaming{address: p.address}
	resp, body := s.ask(t, "{ plain }", "Authorization", "Bearer x.y.z")
	if resp.StatusCode != 401 || !strings.Contains(body, "it has no issuers (setting issuers)") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp, body := s.ask(t, "{ plain }"); resp.StatusCode != 200 {
		t.Errorf("without a token: %d %s", resp.StatusCode, body)
	}
}

func TestWhyATokenCouldNotBeVerifiedIsInTheLogAlone(t *testing.T) {
	s, log, _ := siteWithUsers(t)
	ask(s.handler(), post(`{"query":"{ plain }"}`, "Authorization", "Bearer broken", "X-Request-Id", "id-1"))
	if !strings.Contains(log.String(), "the secret of the verifier") || !strings.Contains(log.String(), `"requestId":"id-1"`) {
		t.Errorf("the log has %s", log)
	}
}
