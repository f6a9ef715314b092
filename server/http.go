package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/app"
	"stackyard/internal/fault"
)

// readyTimeout bounds how long the store may take to say that it answers.
const readyTimeout = 2 * time.Second

// site is everything that is served.
type site struct {
	log        *slog.Logger
	playground *playground
	bearer     bearer
	// dev is nil where the server is not in development mode.
	dev *development
	// backend is nil until it is open.
	backend atomic.Pointer[backend]
}

func newSite(log *slog.Logger, tokens *tokens) *site {
	return &site{
		log:        log,
		playground: newPlayground(bundle(), tokens.dev != nil),
		bearer:     bearer{verifier: tokens.verifier, log: log},
		dev:        tokens.dev,
	}
}

// handler is the mux with everything around it.
func (s *site) handler() http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, refused(http.StatusForbidden, string(fault.Forbidden), "requests from pages of other origins are refused"))
	}))
	mux := http.NewServeMux()
	mux.Handle("/graphql", sameOrigin.Handler(s.bearer.protect(s.opened(func(b *backend) http.HandlerFunc { return b.graphql.ServeHTTP }))))
	mux.Handle("/{$}", readOnly(s.playground))
	mux.Handle("/assets/", readOnly(s.playground))
	mux.Handle("/favicon.svg", readOnly(s.playground))
	mux.Handle(calendarPath, readOnly(s.opened(func(b *backend) http.HandlerFunc { return b.calendars.public })))
	mux.Handle(app.CalendarPath, readOnly(s.opened(func(b *backend) http.HandlerFunc { return b.calendars.secret })))
	mux.Handle("/healthz", readOnly(http.HandlerFunc(healthy)))
	mux.Handle("/readyz", readOnly(http.HandlerFunc(s.ready)))
	if s.dev != nil {
		s.dev.handle(mux, sameOrigin)
	}
	mux.HandleFunc("/", notFound)
	return withRequestID(withSecurityHeaders(withAccessLog(s.log, withoutPanics(s.log, mux))))
}

// opened answers by a part of the back-end, as soon as that is open.
func (s *site) opened(part func(*backend) http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := s.backend.Load()
		if b == nil {
			refuse(w, unavailable("the server is starting"))
			return
		}
		part(b)(w, r)
	})
}

// health is the body of the answers to probes.
type health struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

func healthy(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, health{Status: "ok"})
}

// ready says whether requests can be answered; why not, in detail, is in the log alone.
func (s *site) ready(w http.ResponseWriter, r *http.Request) {
	b := s.backend.Load()
	if b == nil {
		writeHealth(w, http.StatusServiceUnavailable, health{"starting", "the database is being opened"})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := b.ready(ctx); err != nil {
		s.log.WarnContext(ctx, "not ready", "error", err, "requestId", fault.RequestID(ctx))
		writeHealth(w, http.StatusServiceUnavailable, health{"unavailable", "the database does not answer"})
		return
	}
	writeHealth(w, http.StatusOK, health{Status: "ready"})
}

func writeHealth(w http.ResponseWriter, status int, h health) {
	body, _ := json.Marshal(h) // two strings
	w.Header().Set("Content-Type", mediaJSON+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	refuse(w, refused(http.StatusNotFound, string(fault.NotFound), "there is nothing here; the API is at /graphql"))
}

// readOnly refuses what is neither GET nor HEAD.
func readOnly(next http.Handler) http.Handler {
	methods := []string{http.MethodGet, http.MethodHead}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			refuse(w, notAllowed(strings.Join(methods, ", "), "only GET and HEAD are allowed"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers outside of the transport, in the same form.
func refuse(w http.ResponseWriter, r *refusal) {
	responder{w: w, media: mediaJSON}.refuse(r)
}

// refuseInternal answers a request whose handling went wrong.
func refuseInternal(ctx context.Context, w http.ResponseWriter) {
	responder{w: w, media: mediaJSON}.write(http.StatusInternalServerError,
		&graphql.Response{Errors: gqlerror.List{internalError(ctx)}}, nil)
}
