package main

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"stackyard/internal/fault"
)

// The subprotocols: the one that is spoken, and its predecessor, which is recognised to be refused.
const (
	protocolSpoken   = "graphql-transport-ws"
	protocolOutdated = "graphql-ws"
)

// The codes that graphql-transport-ws closes sockets with.
const (
	closeBadRequest    websocket.StatusCode = 4400
	closeUnauthorized  websocket.StatusCode = 4401
	closeForbidden     websocket.StatusCode = 4403
	closeNotAcceptable websocket.StatusCode = 4406
	closeInitTimeout   websocket.StatusCode = 4408
	closeDuplicate     websocket.StatusCode = 4409
	closeTooManyInits  websocket.StatusCode = 4429
)

// socketTransport speaks GraphQL over WebSocket. It bounds what a peer can make the server keep or wait for.
type socketTransport struct {
	streams *streams
	bearer  bearer
	log     *slog.Logger
	// maxMessage is the size in bytes of the largest message that is read.
	maxMessage int64
	// maxOperations is how many operations one socket may run at the same time.
	maxOperations int
	// requestTimeout bounds queries and mutations, and the verification of a token.
	requestTimeout time.Duration
	// initTimeout is how long the peer may take to send connection_init.
	initTimeout time.Duration
	// writeTimeout is how long the peer may take to take a message.
	writeTimeout time.Duration
	// keepAlive is the time between two pings; a peer that is not heard of for two of them is given up.
	keepAlive time.Duration
}

var _ graphql.Transport = socketTransport{}

// Supports is true for requests to upgrade the connection.
func (socketTransport) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// Do serves one socket until it is closed.
func (t socketTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx, stream, refusal := t.streams.enter(r)
	if refusal != nil {
		refuse(w, refusal)
		return
	}
	defer stream.leave()
	s := &socket{
		socketTransport: t,
		follower:        follower{exec: exec, timeout: t.requestTimeout, log: t.log},
		stream:          stream,
		header:          r.Header,
		writing:         make(chan struct{}, 1),
		operations:      map[string]*operation{},
	}
	// Pages of other origins are refused by the library.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:   []string{protocolSpoken, protocolOutdated},
		OnPongReceived: s.hearPong,
		OnPingReceived: s.hearPing,
	})
	if err != nil {
		t.log.DebugContext(ctx, "no socket was opened", "reason", err, "requestId", fault.RequestID(ctx))
		return
	}
	conn.SetReadLimit(-1) // the socket has its own limit, and says which
	s.conn = conn
	if conn.Subprotocol() != protocolSpoken {
		stream.end(endedWith(closeNotAcceptable, codeBadRequest, "the subprotocol must be %s", protocolSpoken))
	}
	s.serve(ctx)
}
