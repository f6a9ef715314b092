package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/fault"
)

// present is the one place where an error becomes one of GraphQL. What has a
// kind is for the caller; anything else is INTERNAL with the request's id, and
// its text goes to the log.
func present(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		if e, ok := errors.AsType[*fault.Error](err); ok {
			return located(ctx, err, e.Message, e.Kind, e.Details)
		}
		if errors.Is(err, context.DeadlineExceeded) {
			return located(ctx, err, "the request took too long", fault.Timeout, nil)
		}
		if errors.Is(err, context.Canceled) {
			return located(ctx, err, "the request was cancelled", fault.Timeout, nil)
		}
		if e, ok := errors.AsType[*gqlerror.Error](err); ok && e.Err == nil {
			return asInput(e) // of the parser, the validator or the executor
		}
		id := fault.RequestID(ctx)
		log.ErrorContext(ctx, "internal error", "error", err, "requestId", id)
		return located(ctx, err, "internal error", fault.Internal, map[string]any{"requestId": id})
	}
}

// located gives an error the place of the field that is being resolved.
func located(ctx context.Context, err error, message string, kind fault.Kind, details map[string]any) *gqlerror.Error {
	out := &gqlerror.Error{Message: message, Path: graphql.GetPath(ctx), Extensions: map[string]any{"code": string(kind)}}
	if e, ok := errors.AsType[*gqlerror.Error](err); ok {
		out.Locations, out.Path = e.Locations, e.Path
	}
	if f := graphql.GetFieldContext(ctx); f != nil && len(out.Locations) == 0 && f.Field.Field != nil && f.Field.Position != nil {
		out.Locations = []gqlerror.Location{{Line: f.Field.Position.Line, Column: f.Field.Position.Column}}
	}
	for k, v := range details {
		out.Extensions[k] = v
	}
	return out
}

// asInput gives an error that has no code the one of a bad question.
func asInput(e *gqlerror.Error) *gqlerror.Error {
	if e.Extensions["code"] == nil {
		if e.Extensions == nil {
			e.Extensions = map[string]any{}
		}
		e.Extensions["code"] = string(fault.BadUserInput)
	}
	return e
}

// recovered keeps a panic's text from the caller.
func recovered(log *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, p any) error {
		log.ErrorContext(ctx, "panic", "panic", fmt.Sprint(p), "stack", string(debug.Stack()), "requestId", fault.RequestID(ctx))
		e := fault.New(fault.Internal, "internal error")
		e.Details = map[string]any{"requestId": fault.RequestID(ctx)}
		return e
	}
}
