package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"stackyard/ent/change"
	"stackyard/graph"
	"stackyard/internal/app"
	"stackyard/internal/source"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// osvSource is a server with one advisory, whose status a test may change.
type osvSource struct{ status atomic.Int64 }

func (s *osvSource) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(int(s.status.Load()))
	_, _ = w.Write([]byte(`{"id": "GO-2030-1", "modified": "2026-08-30T10:00:00Z", "published": "2026-08-01T10:00:00Z",
		"affected": [{"package": {"ecosystem": "Go", "name": "stdlib"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.5.0"}]}]}]}`))
}

// reading makes an api whose source osv is read from the handler.
func reading(t *testing.T, db *store.DB, handler http.Handler) *api {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return serve(t, db, func(c *graph.Config) {
		c.App.ReadFrom(app.Sources{
			Addresses: map[string]string{app.SourceOSV: s.URL},
			Limits:    source.Limits{Bytes: 1 << 20, UnpackedBytes: 1 << 20, RecordBytes: 1 << 20, Timeout: time.Minute},
		})
	})
}

// sourceIDs are the ids of the sources, by slug.
func (a *api) sourceIDs() map[string]string {
	a.t.Helper()
	var data struct{ Sources []struct{ ID, Slug string } }
	a.data(`{ sources { id slug } }`, nil, &data)
	ids := map[string]string{}
	for _, s := range data.Sources {
		ids[s.Slug] = s.ID
	}
	return ids
}

const syncSource = `mutation ($id: ID!) { syncSource(input: { sourceId: $id }) {
	source { slug lastSyncedAt lastError } changedCount userErrors { code field message } } }`

func TestSyncSourceReadsASourceFromItsAddress(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		upstream := &osvSource{}
		upstream.status.Store(http.StatusOK)
		a := reading(t, db, upstream)
		ids := a.sourceIDs()
		syncer := a.as(everyone()["out with catalog:sync"].viewer)
		ask := func(id string) reply { return syncer.ask(syncSource, map[string]any{"id": id}) }

		want := `{"syncSource":{"source":{"slug":"osv","lastSyncedAt":"2026-11-22T09:30:00Z","lastError":null},"changedCount":%d,"userErrors":[]}}`
		for _, count := range []int{1, 0} {
			if r := ask(ids["osv"]); len(r.Errors) > 0 || string(r.Data) != fmt.Sprintf(want, count) {
				t.Errorf("%s %+v", r.Data, r.Errors)
			}
		}
		if got := a.values(`{ advisories(first: 1, filter: { identifier: "GO-2030-1" }) { nodes { identifier source { slug } } } }`, nil); got != "GO-2030-1 osv" {
			t.Errorf("%s", got)
		}
		for _, c := range db.Read().Change.Query().Where(change.LogID(store.PublicLog)).AllX(t.Context()) {
			if c.ActorID == nil {
				t.Errorf("%s %s was done by nobody", c.Operation, c.SubjectType)
			}
		}

		upstream.status.Store(http.StatusBadGateway)
		r := ask(ids["osv"])
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "UNAVAILABLE" || r.Errors[0].Message != "the source cannot be read: the server answers 502" {
			t.Errorf("%s %+v", r.Data, r.Errors)
		}
		if got := syncer.values(`{ sources { lastError } }`, nil); got != "null the server answers 502 null" {
			t.Errorf("the errors are %s", got)
		}
		if r := a.as(everyone()["out"].viewer).ask(`{ sources { lastError } }`, nil); len(r.Errors) == 0 {
			t.Errorf("without the scope: %s", r.Data)
		}
	})
}

func TestSyncSourceRefusesWhatIsReadFromNowhere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		a := reading(t, seeded(t, dialect), &osvSource{})
		ids := a.sourceIDs()
		syncer := a.as(everyone()["out with catalog:sync"].viewer)
		for id, want := range map[string]string{
			ids["curated"]: "INVALID", ids["endoflife"]: "INVALID", open(t, seeded(t, dialect)).ids["Technology"]: "NOT_FOUND",
		} {
			r := syncer.ask(syncSource, map[string]any{"id": id})
			var data struct {
				SyncSource struct {
					Source       any
					ChangedCount *int
					UserErrors   []struct {
						Code  string
						Field []string
					}
				}
			}
			if err := json.Unmarshal(r.Data, &data); err != nil || len(r.Errors) > 0 {
				t.Fatalf("%v %+v", err, r.Errors)
			}
			got := data.SyncSource
			if got.Source != nil || got.ChangedCount != nil || len(got.UserErrors) != 1 || got.UserErrors[0].Code != want || fmt.Sprint(got.UserErrors[0].Field) != "[input sourceId]" {
				t.Errorf("%s: %s", id, r.Data)
			}
		}
	})
}

func TestSyncSourceUnderAKeyHappensOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		upstream := &osvSource{}
		upstream.status.Store(http.StatusOK)
		a := reading(t, seeded(t, dialect), upstream)
		syncer := a.as(everyone()["out with catalog:sync"].viewer)
		document := func(key, slug string) string {
			return fmt.Sprintf(`mutation { syncSource(input: { sourceId: %q }) @idempotent(key: %q) { source { slug } changedCount } }`, a.sourceIDs()[slug], key)
		}
		for _, want := range []string{"1 osv", "null osv"} {
			if got := syncer.values(document("k", "osv"), nil); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		r := syncer.ask(`mutation { createTechnology(input: { slug: "", name: "", summary: "", categories: [] }) { userErrors { code } } }`, nil)
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" {
			t.Errorf("the scope to read sources lets curate: %+v", r.Errors)
		}
		if r := syncer.ask(document(fmt.Sprintf("%0101d", 0), "osv"), nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
			t.Errorf("a key that is too long: %s %+v", r.Data, r.Errors)
		}
		if got := syncer.values(`{ sources { lastError } }`, nil); got != "null null null" {
			t.Errorf("what was wrong with a key is said of the source: %s", got)
		}
	})
}

func TestSyncSourceTellsThatTheSourceIsBeingRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		upstream := &osvSource{}
		upstream.status.Store(http.StatusOK)
		a := reading(t, db, upstream)
		id := a.sourceIDs()["osv"]
		_, err := db.Alone(t.Context(), "sync osv", time.Hour, func(context.Context, store.Lease) error {
			r := a.as(everyone()["out with catalog:sync"].viewer).ask(syncSource, map[string]any{"id": id})
			if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "CONFLICT" {
				t.Errorf("%s %+v", r.Data, r.Errors)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
