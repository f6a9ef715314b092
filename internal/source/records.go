package source

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stackyard/internal/fault"
)

// Document reads a file whole.
func Document(c Content, limits Limits) ([]byte, error) {
	if c.IsDir {
		return nil, fault.BadInput("this source is one file, not a folder")
	}
	file, err := os.Open(c.Path)
	if err != nil {
		return nil, fmt.Errorf("opening the source: %w", err)
	}
	defer func() { _ = file.Close() }()
	b, err := io.ReadAll(io.LimitReader(file, limits.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the source: %w", err)
	}
	if int64(len(b)) > limits.Bytes {
		return nil, tooLarge("the source", limits.Bytes, "sync-max-bytes")
	}
	return b, nil
}

// Records hands every record of JSON to take: those of a folder and of all below
// it, of a zip archive, of a file with a list of them, or with one. Files whose
// names do not end in .json are none. A record that is too large is skipped. Where
// the source cannot be read to its end, that is an error.
func Records(ctx context.Context, c Content, limits Limits, skipped *SkippedRecords, take func(name string, record []byte)) error {
	r := reader{ctx: ctx, limits: limits, left: limits.UnpackedBytes, skipped: skipped, take: take}
	if c.IsDir {
		return r.folder(c.Path)
	}
	file, err := os.Open(c.Path)
	if err != nil {
		return fmt.Errorf("opening the source: %w", err)
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, 4)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the source: %w", err)
	}
	if bytes.Equal(head[:n], []byte("PK\x03\x04")) || bytes.Equal(head[:n], []byte("PK\x05\x06")) {
		return r.archive(file)
	}
	b, err := Document(c, limits)
	if err != nil {
		return err
	}
	return r.document(b)
}

type reader struct {
	ctx     context.Context
	limits  Limits
	left    int64 // of limits.UnpackedBytes
	skipped *SkippedRecords
	take    func(name string, record []byte)
}

func (r *reader) folder(path string) error {
	root, err := os.OpenRoot(path)
	if err != nil {
		return fmt.Errorf("opening the source: %w", err)
	}
	defer func() { _ = root.Close() }()
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !isRecord(name) {
			return err
		}
		return r.one(name, func() (io.ReadCloser, error) { return root.Open(name) })
	})
}

func (r *reader) archive(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("reading the archive: %w", err)
	}
	archive, err := zip.NewReader(file, info.Size())
	if err != nil {
		return fault.BadInput("the archive cannot be read: %v", err)
	}
	for _, entry := range archive.File {
		if !entry.Mode().IsRegular() || !isRecord(entry.Name) {
			continue
		}
		if err := r.one(entry.Name, entry.Open); err != nil {
			return err
		}
	}
	return nil
}

func isRecord(name string) bool { return strings.EqualFold(filepath.Ext(name), ".json") }

// one reads a record, which what opens it may say to be smaller than it is.
func (r *reader) one(name string, open func() (io.ReadCloser, error)) error {
	if err := r.ctx.Err(); err != nil {
		return context.Cause(r.ctx)
	}
	in, err := open()
	if err != nil {
		return fault.BadInput("%s cannot be read: %v", fault.Shorten(name), err)
	}
	defer func() { _ = in.Close() }()
	b, err := io.ReadAll(io.LimitReader(in, min(r.limits.RecordBytes, r.left)+1))
	if err != nil {
		return fault.BadInput("%s cannot be read to its end: %v", fault.Shorten(name), err)
	}
	if r.left -= int64(len(b)); r.left < 0 {
		return tooLarge("what is unpacked", r.limits.UnpackedBytes, "sync-max-unpacked-bytes")
	}
	r.record(name, b)
	return nil
}

func (r *reader) record(name string, b []byte) {
	if int64(len(b)) > r.limits.RecordBytes {
		r.skipped.Add(name, "it has more than %d bytes (setting sync-max-record-bytes)", r.limits.RecordBytes)
		return
	}
	r.take(name, b)
}

// document reads a list of records, or one.
func (r *reader) document(b []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		r.record("the record", b)
		return nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(b, &list); err != nil {
		return fault.BadInput("the source is no list in JSON: %v", err)
	}
	for i, record := range list {
		r.record(fmt.Sprintf("record %d", i+1), record)
	}
	return nil
}
