package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"

	"stackyard/internal/fault"
)

// maxRequestID is the length of the longest request id that is taken over from the client.
const maxRequestID = 64

// withRequestID gives each request an id: the client's where it is harmless, else a new one.
func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !wellFormedID(id) {
			id = rand.Text()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(fault.WithRequestID(r.Context(), id)))
	})
}

func wellFormedID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for _, c := range []byte(id) {
		alphanumeric := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !alphanumeric && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// withSecurityHeaders sets what suits every answer; the playground has a policy of its own.
func withSecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

// secretPath finds what must not be in a log in a path: the address of an organisation's calendar, as whatever it is
// asked for, and however it is written.
var secretPath = regexp.MustCompile(`(?is)(calendar/+).*`)

// withAccessLog logs each request when it ends. Query strings, headers and bodies can hold
// secrets, and are not logged; nor are secret addresses.
func withAccessLog(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		seen := &observed{ResponseWriter: w}
		defer func() {
			log.LogAttrs(r.Context(), accessLevel(r.URL.Path), "request",
				slog.String("method", r.Method),
				slog.String("path", secretPath.ReplaceAllString(r.URL.Path, "$1…")),
				slog.Int("status", seen.status),
				slog.Int64("bytes", seen.bytes),
				slog.Duration("duration", time.Since(started)),
				slog.String("requestId", fault.RequestID(r.Context())),
			)
		}()
		next.ServeHTTP(seen, r)
	})
}

// accessLevel keeps probes, which come every few seconds, out of the ordinary log.
func accessLevel(path string) slog.Level {
	if path == "/healthz" || path == "/readyz" {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// withoutPanics answers 500 with the request id; what was panicked with is in the log alone.
func withoutPanics(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			logPanic(r.Context(), log, v)
			if seen, ok := w.(*observed); ok && seen.status != 0 {
				// Part of an answer is on its way: breaking off is the only way left to say so.
				panic(http.ErrAbortHandler)
			}
			refuseInternal(r.Context(), w)
		}()
		next.ServeHTTP(w, r)
	})
}

func logPanic(ctx context.Context, log *slog.Logger, v any) {
	log.ErrorContext(ctx, "panic", "value", v, "requestId", fault.RequestID(ctx), "stack", string(debug.Stack()))
}

// observed remembers what was answered.
type observed struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader sends the status line.
func (o *observed) WriteHeader(status int) {
	if o.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (o *observed) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what the connection can do.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }
