package main

import (
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestASocketServesSubscriptionsQueriesAndMutations(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.connect(t)
	p.say(`{"type":"ping"}`, `{"type":"pong"}`, `{"type":"connection_init"}`)
	p.hear(`{"type":"pong"}`, `{"type":"connection_ack"}`)
	p.say(`{"id":"a","type":"subscribe","payload":{"query":"subscription($n: Int!) { count(to: $n) }","variables":{"n":2}}}`)
	p.hear(
		`{"type":"next","id":"a","payload":{"data":{"count":1}}}`,
		`{"type":"next","id":"a","payload":{"data":{"count":2}}}`,
		`{"type":"complete","id":"a"}`,
	)
	p.say(`{"id":"b\"é","type":"subscribe","payload":{"query":"query A { plain } query B { requestId }","operationName":"A"}}`)
	p.hear(`{"type":"next","id":"b\"é","payload":{"data":{ "plain":  "<ok>" }}}`, `{"type":"complete","id":"b\"é"}`)
	p.say(`{"id":"c","type":"subscribe","payload":{"query":"mutation { change }","operationName":null,"variables":null,"extensions":null}}`)
	p.hear(`{"type":"next","id":"c","payload":{"data":{ "plain":  "<ok>" }}}`, `{"type":"complete","id":"c"}`)
	p.say(`{"type":"ping","payload":{"at":1}}`)
	p.hear(`{"type":"pong"}`)
	if err := p.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
	s.awaitEmpty(t)
}

func TestAnOperationThatCannotRunEndsWithAnError(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.join(t, `null`)
	for query, want := range map[string]string{
		"{":                              `"code":"GRAPHQL_PARSE_FAILED"`,
		"{ nowhere }":                    `"code":"GRAPHQL_VALIDATION_FAILED"`,
		"subscription { nowhere }":       `"code":"GRAPHQL_VALIDATION_FAILED"`,
		"subscription { refused }":       `"message":"not for you"`,
		"query($x: ID!) { plain(id:$x)}": `"code":"GRAPHQL_VALIDATION_FAILED"`,
	} {
		p.say(`{"id":"a","type":"subscribe","payload":{"query":"` + query + `"}}`)
		got, err := p.read()
		if err != nil || !strings.HasPrefix(got, `{"type":"error","id":"a","payload":[{"message":`) || !strings.Contains(got, want) {
			t.Errorf("%s: %s, %v", query, got, err)
		}
		p.say(`{"type":"ping"}`) // nothing follows the error
		p.hear(`{"type":"pong"}`)
	}
	p.say(`{"id":"a","type":"subscribe","payload":{"query":"{ ` + strings.Repeat("x ", 400) + `}"}}`)
	if got, err := p.read(); err != nil || strings.Count(got, `"message"`) != maxErrors {
		t.Errorf("a hostile document: %.200s, %v", got, err)
	}
}

func TestASocketIsClosedWithACodeAndAReason(t *testing.T) {
	const begin = `{"type":"connection_init"}`
	changes := `{"id":"a","type":"subscribe","payload":{"query":"subscription { changes }"}}`
	tests := []struct {
		name     string
		messages []string
		code     websocket.StatusCode
		says     string
	}{
		{"no JSON", []string{`{`}, 4400, "not a JSON object"},
		{"not one value", []string{begin + begin}, 4400, "not a JSON object"},
		{"a list", []string{`[]`}, 4400, "not a JSON object"},
		{"nothing", []string{``}, 4400, "not a JSON object"},
		{"no type", []string{`{}`}, 4400, `no message of the type ""`},
		{"an unknown type", []string{`{"type":"start"}`}, 4400, `no message of the type "start"`},
		{"an unknown type, later", []string{begin, `{"type":"stop"}`}, 4400, `no message of the type "stop"`},
		{"a message of the server's", []string{begin, `{"type":"next","id":"a","payload":{}}`}, 4400, `"next"`},
		{"a type that is a number", []string{`{"type":1}`}, 4400, "not a JSON object"},
		{"an id that is a number", []string{begin, `{"id":1,"type":"subscribe","payload":{"query":"{ plain }"}}`}, 4400, "not a JSON object"},
		{"no id", []string{begin, `{"type":"subscribe","payload":{"query":"{ plain }"}}`}, 4400, "id of subscribe"},
		{"a long id", []string{begin, `{"id":"` + strings.Repeat("x", 256) + `","type":"subscribe","payload":{"query":"{ plain }"}}`}, 4400, "1 to 255 bytes"},
		{"no payload", []string{begin, `{"id":"a","type":"subscribe"}`}, 4400, "no query"},
		{"no query", []string{begin, `{"id":"a","type":"subscribe","payload":{}}`}, 4400, "no query"},
		{"a query that is a number", []string{begin, `{"id":"a","type":"subscribe","payload":{"query":1}}`}, 4400, "payload of subscribe"},
		{"variables that are a list", []string{begin, `{"id":"a","type":"subscribe","payload":{"query":"{ plain }","variables":[]}}`}, 4400, "payload of subscribe"},
		{"an init payload that is a list", []string{`{"type":"connection_init","payload":[]}`}, 4400, "payload of connection_init"},
		{"an authorization that is a number", []string{`{"type":"connection_init","payload":{"authorization":1}}`}, 4400, "not a string"},
		{"an authorization that is null", []string{`{"type":"connection_init","payload":{"authorization":null}}`}, 4400, "not a string"},
		{"two authorizations", []string{`{"type":"connection_init","payload":{"authorization":"Bearer ada-1","Authorization":"Bearer eve-1"}}`}, 4403, "more than one"},
		{"another scheme", []string{`{"type":"connection_init","payload":{"Authorization":"Basic ada-1"}}`}, 4403, "Bearer TOKEN"},
		{"a bad token", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer mel-1"}}`}, 4403, "Forbidden"},
		{"a long token", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer ada-` + strings.Repeat("x", 8<<10) + `"}}`}, 4403, "longer than 8192 bytes"},
		{"keys that are not to be had", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer down"}}`}, 1013, "keys are not to be had"},
		{"a verifier that fails", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer broken"}}`}, 1011, "could not be verified"},
		{"a verifier that panics", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer panic"}}`}, 1011, "something went wrong"},
		{"a token that has expired meanwhile", []string{`{"type":"connection_init","payload":{"Authorization":"Bearer gone-1"}}`}, 4403, "expired"},
		{"subscribe before connection_init", []string{changes}, 4401, "subscribe came before connection_ack"},
		{"complete before connection_init", []string{`{"id":"a","type":"complete"}`}, 4401, "complete came before connection_ack"},
		{"a second connection_init", []string{begin, begin}, 4429, "Too many initialisation requests"},
		{"an id that is in use", []string{begin, changes, changes}, 4409, "Subscriber for a already exists"},
		{"a first message that is too big", []string{`{"type":"connection_init","payload":{"x":"` + strings.Repeat("x", 16<<10) + `"}}`}, 1009, "16384 bytes (before connection_ack)"},
		{"a message that is too big", []string{begin, strings.Repeat(" ", 100_001)}, 1009, "100000 bytes (setting max-body-bytes)"},
		{"bytes that are not UTF-8", []string{"{\"type\":\"ping\xff\"}"}, 1007, "UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := startStreaming(t, streamConfig())
			p := s.connect(t)
			p.say(tt.messages...)
			got, err := p.read()
			for err == nil && got == `{"type":"connection_ack"}` {
				got, err = p.read()
			}
			if err == nil {
				t.Fatalf("the socket goes on: %s", got)
			}
			p.closedBy(err, tt.code, tt.says)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("a secret is told: %v", err)
			}
			s.awaitEmpty(t)
			if !strings.Contains(s.log.String(), `"msg":"closing a socket"`) {
				t.Errorf("the end is not logged: %s", s.log)
			}
		})
	}
}

func TestASocketOfBinaryMessagesIsClosed(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.connect(t)
	if err := p.conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"connection_init"}`)); err != nil {
		t.Fatal(err)
	}
	p.closed(4400, "messages are text")
}

func TestASocketThatIsNotInitialisedInTimeIsClosed(t *testing.T) {
	cfg := streamConfig()
	cfg.WSInitTimeout = 20 * time.Millisecond
	s := startStreaming(t, cfg)
	s.connect(t).closed(4408, "Connection initialisation timeout: 20ms (setting ws-init-timeout)")
}

func TestAReasonFitsIntoACloseFrame(t *testing.T) {
	for _, reason := range []string{"", "short", strings.Repeat("x", 123), strings.Repeat("x", 124), strings.Repeat("é", 100), strings.Repeat("日本", 100)} {
		got := shortened(reason)
		if len(got) > 123 || len(reason) <= 123 && got != reason || len(got) < min(len(reason), 119) || strings.ToValidUTF8(got, "") != got {
			t.Errorf("%q becomes %q", reason, got)
		}
	}
	for _, end := range []*streamEnd{stoppingEnd(), expiredEnd(), slowEnd(90 * time.Second)} {
		if len(end.reason) > 123 {
			t.Errorf("%q is too long", end.reason)
		}
	}
}

func TestOtherSubprotocolsAreNotAcceptable(t *testing.T) {
	s := startStreaming(t, streamConfig())
	for name, offered := range map[string][]string{"its predecessor": {"graphql-ws"}, "none": nil, "an unknown one": {"chat"}} {
		conn, _, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: offered})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		(&peer{t: t, conn: conn}).closed(4406, "graphql-transport-ws")
	}
	conn, _, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{"graphql-ws", "graphql-transport-ws"}})
	if err != nil || conn.Subprotocol() != protocolSpoken {
		t.Errorf("both are offered: %v", err)
	}
}

func TestASocketIsNotOpenedForEveryone(t *testing.T) {
	s := startStreaming(t, streamConfig())
	tests := []struct {
		name   string
		header []string
		status int
	}{
		{"a page of another origin", []string{"Origin", "http://evil.example"}, 403},
		{"a page without an origin", []string{"Origin", "null"}, 403},
		{"the playground", []string{"Origin", "http://" + s.address}, 101},
		{"no browser", nil, 101},
		{"a good token", []string{"Authorization", "bearer ada-1"}, 101},
		{"a bad token", []string{"Authorization", "Bearer mel-1"}, 401},
		{"two tokens", []string{"Authorization", "Bearer ada-1", "Authorization", "Bearer ada-2"}, 401},
		{"a token that cannot be checked", []string{"Authorization", "Bearer down"}, 503},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := map[string][]string{}
			for i := 0; i < len(tt.header); i += 2 {
				h[tt.header[i]] = append(h[tt.header[i]], tt.header[i+1])
			}
			conn, resp, err := dial(t, s.address, &websocket.DialOptions{Subprotocols: []string{protocolSpoken}, HTTPHeader: h})
			if (err == nil) != (tt.status == 101) || resp == nil || resp.StatusCode != tt.status {
				t.Fatalf("%v, %v", resp, err)
			}
			if conn != nil {
				_ = conn.CloseNow()
			}
		})
	}
}

func TestTheViewerComesFromTheRequestOrFromConnectionInit(t *testing.T) {
	s := startStreaming(t, streamConfig())
	tests := []struct {
		name, payload string
		header        []string
		viewer        string
	}{
		{"no token", `{}`, nil, "nobody"},
		{"by request", `{"theme":"dark"}`, []string{"Authorization", "Bearer ada-1"}, "ada"},
		{"by connection_init", `{"Authorization":"Bearer ada-1"}`, nil, "ada"},
		{"in small letters", `{"authorization":"bearer ada-1"}`, nil, "ada"},
		{"by both", `{"Authorization":"Bearer ada-2"}`, []string{"Authorization", "Bearer ada-1"}, "ada"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := s.join(t, tt.payload, tt.header...)
			p.say(`{"id":"a","type":"subscribe","payload":{"query":"{ viewer }"}}`)
			p.hear(`{"type":"next","id":"a","payload":{"data":{"viewer":"`+tt.viewer+`"}}}`, `{"type":"complete","id":"a"}`)
		})
	}
	p := s.connect(t, "Authorization", "Bearer eve-1")
	p.say(`{"type":"connection_init","payload":{"Authorization":"Bearer ada-1"}}`)
	p.closed(4400, "tokens of two users")
}

func TestEveryOperationOfASocketHasARequestIDOfItsOwn(t *testing.T) {
	s := startStreaming(t, streamConfig())
	p := s.join(t, `{}`, "X-Request-Id", "id-1")
	for _, want := range []string{"id-1.1", "id-1.2"} {
		p.say(`{"id":"a","type":"subscribe","payload":{"query":"{ requestId }"}}`)
		p.hear(`{"type":"next","id":"a","payload":{"data":{"requestId":"`+want+`"}}}`, `{"type":"complete","id":"a"}`)
	}
	_ = p.conn.Close(websocket.StatusNormalClosure, "")
	await(t, "the entry of the log", func() bool { return strings.Contains(s.log.String(), `"status":101`) })
}
