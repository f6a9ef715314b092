package auth

import (
	"context"
	"crypto"
	"slices"
	"time"
)

// keys are the signing keys of one issuer.
type keys interface {
	// find gives the key that a token names, and the generation of the set that it is in. A token that names none
	// gets the only key that is good for its algorithm. The errors are faults.
	find(ctx context.Context, alg, kid string) (publicKey, uint64, error)
	// generation changes whenever the keys do; false where none may be used now. It never waits.
	generation(ctx context.Context) (uint64, bool)
}

// keySet is what an issuer published at a time; it does not change.
type keySet struct {
	keys       []publicKey
	fetchedAt  time.Time
	generation uint64
}

// find gives the key of that name, or the only one where there is no name.
func (s *keySet) find(alg, kid string) (publicKey, bool) {
	var fit []publicKey
	for _, key := range s.keys {
		if slices.Contains(key.algorithms, alg) && (kid == "" || key.id == kid) {
			fit = append(fit, key)
		}
	}
	if len(fit) == 0 || kid == "" && len(fit) > 1 {
		return publicKey{}, false
	}
	return fit[0], true
}

// next is the set that follows; s may be nil. Keys that are the same keep their generation.
func (s *keySet) next(fetched []publicKey, now time.Time) *keySet {
	set := &keySet{keys: fetched, fetchedAt: now}
	if s == nil {
		return set
	}
	set.generation = s.generation
	if !areSame(s.keys, fetched) {
		set.generation++
	}
	return set
}

func areSame(a, b []publicKey) bool { return slices.EqualFunc(a, b, publicKey.equal) }

func (k publicKey) equal(other publicKey) bool {
	key, ok := k.key.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.id == other.id && slices.Equal(k.algorithms, other.algorithms) && key.Equal(other.key)
}
