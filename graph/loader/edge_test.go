package loader

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbers is an edge from numbers to their names: odd ones have none, and 13 breaks everything.
type numbers struct {
	*Edge[int64, string]
	fetches atomic.Int64
	mu      sync.Mutex
	asked   []int64
}

var errUnlucky = errors.New("unlucky")

func newNumbers(l *Loaders) *numbers {
	n := &numbers{}
	n.Edge = edge(l, "numbers", one[string], func(_ context.Context, keys []int64) (map[int64]string, error) {
		n.fetches.Add(1)
		n.mu.Lock()
		n.asked = append(n.asked, keys...)
		n.mu.Unlock()
		if slices.Contains(keys, 13) {
			return nil, errUnlucky
		}
		found := map[int64]string{}
		for _, k := range keys {
			if k%2 == 0 {
				found[k] = fmt.Sprint(k)
			}
		}
		return found, nil
	})
	return n
}

func TestAheadKeepsTheOrderOfTheKeysEachOnceLessTheMissing(t *testing.T) {
	n := newNumbers(New(nil, 0, Limits{}, nil, Nobody))
	got, err := n.Ahead(t.Context(), []int64{8, 3, 2, 8, 6, 2, 5})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"8", "2", "6"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{8, 3, 2, 6, 5}, n.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestAheadAsksOnlyForWhatIsNotKnown(t *testing.T) {
	n := newNumbers(New(nil, 0, Limits{}, nil, Nobody))
	n.Keep(4, "four")
	for _, keys := range [][]int64{{2, 3, 4}, {4, 3, 2}, {6, 2}} {
		if _, err := n.Ahead(t.Context(), keys); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]int64{2, 3, 6}, n.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if got, err := n.Load(t.Context(), 4); err != nil || got != "four" {
		t.Errorf("what was kept is %q, %v", got, err)
	}
	if _, err := n.Load(t.Context(), 3); !errors.Is(err, ErrNotFound) {
		t.Errorf("what was missing ahead is %v", err)
	}
}

func TestLoadsAtTheSameTimeAreOneFetchAndMissesDoNotSpoilIt(t *testing.T) {
	n := newNumbers(New(nil, 0, Limits{}, nil, Nobody))
	var wg sync.WaitGroup
	for i := range int64(40) {
		wg.Go(func() {
			key := i % 10
			got, err := n.Load(t.Context(), key)
			if key%2 == 0 && (err != nil || got != fmt.Sprint(key)) {
				t.Errorf("%d is %q, %v", key, got, err)
			}
			if key%2 == 1 && !errors.Is(err, ErrNotFound) {
				t.Errorf("%d is %q, %v", key, got, err)
			}
		})
	}
	wg.Wait()
	slices.Sort(n.asked)
	if diff := cmp.Diff([]int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, n.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if n.fetches.Load() > 5 {
		t.Errorf("%d fetches for loads at the same time", n.fetches.Load())
	}
}

func TestAnErrorOfTheFetchIsTheErrorOfEveryKey(t *testing.T) {
	n := newNumbers(New(nil, 0, Limits{}, nil, Nobody))
	if _, err := n.Ahead(t.Context(), []int64{2, 13}); !errors.Is(err, errUnlucky) {
		t.Errorf("ahead: %v", err)
	}
	for i, r := range n.batch(t.Context(), []int64{2, 13, 3}) {
		if !errors.Is(r.Error, errUnlucky) {
			t.Errorf("result %d: %v", i, r.Error)
		}
	}
	if got, err := n.Load(t.Context(), 2); err != nil || got != "2" {
		t.Errorf("a failed attempt to load ahead left %q, %v", got, err)
	}
}

func TestBatchAnswersInTheOrderOfTheKeysWhateverTheFetchGives(t *testing.T) {
	n := newNumbers(New(nil, 0, Limits{}, nil, Nobody))
	keys := []int64{9, 6, 0, 3, 6, 2}
	for i, r := range n.batch(t.Context(), keys) {
		isMissing := keys[i]%2 == 1
		if errors.Is(r.Error, ErrNotFound) != isMissing || !isMissing && r.Data != fmt.Sprint(keys[i]) {
			t.Errorf("result %d, of %d, is %q, %v", i, keys[i], r.Data, r.Error)
		}
	}
}

func TestAnEdgeMayBeUsedByManyAtOnce(t *testing.T) {
	l := New(nil, 0, Limits{}, nil, Nobody)
	newNumbers(l)
	var wg sync.WaitGroup
	for i := range int64(16) {
		wg.Go(func() {
			e := edge[int64, string](l, "numbers", nil, nil)
			keys := []int64{i, i + 1, i + 2, 4}
			if _, err := e.Ahead(t.Context(), keys); err != nil && !slices.Contains(keys, 13) {
				t.Error(err)
			}
			e.Keep(100+i, "kept")
			if got, err := e.Load(t.Context(), 100+i); err != nil || got != "kept" {
				t.Errorf("%q, %v", got, err)
			}
			if got, err := e.Load(t.Context(), 4); err != nil || got != "4" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	wg.Wait()
}

func TestWhatIsLoadedIsRememberedByItsLoadersAlone(t *testing.T) {
	l := New(nil, 0, Limits{}, nil, Nobody)
	n := newNumbers(l)
	for range 3 {
		if _, err := edge[int64, string](l, "numbers", nil, nil).Load(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
	}
	if n.fetches.Load() != 1 {
		t.Errorf("%d fetches within one operation", n.fetches.Load())
	}
	other := newNumbers(New(nil, 0, Limits{}, nil, Nobody))
	if _, err := other.Load(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if other.fetches.Load() != 1 {
		t.Errorf("%d fetches of the next operation", other.fetches.Load())
	}
}

func TestAPageThatWasAskedForWronglyIsAnErrorHoweverItIsAskedFor(t *testing.T) {
	pages := refused[string](errUnlucky)
	if _, err := pages.Ahead(t.Context(), []int64{1}); !errors.Is(err, errUnlucky) {
		t.Errorf("ahead: %v", err)
	}
	if _, err := pages.Load(t.Context(), 1); !errors.Is(err, errUnlucky) {
		t.Errorf("one: %v", err)
	}
	if _, err := pages.Count.Load(t.Context(), 1); !errors.Is(err, errUnlucky) {
		t.Errorf("count: %v", err)
	}
}

func TestNotFoundIsNullAndOtherErrorsAreNot(t *testing.T) {
	if v, err := OrNull[int](nil, fmt.Errorf("loading: %w", ErrNotFound)); v != nil || err != nil {
		t.Errorf("not found: %v, %v", v, err)
	}
	if _, err := OrNull[int](nil, errUnlucky); !errors.Is(err, errUnlucky) {
		t.Errorf("another error: %v", err)
	}
}
