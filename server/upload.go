package main

import (
	"context"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

const mediaForm = "multipart/form-data"

// preflightHeaders are those of which one must be there, with any value: a browser sends a form to another site
// unasked, but none with such a header.
var preflightHeaders = []string{"GraphQL-Require-Preflight", "Apollo-Require-Preflight"}

// uploadTransport takes mutations that come with files, in the form of the GraphQL multipart request specification
// (https://github.com/jaydenseric/graphql-multipart-request-spec). The operation is checked before a file is read.
type uploadTransport struct {
	Transport
	// maxFile is how many bytes all files of a request may have.
	maxFile int64
	// slots has room for the requests that are handled at the same time.
	slots chan struct{}
}

var _ graphql.Transport = uploadTransport{}

// Supports says whether the request is a form with parts.
func (uploadTransport) Supports(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == mediaForm && r.Method == http.MethodPost
}

// Do answers one request.
func (t uploadTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	media, acceptable := negotiate(r.Header.Values("Accept"))
	answer := newResponder(w, media)
	if !acceptable {
		answer.refuse(notAcceptable().closing())
		return
	}
	if err := t.admits(r); err != nil {
		answer.refuse(err.closing())
		return
	}
	start := graphql.Now()
	r.Body = http.MaxBytesReader(w, r.Body, t.MaxBody+t.maxFile)
	from, err := r.MultipartReader()
	if err != nil {
		answer.refuse(badForm("it has no boundary").closing())
		return
	}
	in, refusal := t.operation(from)
	if refusal != nil {
		answer.refuse(refusal.closing())
		return
	}
	oc := prepare(r.Context(), answer, in.params(r.Header, start), exec)
	if oc == nil {
		return
	}
	if err := asksFor(in, oc.Operation); err != nil {
		answer.refuse(err.closing())
		return
	}
	t.run(r.Context(), answer, from, in.files, oc, exec)
}

// run reads the files and runs the operation. Nobody without a token may run one with files: theirs are not read,
// and the operation is refused.
func (t uploadTransport) run(ctx context.Context, answer responder, from *multipart.Reader, files files, oc *graphql.OperationContext, exec graphql.GraphExecutor) {
	if auth.ViewerOf(ctx) == nil {
		answer.w.Header().Set("Connection", "close")
	} else {
		select {
		case t.slots <- struct{}{}:
			defer func() { <-t.slots }()
		default:
			answer.refuse(tooManyUploads(cap(t.slots)).closing())
			return
		}
		if err := t.read(from, files); err != nil {
			answer.refuse(err.closing())
			return
		}
	}
	ctx, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	t.execute(ctx, answer, oc, exec)
}

// asksFor refuses files that the operation does not ask for; that they are where it asks for them, its validation sees.
func asksFor(in form, operation *ast.OperationDefinition) *refusal {
	if operation.Operation != ast.Mutation {
		return refused(http.StatusBadRequest, codeBadRequest, "files come with mutations alone")
	}
	for _, name := range in.variables {
		if operation.VariableDefinitions.ForName(name) == nil {
			return badForm("the operation has no variable %q", name)
		}
	}
	return nil
}

// admits refuses what a page of another site could send, and what is compressed.
func (t uploadTransport) admits(r *http.Request) *refusal {
	isAsked := false
	for _, name := range preflightHeaders {
		isAsked = isAsked || r.Header.Get(name) != ""
	}
	if !isAsked {
		return refused(http.StatusForbidden, string(fault.Forbidden),
			"a request in %s needs the header %s or %s, with any value: pages of other sites cannot send it", mediaForm, preflightHeaders[0], preflightHeaders[1])
	}
	if !isPlain(r.Header) {
		return refused(http.StatusUnsupportedMediaType, codeUnsupportedMedia, "the body must not be compressed")
	}
	if r.ContentLength > t.MaxBody+t.maxFile {
		return t.fileTooLarge()
	}
	return nil
}

func (t uploadTransport) fileTooLarge() *refusal {
	return refused(http.StatusRequestEntityTooLarge, codePayloadTooLarge, "the file is larger than %d bytes (setting max-sbom-bytes)", t.maxFile)
}

func tooManyUploads(most int) *refusal {
	r := refused(http.StatusServiceUnavailable, string(fault.Unavailable),
		"%d requests with files are being handled; try again in a few seconds (setting max-uploads)", most)
	r.header.Set("Retry-After", "3")
	return r
}
