package source

import (
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

var wide = Limits{Bytes: 1 << 20, UnpackedBytes: 1 << 20, RecordBytes: 1 << 20, Timeout: time.Minute}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

// text gives what is at an address, and forgets it.
func text(t *testing.T, address string, limits Limits) (string, error) {
	t.Helper()
	c, err := Open(t.Context(), address, Validators{}, limits)
	if err != nil {
		return "", err
	}
	b, err := os.ReadFile(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Path); err == nil {
		t.Error("the download is still there")
	}
	return string(b), nil
}

func TestADownloadIsAskedForAnewOnlyWhereItHasChanged(t *testing.T) {
	version := "1"
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"`+version+`"`)
		w.Header().Set("Last-Modified", "Sat, 22 Aug 2026 10:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"`+version+`"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte("version " + version))
	})
	first, err := Open(t.Context(), address, Validators{}, wide)
	if err != nil || first.IsUnmodified || first.Validators.Address != address {
		t.Fatalf("%+v %v", first, err)
	}
	defer first.Close()
	again, err := Open(t.Context(), address, first.Validators, wide)
	if err != nil || !again.IsUnmodified || again.Validators != first.Validators {
		t.Errorf("%+v %v", again, err)
	}
	other := first.Validators
	other.Address += "/elsewhere"
	moved, err := Open(t.Context(), address, other, wide)
	if err != nil || moved.IsUnmodified {
		t.Errorf("validators of another address: %+v %v", moved, err)
	}
	defer moved.Close()
	version = "2"
	changed, err := Open(t.Context(), address, first.Validators, wide)
	if err != nil || changed.IsUnmodified || changed.Validators.ETag != `"2"` {
		t.Errorf("%+v %v", changed, err)
	}
	defer changed.Close()
}

func TestAnUnaskedNotModifiedIsAnError(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	if _, err := Open(t.Context(), address, Validators{}, wide); err == nil {
		t.Error("nothing was taken for a copy")
	}
}

func TestADownloadThatIsTooLargeIsRefusedAndLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	small := wide
	small.Bytes = 1000
	for name, handler := range map[string]http.HandlerFunc{
		"said before": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1001)) },
		"without a length": func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				_, _ = w.Write(make([]byte, 500))
				w.(http.Flusher).Flush()
			}
		},
		"compressed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 1_000_000))
			_ = z.Close()
		},
	} {
		_, err := text(t, serve(t, handler), small)
		if err == nil || !strings.Contains(err.Error(), "sync-max-bytes") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := text(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1000)) }), small); err != nil || len(got) != 1000 {
		t.Errorf("as large as allowed: %d bytes, %v", len(got), err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestWhatBreaksOffIsAnError(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("half"))
		panic(http.ErrAbortHandler)
	})
	if got, err := text(t, address, wide); err == nil {
		t.Errorf("half a download was taken for a whole: %q", got)
	}
}

func TestAServerThatDoesNotAnswerIsGivenUp(t *testing.T) {
	released := make(chan struct{})
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-released:
		case <-r.Context().Done():
		}
	})
	defer close(released)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := Open(ctx, address, Validators{}, wide)
	if down, ok := errors.AsType[*Unavailable](err); !ok || !strings.Contains(down.Reason, "sync-timeout") {
		t.Errorf("%v", err)
	}
}

func TestAServersErrorSaysWhenToComeBack(t *testing.T) {
	for header, want := range map[string]time.Duration{"": 0, "120": 2 * time.Minute, "-1": 0, "999999999": 24 * time.Hour, "soon": 0} {
		address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		_, err := Open(t.Context(), address, Validators{}, wide)
		down, ok := errors.AsType[*Unavailable](err)
		if !ok || down.RetryAfter != want || !strings.Contains(down.Reason, "503") {
			t.Errorf("%q: %v", header, err)
		}
	}
}

func TestRedirectsAreFollowedToWhereItIsNoWorse(t *testing.T) {
	target := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("secret")) })
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/here":
			_, _ = w.Write([]byte("found"))
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusFound)
		case "/away":
			http.Redirect(w, r, target, http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/hostname", http.StatusFound)
		default:
			http.Redirect(w, r, "/round/"+r.URL.Path, http.StatusFound)
		}
	})
	if got, err := text(t, address+"/moved", wide); err != nil || got != "found" {
		t.Errorf("%q %v", got, err)
	}
	for _, path := range []string{"/away", "/file", "/round"} {
		if got, err := text(t, address+path, wide); err == nil {
			t.Errorf("%s was followed: %q", path, got)
		}
	}
}

func TestARedirectNeverLeavesHTTPS(t *testing.T) {
	request := func(address string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range []struct {
		from, to string
		ok       bool
	}{
		{"https://a.example/x", "https://b.example/x", true},
		{"http://a.example/x", "https://a.example/x", true},
		{"http://a.example/x", "http://a.example/y", true},
		{"https://a.example/x", "http://a.example/x", false},
		{"http://a.example/x", "http://169.254.169.254/", false},
		{"http://a.example:80/x", "http://a.example:81/x", false},
	} {
		if err := checkRedirect(request(c.to), []*http.Request{request(c.from)}); (err == nil) != c.ok {
			t.Errorf("%s to %s: %v", c.from, c.to, err)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, address := range []string{"ftp://a.example/x", "http://", "https://user:word@a.example/", "file:///etc/passwd", "http://%zz"} {
		if err := CheckAddress(address); err == nil {
			t.Errorf("%s is one", address)
		}
		if _, err := Open(t.Context(), address, Validators{}, wide); err == nil {
			t.Errorf("%s was opened", address)
		}
	}
}
