package auth

import "time"

// state is how it stands with the keys.
type state string

const (
	fresh state = "keys fetched"
	stale state = "keys cannot be fetched; the last ones go on serving"
	none  state = "keys cannot be fetched; no token can be checked"
)

// report logs how it stands where that has changed; it never sees a token. The caller holds the lock.
func (r *keyring) report(now time.Time, err error) {
	is := fresh
	if err != nil {
		is = stale
	}
	if err != nil && !r.hasKeys(now) {
		is = none
	}
	if is == r.logged {
		return
	}
	r.logged = is
	switch is {
	case fresh:
		r.log.Info(string(is), "issuer", r.issuer)
	case stale:
		r.log.Warn(string(is), "issuer", r.issuer, "until", r.set.Load().fetchedAt.Add(r.maxStale), "error", err)
	case none:
		r.log.Error(string(is), "issuer", r.issuer, "error", err)
	}
}
