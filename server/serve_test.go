package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait of these tests; nothing is measured against it.
const patience = 20 * time.Second

var endpoint = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/graphql`)

// started is a running program.
type started struct {
	address string
	out     *buffer
	stop    context.CancelFunc
	done    chan error
}

// start runs the program on a free port with a stand-in for the back-end, and waits until it says where.
func start(t *testing.T, standIn *standIn, args ...string) *started {
	t.Helper()
	return startWith(t, standIn.open, args...)
}

func startWith(t *testing.T, open opener, args ...string) *started {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	p := &started{out: &buffer{}, stop: stop, done: make(chan error, 1)}
	args = append([]string{"--listen", "127.0.0.1:0"}, args...)
	go func() {
		p.done <- runWith(ctx, args, func(string) string { return "" }, p.out, open)
	}()
	t.Cleanup(stop)
	p.address = awaitAddress(t, p.out)
	return p
}

func awaitAddress(t *testing.T, out *buffer) string {
	t.Helper()
	await(t, "the address", func() bool { return endpoint.MatchString(out.String()) })
	return endpoint.FindStringSubmatch(out.String())[1]
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("waited for %s in vain", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// end gives what run returned.
func (p *started) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.done:
		return err
	case <-time.After(patience):
		t.Fatal("the program did not end")
		return nil
	}
}

// answerTo sends a query and gives the answer, or why there was none.
func answerTo(address, query string) (string, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	resp, err := client.Post("http://"+address+"/graphql", mediaJSON, strings.NewReader(`{"query":"`+query+`"}`))
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// isRefused says whether nobody accepts connections at the address.
func isRefused(address string) bool {
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return errors.Is(err, syscall.ECONNREFUSED)
	}
	_ = c.Close()
	return false
}

func TestServeAnnouncesItselfAndAnswers(t *testing.T) {
	p := start(t, newStandIn())
	if got, err := answerTo(p.address, "{ plain }"); got != `{"data":{ "plain":  "<ok>" }}` {
		t.Errorf("%s, %v", got, err)
	}
	for _, want := range []string{
		"Stackyard is ready after ",
		"http://" + p.address + "/graphql",
		"http://" + p.address + "/",
		"sqlite:data/stackyard.db",
		"stand-in",
		`curl -s http://` + p.address + `/graphql -H 'content-type: application/json' -d '{"query":"{ technology(slug: \"nodejs\") { releaseCycle(version: \"18.20.4\") { name status endOfLifeOn latestVersion } } }"}'`,
	} {
		if !strings.Contains(p.out.String(), want) {
			t.Errorf("the output lacks %s:\n%s", want, p.out)
		}
	}
	p.stop()
	if err := p.end(t); err != nil {
		t.Error(err)
	}
}

func TestServeLogsNothingButJSONWhereThatIsAskedFor(t *testing.T) {
	p := start(t, newStandIn(), "--log-format", "json")
	p.stop()
	if err := p.end(t); err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(p.out.String()) {
		if !strings.HasPrefix(line, `{"time":`) {
			t.Errorf("not an entry of the log: %s", line)
		}
	}
}

func TestServeAnswersHealthWhileTheBackEndOpens(t *testing.T) {
	standIn, release := newStandIn(), make(chan struct{})
	open := func(ctx context.Context, cfg Config, log *slog.Logger) (*backend, error) {
		<-release
		return standIn.open(ctx, cfg, log)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, done := &buffer{}, make(chan error, 1)
	go func() {
		done <- runWith(ctx, []string{"--listen", "127.0.0.1:0"}, func(string) string { return "" }, out, open)
	}()
	listening := regexp.MustCompile(`msg=listening address=(\S+)`)
	await(t, "the listener", func() bool { return listening.MatchString(out.String()) })
	address := listening.FindStringSubmatch(out.String())[1]
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503} {
		if got := statusOf(t, address, path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	close(release)
	await(t, "readiness", func() bool { return statusOf(t, address, "/readyz") == 200 })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func statusOf(t *testing.T, address, path string) int {
	t.Helper()
	resp, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestServeFinishesWhatRunsWhenItIsStopped(t *testing.T) {
	standIn := newStandIn()
	p := start(t, standIn)
	type result struct {
		body string
		err  error
	}
	inFlight := make(chan result, 1)
	go func() {
		body, err := answerTo(p.address, "{ slow }")
		inFlight <- result{body, err}
	}()
	<-standIn.entered
	p.stop()
	await(t, "new connections to be refused", func() bool { return isRefused(p.address) })
	select {
	case err := <-p.done:
		t.Fatalf("it ended before the request did: %v", err)
	default:
	}
	if standIn.isClosed() {
		t.Error("the store was closed before the request ended")
	}
	close(standIn.release)
	if got := <-inFlight; got.err != nil || !strings.Contains(got.body, "<ok>") {
		t.Errorf("the request in flight got %q, %v", got.body, got.err)
	}
	if err := p.end(t); err != nil {
		t.Error(err)
	}
	if !standIn.isClosed() {
		t.Error("the store was not closed")
	}
}

func TestServeCutsOffWhatOutlivesTheGracePeriod(t *testing.T) {
	standIn := newStandIn()
	p := start(t, standIn, "--shutdown-grace", "1ms")
	inFlight := make(chan string, 1)
	go func() {
		body, _ := answerTo(p.address, "{ slow }") // the connection is cut, or the error is in time
		inFlight <- body
	}()
	<-standIn.entered
	p.stop()
	err := p.end(t)
	if err == nil || !strings.Contains(err.Error(), "requests were still running after 1ms") || exitCode(err) != exitFailed {
		t.Errorf("got %v", err)
	}
	if got := <-inFlight; strings.Contains(got, "<ok>") {
		t.Errorf("the request was answered: %s", got)
	}
	if !standIn.isClosed() {
		t.Error("the store was not closed")
	}
}

func TestServeStopsWhileTheBackEndOpens(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	open := func(ctx context.Context, _ Config, _ *slog.Logger) (*backend, error) {
		stop()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if err := runWith(ctx, []string{"--listen", "127.0.0.1:0"}, func(string) string { return "" }, io.Discard, open); err != nil {
		t.Error(err)
	}
}

func TestServeRefusesABodyThatDoesNotArrive(t *testing.T) {
	p := start(t, newStandIn(), "--read-timeout", "50ms", "--read-header-timeout", "50ms")
	c, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(c, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || !strings.Contains(string(answer), codeRequestTimeout) {
		t.Errorf("%q, %v", answer, err)
	}
}

func TestServeFailsWhereTheStoreDoes(t *testing.T) {
	standIn := newStandIn()
	standIn.openError = errors.New("no such disk")
	err := runWith(t.Context(), []string{"--listen", "127.0.0.1:0", "--database", "postgres://u:secret@h/d"},
		func(string) string { return "" }, io.Discard, standIn.open)
	if err == nil || err.Error() != "open postgres://u:xxxxx@h/d: no such disk" || exitCode(err) != exitFailed {
		t.Errorf("got %v", err)
	}
}

func TestServeFailsWhereTheAddressIsTaken(t *testing.T) {
	p := start(t, newStandIn())
	err := runWith(t.Context(), []string{"--listen", p.address}, func(string) string { return "" }, io.Discard, newStandIn().open)
	if !errors.Is(err, syscall.EADDRINUSE) || exitCode(err) != exitFailed {
		t.Errorf("got %v", err)
	}
}

// process starts the test binary as the program.
func process(t *testing.T, args ...string) (*exec.Cmd, *buffer) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := &buffer{}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"--listen", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), programVariable+"=1")
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

func TestServeStopsOnSignals(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd, out := process(t)
			awaitAddress(t, out)
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestServeEndsAtOnceOnTheSecondSignal(t *testing.T) {
	cmd, out := process(t, "--shutdown-grace", "1h", "--request-timeout", "1h", "--write-timeout", "2h", "--log-level", "debug")
	address := awaitAddress(t, out)
	go func() { _, _ = answerTo(address, "{ slow }") }()
	await(t, "the request to run", func() bool { return strings.Contains(out.String(), "slow entered") })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	await(t, "the stop to begin", func() bool { return isRefused(address) })
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	await(t, "the end", func() bool {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v\n%s", cmd.ProcessState, out)
	}
}
