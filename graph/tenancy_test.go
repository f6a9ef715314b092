package graph_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stackyard/graph"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// tenancySeed decides who does what; a failure names it.
var tenancySeed = flag.Uint64("tenancy-seed", 1, "what the random requests of the tenancy test are drawn from")

// tenancySteps is how many requests are compared with the model on each dialect.
const tenancySteps = 10_000

func TestEverybodySeesAndDoesWhatTheModelSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dialect string) {
		t.Parallel()
		db := seeded(t, dialect)
		a := serve(t, db, func(c *graph.Config) { c.App = app.New(db, c.Now, modelLimits) })
		r := &comparison{api: a, world: settle(t, a), met: map[string]int{}}
		d := dice{rand.New(rand.NewPCG(*tenancySeed, 0))}
		for r.n = 1; r.n <= tenancySteps; r.n++ {
			r.compare(d.step(r.world))
			r.silence(db)
		}
		r.hasMetAll()
	})
}

// everyRule are all rules that stacks are held to.
var everyRule = slices.Sorted(slices.Values(enum.RuleOutdated.Values()))

// silence switches the rules of new organisations off, past all logs: what is found in
// stacks is no part of the model.
func (c *comparison) silence(db *store.DB) {
	for _, o := range c.world.organizations {
		if asJSON(o.rules["disabledRules"]) != "[]" {
			continue
		}
		o.rules["disabledRules"] = everyRule
		write(c.t, db, func(w rows) {
			_, err := w.tx.ExecContext(w.ctx, "UPDATE organizations SET disabled_rules = '"+asJSON(everyRule)+"'")
			w.must(err)
		})
	}
}

// settle gives a world of people who have used the API once, and of technologies.
func settle(t *testing.T, a *api) *world {
	w := &world{now: storetest.Today}
	for name, scopes := range map[string][]string{
		"ada": {auth.ScopeUsersRead}, "ben": nil, "cat": {auth.ScopeCatalogWrite}, "dan": nil, "eve": {auth.ScopeUsersRead},
		"fay": nil, "gus": nil, "mod": {auth.ScopeReviewsModerate}, "mia": {auth.ScopeReviewsModerate, auth.ScopeUsersRead}, "twin": nil,
	} {
		u := &modelUser{token: named(name, scopes...)}
		if name == "twin" { // says to be ada, and has not shown it
			u.token.Email, u.token.IsEmailVerified = "ada@example.org", false
		}
		w.users = append(w.users, u)
	}
	slices.SortFunc(w.users, func(a, b *modelUser) int { return strings.Compare(a.token.Subject, b.token.Subject) })
	for _, u := range w.users {
		u.id = a.in(t).as(u.token).values(`{ viewer { user { id } } }`, nil)
		w.add(u)
	}
	for _, slug := range []string{"nodejs", "postgresql", "redis"} {
		technology := &modelTechnology{slug: slug}
		technology.id = a.values(`query($slug: String!) { technology(slug: $slug) { id } }`, map[string]any{"slug": slug})
		w.technologies = append(w.technologies, technology)
		w.add(technology)
	}
	return w
}

// comparison asks the API what the model foresees.
type comparison struct {
	*api
	world  *world
	n      int // of the step
	latest []string
	met    map[string]int // outcomes, by how often they came
}

// compare runs a step, and holds the answer against what the model says.
func (c *comparison) compare(s step) {
	c.latest = append(c.latest[max(0, len(c.latest)-10):], fmt.Sprintf("%d %s", c.n, s))
	c.clock.passed.Store(int64(c.world.now.Sub(storetest.Today)))
	got := c.asks(s, s.variables)
	var data any
	if len(got.Data) > 0 {
		data = parsed(c.t, string(got.Data))
	}
	e := c.world.as(s.by)
	want := s.data(e)
	c.learn(want, data)
	c.isSame(s, "data", asJSON(want), asJSON(data))
	c.isSame(s, "errors", listed(append(refusals(e.denied), s.errors...)), listed(extensionsOf(got.Errors)))
	for _, n := range c.world.nodes {
		if n.thing().id == "" {
			c.fail(s, "the answer holds no id of a new %s", typeOf(n))
		}
	}
	c.count(s, data, got.Errors)
	if s.unknown != nil {
		c.looksUnknown(s, got)
	}
}

func (c *comparison) asks(s step, variables map[string]any) reply {
	var token *auth.Viewer
	if s.by != nil {
		token = s.by.token
	}
	return c.as(token).ask(s.document, variables)
}

// looksUnknown holds the answer on something that somebody may not know of against
// the one on what there never was: to the letter, and in how many statements it took.
func (c *comparison) looksUnknown(s step, got reply) {
	never := c.asks(s, s.unknown)
	c.isSame(s, "answer on what there never was", asJSON(never), asJSON(got))
	c.isSame(s, "statements on what there never was", asJSON(len(never.statements)), asJSON(len(got.statements)))
	c.met["unknown"]++
}

// learn reads the ids of what is new out of the places where the model has it.
func (c *comparison) learn(want, got any) {
	switch want := want.(type) {
	case *modelThing:
		if id, isText := got.(string); isText && want.id == "" {
			if slices.ContainsFunc(c.world.nodes, func(n modelNode) bool { return n.thing().id == id }) {
				c.t.Fatalf("step %d: something new has the id %s of something else", c.n, id)
			}
			want.id = id
		}
	case map[string]any:
		got, _ := got.(map[string]any)
		for key := range want {
			c.learn(want[key], got[key])
		}
	case []any:
		got, _ := got.([]any)
		for i := range min(len(want), len(got)) {
			c.learn(want[i], got[i])
		}
	}
}

func (c *comparison) isSame(s step, what, want, got string) {
	c.t.Helper()
	if want != got {
		at := 0
		for at < min(len(want), len(got)) && want[at] == got[at] {
			at++
		}
		c.fail(s, "%s from byte %d on:\nwant %s\ngot  %s\nwant %s\ngot  %s", what, at, around(want, at), around(got, at), want, got)
	}
}

func around(text string, at int) string { return "…" + text[max(0, at-100):min(len(text), at+200)] }

func (c *comparison) fail(s step, format string, args ...any) {
	c.t.Helper()
	c.t.Fatalf("-tenancy-seed=%d, step %d\n%s\n%s\n%s\nthe steps before:\n%s",
		*tenancySeed, c.n, s, fmt.Sprintf(format, args...), c.log, strings.Join(c.latest, "\n"))
}

// extensionsOf gives what the model says of errors.
func extensionsOf(errors []problem) []map[string]any {
	var out []map[string]any
	for _, e := range errors {
		about := map[string]any{"path": e.Path}
		for _, key := range []string{"code", "requiredRole", "requiredScopes", "places"} {
			if value, isGiven := e.Extensions[key]; isGiven {
				about[key] = value
			}
		}
		out = append(out, about)
	}
	return out
}

func refusals(denied map[string]map[string]any) []map[string]any {
	var out []map[string]any
	for _, refusal := range denied {
		out = append(out, refusal)
	}
	return out
}

// listed writes errors in an order that does not depend on the document's.
func listed(errors []map[string]any) string {
	lines := make([]string, len(errors))
	for i, e := range errors {
		lines[i] = asJSON(e)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// count notes what came of a step.
func (c *comparison) count(s step, data any, errors []problem) {
	root, _ := data.(map[string]any)
	payload, _ := root[s.root].(map[string]any)
	faults, isMutation := payload["userErrors"].([]any)
	switch {
	case isMutation && len(faults) > 0:
		c.met[s.root+" refused"]++
	case len(root) == 0 || root[s.root] == nil:
		c.met[s.root+" null"]++
	default:
		c.met[s.root+" done"]++
	}
	for _, e := range errors {
		c.met[fmt.Sprint(e.Extensions["code"])]++
	}
	for _, f := range faults {
		c.met[fmt.Sprint(f.(map[string]any)["code"])]++
	}
}

// hasMetAll says whether the requests were worth comparing: everything was done, and
// every fault and denial came up.
func (c *comparison) hasMetAll() {
	c.t.Log(c.met)
	wanted := []string{
		"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "NOT_ALLOWED", "TAKEN", "INVALID", "IN_USE", "CONFLICT", "LIMIT_REACHED",
		"unknown", "node done", "node null", "nodes done", "organization done", "organization null", "viewer done", "viewer null",
		"technology done", "catalogChanges done",
	}
	unmodelled := []string{"Technology", "ReleaseCycle", "Finding", "CalendarFeed", "Webhook"}
	for mutation := range answers {
		if !slices.ContainsFunc(unmodelled, func(what string) bool { return strings.Contains(mutation, what) }) {
			wanted = append(wanted, mutation+" done")
		}
	}
	for _, outcome := range wanted {
		if c.met[outcome] == 0 {
			c.t.Errorf("-tenancy-seed=%d: it never came to %q", *tenancySeed, outcome)
		}
	}
}
