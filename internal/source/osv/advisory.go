package osv

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/source"
)

// Advisory is one vulnerability, as all records of it that were read have it together.
type Advisory struct {
	Identifier  string   // a CVE where there is one
	Aliases     []string // the other names
	Summary     string   // the longest
	Severity    enum.Severity
	Score       *float64 // the highest base score
	PublishedAt calendar.Instant
	ModifiedAt  calendar.Instant
	WithdrawnAt *calendar.Instant // where all records are withdrawn
	References  []string
	Affected    []Affected
}

// Names are the identifier and the aliases.
func (a Advisory) Names() []string { return slices.Concat([]string{a.Identifier}, a.Aliases) }

// Merge makes one advisory of the records that are about the same vulnerability,
// as their aliases say. A record whose versions cannot be read is skipped.
func Merge(records []Record, known Known, skipped *source.SkippedRecords) []Advisory {
	slices.SortFunc(records, func(a, b Record) int { return cmp.Compare(a.ID, b.ID) })
	var readable []Record
	var ranges [][]Affected
	for _, r := range records {
		cut, err := known.ranges(r)
		if err != nil {
			skipped.Add(r.ID, "%v", err)
			continue
		}
		readable, ranges = append(readable, r), append(ranges, cut)
	}
	var out []Advisory
	for _, group := range groups(readable) {
		a := Advisory{}
		a.named(readable, group)
		if live := slices.DeleteFunc(slices.Clone(group), func(i int) bool { return readable[i].Withdrawn != nil }); len(live) > 0 {
			group = live // what is withdrawn no longer says anything
		}
		var affected []Affected
		for _, i := range group {
			a.add(readable[i])
			affected = append(affected, ranges[i]...)
		}
		out = append(out, a.finished(affected))
	}
	return out
}

// groups gives the places of records that share a name, directly or through others, in their order.
func groups(records []Record) [][]int {
	group := make([]int, len(records)) // the place of another record of the group, or its own
	of := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	first := map[string]int{}
	for i, r := range records {
		group[i] = i
		for _, name := range append([]string{r.ID}, r.Aliases...) {
			name = strings.ToUpper(name)
			if other, isThere := first[name]; isThere {
				a, b := of(other), of(i)
				group[max(a, b)] = min(a, b)
			} else {
				first[name] = i
			}
		}
	}
	members := map[int][]int{}
	var out [][]int
	for i := range records {
		members[of(i)] = append(members[of(i)], i)
	}
	for i := range records {
		if of(i) == i {
			out = append(out, members[i])
		}
	}
	return out
}

// maxReferences is how many references of an advisory are kept.
const maxReferences = 50

// named gives the advisory the names of a group of records.
func (a *Advisory) named(records []Record, group []int) {
	var names []string
	for _, i := range group {
		names = append(append(names, records[i].ID), records[i].Aliases...)
	}
	slices.SortFunc(names, byKind)
	names = distinct(names, strings.ToUpper)
	a.Identifier, a.Aliases, a.Severity = names[0], names[1:], enum.SeverityUnknown
}

// add adds what a record says to the advisory.
func (a *Advisory) add(r Record) {
	if published := calendar.InstantOf(r.Published); a.PublishedAt == 0 || published < a.PublishedAt {
		a.PublishedAt = published
	}
	a.ModifiedAt = max(a.ModifiedAt, calendar.InstantOf(r.Modified))
	if r.Withdrawn != nil {
		at := calendar.InstantOf(*r.Withdrawn)
		if a.WithdrawnAt == nil || at > *a.WithdrawnAt {
			a.WithdrawnAt = &at
		}
	}
	if len(r.Summary) > len(a.Summary) {
		a.Summary = r.Summary
	}
	if score, isKnown := r.score(); isKnown && (a.Score == nil || score > *a.Score) {
		a.Score = &score
	}
	if w := r.word(); worse(w, a.Severity) {
		a.Severity = w
	}
	for _, reference := range r.References {
		if isWeb(reference.URL) {
			a.References = append(a.References, reference.URL)
		}
	}
}

// finished is the advisory with what it concerns. Ranges that cannot be decided
// are left out where there are others of the technology.
func (a Advisory) finished(affected []Affected) Advisory {
	isDecidable := map[int64]bool{}
	for _, r := range affected {
		isDecidable[r.Technology] = isDecidable[r.Technology] || r.IsDecidable
	}
	affected = slices.DeleteFunc(affected, func(r Affected) bool { return !r.IsDecidable && isDecidable[r.Technology] })
	a.Affected = distinct(affected, Affected.text)
	a.References = distinct(a.References, strings.Clone)
	a.References = a.References[:min(len(a.References), maxReferences)]
	if a.Score != nil {
		a.Severity = enum.SeverityOf(*a.Score)
	}
	return a
}

// isWeb says whether an address is one of the Web, that people can follow.
func isWeb(address string) bool {
	const most = 2000
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && source.IsLine(address, most) &&
		!strings.Contains(address, " ")
}
