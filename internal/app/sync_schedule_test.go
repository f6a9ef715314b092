package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"stackyard/ent"
	"stackyard/ent/advisory"
	"stackyard/ent/technology"
	"stackyard/internal/app"
	"stackyard/internal/auth"
	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/store"
	"stackyard/internal/store/storetest"
)

// publisher serves a text, and counts who asks and who is told that it has not changed.
type publisher struct {
	mu              sync.Mutex
	text            string
	status          int
	asked, reminded int
}

func publish(t *testing.T, text string) (*publisher, string) {
	t.Helper()
	p := &publisher{text: text, status: http.StatusOK}
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	return p, s.URL
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	tag := fmt.Sprintf(`"%d"`, len(p.text))
	w.Header().Set("ETag", tag)
	if p.status == http.StatusOK && r.Header.Get("If-None-Match") == tag {
		p.reminded++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(p.status)
	_, _ = w.Write([]byte(p.text))
}

func (l *library) syncDue() (reports []string) {
	l.SyncDue(l.t.Context(), func(slug string, report app.SyncReport, err error) {
		if err != nil {
			reports = append(reports, slug+" failed")
			return
		}
		reports = append(reports, fmt.Sprintf("%s %d %v", slug, report.Changed(), report.IsUnmodified))
	})
	return reports
}

func TestTheScheduleReadsWhatIsDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		p, address := publish(t, record("GO-2030-3", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
		l.readFrom(map[string]string{app.SourceOSV: address})
		steps := []struct {
			wait time.Duration
			do   func()
			want []string
		}{
			{0, nil, []string{"osv 1 false"}},
			{23 * time.Hour, nil, nil},
			{time.Hour, nil, []string{"osv 0 true"}},
			{24 * time.Hour, func() { p.status = http.StatusServiceUnavailable }, []string{"osv failed"}},
			{59 * time.Second, nil, nil},
			{time.Second, nil, []string{"osv failed"}},
			{time.Minute, nil, nil},
			{time.Minute, nil, []string{"osv failed"}},
			{3 * time.Minute, nil, nil},
			{time.Minute, func() { p.status = http.StatusOK }, []string{"osv 0 true"}},
			{12 * time.Hour, nil, nil},
			{12 * time.Hour, func() { p.text = record("GO-2030-30", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0") }, []string{"osv 1 false"}},
		}
		for i, step := range steps {
			l.clock = l.clock.Add(step.wait)
			if step.do != nil {
				step.do()
			}
			if got := l.syncDue(); !slices.Equal(got, step.want) {
				t.Fatalf("step %d: %v, want %v", i, got, step.want)
			}
		}
		if p.reminded != 2 {
			t.Errorf("%d of %d requests were conditional", p.reminded, p.asked)
		}
		if s := l.source(app.SourceOSV); s.LastError != nil {
			t.Errorf("the error is still %s", *s.LastError)
		}
	})
}

func TestACopyThatIsUnmodifiedIsReadAgainByACatalogueThatKnowsMore(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	_, address := publish(t, record("X-2030-1", "2026-11-10", "npm", "left-pad", "1.0.0", "1.5.0"))
	l.readFrom(map[string]string{app.SourceOSV: address})
	if got := l.syncDue(); !slices.Equal(got, []string{"osv 0 false"}) {
		t.Fatalf("%v", got)
	}
	l.by(func(ctx context.Context, tx *ent.Tx) error {
		node := tx.Technology.Query().Where(technology.Slug("nodejs")).OnlyX(ctx)
		return tx.KnownPackage.Create().SetTechnologyID(node.ID).SetEcosystem("npm").SetName("left-pad").SetPurl("pkg:npm/left-pad").Exec(ctx)
	})
	l.clock = l.clock.Add(24 * time.Hour)
	if got := l.syncDue(); !slices.Equal(got, []string{"osv 1 false"}) {
		t.Errorf("%v", got)
	}
}

func TestOneOfManyInstancesReads(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		p, address := publish(t, record("GO-2030-4", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
		l.readFrom(map[string]string{app.SourceOSV: address})
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				l.SyncDue(t.Context(), func(_ string, _ app.SyncReport, err error) {
					if err != nil {
						t.Error(err)
					}
				})
			})
		}
		all.Wait()
		if p.asked != 1 {
			t.Errorf("the source was asked %d times", p.asked)
		}
	})
}

func TestASourceThatIsBeingReadIsNotReadTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		begun, finish := make(chan struct{}), make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(begun)
			<-finish
			_, _ = w.Write([]byte(record("GO-2030-5", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0")))
		}))
		defer s.Close()
		first := make(chan error, 1)
		go func() {
			_, err := l.Sync(t.Context(), app.SourceOSV, s.URL)
			first <- err
		}()
		<-begun
		_, err := l.Sync(t.Context(), app.SourceOSV, s.URL)
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("%v", err)
		}
		close(finish)
		if err := <-first; err != nil {
			t.Error(err)
		}
	})
}

func TestALeaseThatIsLostWhileReadingChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		l := newLibrary(t, dialect)
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err := l.Write(t.Context(), store.Cause{}, func(ctx context.Context, tx *ent.Tx) error {
				return tx.Lease.Update().SetHolder("another").Exec(ctx)
			})
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write([]byte(record("GO-2030-6", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0")))
		}))
		defer s.Close()
		if _, err := l.Sync(t.Context(), app.SourceOSV, s.URL); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("%v", err)
		}
		if l.source(app.SourceOSV).LastSyncedAt != nil || l.Read().Advisory.Query().Where(advisory.Identifier("GO-2030-6")).ExistX(t.Context()) {
			t.Error("it was written nevertheless")
		}
	})
}

func TestWhatIsNoSourceIsNotRead(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	for _, slug := range []string{"curated", "nonsense", ""} {
		if _, err := l.try(slug, "{}"); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%q: %v", slug, err)
		}
	}
	if got := l.syncDue(); len(got) > 0 {
		t.Errorf("read without an address: %v", got)
	}
}

func TestDataFromTomorrowAreOfToday(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	if report := l.sync(app.SourceEndOfLife, node(t, "2031-01-01", nil)); report.AsOf != calendar.DayOf(storetest.Today) {
		t.Errorf("as of %v", report.AsOf)
	}
	if c := l.cycle("nodejs", "22"); c.AsOf != calendar.DayOf(storetest.Today) {
		t.Errorf("Node.js 22 is as of %v", c.AsOf)
	}
}

// The GraphQL layer decides the same before anything is run.
func TestSyncSourceAsksForItsScopeItself(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, "sqlite")
	p, address := publish(t, record("GO-2030-7", "2026-11-10", "Go", "stdlib", "1.0.0", "1.5.0"))
	l.readFrom(map[string]string{app.SourceOSV: address})
	in := app.SyncSourceInput{SourceID: l.source(app.SourceOSV).GlobalID()}
	for name, viewer := range map[string]*auth.Viewer{
		"nobody": nil, "no scope": {Issuer: "i", Subject: "s"}, "another scope": {Issuer: "i", Subject: "s", Scopes: []string{auth.ScopeCatalogWrite}},
	} {
		_, _, err := l.SyncSource(t.Context(), app.Caller{Viewer: viewer}, in)
		if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p.asked > 0 {
		t.Errorf("the source was asked %d times", p.asked)
	}
}
