package graph_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/ent/lease"
	entwebhook "stackyard/ent/webhook"
	"stackyard/internal/app"
	"stackyard/internal/enum"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

func TestAWebhookIsToldOfTheChangesThatItIsFor(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, nil)
		h.rename("Before")
		before := h.last()
		id, secret := h.subscribe(to.URL+"/hook?a=b", enum.SubjectProject, enum.SubjectWebhook)
		h.rename("Shop 2")
		h.as(named("mel")).does("setOrganizationRules", input{"organizationId": h.organization, "endOfLifeHorizonDays": 10, "disabledRules": []string{}})
		h.deliver()
		got := to.take()
		h.checkOrder(got, h.logged(before, enum.SubjectProject, enum.SubjectWebhook))
		for _, m := range got {
			verify(t, secret, m)
			if m.Type == "webhook.updated" {
				t.Errorf("it is told of how its own deliveries go: %v", m.Data.Fields)
			}
		}
		if len(got) < 2 {
			t.Fatal("too little came")
		}
		first, second := got[0], got[1]
		if first.Type != "webhook.created" || first.Data.SubjectID != id || first.Data.WebhookID != id || first.Data.OrganizationID != h.organization {
			t.Errorf("%s", first.body)
		}
		if second.Type != "project.updated" || second.Data.Operation != "UPDATED" || second.Data.SubjectType != "PROJECT" || second.Data.SubjectID != h.project ||
			!slices.Equal(second.Data.Fields, []string{"name"}) || second.Data.Missed != 0 || !strings.Contains(string(second.body), `"timestamp":"2026-11-22T09:30:00Z"`) {
			t.Errorf("%s", second.body)
		}
		if strings.Contains(string(second.body), "Shop") {
			t.Errorf("the object itself is told: %s", second.body)
		}
		next := h.values(`query($id: ID!, $after: String!) { node(id: $id) { ... on Organization { changes(first: 1, after: $after) { nodes { subjectId fields } } } } }`,
			map[string]any{"id": h.organization, "after": first.Data.Cursor})
		if next != "name "+h.project {
			t.Errorf("after the cursor of the first comes %s", next)
		}
		if s := h.state(id); !s.IsHealthy || s.LastError != nil || s.LastDeliveredAt == nil || !s.LastDeliveredAt.Equal(storetest.Today) || s.NextAttemptAt != nil {
			t.Errorf("%+v", s)
		}
		last := h.last()
		h.deliver()
		if again := to.take(); len(again) > 0 || h.last() != last {
			t.Errorf("nothing happened, and %d messages came, and %d changes", len(again), h.last()-last)
		}
	})
}

// TestEveryChangeComesInItsOrderHoweverTheReceiverBehaves lets people change projects while a receiver fails in
// every way that there is.
func TestEveryChangeComesInItsOrderHoweverTheReceiverBehaves(t *testing.T) {
	t.Parallel()
	const writers, each = 3, 6
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, func(w http.ResponseWriter, r *http.Request) {
			switch rand.IntN(10) {
			case 0:
				w.WriteHeader(http.StatusInternalServerError)
			case 1:
				panic(http.ErrAbortHandler)
			case 2:
				<-r.Context().Done()
			case 3:
				http.Redirect(w, r, "/", http.StatusFound)
			default:
				w.WriteHeader(http.StatusOK)
			}
		})
		types := []enum.ChangeSubjectType{enum.SubjectProject, enum.SubjectStackComponent}
		before := h.last()
		h.subscribe(to.URL, types...)
		var all sync.WaitGroup
		for n := range writers {
			mel := h.as(named("mel"))
			all.Go(func() {
				for i := range each {
					slug := fmt.Sprintf("p-%d-%d", n, i)
					in := input{"organizationId": h.organization, "slug": slug, "name": slug, "stack": []input{{"technology": "nodejs", "version": "22.1.0"}}}
					if got := mel.outcome("createProject", in); got != "done" {
						t.Errorf("%s: %s", slug, got)
					}
				}
			})
		}
		written := make(chan struct{})
		go func() { all.Wait(); close(written) }()
		for isWritten := false; ; {
			h.deliver()
			h.clock.advance(2 * time.Hour) // whatever failed is due again
			left := h.db.Read().Webhook.Query().OnlyX(t.Context()).Sequence < h.last()
			if isWritten && !left {
				break
			}
			select {
			case <-written:
				isWritten = true
			default:
			}
		}
		got, want := to.take(), h.logged(before, types...)
		h.checkOrder(slices.Clone(got), want)
		h.checkOrder(slices.DeleteFunc(got, func(m message) bool { return !m.isTaken }), want) // what was not taken is no delivery
	}, func(w *app.Webhooks) { w.Timeout, w.KeepTrying = 300*time.Millisecond, 1_000_000*time.Hour })
}

// TestInstancesDeliverOneAtATimeAndGoOnWhereOneStopped has two instances deliver from one database, which are stopped and
// begin again at any moment.
func TestInstancesDeliverOneAtATimeAndGoOnWhereOneStopped(t *testing.T) {
	t.Parallel()
	for what, isStopped := range map[string]bool{"both run": false, "they are stopped": true} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, dialect string) {
				address := storetest.SeededAddress(t, dialect)
				h := hook(t, storetest.Open(t, address))
				var at atomic.Int32
				to := receive(t, func(w http.ResponseWriter, r *http.Request) {
					if n := at.Add(1); n > 1 && !isStopped { // of what is cut off the receiver learns late
						t.Errorf("%d are delivered at a time", n)
					}
					time.Sleep(time.Duration(rand.IntN(4)) * time.Millisecond)
					at.Add(-1)
				})
				before := h.last()
				h.subscribe(to.URL, enum.SubjectProject)
				ctx, stop := context.WithCancel(t.Context())
				var all sync.WaitGroup
				defer all.Wait()
				defer stop()
				for range 2 {
					other := app.New(storetest.Open(t, address), h.clock.now, app.Limits{})
					other.DeliverBy(onThisMachine(t))
					all.Go(func() { deliverAndStop(ctx, t, other, isStopped) })
				}
				for i := range 40 {
					h.rename(fmt.Sprintf("Shop %d", i))
				}
				await(t, "all is delivered", func() bool { return h.db.Read().Webhook.Query().OnlyX(t.Context()).Sequence == h.last() })
				stop()
				all.Wait()
				got := to.take()
				h.checkOrder(got, h.logged(before, enum.SubjectProject))
				if len(got) != 40 && !isStopped {
					t.Errorf("40 changes came as %d messages", len(got))
				}
			})
		})
	}
}

// deliverAndStop is an instance that delivers, and perhaps is stopped again and again.
func deliverAndStop(ctx context.Context, t *testing.T, a *app.App, isStopped bool) {
	for ctx.Err() == nil {
		running, stop := context.WithCancel(ctx)
		if isStopped {
			timer := time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, stop)
			defer timer.Stop()
		}
		if err := a.DeliverWebhooks(running, slog.New(slog.DiscardHandler)); err != nil && running.Err() == nil {
			t.Error(err)
		}
		stop()
		time.Sleep(time.Millisecond)
	}
}

func TestWhoLostTheLeaseNotesNothing(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		to := receive(t, nil)
		h.subscribe(to.URL, enum.SubjectProject)
		h.rename("Shop 2")
		to.answers(func(http.ResponseWriter, *http.Request) {
			err := h.db.Write(context.WithoutCancel(t.Context()), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Lease.Update().Where(lease.Name("webhooks")).SetHolder("another").Exec(ctx)
			})
			if err != nil {
				t.Error(err)
			}
		})
		if err := h.cases.DeliverWebhooks(t.Context(), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "lost") {
			t.Errorf("the lease was lost: %v", err)
		}
		write(t, h.db, func(w rows) { _, err := w.tx.Lease.Delete().Exec(w.ctx); w.must(err) })
		to.answers(nil)
		h.deliver()
		if got := to.take(); len(got) != 2 || got[0].id != got[1].id {
			t.Errorf("%d messages", len(got))
		}
	})
}

func TestASlowReceiverHoldsUpNobody(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		leave := make(chan struct{})
		slow := receive(t, func(http.ResponseWriter, *http.Request) { <-leave })
		quick := receive(t, nil)
		h.subscribe(slow.URL, enum.SubjectProject)
		h.subscribe(quick.URL, enum.SubjectProject)
		before := h.last()
		var delivering sync.WaitGroup
		h.rename("Shop 1")
		delivering.Go(h.deliver)
		for i := range 5 {
			h.rename(fmt.Sprintf("Shop %d", i+2))
		}
		var got []message
		await(t, "the quick one has all", func() bool { got = append(got, quick.take()...); return len(got) == 6 })
		if n := len(slow.take()); n > 1 {
			t.Errorf("the slow one has %d at a time", n)
		}
		close(leave)
		delivering.Wait()
		h.checkOrder(got, h.logged(before, enum.SubjectProject))
	}, func(w *app.Webhooks) { w.Timeout, w.Deliveries = time.Minute, 2 })
}

func TestWhatIsDeletedIsToldNoMore(t *testing.T) {
	t.Parallel()
	onEachHooked(t, func(t *testing.T, h hooked) {
		for what, end := range map[string]func(h hooked, webhook string){
			"webhook":      func(h hooked, webhook string) { h.does("deleteWebhook", input{"webhookId": webhook}) },
			"organization": func(h hooked, _ string) { h.does("deleteOrganization", input{"organizationId": h.organization}) },
		} {
			h := hooked{h.api, tenantOf(t, h.db, "without-"+what, enum.VisibilityPublic), h.db}
			to := receive(t, nil)
			id, _ := h.subscribe(to.URL, enum.SubjectProject)
			h.rename("Shop 2")
			h.rename("Shop 3")
			to.answers(func(http.ResponseWriter, *http.Request) { end(h, id) }) // while the first is on its way
			h.deliver()
			h.deliver()
			if got := to.take(); len(got) != 1 {
				t.Errorf("without the %s: %d messages came", what, len(got))
			}
			if n := h.db.Read().Webhook.Query().Where(entwebhook.URL(to.URL)).CountX(t.Context()); n != 0 {
				t.Errorf("without the %s: %d webhooks are left", what, n)
			}
		}
	})
}
