package loader_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"stackyard/ent"
	"stackyard/graph/loader"
	"stackyard/internal/relay"
	"stackyard/internal/store/storetest"
)

// limits are those of the server.
var limits = loader.Limits{SearchLength: 200, FilterValues: 100}

func (w *world) loaders() *loader.Loaders { return loader.New(w.db, today, limits, nil, loader.Nobody) }

// walk reads the list of one parent page by page, from one end to the other.
type walk struct {
	listing
	parent   int64
	size     int
	backward bool
	at       *string
	seen     []int64
	isOver   bool
}

// step reads the next page.
func (k *walk) step(ctx context.Context, t *rapid.T, w *world) {
	args := relay.PageArgs{First: &k.size, After: k.at}
	if k.backward {
		args = relay.PageArgs{Last: &k.size, Before: k.at}
	}
	pages, err := k.read(ctx, w.loaders(), args)
	if err != nil {
		t.Fatalf("%s: %v", k.name, err)
	}
	p := pages[k.parent]
	ahead, behind, next := p.info.HasNextPage, p.info.HasPreviousPage, p.info.EndCursor()
	if k.backward {
		ahead, behind, next = behind, ahead, p.info.StartCursor()
		k.seen = slices.Concat(p.ids, k.seen)
	} else {
		k.seen = append(k.seen, p.ids...)
	}
	if behind != (k.at != nil) {
		t.Fatalf("%s: after %v it is %t that there is a page behind", k.name, k.at, behind)
	}
	if k.isOver = !ahead; ahead && next == nil {
		t.Fatalf("%s: there are more pages, but no cursor to go on from", k.name)
	}
	k.at = next
}

func TestNoRowIsSeenTwiceOrMissedWhileOthersComeAndGo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		w := newWorld(t, dialect)
		lists := w.everyOrder()
		var guests []added
		rapid.Check(t, func(t *rapid.T) {
			pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") }
			w.write(t.Context(), func(ctx context.Context, tx *ent.Tx) {
				w.remove(ctx, tx, guests)
				w.release()
				guests = nil
				for _, k := range kinds {
					for range 5 {
						guests = append(guests, w.add(ctx, tx, k, pick))
					}
				}
			})
			walks := make([]*walk, len(lists))
			for i, l := range lists {
				walks[i] = &walk{listing: l, parent: l.parents[pick(min(len(l.parents), 2))], size: 2 + pick(6), backward: pick(2) == 0}
			}
			before := readAll(t.Context(), w.db.Read())
			for isMore := true; isMore; {
				isMore = false
				for _, k := range walks {
					if !k.isOver {
						k.step(t.Context(), t, w)
						isMore = true
					}
				}
				w.write(t.Context(), func(ctx context.Context, tx *ent.Tx) { guests = w.change(ctx, tx, guests, pick) })
			}
			after := readAll(t.Context(), w.db.Read())
			for _, k := range walks {
				k.check(t, before, after)
			}
		})
	})
}

// change takes some guests away and lets others in.
func (w *world) change(ctx context.Context, tx *ent.Tx, guests []added, pick func(int) int) []added {
	var stay, leave []added
	count := map[kind]int{}
	for _, g := range guests {
		if pick(5) == 0 {
			leave = append(leave, g)
			continue
		}
		stay = append(stay, g)
		count[g.kind]++
	}
	w.remove(ctx, tx, leave)
	for _, k := range kinds {
		if pick(2) == 0 && count[k] < 10 && len(w.fresh) < 40 { // there are only so many pairs
			stay = append(stay, w.add(ctx, tx, k, pick))
		}
	}
	return stay
}

// check compares what was seen with the rows that were there before and after.
func (k *walk) check(t *rapid.T, before, after *rows) {
	all := idsOf(k.naive(after, k.parent))
	stayed := slices.DeleteFunc(idsOf(k.naive(before, k.parent)), func(id int64) bool { return !slices.Contains(all, id) })
	seen := slices.DeleteFunc(slices.Clone(k.seen), func(id int64) bool { return !slices.Contains(stayed, id) })
	if diff := cmp.Diff(stayed, seen); diff != "" {
		t.Fatalf("%s by %d, backwards %t: rows that stayed (-there +seen):\n%s", k.name, k.size, k.backward, diff)
	}
	once := slices.Compact(slices.Sorted(slices.Values(k.seen)))
	if len(once) != len(k.seen) {
		t.Fatalf("%s by %d, backwards %t: seen twice: %v", k.name, k.size, k.backward, k.seen)
	}
}

func TestEveryCursorGoesOnFromItsRowInBothDirections(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, dialect string) {
		w := newWorld(t, dialect)
		for _, l := range w.everyOrder() {
			all, one := 100, 1
			parent := l.parents[0]
			read := func(args relay.PageArgs) page {
				pages, err := l.read(t.Context(), w.loaders(), args)
				if err != nil {
					t.Fatalf("%s: %v", l.name, err)
				}
				for p, of := range pages {
					if args.First == &all && len(of.ids) > len(pages[parent].ids) {
						parent = p // the longest list
					}
				}
				return pages[parent]
			}
			whole := read(relay.PageArgs{First: &all})
			if len(whole.ids) < 4 {
				t.Fatalf("%s has only %d rows", l.name, len(whole.ids))
			}
			if diff := cmp.Diff(whole.ids, read(relay.PageArgs{Last: &all}).ids); diff != "" {
				t.Errorf("%s: (-forwards +backwards):\n%s", l.name, diff)
			}
			for i, cursor := range whole.cursors {
				next, previous := read(relay.PageArgs{First: &one, After: &cursor}), read(relay.PageArgs{Last: &one, Before: &cursor})
				if want := whole.ids[min(i+1, len(whole.ids)):min(i+2, len(whole.ids))]; !slices.Equal(next.ids, want) {
					t.Errorf("%s: after %d comes %v, not %v", l.name, whole.ids[i], next.ids, want)
				}
				if want := whole.ids[max(i-1, 0):i]; !slices.Equal(previous.ids, want) {
					t.Errorf("%s: before %d comes %v, not %v", l.name, whole.ids[i], previous.ids, want)
				}
				if next.info.HasNextPage != (i+2 < len(whole.ids)) || previous.info.HasPreviousPage != (i > 1) {
					t.Errorf("%s: around row %d of %d: %+v, %+v", l.name, i, len(whole.ids), next.info, previous.info)
				}
			}
		}
	})
}
