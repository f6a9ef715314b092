package webhook_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"stackyard/internal/webhook"
)

const body = `{"type":"project.created","data":{"missed":0}}`

// sent posts a message to a receiver on this machine, and gives the failure.
func sent(t *testing.T, timeout time.Duration, secret webhook.Secret, receive http.HandlerFunc) *webhook.Failure {
	t.Helper()
	receiver := httptest.NewServer(receive)
	defer receiver.Close()
	return sentTo(t, webhook.NewSender(timeout, true), receiver.URL, secret)
}

func sentTo(t *testing.T, s *webhook.Sender, address string, secret webhook.Secret) *webhook.Failure {
	t.Helper()
	err := s.Send(t.Context(), address, secret, webhook.Message{ID: secret.MessageID("1"), At: time.Now(), Body: []byte(body)})
	if err == nil {
		return nil
	}
	failure, ok := errors.AsType[*webhook.Failure](err)
	if !ok {
		t.Fatalf("%s: %v", address, err)
	}
	return failure
}

// hang waits until the client goes, which nobody notices before its request was read.
func hang(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func TestReceiversCanVerifyMessagesAsTheStandardSays(t *testing.T) {
	t.Parallel()
	secret, other := webhook.NewSecret(), webhook.NewSecret()
	verifies := func(key webhook.Secret, h http.Header, payload []byte) error {
		hook, err := standardwebhooks.NewWebhook(key.Text())
		if err != nil {
			t.Fatal(err)
		}
		return hook.Verify(payload, h)
	}
	failure := sent(t, time.Minute, secret, func(w http.ResponseWriter, r *http.Request) {
		payload, err := io.ReadAll(r.Body)
		if err != nil || string(payload) != body || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s %v: %s, %v", r.Method, r.URL, r.Header, payload, err)
		}
		if err := verifies(secret, r.Header, payload); err != nil {
			t.Error(err)
		}
		if verifies(other, r.Header, payload) == nil {
			t.Error("another key verifies it")
		}
		if verifies(secret, r.Header, append(payload, ' ')) == nil {
			t.Error("another body is verified")
		}
		for _, name := range []string{"webhook-id", "webhook-timestamp"} {
			changed := r.Header.Clone()
			changed.Set(name, strconv.FormatInt(time.Now().Unix()+1, 10))
			if verifies(secret, changed, payload) == nil {
				t.Errorf("another %s is verified", name)
			}
		}
	})
	if failure != nil {
		t.Error(failure)
	}
}

func TestAnIDOfAMessageIsThatOfOneMessageOfOneWebhook(t *testing.T) {
	t.Parallel()
	a, b := webhook.NewSecret(), webhook.NewSecret()
	first := a.MessageID("1")
	if a.MessageID("1") != first {
		t.Error("it is another each time")
	}
	if a.MessageID("2") == first || b.MessageID("1") == first {
		t.Error("two messages have one id")
	}
}

func TestWhatIsNot2xxInTimeHasNotArrived(t *testing.T) {
	t.Parallel()
	for says, receive := range map[string]http.HandlerFunc{
		"":               func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"it answers 400": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<b>secret</b>", http.StatusBadRequest) },
		"it answers 500": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"it answers 410": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
		"broke off":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"did not answer within 300ms (setting webhook-timeout)": func(_ http.ResponseWriter, r *http.Request) {
			hang(r)
		},
	} {
		timeout := time.Minute
		if strings.Contains(says, "300ms") {
			timeout = 300 * time.Millisecond
		}
		failure := sent(t, timeout, webhook.NewSecret(), receive)
		switch {
		case says == "" && failure != nil, says != "" && (failure == nil || !strings.Contains(failure.Reason, says)):
			t.Errorf("%q: %v", says, failure)
		case failure != nil && strings.Contains(failure.Reason, "secret"):
			t.Errorf("the answer is repeated: %v", failure)
		}
	}
}

func TestABodyOfAnAnswerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	failure := sent(t, time.Minute, webhook.NewSecret(), func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush() // who reads does not get to the end
		hang(r)
		close(gone)
	})
	if failure != nil {
		t.Error(failure)
	}
	<-gone
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, code := range []int{301, 302, 303, 307, 308} {
		failure := sent(t, time.Minute, webhook.NewSecret(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				t.Errorf("%d: it was followed", code)
			}
			http.Redirect(w, r, "/elsewhere", code)
		})
		if failure == nil || !strings.Contains(failure.Reason, strconv.Itoa(code)+", and redirects are not followed") {
			t.Errorf("%d: %v", code, failure)
		}
	}
}

func TestAReceiverSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	for header, least := range map[string]time.Duration{
		"120": 2 * time.Minute, "0": 0, "-5": 0, "soon": 0, "": 0, "99999999999999": 0,
		time.Now().Add(2 * time.Hour).UTC().Format(http.TimeFormat): time.Hour, // a second more or less
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):    0,
	} {
		failure := sent(t, time.Minute, webhook.NewSecret(), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		if failure == nil || failure.RetryAfter < least || least == 0 && failure.RetryAfter != 0 {
			t.Errorf("%q: %+v", header, failure)
		}
	}
}

func TestWhatIsNotPublicIsNotConnectedTo(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	receiver := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	receiver.Config.ConnState = func(net.Conn, http.ConnState) { connections.Add(1) }
	receiver.StartTLS()
	defer receiver.Close()
	_, port, err := net.SplitHostPort(receiver.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s := webhook.NewSender(20*time.Second, false)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "[::]"} {
		failure := sentTo(t, s, "https://"+host+":"+port+"/", webhook.NewSecret())
		if failure == nil || !strings.Contains(failure.Reason, "or leads to an address that is not public (setting webhook-allow-private)") {
			t.Errorf("%s: %v", host, failure)
		}
	}
	if connections.Load() > 0 {
		t.Error("there was a connection")
	}
	if failure := sentTo(t, webhook.NewSender(20*time.Second, true), receiver.URL, webhook.NewSecret()); failure == nil || !strings.Contains(failure.Reason, "certificate is not trusted") {
		t.Errorf("a certificate of nobody: %v", failure)
	}
}

func TestNoProxyIsUsed(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	failure := sentTo(t, webhook.NewSender(20*time.Second, true), "http://nowhere.invalid/", webhook.NewSecret())
	if failure == nil {
		t.Error("it arrived")
	}
}

func TestWhoStopsWaitingGetsNoFailure(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		hang(r)
	}))
	defer receiver.Close()
	err := webhook.NewSender(time.Minute, true).Send(ctx, receiver.URL, webhook.NewSecret(), webhook.Message{ID: "1", At: time.Now(), Body: []byte(body)})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A receiver that takes connections and says nothing on them is left: nothing of it stays.
func TestAReceiverThatDoesNotSpeakTLSIsLeft(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	left := make(chan error, 1)
	go func() {
		c, err := listener.Accept()
		if err != nil {
			left <- err
			return
		}
		defer c.Close()
		if err = c.SetReadDeadline(time.Now().Add(time.Minute)); err == nil {
			_, err = io.Copy(io.Discard, c) // until the other side closes
		}
		left <- err
	}()
	s := webhook.NewSender(200*time.Millisecond, true)
	if failure := sentTo(t, s, "https://"+listener.Addr().String()+"/", webhook.NewSecret()); failure == nil {
		t.Error("it arrived")
	}
	if err := <-left; err != nil {
		t.Errorf("the connection stays: %v", err)
	}
}
