package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stackyard/ent/affectedrange"
	"stackyard/internal/enum"
	"stackyard/internal/store"
)

func TestAnAcknowledgedFindingCountsForNothingUntilItsTimeIsOver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		w.setStack(part("nodejs", "18.20.4"))
		eve, vic := w.as(named("eve")), w.as(named("vic"))
		_, before := w.found()
		open, _ := w.found("OPEN")
		id := w.idOf("END_OF_LIFE")
		accept := func(id, reason, until string) input {
			return input{"findingId": id, "reason": reason, "until": until}
		}
		for _, c := range []struct{ id, reason, until, want string }{
			{id, " ", "2026-12-01", "REQUIRED input.reason"},
			{id, strings.Repeat("x", 1001), "2026-12-01", "TOO_LONG input.reason"},
			{id, "why", "2026-11-21", "OUT_OF_RANGE input.until"},
			{id, "why", "2027-11-24", "OUT_OF_RANGE input.until"},
			{nobodys(18), "why", "2026-12-01", "NOT_FOUND input.findingId"},
			{w.project, "why", "2026-12-01", "NOT_FOUND input.findingId"},
			{w.finding, "why", "2026-12-01", "INVALID input.findingId"}, // the fixture's is fixed
		} {
			if got := eve.rejects("acknowledgeFinding", accept(c.id, c.reason, c.until)); got != c.want {
				t.Errorf("%s %s: %s, want %s", c.reason, c.until, got, c.want)
			}
		}
		if got := w.as(named("out")).rejects("acknowledgeFinding", accept(id, "why", "2026-12-01")); got != "NOT_FOUND input.findingId" {
			t.Error(got)
		}
		if got := vic.outcome("acknowledgeFinding", accept(id, "why", "2026-12-01")); got != "FORBIDDEN EDITOR" {
			t.Error(got)
		}
		got := eve.did("acknowledgeFinding", "finding { state acknowledgement { by { name } reason until } }", accept(id, " we move in\nspring ", "2026-12-01"))
		if got != `eve we move in\nspring 2026-12-01 ACKNOWLEDGED` && got != "eve we move in\nspring 2026-12-01 ACKNOWLEDGED" {
			t.Errorf("%q", got)
		}
		left, score := w.found("OPEN")
		if score <= before || len(left) != len(open)-1 {
			t.Errorf("the score was %d and is %d; %d findings were open, and %d are", before, score, len(open), len(left))
		}
		if got := eve.did("acknowledgeFinding", "finding { state acknowledgement { reason } }", accept(id, "it was a mistake", "2026-11-21")); got != "null OPEN" {
			t.Errorf("taken back: %s", got)
		}
		if _, score := w.found("OPEN"); score != before {
			t.Errorf("taken back, the score is %d, and was %d", score, before)
		}
		if got := eve.rejects("acknowledgeFinding", accept(id, "again", "2026-11-21")); got != "OUT_OF_RANGE input.until" {
			t.Errorf("taken back twice: %s", got)
		}
		eve.does("acknowledgeFinding", accept(id, "we move in spring", "2026-12-01"))
		w.recheck()
		w.expectRule("END_OF_LIFE", "ACKNOWLEDGED nodejs")
		a.clock.advance(10 * 24 * time.Hour)
		w.recheck()
		w.expectRule("END_OF_LIFE", "OPEN nodejs")
		if _, again := w.found(); again != before {
			t.Errorf("the score was %d and is %d", before, again)
		}
		if got := mustHold(t, w.findingChanges(), "FINDING UPDATED acknowledgement"); got != "" {
			t.Error(got)
		}
	})
}

// TestWhatIsAcceptedIsNoWorseThanItWas rates an advisory anew whose finding is accepted.
func TestWhatIsAcceptedIsNoWorseThanItWas(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *api, db *store.DB) {
		w := watch(t, a, db)
		var of int64
		rated := func(severity enum.Severity) {
			write(t, db, func(r rows) {
				r.must(r.tx.Advisory.UpdateOneID(of).SetSeverity(severity).ClearScore().Exec(r.ctx))
			})
			w.recheck()
		}
		write(t, db, func(r rows) {
			redis := r.technology("redis")
			r.must(r.tx.AffectedRange.Update().Where(affectedrange.TechnologyID(redis.ID)).SetFixed("0.1").Exec(r.ctx))
			some, err := r.tx.AffectedRange.Query().Where(affectedrange.TechnologyID(redis.ID)).First(r.ctx)
			r.must(err)
			of = some.AdvisoryID
			r.must(some.Update().SetIntroduced("0").SetFixed("99.0").Exec(r.ctx))
		})
		w.recheck()
		w.setStack(part("redis", "7.2.4"))
		rated(enum.SeverityUnknown)
		if got := w.vulnerable(); got != "UNKNOWN OPEN" {
			t.Fatal(got)
		}
		accept := func() {
			w.as(named("eve")).does("acknowledgeFinding", input{"findingId": w.idOf("VULNERABLE"), "reason": "nobody can reach it", "until": "2027-06-01"})
		}
		accept()
		_, accepted := w.found()
		for _, c := range []struct {
			severity enum.Severity
			want     string
		}{
			{enum.SeverityUnknown, "UNKNOWN ACKNOWLEDGED"},
			{enum.SeverityLow, "LOW ACKNOWLEDGED"},
			{enum.SeverityUnknown, "UNKNOWN ACKNOWLEDGED"}, // as it was when it was accepted
			{enum.SeverityMedium, "MEDIUM OPEN"},
			{enum.SeverityLow, "LOW OPEN"}, // nobody accepts it any more
		} {
			rated(c.severity)
			if got := w.vulnerable(); got != c.want {
				t.Errorf("rated %s: %s", c.severity, got)
			}
			if open, score := w.found("OPEN"); strings.Contains(strings.Join(open, ","), "VULNERABLE") != (score < accepted) {
				t.Errorf("rated %s: the score is %d, and was %d when it was accepted; open are %v", c.severity, score, accepted, open)
			}
		}
		if got := mustHold(t, w.findingChanges(), "FINDING UPDATED acknowledgement,message,severity"); got != "" {
			t.Error(got)
		}
		accept()
		if rated(enum.SeverityCritical); w.vulnerable() != "CRITICAL OPEN" {
			t.Error(w.vulnerable())
		}
		accept()
		if rated(enum.SeverityHigh); w.vulnerable() != "HIGH ACKNOWLEDGED" {
			t.Error(w.vulnerable())
		}
	})
}

// vulnerable gives severity and state of the project's only known flaw.
func (w watched) vulnerable() string {
	w.t.Helper()
	all, _ := w.found("OPEN", "ACKNOWLEDGED")
	i := slices.IndexFunc(all, func(f string) bool { return strings.HasPrefix(f, "VULNERABLE ") })
	if i < 0 {
		return "nothing"
	}
	return strings.TrimSuffix(strings.TrimPrefix(all[i], "VULNERABLE "), " redis")
}

// findingChanges are the changes of findings that the log of the organisation holds.
func (w watched) findingChanges() []string {
	w.t.Helper()
	var data struct {
		Organization struct {
			Changes struct {
				Nodes []struct {
					Operation, SubjectType string
					Fields                 []string
					Subject                *struct{ ID string }
				}
			}
		}
	}
	w.as(named("mel")).data(`{ organization(slug: "acme") { changes(last: 100) { nodes { operation subjectType fields subject { id } } } } }`, nil, &data)
	var out []string
	for _, c := range data.Organization.Changes.Nodes {
		if c.SubjectType == "FINDING" {
			out = append(out, strings.TrimSpace("FINDING "+c.Operation+" "+strings.Join(c.Fields, ",")))
		}
	}
	return out
}

func mustHold(t *testing.T, lines []string, want string) string {
	t.Helper()
	if slices.Contains(lines, want) {
		return ""
	}
	return fmt.Sprintf("%q is not in %q", want, lines)
}
