package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"stackyard/internal/fault"
)

// maxCloseReason is the length in bytes of the longest reason that a close frame can carry.
const maxCloseReason = 123

// errGone ends a socket whose peer has closed it, or cannot be reached.
var errGone = errors.New("the peer is gone")

// socket is one connection. One goroutine reads from it, each operation has another, and the one that
// serves waits for the end. The stream's context ends with the reason for which the socket is closed.
type socket struct {
	socketTransport
	follower follower
	conn     *websocket.Conn
	stream   *stream
	// header is that of the request that opened the socket.
	header http.Header
	// work is all that goes on for the socket.
	work sync.WaitGroup
	// heard counts the signs of life.
	heard atomic.Int64
	// writing is held by who writes a message.
	writing chan struct{}

	mu sync.Mutex
	// operations has those that the peer may refer to, by the ids that it chose.
	operations map[string]*operation
	// running counts the operations that have not written their last message.
	running int
	// started counts all operations.
	started int
}

// serve returns when the socket is closed, and nothing runs on it any more.
func (s *socket) serve(ctx context.Context) {
	if ctx.Err() == nil {
		s.work.Go(func() { s.stream.end(s.read(ctx)) })
		s.work.Go(func() { s.ping(ctx) })
	}
	<-ctx.Done()
	s.close(ctx, context.Cause(ctx))
	s.work.Wait()
}

// close tells the peer why, as far as it listens, and gives it a few seconds to agree.
func (s *socket) close(ctx context.Context, cause error) {
	end, ok := errors.AsType[*streamEnd](cause)
	if !ok {
		_ = s.conn.CloseNow() // whoever could be told is gone
		return
	}
	s.log.InfoContext(ctx, "closing a socket", "code", int(end.code), "reason", end.reason, "requestId", fault.RequestID(ctx))
	_ = s.conn.Close(end.code, shortened(end.reason)) // the peer may be gone already
}

// shortened keeps a reason as long as a close frame allows, and its characters whole.
func shortened(reason string) string {
	if len(reason) <= maxCloseReason {
		return reason
	}
	return strings.ToValidUTF8(reason[:maxCloseReason-len("…")], "") + "…"
}

// write sends a message, when whoever writes now is done. Where the context has ended by then, it is not
// sent; where it has not, begin is called before, if there is one. A peer that does not take the message in
// time loses the socket.
func (s *socket) write(ctx context.Context, message []byte, begin func()) error {
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.writing }()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if begin != nil {
		begin()
	}
	slow := time.AfterFunc(s.writeTimeout, func() { s.stream.end(slowEnd(s.writeTimeout)) })
	defer slow.Stop()
	// A context that ends would make the library close the connection without a word.
	if err := s.conn.Write(context.WithoutCancel(ctx), websocket.MessageText, message); err != nil {
		s.stream.end(errGone)
		return errGone
	}
	return nil
}

// ping asks for signs of life, which browsers and libraries give by themselves, and ends the socket of a
// peer that gives none.
func (s *socket) ping(ctx context.Context) {
	tick := time.NewTicker(s.keepAlive)
	defer tick.Stop()
	for life := (pulse{}); ; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if life.isGone(s.heard.Load()) {
			s.stream.end(endedWith(websocket.StatusTryAgainLater, fault.Unavailable,
				"nothing was heard for %v (twice the setting stream-keep-alive)", 2*s.keepAlive))
			return
		}
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.keepAlive)
		_ = s.conn.Ping(bounded) // what counts is what is heard
		cancel()
	}
}

// pulse counts the intervals in which nothing was heard.
type pulse struct {
	heard  int64
	silent int
}

// isGone is asked before each ping, with the number of signs of life so far: whether two pings in a row were
// followed by none.
func (p *pulse) isGone(heard int64) bool {
	if heard != p.heard {
		*p = pulse{heard: heard}
		return false
	}
	p.silent++
	return p.silent > 2 // the first interval was that before the first ping
}

func (s *socket) hearPing(context.Context, []byte) bool {
	s.heard.Add(1)
	return true
}

func (s *socket) hearPong(context.Context, []byte) { s.heard.Add(1) }
