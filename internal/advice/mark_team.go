package advice

import (
	"fmt"

	"stackyard/internal/calendar"
)

var knownForLong = fact{
	weight: 25, sees: fmt.Sprintf("Years since its first release; %d count in full.", fullYears),
	look: func(t *Technology, today calendar.Day) (int, string, bool) {
		years := max(0, today.Time().Year()-t.FirstReleaseYear)
		return partly(years, fullYears), fmt.Sprintf("Its first release was in %d.", t.FirstReleaseYear), t.FirstReleaseYear > 0
	},
}

var documented = fact{
	weight: 15, sees: "Whether its documentation is known; where not, that is not held against it.",
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		return 100, "Its documentation is public.", t.Documentation != ""
	},
}

var leftToOthers = fact{
	weight: 25, sees: "What there is to operate: nothing where it runs inside the application or can be had as a service; else 40 %.",
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		switch {
		case t.isLibrary():
			return 100, "It runs inside the application and needs no operation of its own.", true
		case t.isOffered():
			return 100, "It can be had as a service, which somebody else operates.", true
		}
		return 40, "Whoever uses it operates it.", len(t.Hosting) > 0
	},
}

var builtFor = fact{
	weight: 25, sees: fmt.Sprintf("Technologies and tools that are known to work with it; %d count in full. What many use, others build for.", fullTies),
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		n := len(t.Integrations)
		return partly(n, fullTies), fmt.Sprintf("It is known to work with %s.", counted(n, "other technology or tool", "other technologies and tools")), n > 0
	},
}

var usedFrom = fact{
	weight: 15, sees: "Languages from which it is used: 60 % for one, all for three or where any will do.",
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		if len(t.Languages) == 0 {
			return 100, "It can be used from any language.", len(t.Capabilities) > 0
		}
		return min(100, 40+20*len(t.Languages)), fmt.Sprintf("It is used from %s.", list(t.Languages, "and")), true
	},
}

// supportedLong is a fact of two marks, with a weight in each.
func supportedLong(weight int) fact {
	return fact{
		weight: weight, sees: fmt.Sprintf("Days from release to end of life of the longest supported of the newest %d release cycles; %d count in full.", recentCycles, fullSupportDays),
		look: func(t *Technology, _ calendar.Day) (int, string, bool) {
			longest, ok := t.longestSupport()
			return partly(longest, fullSupportDays), fmt.Sprintf("Of its recent release cycles, the longest is supported for %s.", span(longest)), ok
		},
	}
}

var liked = fact{
	weight: 10, sees: fmt.Sprintf("The average of its reviews, where there are at least %d.", enoughReviews),
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		if t.Rating == nil || t.Reviews < enoughReviews {
			return 0, "", false
		}
		return int(25*(*t.Rating-1) + 0.5), fmt.Sprintf("%d reviews give it %.1f of 5 on average.", t.Reviews, *t.Rating), true
	},
}
