package auth

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	// cacheEntries is how many verified tokens are remembered, and cacheTime for how long.
	cacheEntries = 4096
	cacheTime    = time.Minute
)

// tokenHash stands for a token, so that none is kept.
type tokenHash [sha256.Size]byte

// cache remembers who verified tokens are about, as long as the token and the keys that it was checked with are good.
// What was refused is never in it.
type cache struct {
	verified *lru.Cache[tokenHash, verified]
}

type verified struct {
	viewer     *Viewer
	keys       keys
	generation uint64
	until      time.Time
}

func newCache() (*cache, error) {
	entries, err := lru.New[tokenHash, verified](cacheEntries)
	return &cache{verified: entries}, err
}

// get gives a viewer of the caller's own, or nil.
func (c *cache) get(ctx context.Context, hash tokenHash, now time.Time) *Viewer {
	entry, ok := c.verified.Get(hash)
	if !ok {
		return nil
	}
	generation, ok := entry.keys.generation(ctx)
	if !ok || generation != entry.generation || !now.Before(entry.until) {
		c.verified.Remove(hash)
		return nil
	}
	return entry.viewer.clone()
}

func (c *cache) add(hash tokenHash, v *Viewer, from keys, generation uint64, now time.Time) {
	until := now.Add(cacheTime)
	if v.ExpiresAt.Before(until) {
		until = v.ExpiresAt
	}
	if now.Before(until) {
		c.verified.Add(hash, verified{viewer: v.clone(), keys: from, generation: generation, until: until})
	}
}

func (v *Viewer) clone() *Viewer {
	c := *v
	c.Scopes = slices.Clone(v.Scopes)
	return &c
}
