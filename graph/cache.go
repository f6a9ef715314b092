package graph

import (
	"context"

	lru "github.com/hashicorp/golang-lru/v2"
)

// cache keeps a bounded number of things by the text of their document; texts
// that are too long are not kept, so that its memory is bounded as well.
type cache[T any] struct {
	entries  *lru.Cache[string, T]
	maxBytes int
}

func newCache[T any](entries, maxBytes int) *cache[T] {
	return &cache[T]{entries: newLRU[string, T](entries), maxBytes: maxBytes}
}

// Get looks a document up.
func (c *cache[T]) Get(_ context.Context, key string) (T, bool) { return c.entries.Get(key) }

// Add keeps a document, if it is not too long.
func (c *cache[T]) Add(_ context.Context, key string, value T) {
	if len(key) <= c.maxBytes {
		c.entries.Add(key, value)
	}
}

// newLRU keeps at least one entry: the configuration refuses fewer.
func newLRU[K comparable, V any](entries int) *lru.Cache[K, V] {
	c, err := lru.New[K, V](max(entries, 1))
	if err != nil {
		panic(err) // only for a size below one
	}
	return c
}
