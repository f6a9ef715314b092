package advice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/enum"
)

// mostAlternatives is how many alternatives to a choice are named.
const mostAlternatives = 3

// explain writes down why the stack is the best.
func (c *chooser) explain(best stackOf) *Recommendation {
	out := &Recommendation{}
	checked := Check(components(best.options), c.context(), c.today)
	out.Findings, out.AsOf = withoutOpenVersions(checked.Findings, best.options), checked.AsOf
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
		choice.Alternatives = c.alternatives(i, best.options, choice.Score)
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

// withoutOpenVersions leaves out that no version was given of what is recommended in any.
func withoutOpenVersions(found []Finding, stack []*option) []Finding {
	there := slices.DeleteFunc(slices.Clone(stack), func(o *option) bool { return o == nil })
	return slices.DeleteFunc(found, func(f Finding) bool {
		return f.Rule == enum.RuleUnknownVersion && f.Component != Whole && there[f.Component].cycle == nil
	})
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

// alternatives are the next best in a place, with all other choices kept: none that adds a finding above LOW, and none
// that the team cannot program. None is better than the choice, since the stack with it is not.
func (c *chooser) alternatives(place int, stack []*option, score int) []*Alternative {
	chosen := stack[place]
	if chosen.isForced {
		return nil
	}
	flaws := len(c.flaws(stack))
	known := map[*Technology]bool{chosen.Technology: true}
	var out []*Alternative
	for _, o := range c.slots[place].options {
		if known[o.Technology] || !c.goesWith(o, stack, place) || c.isForeign(o.Technology) && !c.isForeign(chosen.Technology) {
			continue
		}
		known[o.Technology] = true
		with := slices.Clone(stack)
		with[place] = o
		if len(c.flaws(with)) > flaws {
			continue
		}
		lost := c.differences(chosen, o, stack, with)
		out = append(out, &Alternative{o.Technology, max(0, score+sum(lost)), lost})
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

// differences are what the stack loses, or gains, with an alternative, by criterion: the others lose by their ties to it
// what it does. They are rounded so that their sum is that of what they are of, rounded down.
func (c *chooser) differences(chosen, o *option, stack, with []*option) []*Reason {
	was, _ := c.tiesOf(chosen, stack)
	is, names := c.tiesOf(o, with)
	var exact [criteria]int
	for i := range exact {
		exact[i] = c.Weights[i] * (o.points[i] - chosen.points[i])
	}
	exact[onRequirements] += c.Weights[onRequirements] * 2 * (is - was)
	var out []*Reason
	for i, points := range shareOut(exact, c.allWeights()) {
		if points == 0 {
			continue
		}
		text := o.texts[i]
		if i == onRequirements && len(names) > 0 {
			text = strings.TrimSuffix(text, ".") + fmt.Sprintf("; it is known to go with %s.", list(names, "and"))
		}
		out = append(out, &Reason{Criteria()[i], points, text})
	}
	slices.SortStableFunc(out, func(a, b *Reason) int { return cmp.Compare(a.Points, b.Points) })
	return out
}

// shareOut divides parts so that their sum is that of the parts, divided and rounded down: what rounding down takes
// too much goes to those that it takes most of.
func shareOut(parts [criteria]int, by int) [criteria]int {
	var out [criteria]int
	order, left := make([]int, criteria), 0
	for i, p := range parts {
		order[i] = i
		left += remainder(p, by)
		out[i] = (p - remainder(p, by)) / by
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainder(parts[b], by), remainder(parts[a], by)) })
	for _, i := range order[:left/by] {
		out[i]++
	}
	return out
}

// remainder is what rounding n/by down leaves, from 0 to by.
func remainder(n, by int) int { return (n%by + by) % by }
