package main

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"strings"

	"stackyard/internal/app"
)

// maxFiles is how many files a request may have; all of them together are bounded in size.
const maxFiles = 10

// files are the contents of the files of a request, by the names of their parts; nil until they are read.
type files map[string]*[]byte

func badForm(format string, args ...any) *refusal {
	return refused(http.StatusBadRequest, codeBadRequest,
		"the body is not a GraphQL request in %s (operations, map, then the files): %s", mediaForm, fmt.Sprintf(format, args...))
}

// form is what stands before the files of a request.
type form struct {
	payload
	files files
	// variables are the names of those that files belong to.
	variables []string
}

// operation reads the parts that stand before the files, and puts an upload wherever a file belongs.
func (t uploadTransport) operation(from *multipart.Reader) (in form, _ *refusal) {
	operations, err := t.field(from, "operations")
	if err != nil {
		return in, err
	}
	if strings.HasPrefix(strings.TrimSpace(string(operations)), "[") {
		return in, badForm("batches of operations are not answered")
	}
	if err := decode(operations, &in.payload); err != nil {
		return in, badForm("operations is not one JSON object with query, operationName, variables and extensions")
	}
	if in.isEmpty() {
		return in, refused(http.StatusBadRequest, codeBadRequest, "the query is missing")
	}
	places, err := t.field(from, "map")
	if err != nil {
		return in, err
	}
	var paths map[string][]string
	if err := decode(places, &paths); err != nil {
		return in, badForm("map is not a JSON object with a list of paths for each file")
	}
	if len(paths) == 0 || len(paths) > maxFiles {
		return in, badForm("map has %d files, and a request 1 to %d", len(paths), maxFiles)
	}
	in.files = files{}
	for name, of := range paths {
		if len(of) == 0 {
			return in, badForm("map has no path for the file %q", name)
		}
		in.files[name] = new([]byte)
		for _, path := range of {
			if !in.place(path, app.NewUpload(in.files[name])) {
				return in, badForm("the path %q of map leads to no null in variables", path)
			}
			in.variables = append(in.variables, strings.Split(path, ".")[1])
		}
	}
	return in, nil
}

// field reads the next part, which is no file.
func (t uploadTransport) field(from *multipart.Reader, name string) ([]byte, *refusal) {
	part, err := from.NextPart()
	if errors.Is(err, io.EOF) || err == nil && part.FormName() != name {
		return nil, badForm("%s is not where it belongs", name)
	}
	if err != nil {
		return nil, t.unread(err)
	}
	text, err := io.ReadAll(io.LimitReader(part, t.MaxBody+1))
	if err != nil {
		return nil, t.unread(err)
	}
	if int64(len(text)) > t.MaxBody {
		return nil, t.tooLarge()
	}
	return text, nil
}

// read reads the files.
func (t uploadTransport) read(from *multipart.Reader, of files) *refusal {
	left, isRead := t.maxFile, map[string]bool{}
	for {
		part, err := from.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return t.unread(err)
		}
		name := part.FormName()
		content, isExpected := of[name]
		if !isExpected || isRead[name] {
			return badForm("map does not have the part %q, or it comes twice", name)
		}
		isRead[name] = true
		*content, err = io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return t.unread(err)
		}
		if left -= int64(len(*content)); left < 0 {
			return t.fileTooLarge()
		}
	}
	for name := range of {
		if !isRead[name] {
			return badForm("the file %q is missing", name)
		}
	}
	return nil
}

// unread is the answer to a body that could not be read to its end.
func (t uploadTransport) unread(err error) *refusal {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return t.fileTooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return late()
	}
	return badForm("it is broken, or ends too early")
}

// place puts a file where there is null in the variables; the path begins with `variables`.
func (p payload) place(path string, file app.Upload) bool {
	steps := strings.Split(path, ".")
	if steps[0] != "variables" || len(steps) == 1 {
		return false
	}
	var at any = p.Variables
	for i, step := range steps[1:] {
		isLast := i == len(steps)-2
		switch in := at.(type) {
		case map[string]any:
			next, isThere := in[step]
			if isLast && isThere && next == nil {
				in[step] = file
				return true
			}
			at = next
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(in) {
				return false
			}
			if isLast && in[n] == nil {
				in[n] = file
				return true
			}
			at = in[n]
		default:
			return false
		}
	}
	return false
}
