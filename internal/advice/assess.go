package advice

import (
	"cmp"
	"slices"

	"stackyard/internal/calendar"
)

// Assessment is a technology's mark on one criterion.
type Assessment struct {
	Criterion  string   // its slug
	Score      *int     // 0 (poor) to 100 (excellent); nil where nothing is known
	Confidence int      // 0 to 100: how much of what the score needs is known
	Evidence   []string // sentences, the most telling first
}

// Assess gives a technology's marks on all criteria, on a day. What is not known lowers the confidence, and
// not the score.
func Assess(t *Technology, today calendar.Day) []*Assessment {
	out := make([]*Assessment, len(marks))
	for i, m := range marks {
		a := m.of(t, today)
		out[i] = &a
	}
	return out
}

// Criteria are the slugs of the criteria that Assess gives marks on, in its order.
func Criteria() []string {
	out := make([]string, len(marks))
	for i, m := range marks {
		out[i] = m.criterion
	}
	return out
}

// mark is how a technology is judged on one criterion.
type mark struct {
	criterion string
	asks      string // what a high mark means
	facts     []fact
}

// fact is one thing that a mark looks at.
type fact struct {
	weight int
	sees   string // what it looks at, and what counts in full
	// concerns says whether the fact says anything about the technology; nil where it does about all.
	concerns func(*Technology) bool
	// look gives how much of the weight is earned, in hundredths, and the sentence that says why; ok is false
	// where that is not known.
	look func(t *Technology, today calendar.Day) (share int, evidence string, ok bool)
}

func (m mark) of(t *Technology, today calendar.Day) Assessment {
	type known struct {
		telling  int
		evidence string
	}
	var seen []known
	all, certain, earned := 0, 0, 0
	for _, f := range m.facts {
		if f.concerns != nil && !f.concerns(t) {
			continue
		}
		all += f.weight
		share, evidence, ok := f.look(t, today)
		if !ok {
			continue
		}
		certain += f.weight
		earned += f.weight * share
		seen = append(seen, known{f.weight * max(share, 100-share), evidence})
	}
	a := Assessment{Criterion: m.criterion, Evidence: []string{}}
	if certain == 0 {
		return a
	}
	score := rounded(earned, certain)
	a.Score = &score
	a.Confidence = rounded(100*certain, all)
	slices.SortStableFunc(seen, func(a, b known) int { return cmp.Compare(b.telling, a.telling) })
	for _, k := range seen {
		a.Evidence = append(a.Evidence, k.evidence)
	}
	return a
}

// rounded divides numbers that are not negative, to the nearest whole.
func rounded(n, by int) int { return (2*n + by) / (2 * by) }

// partly gives n of full in hundredths, 100 at the most.
func partly(n, full int) int { return min(100, rounded(100*n, full)) }
