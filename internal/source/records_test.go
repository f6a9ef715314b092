package source

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// taken reads all records at a path, as names and texts.
func taken(t *testing.T, path string, limits Limits) (map[string]string, SkippedRecords, error) {
	t.Helper()
	c, err := Open(t.Context(), path, Validators{}, limits)
	if err != nil {
		return nil, SkippedRecords{}, err
	}
	out, skipped := map[string]string{}, SkippedRecords{}
	err = Records(t.Context(), c, limits, &skipped, func(name string, record []byte) { out[name] = string(record) })
	return out, skipped, err
}

func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t *testing.T, entries map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(entries[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRecordsComeFromFilesFoldersAndArchives(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "below"), 0o700); err != nil {
		t.Fatal(err)
	}
	outside := file(t, "outside.json", []byte(`{"secret": true}`))
	for name, content := range map[string]string{"a.json": "{}", "below/b.JSON": "[]", "README.md": "no"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(folder, "link.json")); err != nil {
		t.Fatal(err)
	}
	both := map[string]string{"a.json": "{}", "below/b.JSON": "[]"}
	for path, want := range map[string]map[string]string{
		folder: both,
		file(t, "all.zip", zipped(t, map[string]string{"a.json": "{}", "below/b.JSON": "[]", "README.md": "no"})): both,
		file(t, "empty.zip", zipped(t, nil)):                {},
		file(t, "one.json", []byte(` {"id": 1}`)):           {"the record": ` {"id": 1}`},
		file(t, "list.json", []byte(` [{"id": 1}, {}, 3]`)): {"record 1": `{"id": 1}`, "record 2": "{}", "record 3": "3"},
	} {
		got, skipped, err := taken(t, path, wide)
		if err != nil || skipped.Count > 0 || !maps.Equal(got, want) {
			t.Errorf("%s: %v %v %v", filepath.Base(path), got, skipped, err)
		}
	}
}

func TestARecordThatIsTooLargeIsSkipped(t *testing.T) {
	limits := wide
	limits.RecordBytes = 10
	large := `"` + strings.Repeat("x", 20) + `"`
	for name, path := range map[string]string{
		"archive": file(t, "a.zip", zipped(t, map[string]string{"a.json": "1", "b.json": large, "c.json": "3"})),
		"list":    file(t, "a.json", []byte("[1, "+large+", 3]")),
	} {
		got, skipped, err := taken(t, path, limits)
		if err != nil || len(got) != 2 || skipped.Count != 1 || !strings.Contains(skipped.First[0].Reason, "sync-max-record-bytes") {
			t.Errorf("%s: %v %v %v", name, got, skipped, err)
		}
	}
}

func TestAnArchiveThatGrowsWithoutEndIsRefused(t *testing.T) {
	limits := wide
	limits.UnpackedBytes, limits.RecordBytes = 2_000_000, 1_000_000
	bomb := map[string]string{}
	for i := range 5 {
		bomb[fmt.Sprint(i, ".json")] = strings.Repeat(" ", 900_000)
	}
	packed := zipped(t, bomb)
	if len(packed) > 10_000 {
		t.Fatalf("the bomb has %d bytes", len(packed))
	}
	got, _, err := taken(t, file(t, "bomb.zip", packed), limits)
	if err == nil || !strings.Contains(err.Error(), "sync-max-unpacked-bytes") || len(got) > 2 {
		t.Errorf("%d records, %v", len(got), err)
	}
}

func TestWhatCannotBeReadToItsEndIsAnError(t *testing.T) {
	whole := zipped(t, map[string]string{"a.json": "1", "b.json": strings.Repeat("2", 1000)})
	broken := bytes.Clone(whole)
	at := bytes.Index(broken, []byte("b.json")) + len("b.json") + 2
	broken[at] ^= 0xff
	for name, path := range map[string]string{
		"archive cut short": file(t, "short.zip", whole[:len(whole)-30]),
		"broken entry":      file(t, "broken.zip", broken),
		"list cut short":    file(t, "short.json", []byte(`[{"id": 1}, {"id"`)),
		"nothing":           filepath.Join(t.TempDir(), "nothing"),
	} {
		if _, _, err := taken(t, path, wide); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	small := wide
	small.Bytes = 10
	if _, _, err := taken(t, file(t, "large.json", []byte(`["0123456789"]`)), small); err == nil || !strings.Contains(err.Error(), "sync-max-bytes") {
		t.Errorf("a large file: %v", err)
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	c, err := Open(t.Context(), file(t, "a.zip", zipped(t, map[string]string{"a.json": "1"})), Validators{}, wide)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Records(ctx, c, wide, &SkippedRecords{}, func(string, []byte) { t.Error("a record was read") }); err == nil {
		t.Error("reading went on")
	}
}

func TestTheFirstSkippedRecordsAreNamed(t *testing.T) {
	var s SkippedRecords
	for i := range 100 {
		s.Add(fmt.Sprint("record ", i), "because")
	}
	if s.Count != 100 || len(s.First) != keptSkipped || s.First[1].String() != "record 1: because" {
		t.Errorf("%d, %v", s.Count, s.First)
	}
}

// endless is a record without end, which says how much of it was read.
type endless struct{ read int64 }

func (e *endless) Read(b []byte) (int, error) {
	e.read += int64(len(b))
	if e.read > 1<<24 {
		return 0, io.ErrUnexpectedEOF
	}
	return len(b), nil
}

func (*endless) Close() error { return nil }

func TestNoMoreIsReadOfARecordThanItMayHave(t *testing.T) {
	var skipped SkippedRecords
	r := reader{ctx: t.Context(), limits: wide, left: wide.UnpackedBytes, skipped: &skipped, take: func(string, []byte) { t.Error("it was taken") }}
	r.limits.RecordBytes = 1000
	var record endless
	if err := r.one("a.json", func() (io.ReadCloser, error) { return &record, nil }); err != nil || skipped.Count != 1 || record.read > 1<<16 {
		t.Errorf("%v, %d bytes read, skipped %v", err, record.read, skipped)
	}
}
