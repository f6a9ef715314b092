package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/graph"
	"stackyard/internal/fault"
)

// follower runs operations whose answers can be many.
type follower struct {
	exec graphql.GraphExecutor
	// timeout bounds queries and mutations. Subscriptions have no bound.
	timeout time.Duration
	log     *slog.Logger
}

// emitter hands a response on to the reader. An error ends the operation.
type emitter func(context.Context, *graphql.Response) error

// prepare parses and checks an operation.
func (f follower) prepare(ctx context.Context, params *graphql.RawParams) (oc *graphql.OperationContext, errs gqlerror.List) {
	defer f.recovered(ctx, &errs)
	oc, errs = f.exec.CreateOperationContext(ctx, params)
	if errs != nil {
		return nil, f.exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs).Errors
	}
	return oc, nil
}

// follow runs an operation to its end, and emits each response. What it returns is why the operation ended
// otherwise than by itself, and is nil where it did not, or where the reader is gone.
func (f follower) follow(ctx context.Context, oc *graphql.OperationContext, emit emitter) (errs gqlerror.List) {
	defer f.recovered(ctx, &errs)
	if oc.Operation.Operation == ast.Subscription {
		return f.all(ctx, oc, emit)
	}
	return f.one(ctx, oc, emit)
}

// one emits the answer of a query or a mutation.
func (f follower) one(ctx context.Context, oc *graphql.OperationContext, emit emitter) gqlerror.List {
	bounded, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	next, bounded := f.exec.DispatchOperation(bounded, oc)
	if resp := next(bounded); resp != nil {
		_ = emit(ctx, resp) // there is nothing more to emit
		return nil
	}
	if ctx.Err() == nil && errors.Is(bounded.Err(), context.DeadlineExceeded) {
		return gqlerror.List{timedOut(f.timeout)}
	}
	return nil
}

// all emits the events of a subscription.
func (f follower) all(ctx context.Context, oc *graphql.OperationContext, emit emitter) gqlerror.List {
	ctx, ending := graph.WithEnding(ctx)
	next, inner := f.exec.DispatchOperation(ctx, oc)
	for isFirst := true; ; isFirst = false {
		resp := next(inner)
		if resp == nil {
			break
		}
		if isFirst && len(resp.Data) == 0 && len(resp.Errors) > 0 {
			return resp.Errors // refused before there was an event
		}
		if emit(ctx, resp) != nil {
			return nil
		}
	}
	if reason := ending.Reason(); reason != nil {
		return gqlerror.List{reason}
	}
	return nil
}

// recovered makes an error of a panic; it is deferred itself.
func (f follower) recovered(ctx context.Context, errs *gqlerror.List) {
	if p := recover(); p != nil {
		logPanic(ctx, f.log, p)
		*errs = gqlerror.List{internalError(ctx)}
	}
}

func timedOut(timeout time.Duration) *gqlerror.Error {
	return codedError(string(fault.Timeout), "the operation took longer than %v (setting request-timeout)", timeout)
}
