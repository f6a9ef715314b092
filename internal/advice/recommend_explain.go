package advice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// mostAlternatives is how many alternatives to a choice are named.
const mostAlternatives = 3

// explain writes down why the stack is the best.
func (c *chooser) explain(best stackOf) *Recommendation {
	out := &Recommendation{}
	checked := Check(components(best.options), c.context(), c.today)
	out.Findings, out.AsOf = checked.Findings, checked.AsOf
	score, known, filled := 0, 0, 0
	for i, s := range c.slots {
		o := best.options[i]
		if o == nil {
			if !slices.Contains(out.Unfilled, s.category) {
				out.Unfilled = append(out.Unfilled, s.category)
			}
			continue
		}
		choice := &Choice{Category: s.category, Technology: o.Technology, Cycle: o.cycle}
		choice.Reasons = c.reasons(o, best.options)
		choice.Score = sum(choice.Reasons)
		choice.Alternatives = c.alternatives(i, best.options)
		out.Choices = append(out.Choices, choice)
		score, filled = score+choice.Score, filled+1
		for k, n := range o.known {
			known += c.Weights[k] * n
		}
	}
	if len(c.slots) > 0 {
		out.Score = score / len(c.slots)
	}
	if filled > 0 {
		out.Confidence = known / (filled * c.allWeights())
	}
	for _, t := range c.inOrder {
		isChosen := slices.ContainsFunc(out.Choices, func(x *Choice) bool { return x.Technology == t })
		if reason := c.rejected[t.Slug]; reason != "" && !isChosen {
			out.Rejected = append(out.Rejected, &Rejection{t, reason})
		}
	}
	slices.SortStableFunc(out.Choices, func(a, b *Choice) int {
		return cmp.Compare(categoryPlace(a.Category), categoryPlace(b.Category))
	})
	return out
}

// categoryPlace is where a category stands in the catalogue.
func categoryPlace(slug string) int {
	return slices.Index(Categories(), slug)
}

func (c *chooser) allWeights() int {
	n := 0
	for _, w := range c.Weights {
		n += w
	}
	return n
}

func sum(reasons []*Reason) int {
	n := 0
	for _, r := range reasons {
		n += r.Points
	}
	return n
}

// reasons are what gave a choice its points: one for each criterion that has a weight, and one for its ties.
func (c *chooser) reasons(o *option, stack []*option) []*Reason {
	all := c.allWeights()
	var out []*Reason
	for i, name := range Criteria() {
		if c.Weights[i] > 0 {
			out = append(out, &Reason{name, c.Weights[i] * o.points[i] / all, o.texts[i]})
		}
	}
	ties, names := c.tiesOf(o, stack)
	if w := c.Weights[onRequirements]; w > 0 && ties > 0 {
		out = append(out, &Reason{Criteria()[onRequirements], w * ties / all, fmt.Sprintf("It is known to go with %s.", list(names, "and"))})
	}
	if o.isForced {
		out = append(out, &Reason{Criteria()[onRequirements], 0, "`mustUse` names it."})
	}
	return out
}

// tiesOf gives the points for an option's ties to the others of a stack, and their names.
func (c *chooser) tiesOf(o *option, stack []*option) (points int, names []string) {
	for _, p := range stack {
		if p == nil || p == o {
			continue
		}
		if gain := c.gains[o.place][p.place]; gain > 0 {
			points += gain
			names = append(names, p.Name)
		}
	}
	return points, names
}

// alternatives are the next best in a place, with all other choices kept.
func (c *chooser) alternatives(place int, stack []*option) []*Alternative {
	if c.slots[place].isForced {
		return nil
	}
	chosen := stack[place]
	var out []*Alternative
	for _, o := range c.slots[place].options {
		isKnown := slices.ContainsFunc(out, func(a *Alternative) bool { return a.Technology == o.Technology })
		if o.Technology == chosen.Technology || isKnown || !c.goesWith(o, stack, place) {
			continue
		}
		with := slices.Clone(stack)
		with[place] = o
		out = append(out, &Alternative{o.Technology, sum(c.reasons(o, with)), c.differences(chosen, o, stack, with)})
	}
	slices.SortStableFunc(out, func(a, b *Alternative) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), mostAlternatives)]
}

func (c *chooser) goesWith(o *option, stack []*option, place int) bool {
	for i, p := range stack {
		if i != place && p != nil && c.gains[o.place][p.place] == impossible {
			return false
		}
	}
	return true
}

// differences are what an alternative has less, or more, than the choice, by criterion.
func (c *chooser) differences(chosen, o *option, stack, with []*option) []*Reason {
	points := func(o *option, stack []*option) [criteria]int {
		of := o.points
		ties, _ := c.tiesOf(o, stack)
		of[onRequirements] += ties
		return of
	}
	was, is := points(chosen, stack), points(o, with)
	var out []*Reason
	for i, name := range Criteria() {
		difference := c.Weights[i] * (is[i] - was[i]) / c.allWeights()
		if difference == 0 {
			continue
		}
		text := o.texts[i]
		if i == onRequirements {
			if _, names := c.tiesOf(o, with); len(names) > 0 {
				text = strings.TrimSuffix(text, ".") + fmt.Sprintf("; it is known to go with %s.", list(names, "and"))
			}
		}
		out = append(out, &Reason{name, difference, text})
	}
	slices.SortStableFunc(out, func(a, b *Reason) int { return cmp.Compare(a.Points, b.Points) })
	return out
}
