package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testMaxBody = 1000

func transportOf(s *standIn) http.Handler {
	h := s.handler()
	h.AddTransport(Transport{MaxBody: testMaxBody, Timeout: time.Minute})
	return h
}

func post(body string, header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", mediaJSON)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func get(query string, header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/graphql?"+query, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func ask(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func textOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// answered is the body of an answer.
type answered struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
	Extensions map[string]any
}

func bodyOf(t *testing.T, resp *http.Response) (a answered, raw string) {
	t.Helper()
	raw = textOf(t, resp)
	if err := json.Unmarshal([]byte(raw), &a); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return a, raw
}

// slowBody is a body whose rest does not arrive before the deadline of the connection.
type slowBody struct{}

func (slowBody) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

func TestTransportRefusesWithStatusAndCode(t *testing.T) {
	const ok = `{"query":"{ plain }"}`
	chunked := post("")
	chunked.Body, chunked.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat(" ", testMaxBody+1))), -1
	late := post("")
	late.Body = io.NopCloser(slowBody{})
	put, head, options := post(ok), get("query={plain}"), get("")
	put.Method, head.Method, options.Method = http.MethodPut, http.MethodHead, http.MethodOptions

	tests := []struct {
		name    string
		request *http.Request
		status  int
		code    string
		says    string
	}{
		{"PUT", put, 405, codeMethodNotAllowed, "GET and POST"},
		{"HEAD", head, 405, codeMethodNotAllowed, "GET and POST"},
		{"OPTIONS", options, 405, codeMethodNotAllowed, "GET and POST"},
		{"a media type that is not spoken", post(ok, "Accept", "text/html"), 406, codeNotAcceptable, mediaGraphQL},
		{"no content type", post(ok, "Content-Type", ""), 415, codeUnsupportedMedia, mediaJSON},
		{"a form", post("query={plain}", "Content-Type", "application/x-www-form-urlencoded"), 415, codeUnsupportedMedia, mediaJSON},
		{"what a page can send unasked", post(ok, "Content-Type", "text/plain"), 415, codeUnsupportedMedia, mediaJSON},
		{"another charset", post(ok, "Content-Type", "application/json; charset=latin1"), 415, codeUnsupportedMedia, "UTF-8"},
		{"a compressed body", post(ok, "Content-Encoding", "gzip"), 415, codeUnsupportedMedia, "compressed"},
		{"an announced body over the limit", post(strings.Repeat(" ", testMaxBody+1)), 413, codePayloadTooLarge, "1000 bytes (setting max-body-bytes)"},
		{"a chunked body over the limit", chunked, 413, codePayloadTooLarge, "1000 bytes (setting max-body-bytes)"},
		{"a body that does not arrive", late, 408, codeRequestTimeout, "read-timeout"},
		{"no JSON", post(`{"query": secret`), 400, codeBadRequest, "JSON"},
		{"an empty body", post(""), 400, codeBadRequest, "JSON"},
		{"a batch", post(`[` + ok + `]`), 400, codeBadRequest, "one object"},
		{"a second value", post(ok + ok), 400, codeBadRequest, "JSON"},
		{"a brace too many", post(ok + "}"), 400, codeBadRequest, "JSON"},
		{"a query that is no string", post(`{"query":{"secret":1}}`), 400, codeBadRequest, "JSON"},
		{"variables that are no object", post(`{"query":"{ plain }","variables":"secret"}`), 400, codeBadRequest, "JSON"},
		{"variables that are a list", post(`{"query":"{ plain }","variables":["secret"]}`), 400, codeBadRequest, "JSON"},
		{"no query", post(`{}`), 400, codeBadRequest, "query is missing"},
		{"a null query", post(`{"query":null}`), 400, codeBadRequest, "query is missing"},
		{"GET without a query", get(""), 400, codeBadRequest, "query is missing"},
		{"GET with a broken query string", get("query=%zz"), 400, codeBadRequest, "query string"},
		{"GET with two queries", get("query={plain}&query={slow}"), 400, codeBadRequest, "query is given more than once"},
		{"GET with variables that are no JSON", get("query={plain}&variables=secret"), 400, codeBadRequest, "variables"},
		{"GET with variables that are no object", get("query={plain}&variables=[1]"), 400, codeBadRequest, "variables"},
		{"GET with variables and more", get("query={plain}&variables={}secret"), 400, codeBadRequest, "variables"},
		{"GET with extensions that are no object", get("query={plain}&extensions=1"), 400, codeBadRequest, "extensions"},
		{"a mutation by GET", get("query=" + url.QueryEscape("mutation { change }")), 405, codeMethodNotAllowed, "POST"},
		{"a subscription", post(`{"query":"subscription { changes }"}`), 400, codeBadRequest, "subscriptions"},
		{"a subscription by GET", get("query=" + url.QueryEscape("subscription { changes }")), 400, codeBadRequest, "subscriptions"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			back := newStandIn()
			resp := ask(transportOf(back), tt.request)
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
			if got, want := resp.Header.Get("Content-Type"), mediaJSON+"; charset=utf-8"; got != want {
				t.Errorf("media type %q, want %q", got, want)
			}
			a, raw := bodyOf(t, resp)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != tt.code || !strings.Contains(a.Errors[0].Message, tt.says) {
				t.Errorf("got %s, want one error %s that says %q", raw, tt.code, tt.says)
			}
			if a.Data != nil || strings.Contains(raw, `"data"`) {
				t.Errorf("a refusal has data: %s", raw)
			}
			if strings.Contains(raw, "secret") {
				t.Errorf("the request is echoed: %s", raw)
			}
			if back.executed {
				t.Error("the operation was executed")
			}
		})
	}
}

func TestTransportRefusesInTheMediaTypeThatIsAccepted(t *testing.T) {
	resp := ask(transportOf(newStandIn()), post(`{}`, "Accept", mediaGraphQL))
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != 400 || got != mediaGraphQL+"; charset=utf-8" {
		t.Errorf("%d %q", resp.StatusCode, got)
	}
}

func TestTransportNamesTheAllowedMethods(t *testing.T) {
	h := transportOf(newStandIn())
	put := post("")
	put.Method = http.MethodPut
	if got := ask(h, put).Header.Get("Allow"); got != "GET, POST" {
		t.Errorf("PUT: Allow %q", got)
	}
	if got := ask(h, get("query=mutation{change}")).Header.Get("Allow"); got != "POST" {
		t.Errorf("mutation by GET: Allow %q", got)
	}
}

func TestTransportClosesTheConnectionAfterABodyThatItDidNotRead(t *testing.T) {
	resp := ask(transportOf(newStandIn()), post(strings.Repeat(" ", testMaxBody+1)))
	if got := resp.Header.Get("Connection"); got != "close" {
		t.Errorf("Connection %q", got)
	}
}

func TestTransportDoesNotReadABodyThatIsAnnouncedTooLarge(t *testing.T) {
	r := post("")
	r.Body, r.ContentLength = io.NopCloser(slowBody{}), testMaxBody+1
	if resp := ask(transportOf(newStandIn()), r); resp.StatusCode != 413 {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestTransportReadsABodyOfTheLimit(t *testing.T) {
	const ok = `{"query":"{ plain }"}`
	resp := ask(transportOf(newStandIn()), post(ok+strings.Repeat(" ", testMaxBody-len(ok))))
	if resp.StatusCode != 200 {
		t.Errorf("status %d", resp.StatusCode)
	}
}

// An invalid document is a well-formed request: its status depends on the media type.
func TestTransportAnswersAnInvalidDocument(t *testing.T) {
	tests := []struct {
		name, body, code string
	}{
		{"syntax", `{"query":"{"}`, "GRAPHQL_PARSE_FAILED"},
		{"unknown field", `{"query":"{ nowhere }"}`, "GRAPHQL_VALIDATION_FAILED"},
		{"unknown operation", `{"query":"query A { plain }","operationName":"B"}`, "GRAPHQL_VALIDATION_FAILED"},
		{"wrong variable", `{"query":"query A($t: String) { plain(text: $t) }","variables":{"t":{}}}`, "GRAPHQL_VALIDATION_FAILED"},
		{"wrong number", `{"query":"query A($n: Float) { plain(number: $n) }","variables":{"n":true}}`, "GRAPHQL_VALIDATION_FAILED"},
	}
	for media, status := range map[string]int{mediaJSON: 200, mediaGraphQL: 400} {
		for _, tt := range tests {
			t.Run(tt.name+" as "+media, func(t *testing.T) {
				back := newStandIn()
				resp := ask(transportOf(back), post(tt.body, "Accept", media))
				a, raw := bodyOf(t, resp)
				if resp.StatusCode != status || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != tt.code {
					t.Errorf("%d %s, want %d %s", resp.StatusCode, raw, status, tt.code)
				}
				if strings.Contains(raw, `"data"`) || back.executed {
					t.Errorf("it was executed: %s", raw)
				}
			})
		}
	}
}

func TestTransportWritesDataVerbatim(t *testing.T) {
	requests := map[string]*http.Request{
		"POST":                  post(`{"query":"{ plain }"}`),
		"POST with nulls":       post(`{"query":"{ plain }","operationName":null,"variables":null,"extensions":null}`),
		"POST with more":        post(`{"query":"{ plain }","id":1}`, "Content-Type", "application/json; charset=UTF-8"),
		"GET":                   get("query={plain}"),
		"GET with empty params": get("query={plain}&operationName=&variables=&extensions="),
		"GET with null":         get("query={plain}&variables=null"),
	}
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			resp := ask(transportOf(newStandIn()), request)
			if got, want := textOf(t, resp), `{"data":{ "plain":  "<ok>" }}`; got != want || resp.StatusCode != 200 {
				t.Errorf("%d %s, want %s", resp.StatusCode, got, want)
			}
			if got := resp.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			if got := resp.Header.Get("Vary"); got != "Accept" {
				t.Errorf("Vary %q", got)
			}
		})
	}
}

func TestTransportKeepsNumbersAsWritten(t *testing.T) {
	const document = "query A($t: String, $id: ID) { plain(text: $t, id: $id) }"
	requests := map[string]*http.Request{
		"POST": post(`{"query":"` + document + `","variables":{"t":"a","id":9007199254740993}}`),
		"GET":  get("query=" + url.QueryEscape(document) + "&variables=" + url.QueryEscape(`{"t":"a","id":9007199254740993}`)),
	}
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			back := newStandIn()
			ask(transportOf(back), request)
			want := map[string]any{"t": "a", "id": json.Number("9007199254740993")}
			if diff := cmp.Diff(want, back.variables); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTransportReturnsTwentyErrorsAtMost(t *testing.T) {
	a, raw := bodyOf(t, ask(transportOf(newStandIn()), post(`{"query":"{ failing }"}`)))
	if len(a.Errors) != maxErrors || a.Extensions["errorsOmitted"] != float64(2*maxErrors) {
		t.Errorf("%d errors, extensions %v", len(a.Errors), a.Extensions)
	}
	if string(a.Data) != `{"failing":null}` || !strings.HasPrefix(raw, `{"errors":`) {
		t.Errorf("got %.100s", raw)
	}
	hostile := `{"query":"{ ` + strings.Repeat("x ", 400) + `}"}`
	a, _ = bodyOf(t, ask(transportOf(newStandIn()), post(hostile)))
	if len(a.Errors) != maxErrors {
		t.Errorf("a hostile document: %d errors", len(a.Errors))
	}
}

func TestTransportAnswersAPanicWithoutItsText(t *testing.T) {
	for _, field := range []string{"panicking", "unspeakable"} {
		resp := ask(transportOf(newStandIn()), post(`{"query":"{ `+field+` }"}`, "Accept", mediaGraphQL))
		_, raw := bodyOf(t, resp)
		if resp.StatusCode != 500 || !strings.Contains(raw, `"INTERNAL"`) || strings.Contains(raw, "secret") {
			t.Errorf("%s: %d %s", field, resp.StatusCode, raw)
		}
		if got := resp.Header.Get("Content-Type"); got != mediaGraphQL+"; charset=utf-8" {
			t.Errorf("%s: media type %q", field, got)
		}
	}
}

func TestTransportAnswersWhatTakesTooLong(t *testing.T) {
	back := newStandIn()
	h := back.handler()
	h.AddTransport(Transport{MaxBody: testMaxBody, Timeout: time.Millisecond})
	resp := ask(h, post(`{"query":"{ slow }"}`))
	_, raw := bodyOf(t, resp)
	if resp.StatusCode != 503 || !strings.Contains(raw, `"TIMEOUT"`) || !strings.Contains(raw, "setting request-timeout") {
		t.Errorf("%d %s", resp.StatusCode, raw)
	}
}

func TestTransportLogsAClientThatLeft(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	resp := ask(transportOf(newStandIn()), post(`{"query":"{ silent }"}`).WithContext(ctx))
	if resp.StatusCode != statusClientGone {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestNegotiate(t *testing.T) {
	tests := []struct{ accept, want string }{
		{"", mediaJSON},
		{"*/*", mediaJSON},
		{"application/*", mediaJSON},
		{mediaJSON, mediaJSON},
		{mediaGraphQL, mediaGraphQL},
		{mediaGraphQL + "; charset=utf-8", mediaGraphQL},
		{mediaGraphQL + ", application/json;q=0.9", mediaGraphQL},
		{"application/json;q=0.5, " + mediaGraphQL + ";q=0.7", mediaGraphQL},
		{"application/json, " + mediaGraphQL, mediaJSON},
		{mediaGraphQL + ", application/json", mediaGraphQL},
		{"*/*, " + mediaGraphQL, mediaGraphQL},
		{"*/*;q=0.8, application/json;q=0", mediaGraphQL},
		{"application/json, multipart/mixed", mediaJSON},
		{"application/json;q=0, */*;q=0.8", mediaGraphQL},
		{"text/html, */*;q=0.1", mediaJSON},
		{"application/json;q=none, " + mediaGraphQL + ";q=0.1", mediaGraphQL},
		{"text/html", ""},
		{"application/json;q=0", ""},
		{"application/json;q=7", ""},
		{"application/json;q=NaN", ""},
		{"application/json; charset=latin1", ""},
		{";;;", ""},
	}
	for _, tt := range tests {
		got, ok := negotiate([]string{tt.accept})
		if ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("Accept %q: %q, %v; want %q", tt.accept, got, ok, tt.want)
		}
	}
	if got, _ := negotiate([]string{"text/html", mediaGraphQL}); got != mediaGraphQL {
		t.Errorf("two headers: %q", got)
	}
}
