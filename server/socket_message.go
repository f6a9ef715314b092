package main

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The types of messages.
const (
	messageInit      = "connection_init"
	messageAck       = "connection_ack"
	messagePing      = "ping"
	messagePong      = "pong"
	messageSubscribe = "subscribe"
	messageNext      = "next"
	messageError     = "error"
	messageComplete  = "complete"
)

// maxInitBytes is the size of the largest message before connection_ack: enough for the longest token.
const maxInitBytes = 2 * maxTokenBytes

// maxOperationID is the length in bytes of the longest id that an operation may have.
const maxOperationID = 255

// message is what a peer sends.
type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id"`
	Payload json.RawMessage `json:"payload"`
}

func badMessage(format string, args ...any) *streamEnd {
	return endedWith(closeBadRequest, codeBadRequest, format, args...)
}

// receive gives the next message that is neither ping nor pong, which may come at any time.
func (s *socket) receive(ctx context.Context, most int64, limit string) (message, error) {
	for {
		data, err := s.readText(ctx, most, limit)
		if err != nil {
			return message{}, err
		}
		var m message
		if err := decode(data, &m); err != nil {
			return message{}, badMessage("the message is not a JSON object with a type, and an id and a payload where they belong")
		}
		switch m.Type {
		case messagePing:
			if err := s.write(ctx, appendMessage(nil, messagePong, ""), nil); err != nil {
				return message{}, err
			}
		case messagePong:
		default:
			return m, nil
		}
	}
}

// readText reads a message of most bytes at the most; limit says where that comes from. The reading does not
// end with the context, since the library would close the connection without a word.
func (s *socket) readText(ctx context.Context, most int64, limit string) ([]byte, error) {
	kind, r, err := s.conn.Reader(context.WithoutCancel(ctx))
	if err != nil {
		return nil, errGone
	}
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, errGone
	case int64(len(data)) > most:
		return nil, endedWith(websocket.StatusMessageTooBig, codePayloadTooLarge, "the message is larger than %d bytes (%s)", most, limit)
	case kind != websocket.MessageText:
		return nil, badMessage("messages are text")
	case !utf8.Valid(data):
		return nil, endedWith(websocket.StatusInvalidFramePayloadData, codeBadRequest, "the message is not UTF-8")
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	}
	s.heard.Add(1)
	return data, nil
}

// object reads a payload that may be missing.
func (m message) object(into any) error {
	if len(m.Payload) == 0 {
		return nil
	}
	if err := decode(m.Payload, into); err != nil {
		return badMessage("the payload of %s is not as it should be", m.Type)
	}
	return nil
}

// appendMessage writes a message without a payload; an empty id is none.
func appendMessage(b []byte, kind, id string) []byte {
	return append(appendHead(b, kind, id), '}')
}

// appendHead writes all of a message but its payload and the last brace.
func appendHead(b []byte, kind, id string) []byte {
	b = append(b, `{"type":"`...)
	b = append(append(b, kind...), '"')
	if id == "" {
		return b
	}
	j, _ := json.Marshal(id) // a string
	return append(append(b, `,"id":`...), j...)
}

// nextMessage carries a response.
func nextMessage(id string, resp *graphql.Response) []byte {
	return withPayload(appendHead(nil, messageNext, id), encode(resp))
}

// lastMessage ends an operation, with errors or without.
func lastMessage(ctx context.Context, id string, errs gqlerror.List) []byte {
	if len(errs) == 0 {
		return appendMessage(nil, messageComplete, id)
	}
	return withPayload(appendHead(nil, messageError, id), encodeErrors(ctx, errs))
}

func withPayload(head, payload []byte) []byte {
	return slices.Concat(head, []byte(`,"payload":`), payload, []byte{'}'})
}
