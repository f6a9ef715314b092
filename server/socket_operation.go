package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/fault"
)

// errFull is for an operation that the socket has no room for.
var errFull = errors.New("too many operations")

// operation is one that runs on a socket.
type operation struct {
	id string
	// cancel ends its context.
	cancel context.CancelFunc
}

// subscribe starts an operation. Where there is no room for it, it ends with an error, and the others go on.
func (s *socket) subscribe(ctx context.Context, m message) error {
	var in payload
	if err := m.object(&in); err != nil {
		return err
	}
	if m.ID == "" || len(m.ID) > maxOperationID {
		return badMessage("the id of subscribe must have 1 to %d bytes", maxOperationID)
	}
	if in.isEmpty() {
		return badMessage("the payload of subscribe has no query")
	}
	start := graphql.Now()
	running, cancel := context.WithCancel(graphql.StartOperationTrace(ctx))
	op := &operation{id: m.ID, cancel: cancel}
	number, err := s.register(op)
	if err != nil {
		cancel()
	}
	if errors.Is(err, errFull) {
		return s.refuseOperation(ctx, m.ID)
	}
	if err != nil {
		return err
	}
	running = fault.WithRequestID(running, fmt.Sprintf("%s.%d", fault.RequestID(ctx), number))
	s.work.Go(func() {
		defer cancel()
		s.run(running, op, in.params(s.header, start))
	})
	return nil
}

// register gives the operation its id and its number on the socket.
func (s *socket) register(op *operation) (number int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations[op.id] != nil {
		return 0, endedWith(closeDuplicate, codeBadRequest, "Subscriber for %s already exists", fault.Shorten(op.id))
	}
	// What was completed counts until it has come to its end: otherwise a peer could start any number.
	if s.running >= s.maxOperations {
		return 0, errFull
	}
	s.operations[op.id] = op
	s.running++
	s.started++
	return s.started, nil
}

// complete ends the operation with the id at the wish of the peer, which may have missed that it ended before.
func (s *socket) complete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op := s.operations[id]; op != nil {
		op.cancel()
		delete(s.operations, id)
	}
}

// forget makes room for another operation.
func (s *socket) forget(op *operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if s.operations[op.id] == op {
		delete(s.operations, op.id)
	}
}

func (s *socket) refuseOperation(ctx context.Context, id string) error {
	return s.write(ctx, lastMessage(ctx, id, gqlerror.List{codedError(codeTooManyOperations,
		"the socket runs %d operations already (setting max-operations-per-socket)", s.maxOperations)}), nil)
}

// run executes the operation, and tells the peer of its end unless the peer wished for it.
func (s *socket) run(ctx context.Context, op *operation, params *graphql.RawParams) {
	errs := s.execute(ctx, params, func(ctx context.Context, resp *graphql.Response) error {
		return s.write(ctx, nextMessage(op.id, resp), nil)
	})
	// The peer may use the id again as soon as it has the last message.
	isForgotten := false
	_ = s.write(ctx, lastMessage(ctx, op.id, errs), func() { s.forget(op); isForgotten = true })
	if !isForgotten {
		s.forget(op)
	}
}

func (s *socket) execute(ctx context.Context, params *graphql.RawParams, emit emitter) gqlerror.List {
	oc, errs := s.follower.prepare(ctx, params)
	if errs != nil {
		return errs
	}
	return s.follower.follow(ctx, oc, emit)
}
