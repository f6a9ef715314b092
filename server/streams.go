package main

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// streamEnd is why the server ends a stream of its own accord; it is the cause of the end of the stream's
// context. Sockets are closed with the code, event streams end with an error of the kind.
type streamEnd struct {
	code   websocket.StatusCode
	kind   fault.Kind
	reason string
}

func (e *streamEnd) Error() string { return e.reason }

func (e *streamEnd) errors() gqlerror.List {
	return gqlerror.List{codedError(string(e.kind), "%s", e.reason)}
}

func endedWith(code websocket.StatusCode, kind fault.Kind, format string, args ...any) *streamEnd {
	return &streamEnd{code: code, kind: kind, reason: fmt.Sprintf(format, args...)}
}

func stoppingEnd() *streamEnd {
	return endedWith(websocket.StatusGoingAway, fault.Unavailable,
		"the server is stopping; connect again, and resume with `after`")
}

// expiredEnd is not 4401: clients take that for final, and come back from 4403 with a fresh token.
func expiredEnd() *streamEnd {
	return endedWith(closeForbidden, fault.Unauthenticated, "the token has expired; connect again with a fresh one")
}

func slowEnd(timeout time.Duration) *streamEnd {
	return endedWith(websocket.StatusTryAgainLater, fault.Unavailable,
		"slow reader: nothing taken for %v (setting stream-write-timeout); connect again, and resume with `after`", timeout)
}

// streams knows the open streams, which are sockets and event streams alike, and can end them all.
type streams struct {
	most          int
	mostAnonymous int // of one client

	mu         sync.Mutex
	open       map[*stream]bool
	anonymous  map[netip.Prefix]int // open streams without a token, by client
	isStopping bool
	// left is closed when no stream is open any more, and none can be opened.
	left chan struct{}
}

func newStreams(most, mostAnonymous int) *streams {
	return &streams{
		most: most, mostAnonymous: mostAnonymous,
		open: map[*stream]bool{}, anonymous: map[netip.Prefix]int{}, left: make(chan struct{}),
	}
}

// stream is one open stream.
type stream struct {
	set *streams
	// client is whom the stream counts for while nobody in particular has it.
	client      netip.Prefix
	isAnonymous bool
	// end ends the stream's context; the first cause counts.
	end context.CancelCauseFunc
	// expiry is nil where no token can expire.
	expiry *time.Timer
}

// enter opens a stream with a context of its own, where there is room for one. It is
// nobody's until it is said whose it is.
func (s *streams) enter(r *http.Request) (context.Context, *stream, *refusal) {
	client, isAnonymous := clientOf(r.RemoteAddr), auth.ViewerOf(r.Context()) == nil
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isStopping {
		return nil, nil, unavailable("%v", stoppingEnd())
	}
	if len(s.open) >= s.most {
		return nil, nil, unavailable("the server serves %d streams already (setting max-streams)", s.most)
	}
	if isAnonymous && s.anonymous[client] >= s.mostAnonymous {
		return nil, nil, unavailable("your address has %d streams without a token already (setting max-anonymous-streams)", s.mostAnonymous)
	}
	ctx, end := context.WithCancelCause(r.Context())
	opened := &stream{set: s, client: client, isAnonymous: isAnonymous, end: end}
	s.open[opened] = true
	if isAnonymous {
		s.anonymous[client]++
	}
	return ctx, opened, nil
}

// leave gives the stream's room to others. It can be called again.
func (s *stream) leave() {
	s.end(context.Canceled)
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	if !s.set.open[s] {
		return
	}
	delete(s.set.open, s)
	s.identify()
	s.set.announceLeft()
}

// belongTo ends the stream when the viewer's token does. Nobody in particular has none.
func (s *stream) belongTo(viewer *auth.Viewer) {
	if viewer == nil {
		return
	}
	s.expiry = time.AfterFunc(time.Until(viewer.ExpiresAt), func() { s.end(expiredEnd()) })
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	s.identify()
}

// identify lets the stream count for its client no longer. It is called with the
// lock held, and can be called again.
func (s *stream) identify() {
	if !s.isAnonymous {
		return
	}
	s.isAnonymous = false
	if s.set.anonymous[s.client]--; s.set.anonymous[s.client] == 0 {
		delete(s.set.anonymous, s.client)
	}
}

// clientOf gives whose an address is: of IPv4 the address, of IPv6 the network of 64
// bits that one client has. What is none of these, such as a Unix socket, is one client.
func clientOf(remote string) netip.Prefix {
	of, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	address, bits := of.Addr().Unmap().WithZone(""), 64
	if address.Is4() {
		bits = 32
	}
	client, _ := address.Prefix(bits) // an address has as many
	return client
}

// stop ends all streams, and lets no other in.
func (s *streams) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isStopping {
		return
	}
	s.isStopping = true
	for opened := range s.open {
		opened.end(stoppingEnd())
	}
	s.announceLeft()
}

// announceLeft is called with the lock held.
func (s *streams) announceLeft() {
	if s.isStopping && len(s.open) == 0 {
		close(s.left)
	}
}

// wait is for the streams to be gone after stop.
func (s *streams) wait(ctx context.Context) error {
	select {
	case <-s.left:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func unavailable(format string, args ...any) *refusal {
	r := refused(http.StatusServiceUnavailable, string(fault.Unavailable), format, args...)
	r.header.Set("Retry-After", "1")
	return r
}
