package main

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// eventStream writes server-sent events as an answer, which begins with the first of them.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	// timeout is how long the reader may take to take an event.
	timeout time.Duration

	mu     sync.Mutex
	isOpen bool
	// failure is why writing is of no use any more.
	failure error
}

// send writes an event; the data is JSON, in which a line break is no more than a space.
func (e *eventStream) send(event string, data []byte) error {
	if bytes.ContainsAny(data, "\r\n") {
		data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte{'\n'}, []byte{' '}), []byte{'\r'}, []byte{' '})
	}
	return e.write(slices.Concat([]byte("event: "+event+"\ndata: "), data, []byte("\n\n")))
}

// end sends the errors, if there are any, and that nothing follows.
func (e *eventStream) end(ctx context.Context, errs gqlerror.List) {
	if len(errs) > 0 {
		if e.send("next", slices.Concat([]byte(`{"errors":`), encodeErrors(ctx, errs), []byte{'}'})) != nil {
			return
		}
	}
	_ = e.send("complete", nil) // nobody is left to tell
}

// keepAlive sends a comment now, so that the reader knows that the stream is open, and one in every interval.
// What it returns stops that.
func (e *eventStream) keepAlive(interval time.Duration) (stop func()) {
	comment := []byte(":\n\n")
	_ = e.write(comment) // its failure is remembered
	done := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = e.write(comment)
			case <-done:
				return
			}
		}
	})
	return func() { close(done); work.Wait() }
}

// write is bounded in time by the connection. A deadline that has passed has broken the connection, and with
// it the request's context.
func (e *eventStream) write(frame []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failure == nil {
		e.failure = e.writeInTime(frame)
	}
	return e.failure
}

func (e *eventStream) writeInTime(frame []byte) error {
	if !e.isOpen {
		e.isOpen = true
		h := e.w.Header()
		h.Set("Content-Type", mediaEvents+"; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no") // what nginx would do
		h.Add("Vary", "Accept")
	}
	if err := e.control.SetWriteDeadline(time.Now().Add(e.timeout)); err != nil {
		return err
	}
	if _, err := e.w.Write(frame); err != nil {
		return err
	}
	return e.control.Flush()
}
