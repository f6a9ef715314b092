package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/goccy/go-yaml"

	"stackyard/internal/enum"
)

// strictly refuses unknown fields and unknown values of enumerations.
var strictly = []yaml.DecodeOption{
	yaml.Strict(),
	known[enum.Severity](),
	known[enum.FindingRule](),
	known[enum.Hosting](),
	known[enum.IntegrationArea](),
	known[enum.IntegrationSupport](),
}

// known reads an enumeration as GraphQL does, so that both refuse the same values.
func known[T ~string, P interface {
	*T
	UnmarshalGQL(in any) error
}]() yaml.DecodeOption {
	return yaml.CustomUnmarshaler(func(to *T, b []byte) error {
		var s string
		if err := yaml.Unmarshal(b, &s); err != nil {
			return err
		}
		return P(to).UnmarshalGQL(s)
	})
}

// readDocument reads a file that is one record.
func readDocument[T any](files fs.FS, name string, to *T) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	return decode(name, 1, content, to)
}

// readList reads a file that is a list, in which each record begins with a dash at the start of a line.
// Records are decoded one by one, because the decoder takes quadratic time over a long file.
func readList[T any](files fs.FS, name string, to *[]T) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	parts := bytes.Split(append([]byte("\n"), content...), []byte("\n- "))
	if err := checkHead(parts[0], len(parts) == 1); err != nil {
		return fmt.Errorf("%s:1: %w", name, err)
	}

	*to = make([]T, len(parts)-1)
	errs := make([]error, len(parts)-1)
	line := bytes.Count(parts[0], []byte("\n")) + 1
	for i, part := range parts[1:] {
		errs[i] = decode(name, line, append([]byte("  "), part...), &(*to)[i])
		line += bytes.Count(part, []byte("\n")) + 1
	}
	return errors.Join(errs...)
}

// checkHead allows nothing but comments before the first record, and `[]` where there is none.
func checkHead(head []byte, isAll bool) error {
	var body any
	if err := yaml.Unmarshal(head, &body); err != nil {
		return errors.New(yaml.FormatError(err, false, false))
	}
	if list, ok := body.([]any); isAll && ok && len(list) == 0 {
		return nil
	}
	if isAll || body != nil {
		return errors.New("it is not a list whose records begin with `- `")
	}
	return nil
}

// decode reads one record that begins at a line of a file; its faults name the file and the line.
func decode(name string, line int, content []byte, to any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(content), strictly...)
	err := decoder.Decode(to)
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s:%d: the record is empty", name, line)
	}
	var placed yaml.Error
	if errors.As(err, &placed) {
		return fmt.Errorf("%s:%d: %s", name, line-1+placed.GetToken().Position.Line, placed.GetMessage())
	}
	if err != nil {
		return fmt.Errorf("%s:%d: in the record that begins here: %w", name, line, err)
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s:%d: it is more than one document", name, line)
	}
	return nil
}
