package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"stackyard/graph"
	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// stream is a subscription that is driven as a transport drives it.
type stream struct {
	t       *testing.T
	ctx     context.Context
	next    graphql.ResponseHandler
	stop    context.CancelFunc
	ending  *graph.Ending
	made    *recorder
	counted int
}

type streamKey struct{}

// patience bounds waits that end early when all is well.
const patience = 20 * time.Second

// subscribe begins a subscription, which ends with the test.
func (a *api) subscribe(document string, variables map[string]any) *stream {
	a.t.Helper()
	body, err := json.Marshal(variables)
	if err != nil {
		a.t.Fatal(err)
	}
	s := &stream{t: a.t, made: &recorder{}}
	ctx, stop := context.WithCancel(fault.WithRequestID(a.t.Context(), requestID))
	a.t.Cleanup(stop)
	s.stop = stop
	ctx, s.ending = graph.WithEnding(ctx)
	ctx = context.WithValue(context.WithValue(ctx, streamKey{}, s), recorderKey{}, s.made)
	ctx = auth.WithViewer(context.WithValue(ctx, documentKey{}, document), a.viewer)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body)))
	if s.next == nil {
		a.t.Fatalf("it was not executed: %s", w.Body)
	}
	return s
}

// take waits for a response; not ok where the stream has ended.
func (s *stream) take() (reply, bool) {
	s.t.Helper()
	taken := make(chan *graphql.Response, 1)
	go func() { taken <- s.next(s.ctx) }()
	select {
	case response := <-taken:
		if response == nil {
			return reply{}, false
		}
		text, err := json.Marshal(response)
		var out reply
		if err == nil {
			err = json.Unmarshal(text, &out)
		}
		if err != nil {
			s.t.Fatal(err)
		}
		return out, true
	case <-time.After(patience):
		s.t.Fatal("nothing came")
		return reply{}, false
	}
}

// event waits for an event without errors, and gives its scalars.
func (s *stream) event() string {
	s.t.Helper()
	r, isThere := s.take()
	if !isThere {
		s.t.Fatalf("the stream ended: %v", s.ending.Reason())
	}
	if len(r.Errors) > 0 {
		s.t.Fatalf("errors: %+v", r.Errors)
	}
	return r.scalars(s.t)
}

// ended waits for the end, and gives the code of its reason.
func (s *stream) ended() string {
	s.t.Helper()
	if r, isThere := s.take(); isThere {
		s.t.Fatalf("an event instead of the end: %s %+v", r.Data, r.Errors)
	}
	if s.ending.Reason() == nil {
		return ""
	}
	return s.ending.Reason().Extensions["code"].(string)
}

// refused waits for the errors of a subscription that never began, and gives them as text.
func (s *stream) refused() string {
	s.t.Helper()
	r, isThere := s.take()
	if !isThere || len(r.Errors) == 0 {
		s.t.Fatalf("it was not refused: %s", r.Data)
	}
	if end := s.ended(); end != "" {
		s.t.Errorf("it was refused, and ended with %s", end)
	}
	r.Data = nil
	return r.pretty(s.t)
}

// statements gives those since the last time.
func (s *stream) statements() []string {
	s.made.mu.Lock()
	defer s.made.mu.Unlock()
	out := s.made.statements[s.counted:]
	s.counted = len(s.made.statements)
	return out
}
