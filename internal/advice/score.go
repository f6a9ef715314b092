package advice

import (
	"math"

	"stackyard/internal/enum"
)

// What a finding takes from the health of its component, in hundredths of what is left of it.
var penalties = map[enum.Severity]float64{
	enum.SeverityCritical: 60,
	enum.SeverityHigh:     40,
	enum.SeverityMedium:   20,
	enum.SeverityUnknown:  20,
	enum.SeverityLow:      5,
	enum.SeverityNone:     0,
}

// best is the score of a stack in which nothing was found.
const best = 100

// Score is from 0 to 100. Each component begins with a health of 1, and each finding about it takes its penalty
// from what is left. The score is the middle between the mean of all and the worst of them, so that a large stack
// is not punished for its size and one bad component does not drown in it; findings about the whole stack then
// take their penalties from that. With any finding it is 99 at the most.
func Score(components int, findings []Finding) int {
	if len(findings) == 0 {
		return best
	}
	health := make([]float64, components)
	for i := range health {
		health[i] = 1
	}
	whole := 1.0
	for _, f := range findings {
		left := 1 - penalties[f.Severity]/100
		if f.Component == Whole {
			whole *= left
			continue
		}
		health[f.Component] *= left
	}
	sum, worst := 0.0, 1.0
	for _, h := range health {
		sum += h
		worst = min(worst, h)
	}
	mean := 1.0
	if components > 0 {
		mean = sum / float64(components)
	}
	// What is lost in multiplying must not cost a point.
	const slack = 1e-9
	return min(best-1, int(math.Floor(best*whole*(mean+worst)/2+slack)))
}
