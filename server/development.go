package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

const (
	jwksPath  = "/.well-known/jwks.json"
	tokenPath = "/dev/token"
	usersPath = "/dev/users"
)

// maxTokenRequest is the size in bytes of the largest request for a token.
const maxTokenRequest = 8 << 10

// development is what makes exploring easy: an issuer that gives anyone a token for anyone. Nobody but this
// machine may reach it.
type development struct{ issuer *auth.DevIssuer }

// openDevelopment looks at the address that is listened on in truth: a name that was configured can stand
// for any.
func openDevelopment(dir string, address net.Addr) (*development, error) {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsLoopback() {
		return nil, usageError{fmt.Errorf("dev: is for loopback addresses only, and %s is none", address)}
	}
	issuer, err := auth.OpenDevIssuer(dir)
	if err != nil {
		return nil, fmt.Errorf("open the development issuer: %w", err)
	}
	return &development{issuer: issuer}, nil
}

// handle adds what is served in development mode alone.
func (d *development) handle(mux *http.ServeMux, sameOrigin *http.CrossOriginProtection) {
	mux.Handle(jwksPath, onLoopback(readOnly(http.HandlerFunc(d.jwks))))
	mux.Handle(usersPath, onLoopback(readOnly(http.HandlerFunc(users))))
	mux.Handle(tokenPath, onLoopback(sameOrigin.Handler(http.HandlerFunc(d.token))))
}

// note says on start how to get a token; without development mode there is nothing to say.
func (d *development) note(origin string) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf("  Tokens      curl -s %s%s -H 'content-type: application/json' -d '{\"user\":\"ada\"}'   (or %s)\n",
		origin, tokenPath, strings.Join(auth.DevUserNames()[1:], ", "))
}

// onLoopback refuses requests for names that are not this machine's: a page whose name was bound to a loopback
// address after it was loaded would count as of the same origin.
func onLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopbackHost(r.Host) {
			refuse(w, refused(http.StatusForbidden, string(fault.Forbidden), "this is for localhost alone"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLoopbackHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && ip.IsLoopback()
}

func (d *development) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", mediaJSON)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(d.issuer.JWKS()) // nobody is left to tell
}

// tokenRequest is the body of a request for a token.
type tokenRequest struct {
	User string `json:"user"`
	// Scopes are, where they are missing, those that the user is permitted.
	Scopes     *[]string `json:"scopes"`
	TTLSeconds *int64    `json:"ttlSeconds"`
}

// tokenAnswer is the body of the answer.
type tokenAnswer struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expiresAt"`
	User      string    `json:"user"`
	Scopes    []string  `json:"scopes"`
}

func (d *development) token(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		refuse(w, notAllowed("POST", "only POST is allowed"))
		return
	}
	in, refusal := readTokenRequest(w, r)
	if refusal != nil {
		refuse(w, refusal)
		return
	}
	answer, err := d.answer(in)
	if err != nil {
		refuse(w, refused(http.StatusBadRequest, string(fault.BadUserInput), "%v", err))
		return
	}
	writeJSON(w, answer)
}

func readTokenRequest(w http.ResponseWriter, r *http.Request) (in tokenRequest, _ *refusal) {
	if !isJSON(r.Header) {
		return in, refused(http.StatusUnsupportedMediaType, codeUnsupportedMedia, "the body must be %s in UTF-8", mediaJSON)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTokenRequest))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return in, refused(http.StatusRequestEntityTooLarge, codePayloadTooLarge, "the body is larger than %d bytes", maxTokenRequest)
	}
	if err != nil {
		return in, refused(http.StatusBadRequest, codeBadRequest, "the body could not be read").closing()
	}
	if err := decode(body, &in); err != nil {
		return in, refused(http.StatusBadRequest, codeBadRequest,
			"the body is not one JSON object with user, scopes and ttlSeconds")
	}
	return in, nil
}

// answer makes the token. Its errors are about the request.
func (d *development) answer(in tokenRequest) (tokenAnswer, error) {
	user, err := auth.DevUserOf(in.User)
	if err != nil {
		return tokenAnswer{}, err
	}
	scopes, ttl := user.Scopes, time.Hour
	if in.Scopes != nil {
		scopes = *in.Scopes
	}
	if in.TTLSeconds != nil {
		ttl = seconds(*in.TTLSeconds)
	}
	expiresAt := time.Now().Add(ttl).UTC().Truncate(time.Second)
	token, err := d.issuer.Token(user, scopes, ttl)
	if err != nil {
		return tokenAnswer{}, err
	}
	return tokenAnswer{Token: token, ExpiresAt: expiresAt, User: user.Subject, Scopes: append([]string{}, scopes...)}, nil
}

// seconds keeps what no duration can hold out of bounds.
func seconds(n int64) time.Duration {
	most := int64(2 * auth.MaxDevTTL / time.Second)
	return time.Duration(max(-1, min(n, most))) * time.Second
}

// exampleUser is somebody to explore as.
type exampleUser struct {
	User   string   `json:"user"`
	Name   string   `json:"name"`
	Role   string   `json:"role"`
	Scopes []string `json:"scopes"`
}

// users lists who there is to explore as, and what each is in the example data.
func users(w http.ResponseWriter, _ *http.Request) {
	roles := map[string]string{
		"ada": "owner, with all scopes", "mel": "maintainer", "eve": "editor", "vic": "viewer", "out": "no member",
	}
	list := []exampleUser{}
	for _, name := range auth.DevUserNames() {
		u, err := auth.DevUserOf(name)
		if err != nil {
			panic(err) // a name of the list itself
		}
		list = append(list, exampleUser{User: u.Subject, Name: u.Name, Role: roles[name], Scopes: append([]string{}, u.Scopes...)})
	}
	writeJSON(w, map[string]any{"users": list})
}

func writeJSON(w http.ResponseWriter, body any) {
	j, err := json.Marshal(body)
	if err != nil {
		panic(err) // bodies are made of texts
	}
	w.Header().Set("Content-Type", mediaJSON+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append(j, '\n')) // nobody is left to tell
}
