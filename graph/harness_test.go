package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"

	"stackyard/graph"
	"stackyard/graph/loader"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/source/sbom"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// requestID is the id of every request.
const requestID = "0193-test"

// api is the GraphQL layer on a database, asked as a client asks it.
type api struct {
	t       *testing.T
	handler *handler.Server
	cases   *app.App
	log     *bytes.Buffer
	clock   *clock
	viewer  *auth.Viewer
}

// clock is the time of an api, which stands still unless a test moves it.
type clock struct{ passed atomic.Int64 }

func (c *clock) now() time.Time          { return storetest.Today.Add(time.Duration(c.passed.Load())) }
func (c *clock) advance(d time.Duration) { c.passed.Add(int64(d)) }

// seeded opens a database of the test's own that holds the embedded catalogue,
// whose facts are in memory already: so statements do not depend on what was asked before.
func seeded(t *testing.T, dialect string) *store.DB {
	t.Helper()
	db := storetest.Seeded(t, dialect, storetest.Observing(func(ctx context.Context, statement string) {
		if r, ok := ctx.Value(recorderKey{}).(*recorder); ok {
			r.add(statement, graphql.GetPath(ctx))
		}
	}))
	if _, err := db.Facts(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// serve makes the GraphQL layer on the database, on the fixed day, with the
// server's limits unless change says otherwise.
func serve(t *testing.T, db *store.DB, change ...func(*graph.Config)) *api {
	t.Helper()
	limits := loader.Limits{SearchLength: 200, FilterValues: 100}
	log, clock := &bytes.Buffer{}, &clock{}
	cases := app.New(db, clock.now, app.Limits{
		Organizations: 5, Invitations: 5, InvitationTTL: time.Hour, Projects: 50, StackComponents: 50,
		SBOM:              sbom.Limits{Bytes: 100_000, Components: 100, Depth: 20},
		CheckedComponents: 30, ComparedTechnologies: 6, MustUse: 5, RecommendationSteps: 5_000_000, Webhooks: 5,
	})
	cases.ReachedAt("https://stackyard.example")
	cfg := graph.Config{
		App: cases,
		Loaders: func(ctx context.Context, v *auth.Viewer, today calendar.Day, columns loader.Columns) *loader.Loaders {
			return loader.New(db, today, limits, columns, func() (*store.Reader, error) { return cases.Reader(ctx, v) })
		},
		Now:          clock.now,
		Log:          slog.New(slog.NewTextHandler(log, nil)),
		MaxTokens:    2000,
		CacheEntries: 100,
		CacheBytes:   16384,
	}
	for _, c := range change {
		c(&cfg)
	}
	srv, err := graph.NewHandler(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv.AddTransport(transport{})
	return &api{t: t, handler: srv, cases: cfg.App, log: log, clock: clock}
}

// onEach asks a seeded database of the test's own on every dialect.
func onEach(t *testing.T, test func(t *testing.T, a *api, db *store.DB)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, dialect string) {
		db := seeded(t, dialect)
		test(t, serve(t, db), db)
	})
}

// in gives the same api for a test below.
func (a *api) in(t *testing.T) *api {
	b := *a
	b.t = t
	return &b
}

// as asks with a viewer's token; nil is nobody.
func (a *api) as(v *auth.Viewer) *api {
	b := *a
	b.viewer = v
	return &b
}

// named is the viewer whose row rows.user writes, with an address that is
// verified, and scopes.
func named(name string, scopes ...string) *auth.Viewer {
	return &auth.Viewer{
		Issuer: issuer, Subject: name, Name: name, Email: name + "@example.org", IsEmailVerified: true, Scopes: scopes,
	}
}

// reply is the answer to a document, and the statements that it took.
type reply struct {
	Data       json.RawMessage `json:"data,omitempty"`
	Errors     []problem       `json:"errors,omitempty"`
	statements []string
	late       []string // places below the roots where something had to be loaded
}

// problem is an error as clients see it.
type problem struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path,omitempty"`
	Locations  []any          `json:"locations,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

// ask executes a document, of a subscription to the first event; a test that waits for one in vain ends.
func (a *api) ask(document string, variables map[string]any) reply {
	a.t.Helper()
	return a.askIn(a.t.Context(), document, variables)
}

// askIn executes a document for a client who goes away when ctx ends.
func (a *api) askIn(ctx context.Context, document string, variables map[string]any) reply {
	a.t.Helper()
	body, err := json.Marshal(variables)
	if err != nil {
		a.t.Fatal(err)
	}
	r := &recorder{}
	bounded, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ctx = context.WithValue(fault.WithRequestID(bounded, requestID), recorderKey{}, r)
	ctx = auth.WithViewer(context.WithValue(ctx, documentKey{}, document), a.viewer)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body)))
	var out reply
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		a.t.Fatalf("%v in the answer %s", err, w.Body)
	}
	out.statements, out.late = r.statements, r.late
	return out
}

// data executes a document that must have no errors, and reads its data into out.
func (a *api) data(document string, variables map[string]any, out any) reply {
	a.t.Helper()
	r := a.ask(document, variables)
	if len(r.Errors) > 0 {
		a.t.Fatalf("errors: %+v\n%s", r.Errors, a.log)
	}
	if err := json.Unmarshal(r.Data, out); err != nil {
		a.t.Fatalf("%v in %s", err, r.Data)
	}
	return r
}

// values executes a document and gives the scalars of its answer, in its order, one a line.
func (a *api) values(document string, variables map[string]any) string {
	a.t.Helper()
	var data any
	a.data(document, variables, &data)
	return strings.Join(scalars(data), " ")
}

// scalars gives the scalars of an answer, in its order, with a blank between them.
func (r reply) scalars(t *testing.T) string {
	t.Helper()
	return strings.Join(scalars(parsed(t, string(r.Data))), " ")
}

// scalars gives what is no object and no list, in order; objects by their keys.
func scalars(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, scalars(v[key])...)
		}
	case []any:
		for _, item := range v {
			out = append(out, scalars(item)...)
		}
	default:
		b, _ := json.Marshal(v)
		out = append(out, strings.Trim(string(b), `"`))
	}
	return out
}

// parsed reads JSON that a test expects.
func parsed(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// pretty writes an answer for people.
func (r reply) pretty(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// recorder keeps the statements of one operation. What a root field loads ahead
// runs at its own place; what it forgets runs below.
type recorder struct {
	mu         sync.Mutex
	statements []string
	late       []string
}

type recorderKey struct{}

func (r *recorder) add(statement string, place ast.Path) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = append(r.statements, statement)
	if len(place) > 1 && place[len(place)-1] != ast.PathName("totalCount") {
		r.late = append(r.late, place.String())
	}
}

// transport executes what comes, without what HTTP adds: the body is the
// variables, of which the one named file is a file, and the document comes as it is.
type transport struct{}

type documentKey struct{}

func (transport) Supports(*http.Request) bool { return true }

func (transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	params := graphql.RawParams{Query: r.Context().Value(documentKey{}).(string)}
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&params.Variables); err != nil {
		panic(err)
	}
	if text, isText := params.Variables["file"].(string); isText {
		content := []byte(text)
		params.Variables["file"] = app.NewUpload(&content)
	}
	oc, errs := exec.CreateOperationContext(r.Context(), &params)
	var response *graphql.Response
	if errs != nil {
		response = exec.DispatchError(graphql.WithOperationContext(r.Context(), oc), errs)
	} else {
		next, ctx := exec.DispatchOperation(r.Context(), oc)
		if s, isStream := ctx.Value(streamKey{}).(*stream); isStream {
			s.next, s.ctx = next, ctx
			return
		}
		response = next(ctx)
	}
	if err := json.NewEncoder(w).Encode(response); err != nil {
		panic(err)
	}
}
