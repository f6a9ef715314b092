package advice

import (
	"fmt"
	"slices"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// fullCapabilities is how many capabilities count in full, by main category.
var fullCapabilities = map[string]int{
	"languages-runtimes": 5, "frameworks": 8, "api-development": 5, "databases": 8, "auth-security": 6, "cloud-infrastructure": 6,
}

var useCasesNamed = fact{
	weight: 30, sees: fmt.Sprintf("Use cases for which the catalogue names it; all %d count in full.", allUseCases),
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		n := len(t.UseCases)
		return partly(n, allUseCases), fmt.Sprintf("The catalogue names it for %s.", counted(n, "use case", "use cases")), n > 0
	},
}

var capabilitiesThere = fact{
	weight: 40, sees: "Capabilities from the catalogue's vocabulary that it has by itself; how many count in full depends on its main category: " + fullByCategory() + ".",
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		n := len(t.Capabilities)
		if n == 0 || len(t.Categories) == 0 || fullCapabilities[t.Categories[0]] == 0 {
			return 0, "", false
		}
		return partly(n, fullCapabilities[t.Categories[0]]), fmt.Sprintf("It brings %s of the catalogue's vocabulary.", counted(n, "capability", "capabilities")), true
	},
}

var areasTied = fact{
	weight: 30, sees: fmt.Sprintf("Areas of integration in which something is known to work with it; %d count in full.", fullAreas),
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		n := len(t.areas())
		return partly(n, fullAreas), fmt.Sprintf("It is known to work with %s in %s.", counted(len(t.Integrations), "other technology or tool", "other technologies and tools"), counted(n, "area", "areas")), n > 0
	},
}

// areas are those in which something is known to work with it, each once.
func (t *Technology) areas() []enum.IntegrationArea {
	var out []enum.IntegrationArea
	for _, i := range t.Integrations {
		if !slices.Contains(out, i.Area) {
			out = append(out, i.Area)
		}
	}
	return out
}

func fullByCategory() string {
	var out []string
	for _, slug := range Categories() {
		out = append(out, fmt.Sprintf("%d for `%s`", fullCapabilities[slug], slug))
	}
	return list(out, "and")
}
