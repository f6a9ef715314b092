package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"sync"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/ent/project"
	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

const (
	kills         = 10 // for each database
	clients       = 4
	answersToKill = 25 // at least, before the process is killed in a round
)

// TestWhatWasAnsweredOutlivesTheProcess kills the server in the middle of a
// stream of mutations, again and again on the same data.
func TestWhatWasAnsweredOutlivesTheProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		database, folder := storetest.Address(t, dialect), t.TempDir()
		issuer, err := auth.OpenDevIssuer(folder)
		if err != nil {
			t.Fatal(err)
		}
		ada, err := auth.DevUserOf("ada")
		if err != nil {
			t.Fatal(err)
		}
		token, err := issuer.Token(ada, nil, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		answered := map[string]bool{}
		for round := range kills {
			cmd, out := realProcess(t, "--dev", "--database", database, "--data-dir", folder)
			s := &registering{t: t, url: "http://" + awaitAddress(t, out) + "/graphql", token: token, round: round, answered: answered}
			s.untilKilled(cmd)
			checkSurvivors(t, database, answered)
		}
	})
}

// realProcess starts the test binary as the program, with the real back-end.
func realProcess(t *testing.T, args ...string) (*exec.Cmd, *buffer) {
	t.Helper()
	t.Setenv(realVariable, "1")
	return process(t, args...)
}

// registering are clients who register project after project.
type registering struct {
	t            *testing.T
	url, token   string
	round        int
	organization string

	mu       sync.Mutex
	answered map[string]bool // slugs of projects whose registration was answered
	inRound  int
}

// untilKilled lets the clients work until enough was answered, kills the
// process, and waits for all of them to notice.
func (s *registering) untilKilled(cmd *exec.Cmd) {
	s.t.Helper()
	s.organization = s.find()
	var all sync.WaitGroup
	enough := make(chan struct{})
	for client := range clients {
		all.Go(func() {
			for n := 0; s.register(fmt.Sprintf("p-%d-%d-%d", s.round, client, n), enough); n++ {
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(time.Minute):
		s.t.Error("too little was answered")
	}
	if err := cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	all.Wait()
}

// find waits until the server is ready, and gives the id of the sample organisation.
func (s *registering) find() string {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var data struct{ Organization struct{ ID string } }
		if s.ask(`{ organization(slug: "acme") { id } }`, nil, &data) && data.Organization.ID != "" {
			return data.Organization.ID
		}
	}
	s.t.Fatal("the server did not become ready")
	return ""
}

// register gives false once nothing is answered any more.
func (s *registering) register(slug string, enough chan struct{}) bool {
	var data struct {
		CreateProject struct {
			Project    *struct{ ID string }
			UserErrors []struct{ Code, Message string }
		}
	}
	if !s.ask(`mutation($in: CreateProjectInput!) { createProject(input: $in) { project { id } userErrors { code message } } }`,
		map[string]any{"in": map[string]any{"organizationId": s.organization, "slug": slug, "name": slug}}, &data) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if data.CreateProject.Project == nil {
		s.t.Errorf("%s: %+v", slug, data.CreateProject.UserErrors)
		return false
	}
	s.answered[slug] = true
	if s.inRound++; s.inRound == answersToKill {
		close(enough)
	}
	return true
}

// ask gives false where no whole answer came.
func (s *registering) ask(query string, variables map[string]any, data any) bool {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.t.Error(err)
		return false
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		s.t.Error(err)
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	answer := struct {
		Data   any
		Errors []any
	}{Data: data}
	return json.NewDecoder(response.Body).Decode(&answer) == nil && response.StatusCode == http.StatusOK && len(answer.Errors) == 0
}

// checkSurvivors looks into the database while no process has it open.
func checkSurvivors(t *testing.T, database string, answered map[string]bool) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	projects := db.Read().Project.Query().Where(project.SlugHasPrefix("p-")).AllX(t.Context())
	kept := map[string]int64{}
	for _, p := range projects {
		kept[p.Slug] = p.ID
	}
	changes := db.Read().Change.Query().Where(change.LogIDNEQ(store.PublicLog)).Order(ent.Asc(change.FieldSequence)).AllX(t.Context())
	logged := map[int64]int{}
	for i, c := range changes {
		if c.Sequence != int64(i+1) {
			t.Fatalf("change %d of the log has the number %d", i+1, c.Sequence)
		}
		if c.SubjectType == enum.SubjectProject && c.Operation == enum.ChangeCreated {
			logged[c.SubjectKey]++
		}
	}
	for slug := range answered {
		if kept[slug] == 0 {
			t.Errorf("%s was answered and is lost", slug)
		}
	}
	for slug, id := range kept {
		if logged[id] != 1 {
			t.Errorf("%s is %d times in the log", slug, logged[id])
		}
	}
	if more := len(kept) - len(answered); more < 0 || more > clients*kills {
		t.Errorf("%d projects were answered, and %d are there", len(answered), len(kept))
	}
}
