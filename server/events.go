package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// eventTransport speaks GraphQL over server-sent events, one connection for each operation.
type eventTransport struct {
	Transport
	streams *streams
	log     *slog.Logger
	// writeTimeout is how long the reader may take to take an event.
	writeTimeout time.Duration
	// keepAlive is the time between two comments, which show that the stream is alive.
	keepAlive time.Duration
}

var _ graphql.Transport = eventTransport{}

// Supports is true where the client would rather have events than one answer.
func (eventTransport) Supports(r *http.Request) bool { return prefersEvents(r.Header.Values("Accept")) }

// Do answers one request. What is no GraphQL request gets an ordinary answer; from there on, everything is
// an event, errors of validation included.
func (t eventTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	answer := responder{w: w, media: mediaJSON}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		answer.refuse(notAllowed("GET, POST", "only GET and POST are allowed"))
		return
	}
	params, refusal := t.read(w, r)
	if refusal != nil {
		answer.refuse(refusal)
		return
	}
	f := follower{exec: exec, timeout: t.Timeout, log: t.log}
	events := &eventStream{w: w, control: http.NewResponseController(w), timeout: t.writeTimeout}
	oc, errs := f.prepare(r.Context(), params)
	if errs != nil {
		events.end(r.Context(), errs)
		return
	}
	if r.Method == http.MethodGet && oc.Operation.Operation == ast.Mutation {
		answer.refuse(notAllowed("POST", "mutations are not allowed by GET, use POST"))
		return
	}
	if oc.Operation.Operation != ast.Subscription {
		t.follow(r.Context(), events, f, oc)
		return
	}
	ctx, stream, refusal := t.streams.enter(r)
	if refusal != nil {
		answer.refuse(refusal)
		return
	}
	defer stream.leave()
	stream.belongTo(auth.ViewerOf(ctx))
	t.follow(ctx, events, f, oc)
}

// follow runs the operation, keeps the connection alive meanwhile, and says why it ended.
func (t eventTransport) follow(ctx context.Context, events *eventStream, f follower, oc *graphql.OperationContext) {
	stop := events.keepAlive(t.keepAlive)
	errs := f.follow(ctx, oc, func(_ context.Context, resp *graphql.Response) error {
		return events.send("next", encode(resp))
	})
	stop()
	switch end, ok := errors.AsType[*streamEnd](context.Cause(ctx)); {
	case ok:
		events.end(ctx, end.errors())
	case ctx.Err() == nil:
		events.end(ctx, errs)
	}
	if errors.Is(events.failure, os.ErrDeadlineExceeded) {
		t.log.InfoContext(ctx, "an event stream was given up", "reason", slowEnd(t.writeTimeout), "requestId", fault.RequestID(ctx))
	}
}
