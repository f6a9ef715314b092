package auth

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"stackyard/internal/fault"
)

const (
	// maxAge is when keys are fetched again in the background.
	maxAge = 10 * time.Minute
	// minGap lies between two fetches, from the start of a good one and from the end of a failed one; coldGap where
	// no keys may be used.
	minGap  = 10 * time.Second
	coldGap = time.Second
	// looks is how often a key is looked for: in what is there, after a fetch that may have begun before the
	// key was published, and after one more.
	looks = 3
)

// keyring keeps the keys of one issuer. Reading them is one atomic load; the network is waited for only where
// there are none to use yet, or a token names one that is not there.
type keyring struct {
	issuer   string
	fetch    func(context.Context) ([]publicKey, error)
	maxStale time.Duration
	now      func() time.Time
	log      *slog.Logger

	set atomic.Pointer[keySet]
	// isDown is true from a failed fetch to the next good one.
	isDown atomic.Bool

	mu sync.Mutex
	// running is the fetch under way, if any, and cancel ends it.
	running  chan struct{}
	cancel   context.CancelFunc
	triedAt  time.Time
	isClosed bool
	// logged is the state that the log was told of last.
	logged state
}

func (r *keyring) find(ctx context.Context, alg, kid string) (publicKey, uint64, error) {
	for look := 1; ; look++ {
		set := r.usable(ctx)
		if set != nil {
			if key, ok := set.find(alg, kid); ok {
				return key, set.generation, nil
			}
		}
		if look == looks {
			return publicKey{}, 0, r.missing(set)
		}
		select {
		case <-r.refresh(ctx):
		case <-ctx.Done():
			return publicKey{}, 0, errUnavailable()
		}
	}
}

func (r *keyring) generation(ctx context.Context) (uint64, bool) {
	set := r.usable(ctx)
	if set == nil {
		return 0, false
	}
	return set.generation, true
}

// usable gives the keys if they are not too old, and has them refreshed in the background where they are not young.
func (r *keyring) usable(ctx context.Context) *keySet {
	set := r.set.Load()
	if set == nil {
		return nil
	}
	age := r.now().Sub(set.fetchedAt)
	if age > r.maxStale {
		return nil
	}
	if age > min(maxAge, r.maxStale/2) {
		r.refresh(ctx)
	}
	return set
}

// missing says why there is no key: while the issuer cannot be asked, nobody knows whether it is there.
func (r *keyring) missing(set *keySet) error {
	if set == nil || r.isDown.Load() {
		return errUnavailable()
	}
	return refused("is signed with a key that its issuer does not publish")
}

func errUnavailable() error {
	return fault.New(fault.Unavailable, "tokens of this issuer cannot be checked at the moment")
}

// refresh gives what closes when the fetch under way has ended. It begins one if there is none and the last
// is long enough ago. The fetch outlives the request that asked for it: others may wait for it as well.
func (r *keyring) refresh(ctx context.Context) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running != nil {
		return r.running
	}
	done := make(chan struct{})
	now := r.now()
	if r.isClosed || !r.triedAt.IsZero() && now.Sub(r.triedAt) < r.gap(now) {
		close(done)
		return done
	}
	r.triedAt, r.running = now, done
	fetching, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	r.cancel = cancel
	go func() {
		defer cancel()
		fetched, err := r.fetchSafely(fetching)
		r.keep(fetched, err)
		close(done)
	}()
	return done
}

func (r *keyring) gap(now time.Time) time.Duration {
	if r.hasKeys(now) {
		return minGap
	}
	return coldGap
}

func (r *keyring) hasKeys(now time.Time) bool {
	set := r.set.Load()
	return set != nil && now.Sub(set.fetchedAt) <= r.maxStale
}

// fetchSafely turns a panic over what an issuer sent into an error: nothing else would catch it.
func (r *keyring) fetchSafely(ctx context.Context) (fetched []publicKey, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("reading keys: %v", p)
		}
	}()
	return r.fetch(ctx)
}

// keep takes the outcome of a fetch, and logs where it changes something. A failed one leaves the keys that are there.
func (r *keyring) keep(fetched []publicKey, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.cancel = nil, nil
	if r.isClosed {
		return
	}
	now := r.now()
	r.isDown.Store(err != nil)
	if err != nil {
		r.triedAt = now
	} else {
		r.set.Store(r.set.Load().next(fetched, now))
	}
	r.report(now, err)
}

// close ends the fetch under way and waits for it; no other begins.
func (r *keyring) close() {
	r.mu.Lock()
	r.isClosed = true
	running := r.running
	if running != nil {
		r.cancel()
	}
	r.mu.Unlock()
	if running != nil {
		<-running
	}
}
