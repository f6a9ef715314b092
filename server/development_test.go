package main

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"stackyard/internal/auth"
)

// developing is a site in development mode.
func developing(t *testing.T) *site {
	t.Helper()
	s, _ := siteOf(t, newStandIn())
	dev, err := openDevelopment(t.TempDir(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080})
	if err != nil {
		t.Fatal(err)
	}
	s.dev = dev
	return s
}

// local is a request as one from this machine.
func local(r *http.Request, path string) *http.Request {
	r.URL.Path, r.Host = path, "localhost:8080"
	return r
}

func TestDevelopmentEndpointsAreThereInDevelopmentModeAlone(t *testing.T) {
	without, _ := siteOf(t, newStandIn())
	with := developing(t)
	for path, method := range map[string]string{jwksPath: "GET", usersPath: "GET", tokenPath: "POST"} {
		r := func() *http.Request {
			r := local(post(`{"user":"ada"}`), path)
			r.Method = method
			return r
		}
		if resp := ask(without.handler(), r()); resp.StatusCode != 404 {
			t.Errorf("%s without: %d", path, resp.StatusCode)
		}
		if resp := ask(with.handler(), r()); resp.StatusCode != 200 || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s with: %d %s", path, resp.StatusCode, textOf(t, resp))
		}
	}
}

func TestDevelopmentEndpointsAreForThisMachineAlone(t *testing.T) {
	s := developing(t)
	for host, ok := range map[string]bool{
		"localhost": true, "localhost:8080": true, "LOCALHOST:1": true, "127.0.0.1": true, "127.0.0.1:8080": true, "127.8.8.8:1": true,
		"[::1]": true, "[::1]:8080": true, "::1": true,
		"": false, "example.com": false, "evil.example:8080": false, "localhost.evil.example:8080": false, "127.0.0.1.evil.example": false,
		"192.0.2.1:8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "localhost:8080:1": false,
	} {
		for path, method := range map[string]string{jwksPath: "GET", usersPath: "GET", tokenPath: "POST"} {
			r := local(post(`{"user":"ada"}`), path)
			r.Method, r.Host = method, host
			resp := ask(s.handler(), r)
			if (resp.StatusCode == 200) != ok || !ok && resp.StatusCode != 403 {
				t.Errorf("%s for %q: %d %s", path, host, resp.StatusCode, textOf(t, resp))
			}
		}
	}
}

func TestATokenIsGivenToThoseWhoAskProperly(t *testing.T) {
	tests := []struct {
		name, body string
		header     []string
		status     int
		says       string
	}{
		{"a user", `{"user":"ada"}`, nil, 200, `"scopes":["users:read","reviews:moderate","catalog:write","catalog:sync"]`},
		{"another", `{"user":"vic"}`, nil, 200, `"user":"vic","scopes":[]`},
		{"an unknown one", `{"user":"zoe-2"}`, nil, 200, `"user":"zoe-2"`},
		{"with scopes", `{"user":"vic","scopes":["catalog:write"]}`, nil, 200, `"scopes":["catalog:write"]`},
		{"without scopes", `{"user":"ada","scopes":[]}`, nil, 200, `"scopes":[]`},
		{"with a time", `{"user":"ada","ttlSeconds":1}`, nil, 200, `"token":"`},
		{"with nulls", `{"user":"ada","scopes":null,"ttlSeconds":null}`, nil, 200, `"token":"`},
		{"from its own page", `{"user":"ada"}`, []string{"Origin", "http://localhost:8080"}, 200, `"token":"`},
		{"from another page", `{"user":"ada"}`, []string{"Origin", "http://evil.example"}, 403, "FORBIDDEN"},
		{"from another site", `{"user":"ada"}`, []string{"Sec-Fetch-Site", "cross-site"}, 403, "FORBIDDEN"},
		{"as a form", `user=ada`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, codeUnsupportedMedia},
		{"as text", `{"user":"ada"}`, []string{"Content-Type", "text/plain"}, 415, codeUnsupportedMedia},
		{"no user", `{}`, nil, 400, "BAD_USER_INPUT"},
		{"no name", `{"user":"../../etc"}`, nil, 400, "BAD_USER_INPUT"},
		{"no JSON", `{`, nil, 400, codeBadRequest},
		{"two", `{"user":"ada"}{"user":"ada"}`, nil, 400, codeBadRequest},
		{"scopes that are none", `{"user":"ada","scopes":["a b"]}`, nil, 400, "BAD_USER_INPUT"},
		{"scopes that are a text", `{"user":"ada","scopes":"a"}`, nil, 400, codeBadRequest},
		{"no time", `{"user":"ada","ttlSeconds":0}`, nil, 400, "BAD_USER_INPUT"},
		{"less than no time", `{"user":"ada","ttlSeconds":-9223372036854775808}`, nil, 400, "BAD_USER_INPUT"},
		{"a long time", `{"user":"ada","ttlSeconds":86401}`, nil, 400, "BAD_USER_INPUT"},
		{"an endless time", `{"user":"ada","ttlSeconds":9223372036854775807}`, nil, 400, "BAD_USER_INPUT"},
		{"a part of a second", `{"user":"ada","ttlSeconds":1.5}`, nil, 400, codeBadRequest},
		{"too much", `{"user":"` + strings.Repeat("a", maxTokenRequest) + `"}`, nil, 413, codePayloadTooLarge},
	}
	s := developing(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := ask(s.handler(), local(post(tt.body, tt.header...), tokenPath))
			if body := textOf(t, resp); resp.StatusCode != tt.status || !strings.Contains(body, tt.says) || (tt.status == 200) != strings.Contains(body, `"token"`) {
				t.Errorf("%d %s", resp.StatusCode, body)
			}
		})
	}
	if resp := ask(s.handler(), local(get(""), tokenPath)); resp.StatusCode != 405 || resp.Header.Get("Allow") != "POST" {
		t.Errorf("by GET: %d", resp.StatusCode)
	}
}

func TestTheUsersOfDevelopmentAreListed(t *testing.T) {
	body := textOf(t, ask(developing(t).handler(), local(get(""), usersPath)))
	var got struct {
		Users []struct {
			User, Name, Role string
			Scopes           []string
		}
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range got.Users {
		names = append(names, u.User)
		if u.Name == "" || u.Role == "" || u.Scopes == nil {
			t.Errorf("incomplete: %+v", u)
		}
	}
	if strings.Join(names, " ") != "ada mel eve vic out" || len(got.Users[0].Scopes) != 4 {
		t.Errorf("got %s", body)
	}
}

func TestDevelopmentModeLooksAtTheAddressThatIsListenedOn(t *testing.T) {
	for address, ok := range map[string]bool{"127.0.0.1": true, "127.1.2.3": true, "::1": true, "0.0.0.0": false, "::": false, "192.0.2.1": false} {
		_, err := openDevelopment(t.TempDir(), &net.TCPAddr{IP: net.ParseIP(address), Port: 1})
		if (err == nil) != ok || !ok && exitCode(err) != exitUsage {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// A token of the endpoint and one of the command pass the verifier that any token passes, on every transport.
func TestDevelopmentTokensAreAccepted(t *testing.T) {
	dir := t.TempDir()
	p := start(t, newStandIn(), "--dev", "--data-dir", dir)
	s := &streaming{address: p.address}
	if note := "http://" + p.address + tokenPath + ` -H 'content-type: application/json' -d '{"user":"ada"}'`; !strings.Contains(p.out.String(), note) {
		t.Errorf("the output lacks %s:\n%s", note, p.out)
	}
	printed := &buffer{}
	if err := runWith(t.Context(), []string{"token", "--user", "eve", "--scope", "catalog:write", "--ttl", "1m", "--data-dir", dir},
		func(string) string { return "" }, printed, nil); err != nil {
		t.Fatal(err)
	}
	for user, token := range map[string]string{"ada": given(t, p.address, `{"user":"ada","ttlSeconds":60}`), "eve": strings.TrimSpace(printed.String())} {
		if resp, body := s.ask(t, "{ viewer }", "Authorization", "Bearer "+token); resp.StatusCode != 200 || body != `{"data":{"viewer":"`+user+`"}}` {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
		socket := s.join(t, `{"Authorization":"Bearer `+token+`"}`)
		socket.say(subscribe("a", "{ viewer }"))
		socket.hear(next("a", `{"viewer":"`+user+`"}`))
		s.listen(t, "subscription { changes }", "Authorization", "Bearer "+token).hear(":")
		if strings.Contains(p.out.String(), token) {
			t.Error("the token is in the log")
		}
	}
	if resp, body := s.ask(t, "{ viewer }", "Authorization", "Bearer "+given(t, p.address, `{"user":"ada"}`)+"x"); resp.StatusCode != 401 {
		t.Errorf("a broken token: %d %s", resp.StatusCode, body)
	}
}

// given is a token of the endpoint.
func given(t *testing.T, address, body string) string {
	t.Helper()
	resp, err := http.Post("http://"+address+tokenPath, mediaJSON, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer tokenAnswer
	if text := textOf(t, resp); json.Unmarshal([]byte(text), &answer) != nil || answer.Token == "" {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if left := time.Until(answer.ExpiresAt); left <= 0 || left > time.Hour {
		t.Errorf("it expires at %v", answer.ExpiresAt)
	}
	return answer.Token
}

func TestTheTokenCommandRefusesWhatNoTokenIs(t *testing.T) {
	for _, args := range [][]string{
		{"token"},
		{"token", "--user", ""},
		{"token", "--user", "Ada"},
		{"token", "--user", "ada", "--ttl", "25h"},
		{"token", "--user", "ada", "--ttl", "0s"},
		{"token", "--user", "ada", "--scope", "a b"},
	} {
		out := &buffer{}
		dir := t.TempDir()
		if len(args) > 1 {
			args = append(args, "--data-dir", dir)
		}
		err := runWith(t.Context(), args, func(string) string { return "" }, out, nil)
		if exitCode(err) != exitUsage || out.String() != "" {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
}

func TestATokenOfAnotherServerIsRefused(t *testing.T) {
	p := start(t, newStandIn(), "--dev", "--data-dir", t.TempDir())
	other, err := auth.OpenDevIssuer(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ada, err := auth.DevUserOf("ada")
	if err != nil {
		t.Fatal(err)
	}
	token, err := other.Token(ada, nil, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if resp, body := (&streaming{address: p.address}).ask(t, "{ viewer }", "Authorization", "Bearer "+token); resp.StatusCode != 401 {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}
