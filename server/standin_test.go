package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/graph"
	"stackyard/internal/auth"
	"stackyard/internal/fault"
	"stackyard/internal/store/storetest"
)

// programVariable makes the test binary behave as the program, for the tests that send signals.
const programVariable = "TEST_AS_STACKYARD"

// realVariable gives that program the real back-end in place of the stand-in.
const realVariable = "TEST_WITH_BACKEND"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		open := newStandIn().open
		if os.Getenv(realVariable) != "" {
			open = openBackend
		}
		ctx := untilSignal(context.Background())
		os.Exit(exitCode(runWith(ctx, os.Args[1:], os.Getenv, os.Stdout, open)))
	}
	storetest.Main(m)
}

var standInSchema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query {
		"Answers data, the variables that arrived included."
		plain(text: String, number: Float, id: ID): String
		"Answers when it is released, and an error when its context ends before."
		slow: String
		"Answers many errors."
		failing: String
		"Breaks gqlgen's own promise not to panic."
		panicking: String
		"Ends without an answer."
		silent: String
		"Answers what JSON cannot hold."
		unspeakable: String
		requestId: String
		"Says who asks."
		viewer: String
	}
	scalar Upload
	input ChangeInput { text: String, file: Upload }
	type Mutation { change(file: Upload, files: [Upload!], input: ChangeInput, text: String): String }
	type Subscription {
		"Events that the test sends."
		changes: String
		"1, 2 and so on."
		count(to: Int!): Int
		"One event, then a reason."
		ending: String
		"Refused before there is an event."
		refused: String
		"One event, then a panic."
		breaking: String
		"Big events without end."
		flood: String
		"Goes on after its context has ended, until it is released."
		stubborn: String
	}
`})

// standIn is a back-end whose answers the tests choose.
type standIn struct {
	entered, release chan struct{}
	// events are those of the field changes; cancelled gets the name of each subscription whose context ended.
	events    chan string
	cancelled chan string
	// flooded counts the events of the field flood.
	flooded          atomic.Int64
	log              *slog.Logger
	notReady         error
	openError        error
	mu               sync.Mutex
	variables        map[string]any
	executed, closed bool
}

func newStandIn() *standIn {
	return &standIn{
		entered: make(chan struct{}, 1), release: make(chan struct{}),
		events: make(chan string), cancelled: make(chan string, 100),
	}
}

func (s *standIn) open(_ context.Context, _ Config, log *slog.Logger) (*backend, error) {
	if s.openError != nil {
		return nil, s.openError
	}
	s.log = log
	return &backend{
		graphql: s.handler(),
		ready:   func(context.Context) error { return s.notReady },
		report:  "stand-in",
		close:   func() error { s.mu.Lock(); defer s.mu.Unlock(); s.closed = true; return nil },
	}, nil
}

func (s *standIn) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// say logs where there is a log, for tests that see no more than the output.
func (s *standIn) say(what string) {
	if s.log != nil {
		s.log.Debug(what)
	}
}

func (s *standIn) handler() *handler.Server {
	h := handler.New(&graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return standInSchema },
		ExecFunc: func(ctx context.Context) graphql.ResponseHandler {
			if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
				return s.subscribe(ctx)
			}
			return graphql.OneShot(s.answer(ctx))
		},
	})
	h.SetParserTokenLimit(2000)
	h.SetRecoverFunc(func(context.Context, any) error { return errors.New("recovered") })
	h.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		if e, ok := errors.AsType[*gqlerror.Error](err); ok {
			return e
		}
		return internalError(ctx)
	})
	// As in generated code, what blocks or ends without an answer does so in the response handler.
	h.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		if !graphql.HasOperationContext(ctx) || graphql.GetOperationContext(ctx).Operation == nil {
			return next(ctx)
		}
		switch firstField(ctx) {
		case "slow":
			s.entered <- struct{}{}
			s.say("slow entered")
			select {
			case <-s.release:
			case <-ctx.Done():
				return nil
			}
		case "silent":
			return nil
		case "unspeakable":
			graphql.RegisterExtension(ctx, "channel", make(chan int))
		}
		return next(ctx)
	})
	return h
}

func firstField(ctx context.Context) string {
	field, ok := graphql.GetOperationContext(ctx).Operation.SelectionSet[0].(*ast.Field)
	if !ok {
		return ""
	}
	return field.Name
}

func (s *standIn) answer(ctx context.Context) *graphql.Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.executed = true
	s.variables = graphql.GetOperationContext(ctx).Variables
	switch firstField(ctx) {
	case "panicking":
		panic("the secret of the panic")
	case "failing":
		var errs gqlerror.List
		for range 3 * maxErrors {
			errs = append(errs, codedError("SOME", "no"))
		}
		return &graphql.Response{Data: []byte(`{"failing":null}`), Errors: errs}
	case "viewer":
		name := "nobody"
		if v := auth.ViewerOf(ctx); v != nil {
			name = v.Subject
		}
		return &graphql.Response{Data: []byte(`{"viewer":"` + name + `"}`)}
	case "requestId":
		return &graphql.Response{Data: []byte(`{"requestId":"` + fault.RequestID(ctx) + `"}`)}
	}
	// Written with odd spaces, which show whether it was re-encoded.
	return &graphql.Response{Data: []byte(`{ "plain":  "<ok>" }`)}
}

// floodBytes is the size of an event of the field flood.
const floodBytes = 256 << 10

func (s *standIn) subscribe(ctx context.Context) graphql.ResponseHandler {
	field := firstField(ctx)
	if field == "refused" {
		return graphql.OneShot(graphql.ErrorResponse(ctx, "not for you"))
	}
	context.AfterFunc(ctx, func() { s.cancelled <- field })
	n := 0
	return func(ctx context.Context) *graphql.Response {
		n++
		switch {
		case field == "changes":
			select {
			case e, ok := <-s.events:
				if !ok {
					return nil
				}
				return event(field, e)
			case <-ctx.Done():
				return nil
			}
		case field == "count" && n <= countTo(ctx):
			return &graphql.Response{Data: fmt.Appendf(nil, `{"count":%d}`, n)}
		case field == "ending" && n == 1, field == "breaking" && n == 1:
			return event(field, "one")
		case field == "ending":
			graph.EndWith(ctx, codedError(string(fault.CursorExpired), "too long ago"))
		case field == "breaking":
			panic("the secret of the panic")
		case field == "flood":
			s.flooded.Add(1)
			return event(field, strings.Repeat("x", floodBytes))
		case field == "stubborn":
			s.entered <- struct{}{}
			<-s.release
		}
		return nil
	}
}

// emit sends events of the field changes.
func (s *standIn) emit(t *testing.T, events ...string) {
	t.Helper()
	for _, e := range events {
		select {
		case s.events <- e:
		case <-time.After(patience):
			t.Fatalf("nobody takes the event %s", e)
		}
	}
}

func event(field, text string) *graphql.Response {
	return &graphql.Response{Data: fmt.Appendf(nil, `{"%s":"%s"}`, field, text)}
}

func countTo(ctx context.Context) int {
	oc := graphql.GetOperationContext(ctx)
	field, ok := oc.Operation.SelectionSet[0].(*ast.Field)
	if !ok {
		return 0
	}
	n, err := graphql.UnmarshalInt(field.ArgumentMap(oc.Variables)["to"])
	if err != nil {
		return 0
	}
	return n
}

// verifierOf knows tokens of the form NAME-ANYTHING of the users in it, and how long they are good.
type verifierOf map[string]time.Duration

// Verify makes a viewer of the name; it is out of order for the token "down", and panics at "panic".
func (v verifierOf) Verify(_ context.Context, token string) (*auth.Viewer, error) {
	switch token {
	case "down":
		return nil, fmt.Errorf("asking: %w", fault.New(fault.Unavailable, "the keys are not to be had"))
	case "broken":
		return nil, errors.New("the secret of the verifier")
	case "panic":
		panic("the secret of the panic")
	}
	name, _, _ := strings.Cut(token, "-")
	ttl, ok := v[name]
	if !ok {
		return nil, fault.New(fault.Unauthenticated, `the "token" is not good`)
	}
	return &auth.Viewer{Issuer: "test", Subject: name, ExpiresAt: time.Now().Add(ttl)}, nil
}

// buffer collects output that is written and read at the same time.
type buffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// watching is an opener that remembers the configuration.
func (s *standIn) watching(seen *Config) opener {
	return func(ctx context.Context, cfg Config, log *slog.Logger) (*backend, error) {
		*seen = cfg
		return s.open(ctx, cfg, log)
	}
}
