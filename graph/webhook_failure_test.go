package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"stackyard/internal/app"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

func TestWhatFailsIsTriedAgainAfterLongerAndLongerTimes(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, code(http.StatusServiceUnavailable))
		id, secret := h.subscribe(to.URL, enum.SubjectProject)
		h.rename("Shop 2")
		h.rename("Shop 3")
		began := h.clock.now()
		tries := 0
		for h.clock.now().Sub(began) < 12*time.Hour {
			h.deliver()
			tries++
			if got := to.take(); len(got) != 1 {
				t.Fatalf("try %d after %v: %d messages", tries, h.clock.now().Sub(began), len(got))
			}
			wait, lasted := h.failing(id, "it answers 503").Sub(h.clock.now()), h.clock.now().Sub(began)
			want := max(5*time.Second, min(lasted, time.Hour))
			if wait < want*4/5 || wait > want*6/5 {
				t.Errorf("after %v of failures it waits for %v", lasted, wait)
			}
			h.clock.advance(wait - time.Microsecond)
			h.deliver()
			if got := to.take(); len(got) > 0 {
				t.Fatalf("it is tried before its time: %d messages", len(got))
			}
			h.clock.advance(time.Microsecond)
		}
		if tries < 15 || tries > 40 {
			t.Errorf("%d tries in twelve hours", tries)
		}
		to.answers(nil)
		h.deliver()
		got := to.take()
		if len(got) != 2 || got[0].Data.Missed != 0 {
			t.Fatalf("%d messages", len(got))
		}
		verify(t, secret, got[0])
		if s := h.state(id); !s.IsHealthy || s.NextAttemptAt != nil || s.LastError != nil {
			t.Errorf("%+v", s)
		}
	})
}

func TestAReceiverIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		for asked, want := range map[string]time.Duration{"600": 10 * time.Minute, "1000000": time.Hour} {
			to := receive(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", asked)
				w.WriteHeader(http.StatusTooManyRequests)
			})
			id, _ := h.subscribe(to.URL, enum.SubjectProject)
			h.rename("Shop " + asked)
			h.deliver()
			if wait := h.failing(id, "it answers 429").Sub(h.clock.now()); wait != want {
				t.Errorf("%s: it waits for %v", asked, wait)
			}
		}
	})
}

// TestWhatWasTriedForADayIsGivenUp has a receiver that is away for three days, while something changes every hour.
func TestWhatWasTriedForADayIsGivenUp(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, code(http.StatusInternalServerError))
		id, _ := h.subscribe(to.URL, enum.SubjectProject)
		before := h.last()
		began := h.clock.now()
		for hour := range 72 {
			h.rename(fmt.Sprintf("Shop %d", hour))
			h.deliver()
			if s := h.state(id); s.MissedCount > 0 && hour < 24 || s.MissedCount == 0 && hour > 26 { // it is not tried in every hour
				t.Fatalf("after %d hours %d are missed", hour, s.MissedCount)
			}
			h.clock.advance(time.Hour)
		}
		h.clock.advance(time.Hour)
		to.take()
		to.answers(nil)
		missed := h.state(id).MissedCount
		h.deliver()
		got, all := to.take(), h.logged(before, enum.SubjectProject)
		if missed != len(all)-len(got) || len(got) < 24 || len(got) > 27 {
			t.Errorf("of %d changes %d came, and %d were missed", len(all), len(got), missed)
		}
		h.checkOrder(got, all[len(all)-len(got):])
		for i, m := range got {
			if i == 0 && m.Data.Missed != missed || i > 0 && m.Data.Missed != 0 {
				t.Errorf("message %d: %d are missed", i, m.Data.Missed)
			}
		}
		if s := h.state(id); !s.IsHealthy || s.MissedCount != 0 {
			t.Errorf("%v later: %+v", h.clock.now().Sub(began), s)
		}
	})
}

func TestWhatNobodyTriedIsNotGivenUp(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, nil)
		before := h.last()
		h.subscribe(to.URL, enum.SubjectProject)
		h.rename("Shop 2")
		h.clock.advance(10 * 24 * time.Hour) // in which the server was off
		h.deliver()
		h.checkOrder(to.take(), h.logged(before, enum.SubjectProject))
	})
}

// A secret opens for the address alone that it was made for.
func TestASecretIsOfNoUseToAnotherWebhook(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to, other := receive(t, nil), receive(t, nil)
		id, _ := h.subscribe(to.URL, enum.SubjectProject)
		h.subscribe(other.URL, enum.SubjectProject)
		write(t, h.db, func(w rows) {
			_, err := w.tx.ExecContext(w.ctx, "UPDATE webhooks SET secret = (SELECT o.secret FROM webhooks o WHERE o.url = '"+other.URL+"')")
			w.must(err)
		})
		h.rename("Shop 2")
		h.deliver()
		h.failing(id, "secret-key")
		if len(to.take()) > 0 || len(other.take()) != 1 {
			t.Error("a message was signed with another webhook's secret")
		}
	})
}

// A webhook that cannot be looked after keeps no other from its turn, and has its own once it can be.
func TestAWebhookThatCannotBeReadIsLeftAlone(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to, other := receive(t, nil), receive(t, nil)
		h.subscribe(to.URL, enum.SubjectProject)
		h.subscribe(other.URL, enum.SubjectProject)
		subjects := func(value string) {
			write(t, h.db, func(w rows) {
				_, err := w.tx.ExecContext(w.ctx, "UPDATE webhooks SET subject_types = '"+value+"' WHERE url = '"+to.URL+"'")
				w.must(err)
			})
		}
		subjects("{}") // no list
		h.rename("Shop 2")
		h.deliver()
		if len(to.take()) > 0 || len(other.take()) != 1 {
			t.Error("the other webhook was not told once")
		}
		subjects(`["PROJECT"]`)
		h.deliver()
		if len(to.take()) != 1 || len(other.take()) > 0 {
			t.Error("the webhook was not told once it could be read")
		}
	})
}

// A receiver that has failed once is not held to have failed while nobody tried.
func TestTimeInWhichNobodyTriesDoesNotCount(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, code(http.StatusInternalServerError))
		id, _ := h.subscribe(to.URL, enum.SubjectProject)
		h.rename("Shop 2")
		h.deliver()
		h.clock.advance(48 * time.Hour) // in which the server was off
		h.deliver()
		if s := h.state(id); s.MissedCount != 0 || s.IsHealthy {
			t.Errorf("%+v", s)
		}
	})
}

func TestChangesThatTheLogNoLongerHasAreMissed(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to, began := receive(t, nil), h.last()
		id, _ := h.subscribe(to.URL, enum.SubjectProject)
		for i := range 5 {
			h.rename(fmt.Sprintf("Shop %d", i))
		}
		lost := int(h.last() - began) // whatever they were about
		h.clock.advance(time.Hour)
		if _, err := h.db.DropChanges(t.Context(), calendar.InstantOf(h.clock.now())); err != nil {
			t.Fatal(err)
		}
		h.deliver()
		if s := h.state(id); len(to.take()) > 0 || s.MissedCount != lost {
			t.Errorf("%+v", s)
		}
		before := h.last()
		h.rename("Shop 6")
		h.deliver()
		got := to.take()
		h.checkOrder(got, h.logged(before, enum.SubjectProject))
		if len(got) != 1 || got[0].Data.Missed != lost {
			t.Errorf("%d messages", len(got))
		}
	})
}

func TestAKeyThatDoesNotOpenASecretIsSaid(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, nil)
		id, secret := h.subscribe(to.URL, enum.SubjectProject)
		with := func(letters ...string) {
			w := onThisMachine(t)
			w.Keys = secretKey(t, letters...)
			h.cases.DeliverBy(w)
			h.clock.advance(2 * time.Hour)
			h.deliver()
		}
		h.rename("Shop 2")
		with("x")
		h.failing(id, "secret-key")
		h.clock.advance(50 * time.Hour) // however long that takes, nothing is given up
		with("x")
		if got := to.take(); len(got) > 0 {
			t.Errorf("%d messages came", len(got))
		}
		with("x", "k")
		got := to.take()
		if len(got) != 1 || !h.state(id).IsHealthy {
			t.Fatalf("with the older key as the second: %d messages", len(got))
		}
		verify(t, secret, got[0])
	})
}

func TestWhereDeliveriesDoNotGo(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, nil)
		_, port, _ := strings.Cut(strings.TrimPrefix(to.URL, "http://"), ":")
		id, _ := h.subscribe("http://localhost:"+port, enum.SubjectProject)
		redirecting := receive(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, to.URL, http.StatusTemporaryRedirect)
		})
		other, _ := h.subscribe(redirecting.URL, enum.SubjectProject)
		h.rename("Shop 2")
		w := onThisMachine(t)
		w.AllowPrivate = false
		h.cases.DeliverBy(w)
		h.deliver()
		h.failing(id, "not public (setting webhook-allow-private)")
		if next := h.failing(other, "not public"); next.Before(h.clock.now()) {
			t.Errorf("it is tried again at %v", next)
		}
		h.cases.DeliverBy(onThisMachine(t))
		h.does("deleteWebhook", input{"webhookId": id})
		h.clock.advance(time.Minute)
		h.deliver()
		h.failing(other, "it answers 307, and redirects are not followed")
		if got := to.take(); len(got) > 0 {
			t.Errorf("%d messages came", len(got))
		}
	}, func(w *app.Webhooks) { w.Timeout = time.Minute })
}
