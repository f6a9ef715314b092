package advice

import (
	"fmt"
	"slices"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
	"stackyard/internal/version"
)

var maintained = fact{
	weight: 50, sees: "Where it stands today: in full while a release cycle gets security fixes for everybody; 40 % while extended support alone gives them. Not known where its last cycle ended after the facts were written down.",
	look: func(t *Technology, today calendar.Day) (int, string, bool) {
		switch t.status(today) {
		case enum.StatusActive, enum.StatusSecurityOnly:
			return 100, "It gets security fixes.", true
		case enum.StatusExtendedOnly:
			return 40, "It gets security fixes under extended support only.", !t.isStale(today)
		case enum.StatusEndOfLife:
			return 0, "It gets no security fixes any more.", !t.isStale(today)
		}
		return 0, "", false
	},
}

var flawsMended = fact{
	weight: 25, sees: fmt.Sprintf("Advisories of the last %d years that do not concern the newest release known, or may be mended by it, in parts of all. Their number itself says little: where more people look, more is found.", recentYears),
	look: func(t *Technology, today calendar.Day) (int, string, bool) {
		recent, open, ok := t.flaws(today)
		if !ok || recent == 0 {
			return 0, "", false
		}
		return partly(recent-open, recent), fmt.Sprintf("Of %s of the last %d years, %d concern its newest release known.", counted(recent, "advisory", "advisories"), recentYears, open), true
	},
}

var policyPublished = fact{
	weight: 10, sees: "Whether it is known where its maintainers say how long they support what; where not, that is not held against it.",
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		return 100, "Its maintainers say in public how long they support what.", t.ReleasePolicy != ""
	},
}

// unprotected is what counts, in hundredths, where none of the protections is there: there may be others.
const unprotected = 25

var protects = fact{
	weight: 15, sees: fmt.Sprintf("The protection that its kind of software needs; %d %% without any, and equal parts of the rest for each of: encryption at rest, access to single objects, an audit trail (what keeps data); "+
		"TLS, certificates, limits or a firewall (what stands before servers); a second factor, single sign-on, an audit trail (what signs people in).", unprotected),
	concerns: func(t *Technology) bool { return len(protections(t)) > 0 },
	look: func(t *Technology, _ calendar.Day) (int, string, bool) {
		var has, lacks []string
		for _, group := range protections(t) {
			if i := slices.IndexFunc(group, func(c string) bool { return t.has(c) }); i >= 0 {
				has = append(has, words(group[i]))
				continue
			}
			lacks = append(lacks, words(group[0]))
		}
		share := unprotected + rounded((100-unprotected)*len(has), len(has)+len(lacks))
		return share, havingAndLacking("protects what it holds", has, lacks), true
	},
}

// protections are the capabilities, in groups of which one is enough, that protect what software of its kind holds.
func protections(t *Technology) [][]string {
	switch {
	case t.has("identity-provider", "user-accounts") && t.isMainly("auth-security"):
		return [][]string{{"multi-factor-authentication"}, {"single-sign-on"}, {"audit-trail"}}
	case keepsData(t):
		return [][]string{{"encryption-at-rest"}, {"fine-grained-access"}, {"audit-trail"}}
	case t.has("reverse-proxy", "api-gateway", "web-server"):
		return [][]string{{"tls-termination"}, {"certificate-management"}, {"rate-limiting", "web-application-firewall"}}
	}
	return nil
}

// status is where the technology stands, which is where its best cycle does.
func (t *Technology) status(today calendar.Day) enum.LifecycleStatus {
	var statuses []enum.LifecycleStatus
	for _, c := range t.Cycles {
		statuses = append(statuses, c.Status(today))
	}
	return lifecycle.Best(statuses)
}

// isStale says whether a cycle was maintained when the facts were written down, and none is today.
func (t *Technology) isStale(today calendar.Day) bool {
	return !lifecycle.IsMaintained(t.status(today)) && lifecycle.IsMaintained(t.status(t.factsOn()))
}

// flaws counts the advisories of the last years and those of them that concern the newest release; false where no
// release is known to hold them against.
func (t *Technology) flaws(today calendar.Day) (recent, open int, ok bool) {
	newest := t.newest()
	if newest == nil || !version.IsVersion(newest.LatestVersion) {
		return 0, 0, false
	}
	c := component{Component: Component{Technology: t}, version: newest.LatestVersion, cycle: newest}
	for i := range t.Advisories {
		a := &t.Advisories[i]
		if !a.isDecidable() || !a.isRecent(today) {
			continue
		}
		recent++
		if c.concerned(a, newest.LatestVersion) && !c.outran(a) {
			open++
		}
	}
	return recent, open, true
}

// isRecent says whether the advisory is of the last years and was not withdrawn.
func (a *Advisory) isRecent(today calendar.Day) bool {
	return a.WithdrawnAt == nil && a.PublishedAt >= calendar.InstantOf(today.Time().AddDate(-recentYears, 0, 0))
}
