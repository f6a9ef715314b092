package store

import "sync"

// news is that a log has come to a sequence number.
type news struct{ log, last int64 }

// bell wakes those who wait for changes of a log. It is a hint only: who waits
// looks after a while, too.
type bell struct {
	mu      sync.Mutex
	watched map[int64]*watched
	// tenants are waited for by those who wait for the log of any organisation.
	tenants map[chan struct{}]bool
}

// watched is a log that somebody waits for.
type watched struct {
	// last is how far the log has come, as everyone who waits has been told.
	last    int64
	waiting map[chan struct{}]bool
}

func newBell() *bell { return &bell{watched: map[int64]*watched{}, tenants: map[chan struct{}]bool{}} }

// ring wakes those who wait for logs that have come further than they were told.
func (b *bell) ring(changed ...news) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range changed {
		w := b.watched[n.log]
		if w != nil && n.last <= w.last {
			continue
		}
		if w != nil {
			w.last = n.last
			wake(w.waiting)
		}
		if n.log != PublicLog {
			wake(b.tenants)
		}
	}
}

func wake(waiting map[chan struct{}]bool) {
	for c := range waiting {
		select {
		case c <- struct{}{}:
		default: // it has been woken already
		}
	}
}

// logs are those that somebody waits for.
func (b *bell) logs() []int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]int64, 0, len(b.watched))
	for log := range b.watched {
		out = append(out, log)
	}
	return out
}

// TenantsChanged gives a channel that gets something when the log of any
// organisation has changed, as Changed does for one log. Listen looks for none of
// them: whoever waits for all looks, too.
func (db *DB) TenantsChanged() (changed <-chan struct{}, stop func()) {
	b, c := db.bell, make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tenants[c] = true
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.tenants, c)
	}
}

// Changed gives a channel that gets something when a log has changed, perhaps
// more often and perhaps, rarely, not at all; stop ends it.
func (db *DB) Changed(log int64) (changed <-chan struct{}, stop func()) {
	b, c := db.bell, make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.watched[log] == nil {
		b.watched[log] = &watched{waiting: map[chan struct{}]bool{}}
	}
	b.watched[log].waiting[c] = true
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		w := b.watched[log]
		if w == nil {
			return
		}
		delete(w.waiting, c)
		if len(w.waiting) == 0 {
			delete(b.watched, log)
		}
	}
}
