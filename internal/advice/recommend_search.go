package advice

import (
	"cmp"
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
)

// stackOf is one option for each slot; nil where it is left empty.
type stackOf struct {
	options []*option
	value   int64
}

// search finds the best stack: depth first, without what cannot be better than the best so far. The bound of what
// is open counts for every slot its best option with its ties to what is chosen, and half of its best ties to each
// open slot, so that nothing better is ever left out. It is false where the steps were not enough.
func (c *chooser) search(steps int) (stackOf, bool) {
	s := &searcher{chooser: c, steps: steps, best: stackOf{value: -1 << 62}, chosen: make([]*option, len(c.slots))}
	for i := range c.slots {
		s.order = append(s.order, i)
	}
	slices.SortStableFunc(s.order, func(a, b int) int {
		return cmp.Or(cmp.Compare(urgency(c.slots[a]), urgency(c.slots[b])), cmp.Compare(len(c.slots[a].options), len(c.slots[b].options)))
	})
	s.bests = make([][]int64, c.places())
	for _, slot := range c.slots {
		for _, o := range slot.options {
			s.bests[o.place] = make([]int64, len(c.slots))
			for k, other := range c.slots {
				for _, p := range other.options {
					if other != slot {
						s.bests[o.place][k] = max(s.bests[o.place][k], s.tied(o, p))
					}
				}
			}
		}
	}
	s.descend(0, 0)
	return s.best, s.steps >= 0
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

func (c *chooser) places() int {
	n := 0
	for _, s := range c.slots {
		n += len(s.options)
	}
	return n
}

type searcher struct {
	*chooser
	order  []int     // in which slots are filled
	bests  [][]int64 // the most that an option can get from its tie to each slot
	chosen []*option // by slot
	best   stackOf
	steps  int
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

// candidate is an option with what it adds to what is chosen.
type candidate struct {
	*option
	adds int64
}

// candidates gives the options of a slot that go with what is chosen, the best first, and an empty place.
func (s *searcher) candidates(i, depth int) []candidate {
	slot := s.slots[i]
	s.steps -= len(slot.options)
	out := make([]candidate, 0, len(slot.options)+1)
	for _, o := range slot.options {
		adds, isPossible := s.worth(o), true
		for _, j := range s.order[:depth] {
			if p := s.chosen[j]; p != nil {
				isPossible = isPossible && s.gains[o.place][p.place] != impossible
				adds += s.tied(o, p)
			}
		}
		if isPossible {
			out = append(out, candidate{o, adds})
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return cmp.Compare(b.adds, a.adds) })
	if !slot.isForced || len(out) == 0 {
		out = append(out, candidate{nil, -emptyCost})
	}
	return out
}

// bound is the most that the open slots can add.
func (s *searcher) bound(depth int) int64 {
	sum := int64(0)
	for _, i := range s.order[depth:] {
		best := -emptyCost
		for _, a := range s.candidates(i, depth) {
			value := a.adds
			if a.option != nil {
				for _, k := range s.order[depth:] {
					if k != i {
						value += s.bests[a.place][k] / 2
					}
				}
			}
			best = max(best, value)
		}
		sum += best
	}
	return sum
}

func (s *searcher) descend(depth int, value int64) {
	if s.steps < 0 {
		return
	}
	if depth == len(s.order) {
		if value <= s.best.value {
			return
		}
		if value -= findingCost * int64(len(s.flaws())); value > s.best.value {
			s.best = stackOf{slices.Clone(s.chosen), value}
		}
		return
	}
	if value+s.bound(depth) <= s.best.value {
		return
	}
	i := s.order[depth]
	for _, a := range s.candidates(i, depth) {
		s.chosen[i] = a.option
		s.descend(depth+1, value+a.adds)
	}
	s.chosen[i] = nil
}

// flaws are the findings above LOW about the stack as a whole.
func (s *searcher) flaws() []Finding {
	st := newStack(components(s.chosen), s.context(), s.today)
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
