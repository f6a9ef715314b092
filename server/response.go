package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"stackyard/internal/fault"
)

// The codes of errors that HTTP alone knows; `fault` has the others.
const (
	codeBadRequest       = "BAD_REQUEST"
	codeMethodNotAllowed = "METHOD_NOT_ALLOWED"
	codeNotAcceptable    = "NOT_ACCEPTABLE"
	codePayloadTooLarge  = "PAYLOAD_TOO_LARGE"
	codeRequestTimeout   = "REQUEST_TIMEOUT"
	codeUnsupportedMedia = "UNSUPPORTED_MEDIA_TYPE"
	// codeTooManyOperations is for an operation that its socket has no room for.
	codeTooManyOperations = "TOO_MANY_OPERATIONS"
)

// maxErrors is how many errors an answer carries; a hostile document can have thousands.
const maxErrors = 20

// refusal is an answer in HTTP's own terms: the operation was not run to its end.
type refusal struct {
	status int
	err    *gqlerror.Error
	header http.Header
}

func refused(status int, code, format string, args ...any) *refusal {
	return &refusal{status: status, err: codedError(code, format, args...), header: http.Header{}}
}

func notAllowed(methods, message string) *refusal {
	r := refused(http.StatusMethodNotAllowed, codeMethodNotAllowed, "%s", message)
	r.header.Set("Allow", methods)
	return r
}

func notAcceptable() *refusal {
	return refused(http.StatusNotAcceptable, codeNotAcceptable,
		"none of the accepted media types can be answered; there are %s and %s", mediaGraphQL, mediaJSON)
}

// closing ends the connection after the answer, since what is left of the body is not read.
func (r *refusal) closing() *refusal {
	r.header.Set("Connection", "close")
	return r
}

func codedError(code, format string, args ...any) *gqlerror.Error {
	e := &gqlerror.Error{Message: fmt.Sprintf(format, args...)}
	errcode.Set(e, code)
	return e
}

// responder writes one answer in the media type that was agreed on.
type responder struct {
	w     http.ResponseWriter
	media string
}

// newResponder names the media type at once: where something panics, gqlgen's server writes the answer, and does not.
func newResponder(w http.ResponseWriter, media string) responder {
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	return responder{w: w, media: media}
}

// result is the answer of an operation that ran, errors of fields included.
func (a responder) result(resp *graphql.Response) {
	a.write(http.StatusOK, resp, dataOf(resp))
}

// requestErrors is the answer to a well-formed request whose operation cannot be run:
// 400 in GraphQL's own media type, and 200 in JSON, as the specification has it.
func (a responder) requestErrors(resp *graphql.Response) {
	status := http.StatusOK
	if a.media == mediaGraphQL {
		status = http.StatusBadRequest
	}
	a.write(status, resp, nil)
}

func (a responder) refuse(r *refusal) {
	for name, values := range r.header {
		a.w.Header()[name] = values
	}
	a.write(r.status, &graphql.Response{Errors: gqlerror.List{r.err}}, nil)
}

// write sends data as it is instead of letting encoding/json scan it again; nil means that there is none.
func (a responder) write(status int, resp *graphql.Response, data []byte) {
	head, tail, err := envelope(resp, data != nil)
	if err != nil {
		panic(fmt.Errorf("encode the answer: %w", err))
	}
	h := a.w.Header()
	h.Set("Content-Type", a.media+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(head)+len(data)+len(tail)))
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	a.w.WriteHeader(status)
	for _, part := range [][]byte{head, data, tail} {
		if _, err := a.w.Write(part); err != nil {
			return
		}
	}
}

// envelope gives what stands before and after the data. Errors come first, as the specification advises.
func envelope(resp *graphql.Response, withData bool) (head, tail []byte, err error) {
	errs, extensions := resp.Errors, resp.Extensions
	if left := len(errs) - maxErrors; left > 0 {
		errs = errs[:maxErrors]
		extensions = map[string]any{"errorsOmitted": left}
		for k, v := range resp.Extensions {
			extensions[k] = v
		}
	}
	head, sep := []byte{'{'}, ""
	if len(errs) > 0 {
		j, err := json.Marshal(errs)
		if err != nil {
			return nil, nil, err
		}
		head = append(append(head, `"errors":`...), j...)
		sep = ","
	}
	if withData {
		head = append(append(head, sep...), `"data":`...)
		sep = ","
	}
	if len(extensions) > 0 {
		j, err := json.Marshal(extensions)
		if err != nil {
			return nil, nil, err
		}
		tail = append(append(append(tail, sep...), `"extensions":`...), j...)
	}
	return head, append(tail, '}'), nil
}

// encode gives a response of an operation that ran as one text.
func encode(resp *graphql.Response) []byte {
	head, tail, err := envelope(resp, true)
	if err != nil {
		panic(fmt.Errorf("encode the answer: %w", err))
	}
	return slices.Concat(head, dataOf(resp), tail)
}

// encodeErrors gives errors as one text.
func encodeErrors(ctx context.Context, errs gqlerror.List) []byte {
	j, err := json.Marshal(errs[:min(len(errs), maxErrors)])
	if err != nil {
		j, _ = json.Marshal(gqlerror.List{internalError(ctx)}) // strings
	}
	return j
}

// dataOf is never empty: an operation that ran has data, if only null.
func dataOf(resp *graphql.Response) []byte {
	if len(resp.Data) == 0 {
		return []byte("null")
	}
	return resp.Data
}

// internalError says nothing but where in the log to look.
func internalError(ctx context.Context) *gqlerror.Error {
	e := codedError(string(fault.Internal), "something went wrong on the server")
	e.Extensions["requestId"] = fault.RequestID(ctx)
	return e
}
