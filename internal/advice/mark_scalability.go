package advice

import (
	"fmt"
	"slices"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// What counts in part, in hundredths.
const (
	notNamedForLoad = 40
	growsByHand     = 30
)

var namedForLoad = fact{
	weight: 30, sees: fmt.Sprintf("Whether the catalogue names it for `%s`; %d %% where it names others only.", useCaseLarge, notNamedForLoad),
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		if slices.Contains(t.UseCases, useCaseLarge) {
			return 100, "The catalogue names it for enterprise and high-traffic systems.", true
		}
		return notNamedForLoad, "The catalogue names it for other use cases than enterprise and high-traffic systems.", len(t.UseCases) > 0
	},
}

var meansOfItsOwn = fact{
	weight: 40,
	sees: "What it does itself. What keeps data: replication (40 %), failover (30 %), sharding (30 %). Languages and runtimes: threads on several processors (50 %), " +
		"waiting without holding a thread (50 %). What stands before servers: spreading load (40 %), caching answers (30 %), limiting rates (30 %). " +
		"Libraries: data stores, brokers and observability tools that are known to work with them, of which 3 count in full. Of anything else it is not known.",
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		switch {
		case keepsData(t):
			return weighed(t, "spreads its data over nodes", part{"replication", 40}, part{"automatic-failover", 30}, part{"sharding", 30})
		case t.has("language-runtime", "programming-language"):
			return weighed(t, "uses processors and threads well", part{"parallel-threads", 50}, part{"async-io", 50})
		case t.has("reverse-proxy", "api-gateway", "web-server") && !t.isLibrary():
			return weighed(t, "takes load off the servers behind it", part{"load-balancer", 40}, part{"http-cache", 30}, part{"rate-limiting", 30})
		case t.isLibrary():
			n := t.ties(enum.AreaData, enum.AreaObservability)
			return partly(n, 3), fmt.Sprintf("It is known to work with %s.", counted(n, "data store or observability tool", "data stores and observability tools")), len(t.Integrations) > 0
		}
		return 0, "", false
	},
}

var scalesByItself = fact{
	weight: 20, sees: fmt.Sprintf("What runs as a server: whether it can be had as a service, or changes the number of instances itself; %d %% where neither.", growsByHand),
	concerns: func(t *Technology) bool { return !t.isLibrary() },
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		if t.has("autoscaling") {
			return 100, "It changes the number of instances by itself.", true
		}
		if t.isOffered() {
			return 100, "It can be had as a service, whose provider adds capacity.", true
		}
		return growsByHand, "Adding capacity is left to whoever runs it.", len(t.Hosting) > 0
	},
}

// part is a capability and what it counts, in hundredths.
type part struct {
	capability string
	share      int
}

// weighed sums the parts that the technology has; the evidence says which those are, and of what they are parts.
func weighed(t *Technology, whole string, parts ...part) (int, string, bool) {
	share := 0
	var has, lacks []string
	for _, p := range parts {
		if t.has(p.capability) {
			share += p.share
			has = append(has, words(p.capability))
			continue
		}
		lacks = append(lacks, words(p.capability))
	}
	return share, havingAndLacking(whole, has, lacks), true
}

// ties counts what is known to work with it in the areas.
func (t *Technology) ties(areas ...enum.IntegrationArea) int {
	n := 0
	for _, i := range t.Integrations {
		if slices.Contains(areas, i.Area) {
			n++
		}
	}
	return n
}
