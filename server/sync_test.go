package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const advisoryRecord = `{"id": "GO-2030-1", "modified": "2026-08-30T10:00:00Z", "published": "2026-08-01T10:00:00Z",
	"affected": [{"package": {"ecosystem": "Go", "name": "stdlib"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.5.0"}]}]}]}`

// synced runs the command sync, and gives what it prints.
func synced(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out := &buffer{}
	err := runWith(t.Context(), append([]string{"sync"}, args...), func(string) string { return "" }, out, nil)
	return out.String(), err
}

func TestSyncReadsFilesFoldersAndAddresses(t *testing.T) {
	folder, data := t.TempDir(), t.TempDir()
	file := filepath.Join(folder, "GO-2030-1.json")
	if err := os.WriteFile(file, []byte(advisoryRecord), 0o600); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.FileServer(http.Dir(folder)))
	defer s.Close()
	for _, step := range []struct{ from, want string }{
		{file, "1 records as of 2026-08-30, 0 of which are about what the catalogue does not have, 0 skipped: 1 created,"},
		{folder, ": 0 created, 0 updated, 0 removed,"},
		{s.URL + "/GO-2030-1.json", ": 0 created, 0 updated, 0 removed,"},
		{s.URL + "/GO-2030-1.json", "nothing has changed since the last time"},
	} {
		out, err := synced(t, "osv", "--from", step.from, "--data-dir", data)
		if err != nil || !strings.Contains(out, step.want) {
			t.Errorf("%s: %v\n%s", step.from, err, out)
		}
	}
	out, err := synced(t, "osv", "--from", folder, "--data-dir", data, "--sync-max-record-bytes", "10")
	if err == nil || exitCode(err) != exitFailed {
		t.Errorf("a source without a record: %v\n%s", err, out)
	}
}

func TestSyncRefusesWhatItCannotRead(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"curated", "--from", "."}, "curated"},
		{[]string{"osv"}, "--from"},
		{[]string{"osv", "--from", "/nowhere/at-all"}, "there is nothing to read at /nowhere/at-all"},
		{[]string{"osv", "--from", "ftp://h/x"}, "neither http nor https"},
		{[]string{"osv", "--from", ".", "--sync-timeout", "0s"}, "sync-timeout: must be more than 0"},
		{[]string{"osv", "--from", ".", "--database", "mysql://x"}, "database: "},
	} {
		out, err := synced(t, append(c.args, "--data-dir", filepath.Join(t.TempDir(), "none"))...)
		if exitCode(err) != exitUsage || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v\n%s", c.args, err, out)
		}
	}
}
