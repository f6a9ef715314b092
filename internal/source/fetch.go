package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"stackyard/internal/fault"
)

// Validators are what a server said of a copy, so that it can be asked whether it
// still is the current one. They are good for the address that they came from.
type Validators struct {
	Address      string `json:"address,omitempty"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"lastModified,omitempty"`
}

// Content is what was found: a file or a folder of this machine. Close forgets
// the copy of what was downloaded.
type Content struct {
	// Path is empty where the content is unmodified.
	Path  string
	IsDir bool
	// IsUnmodified is true where the server says that the copy of the validators is the current one.
	IsUnmodified bool
	Validators   Validators
	isTemporary  bool
}

// Close removes a download.
func (c Content) Close() error {
	if !c.isTemporary {
		return nil
	}
	return os.Remove(c.Path)
}

// Unavailable is the error of a server that does not answer as it should.
type Unavailable struct {
	Reason string
	// RetryAfter is how long the server asks to be left alone; 0 where it does not say.
	RetryAfter time.Duration
}

func (e *Unavailable) Error() string { return e.Reason }

// maxRedirects is how many redirects are followed.
const maxRedirects = 5

// IsAddress says whether a text is meant as an address, not as a path.
func IsAddress(from string) bool { return strings.Contains(from, "://") }

// CheckAddress says what is wrong with an address that is to be read from.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return fault.BadInput("is not an absolute address")
	case u.Scheme != "http" && u.Scheme != "https":
		return fault.BadInput("is neither http nor https")
	case u.User != nil:
		return fault.BadInput("has credentials in it, which would be logged")
	}
	return nil
}

// Open finds what is to be read: a file, a folder, or an http or https address,
// which is downloaded if it has changed since the validators were given.
func Open(ctx context.Context, from string, known Validators, limits Limits) (Content, error) {
	if IsAddress(from) {
		return download(ctx, from, known, limits)
	}
	info, err := os.Stat(from)
	if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
		return Content{}, fault.BadInput("there is no file or folder to read at %s", from)
	}
	if !info.IsDir() && info.Size() > limits.Bytes {
		return Content{}, tooLarge(from, limits.Bytes, "sync-max-bytes")
	}
	return Content{Path: from, IsDir: info.IsDir()}, nil
}

// newClient makes a client for one download. It follows redirects as far as they are no
// worse than the address that was asked for: never from https to http, and to
// other hosts by https alone, so that nobody is led to what only this machine can reach.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
			ForceAttemptHTTP2:     true,
			DisableKeepAlives:     true,
		},
		CheckRedirect: checkRedirect,
	}
}

func checkRedirect(next *http.Request, before []*http.Request) error {
	last := before[len(before)-1].URL
	switch {
	case len(before) > maxRedirects:
		return fmt.Errorf("there are more than %d redirects", maxRedirects)
	case next.URL.Scheme == "https", last.Scheme == next.URL.Scheme && last.Host == next.URL.Host:
		return nil
	}
	return errors.New("it is redirected to another host, or from https, to plain http")
}

func download(ctx context.Context, address string, known Validators, limits Limits) (Content, error) {
	if err := CheckAddress(address); err != nil {
		return Content{}, fmt.Errorf("the address: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return Content{}, fmt.Errorf("the address: %w", err)
	}
	request.Header.Set("User-Agent", "Stackyard")
	if known.Address == address {
		setIfAny(request.Header, "If-None-Match", known.ETag)
		setIfAny(request.Header, "If-Modified-Since", known.LastModified)
	}
	response, err := newClient().Do(request)
	if err != nil {
		return Content{}, unavailable(ctx, err, limits)
	}
	defer func() { _ = response.Body.Close() }()
	switch {
	case response.StatusCode == http.StatusNotModified && known.Address == address:
		return Content{IsUnmodified: true, Validators: known}, nil
	case response.StatusCode != http.StatusOK:
		return Content{}, &Unavailable{
			Reason: fmt.Sprintf("the server answers %d", response.StatusCode), RetryAfter: retryAfter(response.Header),
		}
	case response.ContentLength > limits.Bytes:
		return Content{}, tooLarge("the download", limits.Bytes, "sync-max-bytes")
	}
	path, err := keep(response.Body, limits)
	if err != nil {
		return Content{}, unavailable(ctx, err, limits)
	}
	return Content{Path: path, isTemporary: true, Validators: Validators{
		Address: address, ETag: response.Header.Get("ETag"), LastModified: response.Header.Get("Last-Modified"),
	}}, nil
}

func setIfAny(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

// unavailable says why a download broke off, without the address, which the operator knows.
func unavailable(ctx context.Context, err error, limits Limits) error {
	if fault.KindOf(err) != fault.Internal {
		return err
	}
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return &Unavailable{Reason: fmt.Sprintf("the download took longer than %v (setting sync-timeout)", limits.Timeout)}
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err
	}
	return &Unavailable{Reason: fmt.Sprintf("the download broke off: %v", err)}
}

// keep writes a download to a file of its own.
func keep(body io.Reader, limits Limits) (path string, err error) {
	file, err := os.CreateTemp("", "stackyard-sync-")
	if err != nil {
		return "", fmt.Errorf("keeping a download: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	n, err := io.Copy(file, io.LimitReader(body, limits.Bytes+1))
	if err == nil && n > limits.Bytes {
		err = tooLarge("the download", limits.Bytes, "sync-max-bytes")
	}
	return file.Name(), err
}

// retryAfter is what a server asks for, in seconds; a date is not worth its reading.
func retryAfter(h http.Header) time.Duration {
	const most = 24 * time.Hour
	seconds, err := strconv.ParseInt(h.Get("Retry-After"), 10, 32)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, most)
}
