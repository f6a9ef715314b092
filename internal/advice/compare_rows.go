package advice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// maxCapabilityRows is how many capabilities get a row of their own.
const maxCapabilityRows = 12

// virtues are capabilities that nobody would rather do without; all others are a matter of what is needed.
var virtues = []string{
	"transactions", "replication", "automatic-failover", "backup-and-restore", "encryption-at-rest", "fine-grained-access", "audit-trail",
	"multi-factor-authentication", "single-sign-on", "api-specification", "api-documentation", "schema-migrations", "rate-limiting",
	"tls-termination", "certificate-management", "autoscaling", "parallel-threads",
}

// capabilityRows says of each capability in which the technologies differ, or which all have, who has it: those
// that most have first. What has no row of its own is listed in one more.
func capabilityRows(of []*Technology) []Row {
	counts := map[string]int{}
	var all []string
	for _, t := range of {
		for _, c := range t.Capabilities {
			if counts[c]++; counts[c] == 1 {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b)) })
	own := all[:min(len(all), maxCapabilityRows)]
	var rows []Row
	for _, c := range own {
		r, _ := row(label(c), of, func(t *Technology) entry {
			e := entry{}
			switch {
			case t.has(c):
				e = judged("yes", 1)
			case len(t.Capabilities) > 0:
				e = judged("no", 0)
			}
			if !slices.Contains(virtues, c) {
				e.merit = nil
			}
			return e
		})
		rows = append(rows, r)
	}
	rest, ok := row("Besides", of, func(t *Technology) entry {
		var has []string
		for _, c := range t.Capabilities {
			if !slices.Contains(own, c) {
				has = append(has, words(c))
			}
		}
		return taste(strings.Join(has, ", "))
	})
	if ok {
		rows = append(rows, rest)
	}
	return rows
}

// label begins the name of a capability with a capital letter.
func label(capability string) string {
	w := words(capability)
	return strings.ToUpper(w[:1]) + w[1:]
}

// advisoryCounts counts the advisories of the last years by their severity.
func advisoryCounts(t *Technology, today calendar.Day) string {
	counts := map[enum.Severity]int{}
	n := 0
	for i := range t.Advisories {
		if a := &t.Advisories[i]; a.isRecent(today) {
			counts[a.Severity]++
			n++
		}
	}
	if len(t.Advisories) == 0 {
		return ""
	}
	var by []string
	for _, s := range severities {
		if counts[s] > 0 {
			by = append(by, fmt.Sprintf("%d %s", counts[s], strings.ToLower(strings.Replace(string(s), string(enum.SeverityUnknown), "not rated", 1))))
		}
	}
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%s)", n, strings.Join(by, ", "))
}

func openFlaws(t *Technology, today calendar.Day) entry {
	recent, open, ok := t.flaws(today)
	if !ok || recent == 0 {
		return entry{}
	}
	return judged(fmt.Sprint(open), -open)
}

func rating(t *Technology) entry {
	switch {
	case t.Rating == nil:
		return entry{}
	case t.Reviews < enoughReviews:
		return taste(fmt.Sprintf("%.1f (%s)", *t.Rating, counted(t.Reviews, "review", "reviews")))
	}
	return judged(fmt.Sprintf("%.1f (%d reviews)", *t.Rating, t.Reviews), int(*t.Rating*100+0.5))
}

const (
	// enoughConfidence is from which confidence on marks are compared.
	enoughConfidence = 50
	// alike is by how much marks may differ and still be the same.
	alike = 5
)

// markRows gives a row for each criterion. Marks that hardly differ are alike.
func markRows(of []*Technology, today calendar.Day) []Row {
	var rows []Row
	for _, m := range marks {
		highest := 0
		for _, t := range of {
			if a := m.of(t, today); a.Score != nil && a.Confidence >= enoughConfidence {
				highest = max(highest, *a.Score)
			}
		}
		r, ok := row("Mark: "+words(m.criterion), of, func(t *Technology) entry {
			a := m.of(t, today)
			switch {
			case a.Score == nil:
				return entry{}
			case a.Confidence < enoughConfidence:
				return taste(fmt.Sprintf("%d (%d %% known)", *a.Score, a.Confidence))
			case *a.Score >= highest-alike:
				return judged(fmt.Sprintf("%d (%d %% known)", *a.Score, a.Confidence), highest)
			}
			return judged(fmt.Sprintf("%d (%d %% known)", *a.Score, a.Confidence), *a.Score)
		})
		if ok {
			rows = append(rows, r)
		}
	}
	return rows
}
