package advice

import (
	"fmt"
	"slices"
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/lifecycle"
)

// Row is one point of a comparison.
type Row struct {
	Label string
	// Values stand in the order of the technologies; nil where nothing is known.
	Values []*string
	// Best are the places of the technologies that are best on this point; empty where that is a matter of taste,
	// where all are alike, or where fewer than two are known.
	Best []int
}

// Compare puts technologies side by side, on a day. A point that says nothing of any of them is left out.
func Compare(of []*Technology, today calendar.Day) []Row {
	var rows []Row
	add := func(label string, value func(t *Technology) entry) {
		if r, ok := row(label, of, value); ok {
			rows = append(rows, r)
		}
	}
	add("Status", func(t *Technology) entry { return standing(t, today) })
	add("Newest release cycle", func(t *Technology) entry { return newestCycle(t) })
	add("Supported until", func(t *Technology) entry { return supportedUntil(t, today) })
	add("Support of a release cycle", supportLength)
	add("Licence", licence)
	add("Hosting", func(t *Technology) entry { return taste(inWords(t.Hosting)) })
	if slices.ContainsFunc(of, func(t *Technology) bool { return len(t.Languages) > 0 }) {
		add("Used from", func(t *Technology) entry { return taste(languages(t)) })
	}
	add("First release", func(t *Technology) entry { return taste(year(t.FirstReleaseYear)) })
	add("Published by", func(t *Technology) entry { return taste(t.Steward) })
	rows = append(rows, capabilityRows(of)...)
	add("Integrations", func(t *Technology) entry { return taste(integrations(t)) })
	add("Alternatives", func(t *Technology) entry {
		return taste(strings.Join(names(t.Alternatives, len(t.Alternatives)), ", "))
	})
	add("Advisories of the last two years", func(t *Technology) entry { return taste(advisoryCounts(t, today)) })
	add("Of these, open in the newest release", func(t *Technology) entry { return openFlaws(t, today) })
	add("Rating", rating)
	return append(rows, markRows(of, today)...)
}

// entry is what one technology has on one point.
type entry struct {
	value string // empty where it is not known
	// merit is how good that is; the highest are best. It is nil where nobody can say.
	merit *int
}

func taste(value string) entry { return entry{value: value} }

func judged(value string, merit int) entry { return entry{value, &merit} }

// row asks every technology; ok is false where none has an answer.
func row(label string, of []*Technology, value func(t *Technology) entry) (Row, bool) {
	r := Row{Label: label, Values: make([]*string, len(of)), Best: []int{}}
	var merits []int
	ok := false
	for i, t := range of {
		e := value(t)
		if e.value != "" {
			r.Values[i] = &e.value
			ok = true
		}
		if e.merit != nil {
			merits = append(merits, *e.merit)
		}
	}
	if len(merits) < 2 || slices.Min(merits) == slices.Max(merits) {
		return r, ok
	}
	for i, t := range of {
		if e := value(t); e.merit != nil && *e.merit == slices.Max(merits) {
			r.Best = append(r.Best, i)
		}
	}
	return r, ok
}

var statusWords = map[enum.LifecycleStatus]string{
	enum.StatusActive:       "gets features and fixes",
	enum.StatusSecurityOnly: "gets security fixes only",
	enum.StatusExtendedOnly: "gets security fixes under extended support",
	enum.StatusEndOfLife:    "gets nothing any more",
	enum.StatusUpcoming:     "is not released yet",
}

func standing(t *Technology, today calendar.Day) entry {
	s := t.status(today)
	if t.isStale(today) {
		return taste(fmt.Sprintf("not known since %s", t.factsOn()))
	}
	if _, ok := statusWords[s]; !ok {
		return entry{}
	}
	return judged(statusWords[s], -lifecycle.Rank(s))
}

func newestCycle(t *Technology) entry {
	newest := t.newest()
	if newest == nil {
		return entry{}
	}
	return taste(fmt.Sprintf("%s, of %s", newest.Name, newest.ReleasedOn))
}

// supportedUntil tells of the maintained cycle with the last end; one without an end cannot be compared.
func supportedUntil(t *Technology, today calendar.Day) entry {
	var alive []*Cycle
	for i := range t.Cycles {
		if c := &t.Cycles[i]; lifecycle.IsMaintained(c.Status(today)) {
			alive = append(alive, c)
		}
	}
	last := longestSupported(alive)
	switch {
	case last == nil:
		return entry{}
	case last.EndOfLifeOn == nil:
		return taste(last.Name + ", no end announced")
	}
	return judged(fmt.Sprintf("%s, until %s", last.Name, last.EndOfLifeOn), int(*last.EndOfLifeOn))
}

func supportLength(t *Technology) entry {
	longest, ok := t.longestSupport()
	if !ok {
		return entry{}
	}
	return judged("up to "+span(longest), longest)
}

func licence(t *Technology) entry {
	switch {
	case t.License == "":
		return entry{}
	case t.IsOpenSource:
		return judged(t.License, 1)
	}
	return judged(t.License+" (not open source)", 0)
}

func inWords(hosting []enum.Hosting) string {
	out := make([]string, len(hosting))
	for i, h := range hosting {
		out[i] = strings.ToLower(strings.ReplaceAll(string(h), "_", "-"))
	}
	return strings.Join(out, ", ")
}

func languages(t *Technology) string {
	if len(t.Languages) == 0 && len(t.Capabilities) > 0 {
		return "any"
	}
	return strings.Join(t.Languages, ", ")
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return fmt.Sprint(y)
}

func integrations(t *Technology) string {
	if len(t.Integrations) == 0 {
		return ""
	}
	return fmt.Sprintf("%d in %s", len(t.Integrations), counted(len(t.areas()), "area", "areas"))
}
