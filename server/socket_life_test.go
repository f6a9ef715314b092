package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func subscribe(id, query string) string {
	return `{"id":"` + id + `","type":"subscribe","payload":{"query":"` + query + `"}}`
}

func complete(id string) string { return `{"id":"` + id + `","type":"complete"}` }

func next(id, data string) string {
	return `{"type":"next","id":"` + id + `","payload":{"data":` + data + `}}`
}

func TestCompleteEndsTheContextOfItsOperationAlone(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.join(t, `{}`)
	p.say(subscribe("a", "subscription { changes }"), subscribe("b", "{ slow }"))
	<-s.back.entered
	p.say(complete("b"), complete("unknown"), subscribe("b", "{ plain }"))
	p.hear(next("b", `{ "plain":  "<ok>" }`), `{"type":"complete","id":"b"}`)
	s.back.emit(t, "one")
	p.hear(next("a", `{"changes":"one"}`))
	p.say(complete("a"))
	s.awaitCancelled(t, "changes")
	p.say(`{"type":"ping"}`) // no complete comes back
	p.hear(`{"type":"pong"}`)
}

func TestAPeerThatLeavesEndsItsOperations(t *testing.T) {
	s := startStreaming(t, streamConfig())
	for name, leave := range map[string]func(*websocket.Conn){
		"with a word":    func(c *websocket.Conn) { _ = c.Close(websocket.StatusNormalClosure, "") },
		"without a word": func(c *websocket.Conn) { _ = c.CloseNow() },
	} {
		t.Run(name, func(t *testing.T) {
			p := s.join(t, `{}`)
			p.say(subscribe("a", "subscription { changes }"))
			s.back.emit(t, "one")
			p.hear(next("a", `{"changes":"one"}`))
			leave(p.conn)
			s.awaitCancelled(t, "changes")
			s.awaitEmpty(t)
		})
	}
}

func TestNothingGoesOnForStreamsThatHaveEnded(t *testing.T) {
	s := startStreaming(t, streamConfig())
	before := runtime.NumGoroutine()
	for i := range 30 {
		p := s.join(t, `{}`)
		p.say(subscribe("a", "subscription { changes }"), subscribe("b", "{ slow }"), subscribe("c", "subscription { count(to: 3) }"))
		<-s.back.entered
		events := s.listen(t, "subscription { changes }")
		switch i % 3 {
		case 0:
			_ = p.conn.Close(websocket.StatusNormalClosure, "")
		case 1:
			_ = p.conn.CloseNow()
		case 2:
			p.say(`{"type":"connection_init"}`)
			_, err := p.read()
			for err == nil {
				_, err = p.read()
			}
			p.closedBy(err, 4429, "Too many")
		}
		_ = events.resp.Body.Close()
	}
	s.awaitEmpty(t)
	await(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before+2 })
}

func TestASubscriptionThatEndsForAReasonSaysIt(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.join(t, `{}`)
	p.say(subscribe("a", "subscription { ending }"))
	p.hear(
		next("a", `{"ending":"one"}`),
		`{"type":"error","id":"a","payload":[{"message":"too long ago","extensions":{"code":"CURSOR_EXPIRED"}}]}`,
	)
	p.say(subscribe("a", "subscription { changes }"))
	close(s.back.events)
	p.hear(`{"type":"complete","id":"a"}`)
}

func TestAPanicEndsItsOperationAlone(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.join(t, `{}`, "X-Request-Id", "id-1")
	broken := func(id string) string {
		return `{"type":"error","id":"a","payload":[{"message":"something went wrong on the server","extensions":{"code":"INTERNAL","requestId":"` + id + `"}}]}`
	}
	p.say(subscribe("a", "subscription { breaking }"))
	p.hear(next("a", `{"breaking":"one"}`), broken("id-1.1"))
	p.say(subscribe("a", "{ panicking }"))
	p.hear(broken("id-1.2"))
	p.say(subscribe("a", "{ unspeakable }"))
	p.hear(broken("id-1.3"))
	if !strings.Contains(s.log.String(), "the secret of the panic") {
		t.Errorf("the panic is not in the log: %s", s.log)
	}
}

func TestAQueryOnASocketIsBoundedInTime(t *testing.T) {
	cfg := streamConfig()
	cfg.RequestTimeout = time.Millisecond
	s := startStreaming(t, cfg)
	p := s.join(t, `{}`)
	p.say(subscribe("a", "{ slow }"))
	got, err := p.read()
	if err != nil || !strings.Contains(got, `"code":"TIMEOUT"`) || !strings.Contains(got, "setting request-timeout") {
		t.Errorf("%s, %v", got, err)
	}
}

func TestASocketRunsSoManyOperationsAndNoMore(t *testing.T) {
	cfg := streamConfig()
	cfg.MaxOperationsPerSocket = 2
	s := startStreaming(t, cfg)
	p := s.join(t, `{}`)
	p.say(subscribe("a", "subscription { changes }"), subscribe("b", "subscription { stubborn }"))
	<-s.back.entered
	p.say(subscribe("c", "{ plain }"))
	full := `{"type":"error","id":"c","payload":[{"message":"the socket runs 2 operations already (setting max-operations-per-socket)","extensions":{"code":"TOO_MANY_OPERATIONS"}}]}`
	p.hear(full)
	s.back.emit(t, "one") // the others go on
	p.hear(next("a", `{"changes":"one"}`))
	// An operation that was completed counts for as long as it runs.
	p.say(complete("b"))
	s.awaitCancelled(t, "stubborn")
	p.say(subscribe("c", "{ plain }"))
	p.hear(full)
	close(s.back.release)
	await(t, "room for another operation", func() bool {
		p.say(subscribe("c", "{ plain }"))
		got, err := p.read()
		return err == nil && got != full
	})
	p.hear(`{"type":"complete","id":"c"}`)
}

func TestAnOperationThatWasCompletedLeavesTheNextOfItsIDAlone(t *testing.T) {
	cfg := streamConfig()
	cfg.MaxOperationsPerSocket = 2
	s := startStreaming(t, cfg)
	p := s.join(t, `{}`)
	p.say(subscribe("a", "subscription { stubborn }"))
	<-s.back.entered
	p.say(complete("a"), subscribe("a", "subscription { changes }"))
	s.awaitCancelled(t, "stubborn")
	close(s.back.release)
	await(t, "the first to end", func() bool {
		p.say(subscribe("b", "{ plain }"))
		got, err := p.read()
		return err == nil && strings.Contains(got, "<ok>")
	})
	p.hear(`{"type":"complete","id":"b"}`)
	p.say(complete("a"))
	s.awaitCancelled(t, "changes")
}

func TestOneAddressHasSoManyStreamsWithoutATokenAndNoMore(t *testing.T) {
	cfg := streamConfig()
	cfg.MaxAnonymousStreams = 2
	s := startStreaming(t, cfg)
	ada := s.join(t, `{"Authorization":"Bearer ada-1"}`)
	nobody := s.join(t, `{}`)
	s.listen(t, "subscription { changes }").hear(":")
	for what, ask := range map[string]func() (*http.Response, string){
		"socket": func() (*http.Response, string) {
			_, resp, _ := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{protocolSpoken}})
			return resp, textOf(t, resp)
		},
		"stream of events": func() (*http.Response, string) {
			return s.ask(t, "subscription { changes }", "Accept", mediaEvents)
		},
	} {
		resp, body := ask()
		if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" || !strings.Contains(body, "2 streams without a token already (setting max-anonymous-streams)") {
			t.Errorf("a third %s: %d %s", what, resp.StatusCode, body)
		}
	}
	s.listen(t, "subscription { changes }", "Authorization", "Bearer eve-1").hear(":")
	_ = ada.conn.Close(websocket.StatusNormalClosure, "")
	_ = nobody.conn.Close(websocket.StatusNormalClosure, "")
	await(t, "the room", func() bool {
		_, _, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{protocolSpoken}})
		return err == nil
	})
	if resp, _ := s.ask(t, "subscription { changes }", "Accept", mediaEvents); resp.StatusCode != 503 {
		t.Errorf("the room is there twice: %d", resp.StatusCode)
	}
}

func TestAClientIsAnAddressOrANetwork(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:1234": "192.0.2.7/32", "[::ffff:192.0.2.7]:1": "192.0.2.7/32", "[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:1": "fe80::/64", "@": "invalid Prefix",
	} {
		if got := clientOf(remote).String(); got != want {
			t.Errorf("%s is %s, want %s", remote, got, want)
		}
	}
}

func TestThereIsRoomForSoManyStreamsAndNoMore(t *testing.T) {
	cfg := streamConfig()
	cfg.MaxStreams = 2
	s := startStreaming(t, cfg)
	p := s.join(t, `{}`)
	s.listen(t, "subscription { changes }").hear(":")
	_, resp, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{protocolSpoken}})
	if err == nil || resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" || !strings.Contains(textOf(t, resp), "2 streams already (setting max-streams)") {
		t.Errorf("a third: %v, %v", resp, err)
	}
	if resp, body := s.ask(t, "subscription { changes }", "Accept", mediaEvents); resp.StatusCode != 503 || !strings.Contains(body, "setting max-streams") {
		t.Errorf("a third of events: %d %s", resp.StatusCode, body)
	}
	if resp, body := s.ask(t, "{ plain }", "Accept", mediaEvents); resp.StatusCode != 200 {
		t.Errorf("a query is no stream, but gets %d %s", resp.StatusCode, body)
	}
	_ = p.conn.Close(websocket.StatusNormalClosure, "")
	await(t, "the room", func() bool {
		_, _, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{protocolSpoken}})
		return err == nil
	})
}

func TestASocketEndsWithItsToken(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.connect(t)
	p.say(`{"type":"connection_init","payload":{"Authorization":"Bearer brief-1"}}`, subscribe("a", "subscription { changes }"))
	_, err := p.read()
	for err == nil { // the acknowledgement, where it came in time
		_, err = p.read()
	}
	p.closedBy(err, 4403, "the token has expired")
	s.awaitEmpty(t)
}

func TestAnIDCanBeUsedAgainOnceItsOperationHasEnded(t *testing.T) {
	cfg := streamConfig()
	cfg.MaxOperationsPerSocket = 1
	s := startStreaming(t, cfg)
	p := s.join(t, `{}`)
	for range 500 {
		p.say(subscribe("a", "{ plain }"))
		p.hear(next("a", `{ "plain":  "<ok>" }`), `{"type":"complete","id":"a"}`)
	}
}

// upgrade is the request that opens a socket by hand.
const upgrade = "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
	"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"

// frame is a short text message of a client, masked with zeros.
func frame(text string) string {
	if len(text) < 126 {
		return "\x81" + string([]byte{0x80 | byte(len(text))}) + "\x00\x00\x00\x00" + text
	}
	return "\x81\xfe" + string([]byte{byte(len(text) >> 8), byte(len(text))}) + "\x00\x00\x00\x00" + text
}

func TestASlowReaderLosesItsSocketAndHoldsUpNobody(t *testing.T) {
	cfg := streamConfig()
	cfg.StreamWriteTimeout = 100 * time.Millisecond
	s := startStreaming(t, cfg)
	other := s.join(t, `{}`)
	other.say(subscribe("a", "subscription { changes }"))
	deaf := s.deaf(t, upgrade+frame(`{"type":"connection_init"}`)+frame(subscribe("a", "subscription { flood }"))+frame(subscribe("b", "subscription { flood }")))
	await(t, "the flood to stop", func() bool {
		before := s.back.flooded.Load()
		time.Sleep(20 * time.Millisecond)
		return before > 0 && before == s.back.flooded.Load()
	})
	for i := range 5 { // while the deaf one is waited for, and after
		e := fmt.Sprint(i)
		s.back.emit(t, e)
		other.hear(next("a", `{"changes":"`+e+`"}`))
	}
	s.awaitCancelled(t, "flood")
	s.awaitCancelled(t, "flood")
	await(t, "the entry of the log", func() bool {
		return strings.Contains(s.log.String(), "slow reader: nothing taken for 100ms (setting stream-write-timeout)")
	})
	// What was made for it is what the kernel buffers for a connection, and one message for each operation.
	if made := s.back.flooded.Load() * floodBytes; made > 24<<20 {
		t.Errorf("%d bytes were made for a reader that took none", made)
	}
	// What is on its way comes through, and the reason after it.
	var end []byte
	for part := make([]byte, 64<<10); !bytes.Contains(end, []byte("slow reader")); {
		n, err := deaf.Read(part)
		if err != nil {
			t.Fatalf("the reason is not told: %v", err)
		}
		end = append(end[max(0, len(end)-200):], part[:n]...)
	}
}

func TestAPeerThatAnswersNoPingIsGivenUp(t *testing.T) {
	cfg := streamConfig()
	cfg.StreamKeepAlive = 20 * time.Millisecond
	s := startStreaming(t, cfg)
	_ = s.deaf(t, upgrade+frame(`{"type":"connection_init"}`)+frame(subscribe("a", "subscription { changes }")))
	s.awaitCancelled(t, "changes")
	await(t, "the entry of the log", func() bool {
		return strings.Contains(s.log.String(), "nothing was heard for 40ms (twice the setting stream-keep-alive)")
	})
}

func TestAPeerIsGoneAfterTwoPingsWithoutASignOfLife(t *testing.T) {
	for name, tt := range map[string]struct {
		heard []int64
		want  string
	}{
		"never heard":       {[]int64{0, 0, 0}, "..x"},
		"heard once":        {[]int64{1, 1, 1, 1, 1}, "...x"},
		"heard every time":  {[]int64{1, 2, 3, 4, 5}, "....."},
		"heard just before": {[]int64{0, 0, 1, 1, 1, 2, 2, 2, 2}, "........x"},
	} {
		var life pulse
		got := ""
		for _, heard := range tt.heard {
			if life.isGone(heard) {
				got += "x"
				break
			}
			got += "."
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestAPeerThatGivesSignsOfLifeStays(t *testing.T) {
	const pings = 4 // a silent peer is given up after two
	cfg := streamConfig()
	cfg.StreamKeepAlive = 250 * time.Millisecond
	for name, answers := range map[string]bool{"by answers to pings": true, "by messages alone": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startStreaming(t, cfg)
			seen := make(chan struct{}, pings)
			conn, _, err := dial(t, s.address, &websocket.DialOptions{
				Subprotocols: []string{protocolSpoken},
				OnPingReceived: func(context.Context, []byte) bool {
					select {
					case seen <- struct{}{}:
					default:
					}
					return answers
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			p := &peer{t: t, conn: conn}
			p.say(`{"type":"connection_init"}`)
			p.hear(`{"type":"connection_ack"}`)
			go func() {
				for range pings {
					<-seen
					if !answers {
						_ = conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"pong"}`))
					}
				}
				_ = conn.Write(t.Context(), websocket.MessageText, []byte(subscribe("a", "{ plain }")))
			}()
			p.hear(next("a", `{ "plain":  "<ok>" }`))
		})
	}
}

func TestStreamsAreToldFirstWhenTheServerStops(t *testing.T) {
	standIn := newStandIn()
	p := start(t, standIn)
	socket := (&streaming{address: p.address}).join(t, `{}`)
	socket.say(subscribe("a", "subscription { changes }"))
	events := (&streaming{address: p.address}).listen(t, "subscription { changes }")
	events.hear(":")
	running := make(chan string, 1)
	go func() {
		body, err := answerTo(p.address, "{ slow }")
		running <- fmt.Sprint(body, err)
	}()
	<-standIn.entered
	p.stop()
	socket.closed(1001, "the server is stopping; connect again, and resume with `after`")
	events.hear("event: next",
		"data: {\"errors\":[{\"message\":\"the server is stopping; connect again, and resume with `after`\",\"extensions\":{\"code\":\"UNAVAILABLE\"}}]}",
		"event: complete", "data: ", "EOF")
	select {
	case got := <-running:
		t.Errorf("the request that runs was not waited for: %s", got)
	default:
	}
	close(standIn.release)
	if got := <-running; !strings.Contains(got, "<ok>") {
		t.Errorf("the request that ran got %s", got)
	}
	if err := p.end(t); err != nil {
		t.Error(err)
	}
}

func TestTheServerWaitsForOperationsOnSocketsWhenItStops(t *testing.T) {
	standIn := newStandIn()
	p := start(t, standIn)
	socket := (&streaming{address: p.address}).join(t, `{}`)
	socket.say(subscribe("a", "subscription { stubborn }"))
	<-standIn.entered
	p.stop()
	socket.closed(1001, "stopping")
	await(t, "the listener to close", func() bool { return isRefused(p.address) })
	select {
	case err := <-p.done:
		t.Errorf("it ended before the operation did: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	if standIn.isClosed() {
		t.Error("the store was closed before the operation ended")
	}
	close(standIn.release)
	if err := p.end(t); err != nil {
		t.Error(err)
	}
}

func TestNoStreamIsOpenedWhileTheServerStops(t *testing.T) {
	s := startStreaming(t, streamConfig())
	s.server.streams.stop()
	_, resp, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{protocolSpoken}})
	if err == nil || resp.StatusCode != 503 || !strings.Contains(textOf(t, resp), "stopping") {
		t.Errorf("%v, %v", resp, err)
	}
}
