package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/coder/websocket"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// read handles messages until there is a reason to close the socket.
func (s *socket) read(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			logPanic(ctx, s.log, p)
			err = endedWith(websocket.StatusInternalError, fault.Internal, "something went wrong on the server")
		}
	}()
	ctx, err = s.initialise(ctx)
	if err != nil {
		return err
	}
	for {
		m, err := s.receive(ctx, s.maxMessage, "setting max-body-bytes")
		if err != nil {
			return err
		}
		switch m.Type {
		case messageSubscribe:
			if err := s.subscribe(ctx, m); err != nil {
				return err
			}
		case messageComplete:
			s.complete(m.ID)
		case messageInit:
			return endedWith(closeTooManyInits, codeBadRequest, "Too many initialisation requests")
		default:
			return unknownMessage(m)
		}
	}
}

func unknownMessage(m message) error {
	return badMessage("there is no message of the type %q for the server", fault.Shorten(m.Type))
}

// initialise waits for connection_init, finds out who asks, and acknowledges. Its context knows the viewer.
func (s *socket) initialise(ctx context.Context) (context.Context, error) {
	overdue := time.AfterFunc(s.initTimeout, func() {
		s.stream.end(endedWith(closeInitTimeout, codeRequestTimeout,
			"Connection initialisation timeout: %v (setting ws-init-timeout)", s.initTimeout))
	})
	defer overdue.Stop()
	m, err := s.receive(ctx, min(s.maxMessage, maxInitBytes), "before connection_ack")
	if err != nil {
		return nil, err
	}
	switch m.Type {
	case messageInit:
	case messageSubscribe, messageComplete:
		return nil, endedWith(closeUnauthorized, fault.Unauthenticated, "Unauthorized: %s came before connection_ack", m.Type)
	default:
		return nil, unknownMessage(m)
	}
	overdue.Stop()
	viewer, err := s.viewer(ctx, m)
	if err != nil {
		return nil, err
	}
	s.stream.belongTo(viewer)
	return auth.WithViewer(ctx, viewer), s.write(ctx, appendMessage(nil, messageAck, ""), nil)
}

// viewer is whom the payload of connection_init stands for, or else the request that opened the socket.
func (s *socket) viewer(ctx context.Context, m message) (*auth.Viewer, error) {
	authorization, err := authorizationOf(m)
	if err != nil {
		return nil, err
	}
	ofRequest := auth.ViewerOf(ctx)
	if authorization == nil {
		return ofRequest, nil
	}
	bounded, cancel := context.WithTimeout(ctx, s.requestTimeout)
	defer cancel()
	viewer, refusal := s.bearer.viewer(bounded, authorization)
	if refusal != nil {
		return nil, endedByToken(refusal)
	}
	if ofRequest != nil && (ofRequest.Issuer != viewer.Issuer || ofRequest.Subject != viewer.Subject) {
		return nil, badMessage("connection_init and the request that opened the socket have tokens of two users")
	}
	return viewer, nil
}

// authorizationOf gives what stands under the name Authorization, in any case, and nil where nothing does.
func authorizationOf(m message) ([]string, error) {
	var payload map[string]json.RawMessage
	if err := m.object(&payload); err != nil {
		return nil, err
	}
	var values []string
	for name, raw := range payload {
		if !strings.EqualFold(name, "Authorization") {
			continue
		}
		var value *string
		if err := json.Unmarshal(raw, &value); err != nil || value == nil {
			return nil, badMessage("%s in the payload of connection_init is not a string", fault.Shorten(name))
		}
		values = append(values, *value)
	}
	return values, nil
}

// endedByToken closes with a code from which clients come back with another token, or later.
func endedByToken(refusal *fault.Error) *streamEnd {
	switch refusal.Kind {
	case fault.Unauthenticated:
		return endedWith(closeForbidden, refusal.Kind, "Forbidden: %s", refusal.Message)
	case fault.Unavailable:
		return endedWith(websocket.StatusTryAgainLater, refusal.Kind, "%s", refusal.Message)
	}
	return endedWith(websocket.StatusInternalError, refusal.Kind, "%s", refusal.Message)
}
