package graph

import (
	"context"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Ending is why a stream of events ended, where it did not just come to its end.
// The transport that serves the stream makes it, and tells the reader.
type Ending struct {
	reason atomic.Pointer[gqlerror.Error]
}

type endingKey struct{}

// WithEnding lets the subscription that runs under the context say why it ends.
func WithEnding(ctx context.Context) (context.Context, *Ending) {
	e := &Ending{}
	return context.WithValue(ctx, endingKey{}, e), e
}

// Reason is nil where the stream came to its end, or has not ended yet.
func (e *Ending) Reason() *gqlerror.Error { return e.reason.Load() }

// EndWith says why the stream that runs under the context ends now. The first
// reason counts.
func EndWith(ctx context.Context, reason *gqlerror.Error) {
	if e, ok := ctx.Value(endingKey{}).(*Ending); ok {
		e.reason.CompareAndSwap(nil, reason)
	}
}
