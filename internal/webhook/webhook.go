// Package webhook signs messages as standardwebhooks.com has it, posts them to
// addresses that strangers have given, and keeps the keys of signatures.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// Secret is the key of a webhook's signatures.
type Secret []byte

const secretBytes = 32

// NewSecret makes a random key.
func NewSecret() Secret {
	s := make(Secret, secretBytes)
	_, _ = rand.Read(s) // never fails
	return s
}

// Text is the form in which a receiver is given the key.
func (s Secret) Text() string { return "whsec_" + base64.StdEncoding.EncodeToString(s) }

// MessageID gives the id of a message about something: the same one whenever it is asked for, and of no other.
func (s Secret) MessageID(about string) string {
	return "msg_" + base64.RawURLEncoding.EncodeToString(s.sum("id of a message about " + about)[:18])
}

func (s Secret) sum(text string) []byte {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// Message is what is posted.
type Message struct {
	ID string
	// At is when it is sent; a message that is sent again has another time, and another signature.
	At   time.Time
	Body []byte
}

// sign adds the headers by which a receiver knows that the message is from whom it gave the key to.
func (s Secret) sign(h http.Header, m Message) {
	at := strconv.FormatInt(m.At.Unix(), 10)
	h["webhook-id"] = []string{m.ID} // in the form that the standard writes
	h["webhook-timestamp"] = []string{at}
	h["webhook-signature"] = []string{"v1," + base64.StdEncoding.EncodeToString(s.sum(m.ID+"."+at+"."+string(m.Body)))}
}

// Failure is why a message did not arrive, in words that may be shown to whoever gave the address.
type Failure struct {
	Reason string
	// RetryAfter is how long the receiver asks to be left alone; 0 where it does not say.
	RetryAfter time.Duration
}

func (f *Failure) Error() string { return f.Reason }

// Sender posts messages.
type Sender struct {
	client  *http.Client
	timeout time.Duration
}

// maxResponseHeader is how many bytes the header of an answer may have; its body is not read.
const maxResponseHeader = 64 << 10

// NewSender makes a sender that waits as long for an answer. It connects to no address
// that is not public, whatever a name stands for, unless it is allowed to.
func NewSender(timeout time.Duration, allowPrivate bool) *Sender {
	dialer := &net.Dialer{Timeout: timeout} // connections are made to the end, also for who no longer waits
	if !allowPrivate {
		dialer.Control = func(network, address string, c syscall.RawConn) error {
			if public.Safe(network, address, c) != nil {
				return errPrivate
			}
			return nil
		}
	}
	return &Sender{
		timeout: timeout,
		client: &http.Client{
			Transport: &http.Transport{
				Proxy:                  nil, // a proxy would connect to anything
				DialContext:            dialer.DialContext,
				TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
				TLSHandshakeTimeout:    timeout,
				MaxResponseHeaderBytes: maxResponseHeader,
				DisableKeepAlives:      true,
				DisableCompression:     true,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Send posts a message once. It arrived where the receiver answers 2xx in time; a *Failure says why it did not.
func (s *Sender) Send(ctx context.Context, address string, secret Secret, m Message) error {
	waiting, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(waiting, http.MethodPost, address, bytes.NewReader(m.Body))
	if err != nil {
		return &Failure{Reason: "the address is not well-formed"}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Stackyard")
	secret.sign(r.Header, m)
	response, err := s.client.Do(r)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return &Failure{Reason: s.reason(waiting, err)}
	}
	_ = response.Body.Close() // nobody wants to know what else it says
	switch code := response.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code >= 300 && code < 400:
		return &Failure{Reason: fmt.Sprintf("it answers %d, and redirects are not followed", code)}
	default:
		return &Failure{Reason: fmt.Sprintf("it answers %d", code), RetryAfter: retryAfter(response.Header, m.At)}
	}
}

// reason says why there is no answer, and nothing of what addresses a name stands for.
func (s *Sender) reason(waiting context.Context, err error) string {
	var unknown *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.Is(err, errPrivate), errors.As(err, &unknown): // which of them, strangers need not know
		return "its host was not found, or leads to an address that is not public (setting webhook-allow-private)"
	case waiting.Err() != nil:
		return fmt.Sprintf("it did not answer within %v (setting webhook-timeout)", s.timeout)
	case errors.As(err, &untrusted):
		return "its certificate is not trusted, or is for another host"
	case errors.As(err, &noTLS), errors.As(err, &alert):
		return "it does not speak TLS as it should"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	default:
		return "the connection broke off, or could not be made"
	}
}

// retryAfter is what a receiver asks for, in seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
