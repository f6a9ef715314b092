package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"stackyard/ent"
	"stackyard/graph/loader"
)

// events are the events of one subscription on their way from whoever follows the
// log to whoever executes them.
type events struct {
	// root is the field that is subscribed to; nil as long as nobody follows.
	root *graphql.FieldContext
	// found has the events as they are found; it is closed when there are no more.
	found chan *loader.ChangeEdge
	// due has the event that is to be executed.
	due chan *loader.ChangeEdge
}

// begin says that found will get events from now on.
func (e *events) begin(root *graphql.FieldContext) {
	e.root, e.found, e.due = root, make(chan *loader.ChangeEdge), make(chan *loader.ChangeEdge, 1)
}

// respondToEvents executes each event as if it were an operation of its own, when
// the reader is there to take it: with loaders and a clock that see what is so by
// then, and only where the viewer may still know of it. Once the reader may not know
// of anything any more the stream ends.
func (o *operations) respondToEvents(ctx context.Context, first *operation, next graphql.OperationHandler) graphql.ResponseHandler {
	first.events = &events{}
	stream, end := context.WithCancel(ctx)
	respond := next(stream)
	return func(ctx context.Context) *graphql.Response {
		if first.events.root == nil { // it was refused
			end()
			return respond(ctx)
		}
		for {
			edge := first.events.take(ctx)
			if edge == nil {
				end()
				return nil
			}
			of := o.begin(stream, first.plan, first.viewer)
			mayKnow, err := of.mayKnow(edge.Node)
			if err != nil {
				EndWith(stream, o.present(first.events.within(stream), err))
				end()
				return nil
			}
			if !mayKnow {
				continue
			}
			first.events.due <- edge
			return of.respond(first.events.within(ctx), respond)
		}
	}
}

// within gives an event the place of the root field. Each has its own: setting the
// place of a context writes to it, and the follower reads that of the resolver.
func (e *events) within(ctx context.Context) context.Context {
	own := *e.root
	return graphql.WithFieldContext(ctx, &own)
}

// take waits for the next event; nil where there are no more.
func (e *events) take(ctx context.Context) *loader.ChangeEdge {
	if ctx.Err() != nil {
		return nil
	}
	select {
	case edge := <-e.found:
		return edge
	case <-ctx.Done():
		return nil
	}
}

// mayKnow decides whether the viewer, as of now, may know of a change. It is an
// error where they may not know of any in that log.
func (o *operation) mayKnow(c *ent.Change) (bool, error) {
	if c.LogID == loader.PublicLog {
		return true, nil
	}
	reader, err := o.loaders.Reader()
	if err != nil {
		return false, err
	}
	return reader.MayKnow(c)
}
