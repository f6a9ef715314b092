package advice

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// What stands before the points, in this order: that every place is filled, that the stack as a whole has no
// finding above LOW, and that the team can program what there is to program. After them stands how long the
// release cycles are supported.
const (
	emptyCost   = int64(1) << 50
	findingCost = int64(1) << 40
	foreignCost = int64(1) << 32
	pointValue  = int64(1) << 8
	// ruledOut is less than anything else is worth, whatever is added to it.
	ruledOut = -int64(1) << 60
)

// ErrUnfinished says that a search was not finished within its steps.
var ErrUnfinished = errors.New("the search was not finished")

// stackOf is one option for each slot; nil where it is left empty.
type stackOf struct {
	options []*option
	value   int64
}

// searcher is a search at work: depth first, without what cannot be better than the best so far. The bound of what
// is open counts for every slot its best option with its ties to what is chosen, and half of its best ties to each
// open slot, so that nothing better is ever left out.
type searcher struct {
	*chooser
	order []int // in which slots are filled
	// adds is what each option adds to what is chosen, by depth and place; ruledOut where it does not go with it.
	adds [][]int64
	// hopes are the most that an option can get from its ties to the slots that are open, halved, by depth and place.
	hopes  [][]int64
	chosen []*option // by slot
	best   stackOf
	steps  *int
	// forced is how many slots are filled with what must be used; they come first.
	forced int
	// certain is how many findings above LOW no choice for the open slots takes away.
	certain int64
}

// search finds the best stack. It fails with ErrUnfinished where the steps, which it takes, are not enough,
// and with ctx's error where that ends.
func (c *chooser) search(ctx context.Context, steps *int) (stackOf, error) {
	s := &searcher{chooser: c, steps: steps, best: stackOf{value: ruledOut}, chosen: make([]*option, len(c.slots))}
	for i, slot := range c.slots {
		s.order = append(s.order, i)
		if slot.isForced {
			s.forced++
		}
	}
	slices.SortStableFunc(s.order, func(a, b int) int {
		return cmp.Or(cmp.Compare(urgency(c.slots[a]), urgency(c.slots[b])), cmp.Compare(len(c.slots[a].options), len(c.slots[b].options)))
	})
	s.prepare()
	s.descend(ctx, 0, 0)
	switch {
	case ctx.Err() != nil:
		return stackOf{}, ctx.Err()
	case *s.steps < 0:
		return stackOf{}, ErrUnfinished
	}
	return s.best, nil
}

// urgency puts first what must be used, and then what others are bound to.
func urgency(s *slot) int {
	switch {
	case s.isForced:
		return 0
	case s.category == languagesCategory:
		return 1
	}
	return 2
}

// prepare computes what does not depend on what is chosen.
func (s *searcher) prepare() {
	places := len(s.gains)
	s.adds, s.hopes = make([][]int64, len(s.order)+1), make([][]int64, len(s.order)+1)
	for depth := range s.adds {
		s.adds[depth], s.hopes[depth] = make([]int64, places), make([]int64, places)
	}
	for i, slot := range s.slots {
		for _, o := range slot.options {
			s.adds[0][o.place] = s.worth(o)
			hope := int64(0)
			for depth := len(s.order) - 1; depth >= 0; depth-- {
				if k := s.order[depth]; k != i {
					hope += s.bestTie(o, s.slots[k]) / 2
				}
				s.hopes[depth][o.place] = hope
			}
		}
	}
}

// bestTie is the most that an option can get from its tie to a slot.
func (c *chooser) bestTie(o *option, to *slot) int64 {
	best := int64(0)
	for _, p := range to.options {
		best = max(best, c.tied(o, p))
	}
	return best
}

// worth is what an option counts by itself.
func (c *chooser) worth(o *option) int64 {
	sum := 0
	for i, p := range o.points {
		sum += c.Weights[i] * p
	}
	worth := int64(sum)*pointValue + int64(mostCycles-o.rank)
	if c.isForeign(o.Technology) {
		worth -= foreignCost
	}
	return worth
}

// tied is what a tie counts, to both of its ends; impossible ones count nothing here.
func (c *chooser) tied(a, b *option) int64 {
	gain := max(0, c.gains[a.place][b.place])
	return 2 * int64(c.Weights[onRequirements]*gain) * pointValue
}

// bound is the most that the open slots can add.
func (s *searcher) bound(depth int) int64 {
	sum, adds, hopes := int64(0), s.adds[depth], s.hopes[depth]
	for _, i := range s.order[depth:] {
		best := -emptyCost
		for _, o := range s.slots[i].options {
			best = max(best, adds[o.place]+hopes[o.place])
		}
		sum += best
		*s.steps -= len(s.slots[i].options)
	}
	return sum
}

// candidates gives the options of a slot that go with what is chosen, the best first, and an empty place.
func (s *searcher) candidates(slot *slot, depth int) []*option {
	adds := s.adds[depth]
	out := make([]*option, 0, len(slot.options)+1)
	for _, o := range slot.options {
		if adds[o.place] > ruledOut/2 {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b *option) int { return cmp.Compare(adds[b.place], adds[a.place]) })
	if !slot.isForced || len(out) == 0 {
		out = append(out, nil)
	}
	return out
}

// choose fills a slot, and computes what the options of those that stay open add to that.
func (s *searcher) choose(depth int, o *option) (adds int64) {
	i := s.order[depth]
	s.chosen[i] = o
	was, is := s.adds[depth], s.adds[depth+1]
	if o == nil {
		copy(is, was)
		return -emptyCost
	}
	for _, k := range s.order[depth+1:] {
		for _, p := range s.slots[k].options {
			if s.gains[o.place][p.place] == impossible {
				is[p.place] = ruledOut
			} else {
				is[p.place] = was[p.place] + s.tied(o, p)
			}
		}
	}
	return was[o.place]
}

func (s *searcher) descend(ctx context.Context, depth int, value int64) {
	if *s.steps < 0 || ctx.Err() != nil {
		return
	}
	if depth == len(s.order) {
		if value <= s.best.value {
			return
		}
		if value -= findingCost * int64(len(s.flaws(s.chosen))); value > s.best.value {
			s.best = stackOf{slices.Clone(s.chosen), value}
		}
		return
	}
	if depth == s.forced {
		s.certain = s.certainFlaws(depth)
	}
	certain := s.certain
	if depth < s.forced {
		certain = 0
	}
	if value+s.bound(depth)-findingCost*certain <= s.best.value {
		return
	}
	for _, o := range s.candidates(s.slots[s.order[depth]], depth) {
		adds := s.choose(depth, o)
		s.descend(ctx, depth+1, value+adds)
	}
	s.chosen[s.order[depth]] = nil
}

// certainFlaws counts the findings above LOW about what is chosen that stay where everything is there that can be
// chosen yet: nothing takes them away.
func (s *searcher) certainFlaws(depth int) int64 {
	var fixed, all []*option
	for _, i := range s.order[:depth] {
		fixed = append(fixed, s.chosen[i])
	}
	all = append(all, fixed...)
	for _, i := range s.order[depth:] {
		all = append(all, s.slots[i].options...)
	}
	stays := map[identity]bool{}
	for _, f := range s.flaws(all) {
		stays[f.identity()] = true
	}
	n := int64(0)
	for _, f := range s.flaws(fixed) {
		if stays[f.identity()] {
			n++
		}
	}
	return n
}

// flaws are the findings above LOW about a stack as a whole.
func (c *chooser) flaws(chosen []*option) []Finding {
	st := newStack(components(chosen), c.context(), c.today)
	var out []Finding
	for _, r := range aboutStacks {
		for _, f := range r.find(st) {
			if isGrave(f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// components are the options that are there.
func components(chosen []*option) []Component {
	var out []Component
	for _, o := range chosen {
		if o != nil {
			out = append(out, o.component())
		}
	}
	return out
}
