package graph_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"stackyard/ent"
	"stackyard/ent/change"
	"stackyard/internal/app"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/webhook"
)

// secretKey is a key for secrets; another letter makes another.
func secretKey(t *testing.T, letters ...string) webhook.Keys {
	t.Helper()
	var keys webhook.Keys
	for _, l := range letters {
		key, err := webhook.NewKey([]byte(strings.Repeat(l, webhook.KeyBytes)))
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}

// onThisMachine is how webhooks are delivered in tests.
func onThisMachine(t *testing.T) app.Webhooks {
	t.Helper()
	return app.Webhooks{
		Keys: secretKey(t, "k"), AllowPrivate: true, Timeout: 20 * time.Second, KeepTrying: 24 * time.Hour, Deliveries: 4,
	}
}

// hooked is an api whose webhooks are delivered to this machine, with an organisation.
type hooked struct {
	*api
	tenant
	db *store.DB
}

// hook has an organisation's changes delivered, as change says.
func hook(t *testing.T, db *store.DB, change ...func(*app.Webhooks)) hooked {
	t.Helper()
	a, w := serve(t, db), onThisMachine(t)
	for _, c := range change {
		c(&w)
	}
	a.cases.DeliverBy(w)
	of := tenantOf(t, db, "acme", enum.VisibilityPublic)
	write(t, db, func(w rows) {
		_, err := w.tx.Webhook.Delete().Exec(w.ctx)
		w.must(err)
	})
	return hooked{a.as(named("ada")), of, db}
}

// deliver delivers what is due.
func (h hooked) deliver() {
	h.t.Helper()
	if err := h.cases.DeliverWebhooks(h.t.Context(), slog.New(slog.DiscardHandler)); err != nil {
		h.t.Fatal(err)
	}
}

// subscribe creates a webhook to a receiver, and gives its id and its secret.
func (h hooked) subscribe(to string, types ...enum.ChangeSubjectType) (id, secret string) {
	h.t.Helper()
	answer := h.did("createWebhook", "secret webhook { id }", input{"organizationId": h.organization, "url": to, "subjectTypes": types})
	secret, id, _ = strings.Cut(answer, " ")
	return id, secret
}

// rename makes a change of the project.
func (h hooked) rename(name string) {
	h.t.Helper()
	h.does("updateProject", input{"projectId": h.project, "name": name})
}

// state is what the owner sees of how deliveries go.
type state struct {
	IsHealthy       bool
	LastDeliveredAt *time.Time
	LastError       *string
	NextAttemptAt   *time.Time
	MissedCount     int
}

func (h hooked) state(id string) state {
	h.t.Helper()
	var data struct{ Node state }
	h.data(`query($id: ID!) { node(id: $id) { ... on Webhook { isHealthy lastDeliveredAt lastError nextAttemptAt missedCount } } }`, map[string]any{"id": id}, &data)
	return data.Node
}

// failing checks that deliveries fail for a reason, and gives when they go on.
func (h hooked) failing(id, reason string) time.Time {
	h.t.Helper()
	s := h.state(id)
	if s.IsHealthy || s.LastError == nil || !strings.Contains(*s.LastError, reason) || s.NextAttemptAt == nil {
		h.t.Fatalf("not failing with %q: %+v", reason, s)
	}
	return *s.NextAttemptAt
}

// logged are the changes of the organisation since a place in its log, of some types.
func (h hooked) logged(after int64, types ...enum.ChangeSubjectType) []*ent.Change {
	h.t.Helper()
	return h.db.Read().Change.Query().Where(change.LogID(h.key), change.SequenceGT(after), change.SubjectTypeIn(types...)).
		Order(ent.Asc(change.FieldSequence)).AllX(h.t.Context())
}

// last is how far the organisation's log has come.
func (h hooked) last() int64 {
	h.t.Helper()
	span, err := h.db.SpanOf(h.t.Context(), h.key)
	if err != nil {
		h.t.Fatal(err)
	}
	return span.Last
}

// message is what a receiver gets.
type message struct {
	id string
	// isTaken is true where the receiver has answered that it has it.
	isTaken bool
	header  http.Header
	body    []byte
	Type    string
	Data    struct {
		WebhookID, OrganizationID, Operation, SubjectType, SubjectID, Cursor string
		Fields                                                               []string
		Missed                                                               int
	}
}

// receiver keeps what it gets, and answers as it is told: 204, or what answer says.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []message
	answer func(w http.ResponseWriter, r *http.Request)
}

func receive(t *testing.T, answer func(w http.ResponseWriter, r *http.Request)) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return // cut off
		}
		m := message{id: request.Header.Get("webhook-id"), header: request.Header, body: body}
		d := json.NewDecoder(bytes.NewReader(body))
		if err := d.Decode(&m); err != nil {
			t.Errorf("%v in %s", err, body)
		}
		r.mu.Lock()
		n, answer := len(r.got), r.answer
		r.got = append(r.got, m)
		r.mu.Unlock()
		if answer == nil {
			answer = code(http.StatusNoContent)
		}
		answering := &answering{ResponseWriter: w, code: http.StatusOK}
		answer(answering, request)
		r.mu.Lock()
		defer r.mu.Unlock()
		if n < len(r.got) && answering.code < 300 && request.Context().Err() == nil {
			r.got[n].isTaken = true
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// answering remembers how a receiver has answered.
type answering struct {
	http.ResponseWriter
	code int
}

func (a *answering) WriteHeader(code int) {
	a.code = code
	a.ResponseWriter.WriteHeader(code)
}

// answers changes how it answers from now on.
func (r *receiver) answers(answer func(w http.ResponseWriter, r *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// code answers with a status.
func code(status int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

// take gives what has come since the last time.
func (r *receiver) take() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

// checkOrder checks that messages are about changes, each in its order, and that one comes again only before the
// next has come, under the same id.
func (h hooked) checkOrder(got []message, want []*ent.Change) {
	h.t.Helper()
	got = slices.CompactFunc(got, func(a, b message) bool { return a.id == b.id && a.Data.Cursor == b.Data.Cursor })
	if len(got) != len(want) {
		h.t.Errorf("%d changes came, of %d", len(got), len(want))
	}
	ids := map[string]bool{}
	for i := range min(len(got), len(want)) {
		if got[i].Data.Cursor != h.db.CursorOf(want[i]) || ids[got[i].id] {
			h.t.Fatalf("message %d is %s of %s %v, not change %d", i, got[i].Type, got[i].Data.SubjectID, got[i].Data.Fields, want[i].Sequence)
		}
		ids[got[i].id] = true
	}
}

// verify checks a signature as receivers do.
func verify(t *testing.T, secret string, m message) {
	t.Helper()
	w, err := standardwebhooks.NewWebhook(secret)
	if err == nil {
		err = w.VerifyIgnoringTimestamp(m.body, m.header) // the clock of tests stands still
	}
	if err != nil {
		t.Errorf("%s: %v", m.body, err)
	}
}
