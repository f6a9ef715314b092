package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stackyard/internal/auth"
	"stackyard/internal/fault"
)

// The gaps between fetches, and the age of keys from which they are fetched in the background.
const (
	gap     = 10 * time.Second
	coldGap = time.Second
	maxAge  = 10 * time.Minute
)

func TestTheFirstTokenWithANewKeyPasses(t *testing.T) {
	old, rotated := ecKey("k1"), ecKey("k2")
	p, c := newProvider(t, old.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	mustPass(t, v, old.token(p.claims(nil), nil))

	c.advance(gap)
	p.publish(rotated.public(nil))
	mustPass(t, v, rotated.token(p.claims(nil), nil))
	mustFail(t, v, old.token(p.claims(nil), nil), fault.Unauthenticated)
	if n := p.fetches.Load(); n != 2 {
		t.Errorf("%d fetches", n)
	}
}

func TestUnknownKeysFetchOncePerGap(t *testing.T) {
	k := ecKey("k1")
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	mustPass(t, v, k.token(p.claims(nil), nil))
	for round := range int64(3) {
		for n := range 20 {
			mustFail(t, v, k.token(p.claims(nil), map[string]any{"kid": fmt.Sprint("x", n)}), fault.Unauthenticated)
		}
		c.advance(gap - 1)
		mustFail(t, v, k.token(p.claims(nil), map[string]any{"kid": "x"}), fault.Unauthenticated)
		if n := p.fetches.Load(); n != 1+round {
			t.Errorf("%d fetches in round %d", n, round)
		}
		c.advance(1)
	}
}

func TestRequestsWithTheSameNewKeyShareAFetch(t *testing.T) {
	old, rotated := ecKey("k1"), ecKey("k2")
	p, c := newProvider(t, old.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	mustPass(t, v, old.token(p.claims(nil), nil))
	c.advance(gap)
	release := p.hangs(old.public(nil), rotated.public(nil))

	var done sync.WaitGroup
	var waiting []waits
	for range 8 {
		ctx := newWaits(t)
		waiting = append(waiting, ctx)
		done.Go(func() {
			if _, err := v.Verify(ctx, rotated.token(p.claims(nil), nil)); err != nil {
				t.Error(err)
			}
		})
	}
	for _, ctx := range waiting {
		<-ctx.begun
	}
	release()
	done.Wait()
	if n := p.fetches.Load(); n != 2 {
		t.Errorf("%d fetches", n)
	}
}

func TestARequestThatIsCancelledDoesNotEndTheFetchOfOthers(t *testing.T) {
	k := ecKey("k1")
	p := newProvider(t, k.public(nil))
	asked, released := make(chan struct{}), make(chan struct{})
	v := newVerifier(t, auth.Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		close(asked)
		<-released
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		return http.DefaultTransport.RoundTrip(r)
	})}, p.issuer())
	token := k.token(p.claims(nil), nil)

	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := v.Verify(ctx, token)
		first <- err
	}()
	<-asked
	cancel()
	if err := <-first; fault.KindOf(err) != fault.Unavailable {
		t.Errorf("the cancelled one is told %v", err)
	}
	second := make(chan error)
	waits := newWaits(t)
	go func() {
		_, err := v.Verify(waits, token)
		second <- err
	}()
	<-waits.begun
	close(released)
	if err := <-second; err != nil {
		t.Error(err)
	}
	if n := p.fetches.Load(); n != 1 {
		t.Errorf("%d fetches", n)
	}
}

func TestAKeyPublishedDuringAFetchIsFetchedByTheSameRequest(t *testing.T) {
	old, rotated := ecKey("k1"), ecKey("k2")
	p, c := newProvider(t, old.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	claims := p.claims(map[string]any{"exp": today + 3600})
	mustPass(t, v, old.token(claims, nil))
	release := p.hangs(old.public(nil))
	c.advance(maxAge + 1)
	mustPass(t, v, old.token(claims, nil))
	<-p.asked // in the background: this answer will not have the new key

	p.publish(old.public(nil), rotated.public(nil))
	c.advance(gap)
	ctx, passed := newWaits(t), make(chan error)
	go func() {
		_, err := v.Verify(ctx, rotated.token(claims, nil))
		passed <- err
	}()
	<-ctx.begun
	release()
	if err := <-passed; err != nil {
		t.Error(err)
	}
}

func TestKnownKeysServeWhileTheProviderHangs(t *testing.T) {
	k := ecKey("k1")
	p, c := newProvider(t, k.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	mustPass(t, v, k.token(p.claims(nil), nil))
	release := p.hangs(k.public(nil))
	defer release()

	c.advance(maxAge + 1)
	for n := range 3 {
		mustPass(t, v, k.token(p.claims(map[string]any{"sub": fmt.Sprint("u", n), "exp": today + 3600}), nil))
		if n == 0 {
			<-p.asked // in the background, and it gets no answer
		}
	}
	if n := p.fetches.Load(); n != 2 {
		t.Errorf("%d fetches", n)
	}
}

func TestKeysAreFetchedAgainInTheBackground(t *testing.T) {
	for _, c := range []struct{ maxStale, age time.Duration }{
		{auth.DefaultMaxStale, maxAge + 1},
		{time.Minute, 30*time.Second + 1}, // before they are too old
	} {
		old, next := ecKey("k1"), ecKey("k2")
		p, now := newProvider(t, old.public(nil)), newClock()
		v := newVerifier(t, auth.Options{Now: now.now, MaxStale: c.maxStale}, p.issuer())
		token := old.token(p.claims(map[string]any{"exp": today + 3600}), nil)
		mustPass(t, v, token)
		release := p.hangs(next.public(nil))
		now.advance(c.age)
		mustPass(t, v, token)
		<-p.asked
		release()
		mustPass(t, v, next.token(p.claims(map[string]any{"exp": today + 3600}), nil)) // shares that fetch
		mustFail(t, v, token, fault.Unauthenticated)
		if n := p.fetches.Load(); n != 2 {
			t.Errorf("%d fetches", n)
		}
	}
}

func TestNoTokenFailsWhileKeysRotate(t *testing.T) {
	const rotations, verifiers = 10, 8
	p, c := newProvider(t), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	var current atomic.Pointer[key]
	first := ecKey("k0")
	p.publish(first.public(nil))
	current.Store(&first)

	claims := p.claims(map[string]any{"exp": today + 1_000_000})
	var load sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	var verified [verifiers]atomic.Int64
	for n := range verifiers {
		load.Go(func() {
			for ctx.Err() == nil {
				if _, err := v.Verify(t.Context(), current.Load().token(claims, nil)); err != nil {
					t.Error(err)
					return
				}
				verified[n].Add(1)
				runtime.Gosched() // so that all have their turn
			}
		})
	}
	for n := range rotations {
		for i := range verified {
			// Of two that end from now on, the second is signed from now on.
			for seen := verified[i].Load(); verified[i].Load() < seen+2 && !t.Failed(); {
				time.Sleep(time.Millisecond)
			}
		}
		// A token is signed with the new key once it is published, and tokens of the old one are still about.
		next, old := ecKey(fmt.Sprint("k", n+1)), *current.Load()
		p.publish(old.public(nil), next.public(nil))
		c.advance(gap)
		current.Store(&next)
	}
	stop()
	load.Wait()
}

func TestATokenWithoutAKeyNameNeedsTheOnlyKey(t *testing.T) {
	one, two := ecKey("k1"), rsaKey("k2")
	p, c := newProvider(t, one.public(nil), two.public(nil)), newClock()
	v := newVerifier(t, auth.Options{Now: c.now}, p.issuer())
	nameless := map[string]any{"kid": nil}
	mustPass(t, v, one.token(p.claims(nil), nameless))
	mustPass(t, v, two.token(p.claims(nil), nameless))
	c.advance(maxAge)
	p.publish(one.public(nil), two.public(nil), ecKey("k3").public(nil))
	mustFail(t, v, ecKey("k1").token(p.claims(map[string]any{"exp": today + 3600}), map[string]any{"kid": "new"}), fault.Unauthenticated)
	mustFail(t, v, one.token(p.claims(map[string]any{"exp": today + 3600}), nameless), fault.Unauthenticated)
	mustPass(t, v, two.token(p.claims(map[string]any{"exp": today + 3600}), nameless))
}

// hangs has the provider answer with the keys, but not before it is released. Each question is told to asked.
func (p *provider) hangs(keys ...any) (release func()) {
	released := make(chan struct{})
	asked := make(chan struct{}, 100)
	p.asked = asked
	body := jsonOf(map[string]any{"keys": keys})
	p.answers(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-released:
			_, _ = w.Write(body)
		case <-r.Context().Done():
		}
	})
	return sync.OnceFunc(func() { close(released) })
}

// transport answers requests.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// waits is a context that tells when somebody begins to wait for it, beside what else they wait for.
type waits struct {
	context.Context
	begun chan struct{}
	once  *sync.Once
}

func newWaits(t *testing.T) waits {
	t.Helper()
	return waits{t.Context(), make(chan struct{}), &sync.Once{}}
}

func (w waits) Done() <-chan struct{} {
	w.once.Do(func() { close(w.begun) })
	return w.Context.Done()
}
