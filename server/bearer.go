package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// maxTokenBytes is the length of the longest token that is looked at.
const maxTokenBytes = 8 << 10

// bearer finds out who asks.
type bearer struct {
	verifier auth.Verifier
	log      *slog.Logger
}

// protect puts the viewer into the context of each request, before anything else is looked at. No token
// is nobody in particular; a token that is not good is refused whatever is asked.
func (b bearer) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Authorization")
		given := r.Header.Values("Authorization")
		if len(given) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		viewer, err := b.viewer(r.Context(), given)
		if err != nil {
			refuseToken(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(auth.WithViewer(r.Context(), viewer)))
	})
}

// viewer is whom the values of an Authorization header stand for. An error is safe to tell.
func (b bearer) viewer(ctx context.Context, authorization []string) (*auth.Viewer, *fault.Error) {
	token, err := tokenIn(authorization)
	if err != nil {
		return nil, err
	}
	viewer, failure := b.verifier.Verify(ctx, token)
	if failure == nil {
		return viewer, nil
	}
	if told, ok := errors.AsType[*fault.Error](failure); ok {
		return nil, told
	}
	b.log.ErrorContext(ctx, "verifying a token", "error", failure, "requestId", fault.RequestID(ctx))
	return nil, fault.New(fault.Internal, "the token could not be verified")
}

// tokenIn takes the token out of the values of an Authorization header.
func tokenIn(authorization []string) (string, *fault.Error) {
	if len(authorization) != 1 {
		return "", fault.New(fault.Unauthenticated, "more than one Authorization header is given")
	}
	scheme, token, _ := strings.Cut(authorization[0], " ")
	token = strings.TrimLeft(token, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", fault.New(fault.Unauthenticated, "the authorization is not of the form Bearer TOKEN")
	}
	if len(token) > maxTokenBytes {
		return "", fault.New(fault.Unauthenticated, "the token is longer than %d bytes", maxTokenBytes)
	}
	return token, nil
}

// refuseToken says in the words of RFC 6750 what is wrong with a token, or that nobody can tell for now.
func refuseToken(w http.ResponseWriter, r *http.Request, err *fault.Error) {
	switch err.Kind {
	case fault.Unauthenticated:
		refusal := refused(http.StatusUnauthorized, string(err.Kind), "%s", err.Message)
		refusal.header.Set("WWW-Authenticate",
			`Bearer realm="stackyard", error="invalid_token", error_description="`+describable(err.Message)+`"`)
		refuse(w, refusal)
	case fault.Unavailable:
		refuse(w, unavailable("%s", err.Message))
	default:
		refuseInternal(r.Context(), w)
	}
}

// describable replaces what RFC 6750 does not allow in a description.
func describable(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return '\''
		}
		return c
	}, s)
}

// noIssuers is the verifier of a server that trusts nobody.
type noIssuers struct{}

// Verify refuses every token.
func (noIssuers) Verify(context.Context, string) (*auth.Viewer, error) {
	return nil, fault.New(fault.Unauthenticated, "this server accepts no tokens: it has no issuers (setting issuers)")
}
