// Package loader owns one batch function for every edge of the contract, and the
// dataloaders that front them.
package loader

import (
	"context"
	"errors"
	"sync"
	"time"

	dataloader "github.com/graph-gophers/dataloader/v7"

	"stackyard/internal/calendar"
	"stackyard/internal/fault"
	"stackyard/internal/store"
)

// Limits bound what a question may ask for.
type Limits struct {
	// SearchLength is the most characters of a full-text search.
	SearchLength int
	// FilterValues is the most values of a list in a filter.
	FilterValues int
}

// Columns names, for each type, the columns that an operation needs of it. A
// type that is missing is loaded whole.
type Columns map[string][]string

// Loaders are the dataloaders of one operation. They remember what they have
// loaded, and must not outlive it.
type Loaders struct {
	db      *store.DB
	today   calendar.Day
	limits  Limits
	columns Columns
	reader  func() (*store.Reader, error)

	mu   sync.Mutex
	made map[string]any
}

// Who says, when it matters for the first time, what the viewer of an operation may see.
type Who func() (*store.Reader, error)

// Nobody sees what is public.
func Nobody() (*store.Reader, error) { return &store.Reader{}, nil }

// New makes the loaders of one operation, which runs today, for the eyes of who.
func New(db *store.DB, today calendar.Day, limits Limits, columns Columns, who Who) *Loaders {
	return &Loaders{db: db, today: today, limits: limits, columns: columns, reader: sync.OnceValues(who), made: map[string]any{}}
}

// Reader gives whose eyes the operation is answered for.
func (l *Loaders) Reader() (*store.Reader, error) { return l.reader() }

// Today is the day of the operation.
func (l *Loaders) Today() calendar.Day { return l.today }

// wait is how long a dataloader collects keys that nobody loaded ahead.
const wait = time.Millisecond

// ErrNotFound says that there is no object of the key that the viewer may see.
var ErrNotFound = fault.New(fault.NotFound, "there is no such object")

// Edge loads what hangs on keys: many at a time, each once.
type Edge[K comparable, V any] struct {
	loader *dataloader.Loader[K, V]
	fetch  func(ctx context.Context, keys []K) (map[K]V, error)
	// missing gives the value of a key that fetch did not find.
	missing func(key K) (V, error)

	// ahead lets root fields, which run side by side, load ahead one by one: what
	// one has loaded the next does not load again.
	ahead sync.Mutex
	mu    sync.RWMutex
	known map[K]answer[V] // loaded ahead

	// refused is why nothing can be loaded: what was asked for is wrong.
	refused error
}

// answer is what hangs on a key, or why there is nothing.
type answer[V any] struct {
	value V
	err   error
}

// edge gives the operation's edge of a name, making it at the first call. The
// name stands for everything that fetch depends on but the keys.
func edge[K comparable, V any](l *Loaders, name string, missing func(K) (V, error), fetch func(context.Context, []K) (map[K]V, error)) *Edge[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if made, ok := l.made[name]; ok {
		return made.(*Edge[K, V])
	}
	e := &Edge[K, V]{fetch: fetch, missing: missing, known: map[K]answer[V]{}}
	e.loader = dataloader.NewBatchedLoader(e.batch,
		dataloader.WithWait[K, V](wait),
		dataloader.WithInputCapacity[K, V](64),
	)
	l.made[name] = e
	return e
}

// one is the answer for a key without an object.
func one[V any](int64) (V, error) {
	var none V
	return none, ErrNotFound
}

// many is the answer for a key without a list: an empty one, which is not null.
func many[V any](int64) ([]V, error) { return []V{}, nil }

// batch is fetch in the shape that dataloaders ask for.
func (e *Edge[K, V]) batch(ctx context.Context, keys []K) []*dataloader.Result[V] {
	found, err := e.fetch(ctx, keys)
	out := make([]*dataloader.Result[V], len(keys))
	for i, key := range keys {
		out[i] = e.result(found, key, err)
	}
	return out
}

func (e *Edge[K, V]) result(found map[K]V, key K, err error) *dataloader.Result[V] {
	if err != nil {
		return &dataloader.Result[V]{Error: err}
	}
	if v, ok := found[key]; ok {
		return &dataloader.Result[V]{Data: v}
	}
	v, err := e.missing(key)
	return &dataloader.Result[V]{Data: v, Error: err}
}

// Load gives what hangs on a key: what was loaded ahead, else together with
// others that are asked for now.
func (e *Edge[K, V]) Load(ctx context.Context, key K) (V, error) {
	if e.refused != nil {
		var none V
		return none, e.refused
	}
	e.mu.RLock()
	a, ok := e.known[key]
	e.mu.RUnlock()
	if ok {
		return a.value, a.err
	}
	return e.loader.Load(ctx, key)()
}

// Keep gives Load what hangs on a key, where it is known already.
func (e *Edge[K, V]) Keep(key K, v V) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.known[key] = answer[V]{value: v}
}

// Ahead loads what hangs on the keys at once, as far as it is not known, and
// gives it in the order of the keys, each once, less what is missing.
func (e *Edge[K, V]) Ahead(ctx context.Context, keys []K) ([]V, error) {
	if e.refused != nil {
		return nil, e.refused
	}
	e.ahead.Lock()
	defer e.ahead.Unlock()
	distinct, unknown := e.sort(keys)
	if len(unknown) > 0 {
		found, err := e.fetch(ctx, unknown)
		if err != nil {
			return nil, err
		}
		e.keepAll(unknown, found)
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	values := make([]V, 0, len(distinct))
	for _, key := range distinct {
		if a := e.known[key]; a.err == nil {
			values = append(values, a.value)
		}
	}
	return values, nil
}

func (e *Edge[K, V]) keepAll(keys []K, found map[K]V) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, key := range keys {
		r := e.result(found, key, nil)
		e.known[key] = answer[V]{r.Data, r.Error}
	}
}

// sort gives the keys, each once, and those of them that are not known.
func (e *Edge[K, V]) sort(keys []K) (distinct, unknown []K) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	seen := make(map[K]bool, len(keys))
	for _, key := range keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		distinct = append(distinct, key)
		if _, ok := e.known[key]; !ok {
			unknown = append(unknown, key)
		}
	}
	return distinct, unknown
}

// OrNull turns what is not found into null.
func OrNull[V any](v *V, err error) (*V, error) {
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return v, err
}
