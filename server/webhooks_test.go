package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// TestAServerInDevelopmentModeDeliversWebhooks runs the whole server: a webhook is created, something changes,
// and a receiver on this machine is told and can verify it. Another run goes on with the same key.
func TestAServerInDevelopmentModeDeliversWebhooks(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 10)
	bodies := make(chan []byte, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		bodies <- body
		got <- r
	}))
	defer receiver.Close()
	dir, secret := t.TempDir(), ""
	for run := range 2 {
		s := startReal(t, "--dev", "--data-dir", dir)
		organization := s.ask(`{ organization(slug: "acme") { id } }`)["organization"].(map[string]any)["id"].(string)
		if run == 0 {
			payload := s.ask(fmt.Sprintf(`mutation { createWebhook(input: { organizationId: %q, url: %q, subjectTypes: [PROJECT] }) { secret userErrors { message } } }`,
				organization, receiver.URL))["createWebhook"].(map[string]any)
			text, isText := payload["secret"].(string)
			if !isText {
				t.Fatalf("%v", payload)
			}
			secret = text
		}
		s.ask(fmt.Sprintf(`mutation { createProject(input: { organizationId: %q, slug: "p-%d", name: "P" }) { project { id } } }`, organization, run))
		select {
		case r := <-got:
			hook, err := standardwebhooks.NewWebhook(secret)
			if err == nil {
				err = hook.Verify(<-bodies, r.Header)
			}
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the receiver is told nothing")
		}
		s.stop()
		if err := s.end(t); err != nil {
			t.Fatal(err)
		}
		if log := s.out.String(); strings.Contains(log, secret) || strings.Contains(log, "a webhook could not be looked after") {
			t.Error(log)
		}
	}
}

// real is a server with its own store, in development mode, asked as ada.
type real struct {
	*started
	t     *testing.T
	token string
}

func startReal(t *testing.T, args ...string) real {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	p := &started{out: &buffer{}, stop: stop, done: make(chan error, 1)}
	args = append([]string{"--listen", "127.0.0.1:0"}, args...)
	go func() {
		p.done <- runWith(ctx, args, func(string) string { return "" }, p.out, openBackend)
	}()
	for deadline := time.Now().Add(time.Minute); !endpoint.MatchString(p.out.String()); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the server does not become ready: %s", p.out)
		}
	}
	p.address = endpoint.FindStringSubmatch(p.out.String())[1]
	return real{p, t, given(t, p.address, `{"user":"ada"}`)}
}

// ask gives the data of an answer without errors.
func (r real) ask(query string) map[string]any {
	r.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		r.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, "http://"+r.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", mediaJSON)
	request.Header.Set("Authorization", "Bearer "+r.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Errors) > 0 {
		r.t.Fatalf("%s: %v %v", query, err, answer.Errors)
	}
	return answer.Data
}
