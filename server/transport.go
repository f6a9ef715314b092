package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// statusClientGone is written, to the log alone, where nobody waits for the answer any more.
const statusClientGone = 499

// Transport speaks GraphQL over HTTP: GET and POST, in both media types of the specification.
type Transport struct {
	// MaxBody is the size in bytes of the largest body that is read.
	MaxBody int64
	// Timeout is how long one operation may run.
	Timeout time.Duration
}

var _ graphql.Transport = Transport{}

// Supports is always true: transports for other protocols are added before this one.
func (Transport) Supports(*http.Request) bool { return true }

// Do answers one request.
func (t Transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	media, acceptable := negotiate(r.Header.Values("Accept"))
	answer := newResponder(w, media)
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		answer.refuse(notAllowed("GET, POST", "only GET and POST are allowed"))
		return
	}
	if !acceptable {
		answer.refuse(notAcceptable())
		return
	}
	params, err := t.read(w, r)
	if err != nil {
		answer.refuse(err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), t.Timeout)
	defer cancel()
	oc := prepare(ctx, answer, params, exec)
	if oc == nil {
		return
	}
	if err := runnable(r.Method, oc.Operation.Operation); err != nil {
		answer.refuse(err)
		return
	}
	t.execute(ctx, answer, oc, exec)
}

// prepare gives the operation of a request; where there is none, it answers and gives nil. An error from before
// the start of an operation is a request error: its answer has no data.
func prepare(ctx context.Context, answer responder, params *graphql.RawParams, exec graphql.GraphExecutor) *graphql.OperationContext {
	oc, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		answer.requestErrors(exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs))
		return nil
	}
	return oc
}

// execute runs the operation.
func (t Transport) execute(ctx context.Context, answer responder, oc *graphql.OperationContext, exec graphql.GraphExecutor) {
	next, ctx := exec.DispatchOperation(ctx, oc)
	resp := next(ctx)
	if resp != nil {
		answer.result(resp)
		return
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		answer.refuse(&refusal{status: http.StatusServiceUnavailable, err: timedOut(t.Timeout)})
		return
	}
	answer.w.WriteHeader(statusClientGone)
}

// runnable says whether an operation of this kind may come by this method.
// Queries alone come by GET, which a browser sends from any page without asking.
func runnable(method string, operation ast.Operation) *refusal {
	if operation == ast.Subscription {
		return refused(http.StatusBadRequest, codeBadRequest,
			"subscriptions are answered by a stream: accept %s, or open a WebSocket that speaks %s", mediaEvents, protocolSpoken)
	}
	if method == http.MethodGet && operation != ast.Query {
		return notAllowed("POST", "only queries are allowed by GET, use POST")
	}
	return nil
}
