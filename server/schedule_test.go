package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/ent/setting"
	"stackyard/internal/auth"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// press publishes the two sources, and counts who asks for each and who is told that it has not changed.
type press struct {
	mu              sync.Mutex
	status          map[string]int // by path; 200 where there is none
	asked, reminded map[string]int
	// pending is closed by who lets the first copies of release cycles go out.
	pending chan struct{}
}

const (
	cyclesPath, advisoriesPath = "/cycles", "/advisories"
	cyclesText                 = `{"schema_version": "1.2.1", "generated_at": "2026-09-01T00:00:00+00:00", "result": [{"name": "nodejs", "label": "Node.js", "releases": [
		{"name": "99", "codename": null, "releaseDate": "2026-08-30", "isLts": false, "ltsFrom": null, "isEol": false, "eolFrom": "2031-04-30", "isMaintained": true, "latest": {"name": "99.1.0", "date": "2026-08-30"}}]}]}`
)

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text := map[string]string{cyclesPath: cyclesText, advisoriesPath: advisoryRecord}[r.URL.Path]
	p.mu.Lock()
	p.asked[r.URL.Path]++
	status := p.status[r.URL.Path]
	isKnown := status == 0 && r.Header.Get("If-None-Match") == `"1"`
	if isKnown {
		p.reminded[r.URL.Path]++
	}
	p.mu.Unlock()
	w.Header().Set("ETag", `"1"`)
	switch {
	case isKnown:
		w.WriteHeader(http.StatusNotModified)
		return
	case status != 0:
		w.WriteHeader(status)
		return
	case r.URL.Path == cyclesPath:
		select {
		case <-p.pending:
		case <-r.Context().Done(): // the test has ended
		}
	}
	_, _ = w.Write([]byte(text))
}

// counts gives how often each source was asked for, and how often that was answered with nothing new.
func (p *press) counts() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("asked %v, nothing new %v", p.asked, p.reminded)
}

// answer has requests for a path answered with a status from now on; 0 is what is published.
func (p *press) answer(path string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status[path] = status
}

// read is how a source stands, to who may know.
type read struct {
	LastSyncedAt *time.Time
	LastError    *string
}

func (r read) isAfter(other read) bool { return r.LastSyncedAt.After(*other.LastSyncedAt) }

// scheduled are servers on one database.
type scheduled struct {
	t                       *testing.T
	database, folder, token string
}

func (s *scheduled) serve(settings ...string) *started {
	s.t.Helper()
	return startWith(s.t, openBackend, append([]string{"--dev", "--database", s.database, "--data-dir", s.folder}, settings...)...)
}

// stop ends a server, and has what was read be of the day before.
func (s *scheduled) stop(servers ...*started) {
	s.t.Helper()
	for _, p := range servers {
		p.stop()
		if err := p.end(s.t); err != nil {
			s.t.Fatal(err)
		}
	}
	db, err := store.Open(s.t.Context(), store.Config{Database: s.database})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.Write(s.t.Context(), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
		for _, row := range tx.Setting.Query().Where(setting.NameHasPrefix("sync ")).AllX(ctx) {
			var state map[string]any
			if err := json.Unmarshal([]byte(row.Value), &state); err != nil {
				return err
			}
			state["at"] = time.Now().Add(-25 * time.Hour).UTC().Format(time.RFC3339)
			b, err := json.Marshal(state)
			if err != nil {
				return err
			}
			if err := row.Update().SetValue(string(b)).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// sources asks a server how its sources stand, and for the last change of the catalogue.
func (s *scheduled) sources(p *started) (cycles, advisories read, lastChange string) {
	s.t.Helper()
	var data struct {
		Sources []struct {
			Slug string
			read
		}
		CatalogChanges struct{ Edges []struct{ Cursor string } }
	}
	client := &registering{t: s.t, url: "http://" + p.address + "/graphql", token: s.token}
	if !client.ask(`{ sources { slug lastSyncedAt lastError } catalogChanges(last: 1) { edges { cursor } } }`, nil, &data) {
		s.t.Fatal("no answer")
	}
	for _, of := range data.Sources {
		switch of.Slug {
		case "endoflife":
			cycles = of.read
		case "osv":
			advisories = of.read
		}
	}
	for _, edge := range data.CatalogChanges.Edges {
		lastChange = edge.Cursor
	}
	return cycles, advisories, lastChange
}

// facts asks a server for what the sources alone have.
func (s *scheduled) facts(p *started) string {
	s.t.Helper()
	answer, err := answerTo(p.address, `{ technology(slug: \"nodejs\") { releaseCycle(version: \"99.1.0\") { endOfLifeOn } } advisories(first: 1, filter: { identifier: \"GO-2030-1\" }) { nodes { identifier } } }`)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(answer)
}

// Two servers on one database read their sources when they start, each source once between them. A day later they ask whether
// there is anything new, and what cannot be read then says so until it can. What time does elsewhere, restarts do here.
func TestServersReadTheirSourcesOnTheirOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		p := &press{status: map[string]int{}, asked: map[string]int{}, reminded: map[string]int{}, pending: make(chan struct{})}
		publisher := httptest.NewServer(p)
		t.Cleanup(publisher.Close) // after the servers, which may be waiting for it
		s := scheduledOn(t, dialect)
		readCycles, readAdvisories := []string{"--sync-endoflife-url", publisher.URL + cyclesPath}, []string{"--sync-osv-url", publisher.URL + advisoriesPath}
		both := append(readCycles, readAdvisories...)

		// The first is kept waiting. The second looks for release cycles first, leaves them to the first, and reads advisories.
		first := s.serve(readCycles...)
		await(t, "release cycles to be asked for", func() bool { return strings.Contains(p.counts(), "asked map[/cycles:1]") })
		if cycles, advisories, _ := s.sources(first); cycles.LastSyncedAt != nil || advisories.LastSyncedAt != nil {
			t.Errorf("read before there was anything: %+v, %+v", cycles, advisories)
		}
		second := s.serve(both...)
		await(t, "advisories to be read", func() bool {
			_, advisories, _ := s.sources(second)
			return advisories.LastSyncedAt != nil
		})
		close(p.pending)
		await(t, "release cycles to be read", func() bool {
			cycles, _, _ := s.sources(second)
			return cycles.LastSyncedAt != nil
		})
		expectCounts(t, p, "asked map[/advisories:1 /cycles:1], nothing new map[]")
		const facts = `{"data":{"technology":{"releaseCycle":{"endOfLifeOn":"2031-04-30"}},"advisories":{"nodes":[{"identifier":"GO-2030-1"}]}}}`
		for _, server := range []*started{first, second} {
			if got := s.facts(server); got != facts {
				t.Errorf("%s", got)
			}
		}
		cycles, advisories, change := s.sources(first)
		s.stop(first, second)

		p.answer(advisoriesPath, http.StatusServiceUnavailable)
		third := s.serve(both...)
		await(t, "an error", func() bool {
			_, failed, _ := s.sources(third)
			return failed.LastError != nil
		})
		again, failed, unchanged := s.sources(third)
		if !again.isAfter(cycles) || again.LastError != nil || unchanged != change {
			t.Errorf("release cycles of which there is nothing new: %+v after %+v, and the last change is %q, was %q", again, cycles, unchanged, change)
		}
		if !failed.LastSyncedAt.Equal(*advisories.LastSyncedAt) || !strings.Contains(*failed.LastError, "503") {
			t.Errorf("what cannot be read: %v, %s", failed.LastSyncedAt, *failed.LastError)
		}
		expectCounts(t, p, "asked map[/advisories:2 /cycles:2], nothing new map[/cycles:1]")
		s.stop(third)

		p.answer(advisoriesPath, 0)
		fourth := s.serve(readAdvisories...)
		await(t, "the error to go", func() bool {
			_, well, _ := s.sources(fourth)
			return well.LastError == nil && well.isAfter(advisories)
		})
		expectCounts(t, p, "asked map[/advisories:3 /cycles:2], nothing new map[/advisories:1 /cycles:1]")
		if got := s.facts(fourth); got != facts {
			t.Errorf("%s", got)
		}
		s.stop(fourth)
	})
}

func scheduledOn(t *testing.T, dialect string) *scheduled {
	t.Helper()
	s := &scheduled{t: t, database: storetest.Address(t, dialect), folder: t.TempDir()}
	issuer, err := auth.OpenDevIssuer(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	ada, err := auth.DevUserOf("ada")
	if err != nil {
		t.Fatal(err)
	}
	if s.token, err = issuer.Token(ada, ada.Scopes, time.Hour); err != nil {
		t.Fatal(err)
	}
	return s
}

func expectCounts(t *testing.T, p *press, want string) {
	t.Helper()
	if got := p.counts(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
