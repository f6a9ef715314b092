package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
)

// testUsers can be asked as with the tokens ada-… and eve-…; brief-… is good for a moment, and gone-… for none.
func testUsers() verifierOf {
	return verifierOf{"ada": time.Hour, "eve": time.Hour, "brief": 100 * time.Millisecond, "gone": -time.Second}
}

// streamConfig has limits that no test meets by accident.
func streamConfig() Config {
	return Config{
		ReadTimeout: time.Minute, RequestTimeout: time.Minute, WriteTimeout: 2 * time.Minute, ShutdownGrace: time.Minute,
		MaxBodyBytes: 100_000, MaxStreams: 20, MaxAnonymousStreams: 20, MaxOperationsPerSocket: 10,
		WSInitTimeout: time.Minute, StreamWriteTimeout: time.Minute, StreamKeepAlive: time.Minute,
	}
}

// streaming is a server with all transports on a real port.
type streaming struct {
	back    *standIn
	server  *server
	address string
	log     *buffer
}

func startStreaming(t *testing.T, cfg Config) *streaming {
	t.Helper()
	log := &buffer{}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	s := &streaming{back: newStandIn(), log: log}
	s.server = newServer(t.Context(), cfg, logger, &tokens{verifier: testUsers()})
	b, err := s.back.open(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.server.addTransports(b)
	s.server.site.backend.Store(b)
	front := httptest.NewUnstartedServer(nil)
	front.Config = s.server.http
	front.Start()
	s.address = front.Listener.Addr().String()
	t.Cleanup(func() {
		s.server.streams.stop()
		s.server.cutOff()
		front.Close()
	})
	return s
}

// peer is a client of a socket.
type peer struct {
	t    *testing.T
	conn *websocket.Conn
}

func dial(t *testing.T, address string, options *websocket.DialOptions) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, resp, err := websocket.Dial(ctx, "ws://"+address+"/graphql", options)
	if err == nil {
		conn.SetReadLimit(-1)
		t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, resp, err
}

// connect opens a socket; header holds names and values.
func (s *streaming) connect(t *testing.T, header ...string) *peer {
	t.Helper()
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	conn, _, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{protocolSpoken}, HTTPHeader: h})
	if err != nil {
		t.Fatal(err)
	}
	return &peer{t: t, conn: conn}
}

// join opens a socket that is acknowledged; payload is that of connection_init.
func (s *streaming) join(t *testing.T, payload string, header ...string) *peer {
	t.Helper()
	p := s.connect(t, header...)
	p.say(`{"type":"connection_init","payload":` + payload + `}`)
	p.hear(`{"type":"connection_ack"}`)
	return p
}

func (p *peer) say(messages ...string) {
	p.t.Helper()
	for _, m := range messages {
		ctx, cancel := context.WithTimeout(p.t.Context(), patience)
		err := p.conn.Write(ctx, websocket.MessageText, []byte(m))
		cancel()
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *peer) read() (string, error) {
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	_, data, err := p.conn.Read(ctx)
	return string(data), err
}

// hear expects these messages in this order.
func (p *peer) hear(want ...string) {
	p.t.Helper()
	for _, w := range want {
		got, err := p.read()
		if err != nil {
			p.t.Fatalf("%v, instead of %s", err, w)
		}
		if diff := cmp.Diff(w, got); diff != "" {
			p.t.Fatal(diff)
		}
	}
}

// closed expects the server to close the socket next, with the code and a reason that says so.
func (p *peer) closed(code websocket.StatusCode, says string) {
	p.t.Helper()
	got, err := p.read()
	if err == nil {
		p.t.Fatalf("the socket goes on: %s", got)
	}
	p.closedBy(err, code, says)
}

func (p *peer) closedBy(err error, code websocket.StatusCode, says string) {
	p.t.Helper()
	end, ok := errors.AsType[websocket.CloseError](err)
	if !ok || end.Code != code || !strings.Contains(end.Reason, says) {
		p.t.Fatalf("%v, want code %d that says %q", err, code, says)
	}
}

// awaitCancelled waits for the context of a subscription to the field to end.
func (s *streaming) awaitCancelled(t *testing.T, field string) {
	t.Helper()
	select {
	case got := <-s.back.cancelled:
		if got != field {
			t.Fatalf("%s ended, want %s", got, field)
		}
	case <-time.After(patience):
		t.Fatalf("the context of %s did not end", field)
	}
}

// awaitEmpty waits for all streams to be gone.
func (s *streaming) awaitEmpty(t *testing.T) {
	t.Helper()
	await(t, "the streams to end", func() bool {
		s.server.streams.mu.Lock()
		defer s.server.streams.mu.Unlock()
		return len(s.server.streams.open) == 0
	})
}

// deaf opens a connection that never reads more than its answer's header.
func (s *streaming) deaf(t *testing.T, request string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	return c
}
