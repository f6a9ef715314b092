package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/fault"
)

// programVariable makes the test binary behave as the program, for the tests that send signals.
const programVariable = "TEST_AS_STACKYARD"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		standIn := newStandIn()
		ctx := untilSignal(context.Background())
		os.Exit(exitCode(runWith(ctx, os.Args[1:], os.Getenv, os.Stdout, standIn.open)))
	}
	os.Exit(m.Run())
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
	}
	type Mutation { change: String }
	type Subscription { changes: String }
`})

// standIn is a back-end whose answers the tests choose.
type standIn struct {
	entered, release chan struct{}
	log              *slog.Logger
	notReady         error
	openError        error
	mu               sync.Mutex
	variables        map[string]any
	executed, closed bool
}

func newStandIn() *standIn {
	return &standIn{entered: make(chan struct{}, 1), release: make(chan struct{})}
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
	case "requestId":
		return &graphql.Response{Data: []byte(`{"requestId":"` + fault.RequestID(ctx) + `"}`)}
	}
	// Written with odd spaces, which show whether it was re-encoded.
	return &graphql.Response{Data: []byte(`{ "plain":  "<ok>" }`)}
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
