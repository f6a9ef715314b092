package version

import (
	"slices"
	"strings"

	"stackyard/internal/fault"
)

// Event is a turn in the timeline of an OSV range; one of its fields is set.
// Source: https://ossf.github.io/osv-schema/#affectedrangesevents-fields
type Event struct {
	Introduced   string
	Fixed        string
	LastAffected string
	Limit        string
}

// Ranges cuts a timeline of versions into intervals, oldest first, of the package
// of an ecosystem. A version that no order takes is an error. Timelines of
// commits are not for it: their range is one that is not decidable.
func Ranges(ecosystem, pkg string, events []Event) ([]Range, error) {
	line, err := timeline(ecosystem, events)
	if err != nil {
		return nil, err
	}
	var out []Range
	isOpen := false
	for _, e := range line {
		switch {
		case e.Introduced != "" && !isOpen:
			out = append(out, Range{Ecosystem: ecosystem, Package: pkg, Introduced: e.Introduced, IsDecidable: true})
			isOpen = true
		case e.Introduced != "":
		case e.Limit != "":
			if isOpen {
				out[len(out)-1].Fixed = e.Limit
			}
			return out, nil
		case isOpen:
			out[len(out)-1].Fixed, out[len(out)-1].LastAffected = e.Fixed, e.LastAffected
			isOpen = false
		}
	}
	return out, nil
}

// turn is an event with its place in the order.
type turn struct {
	Event
	at Version
}

// timeline puts the events in order, those of one version as they were, and the
// highest limit, if there are only finite ones, before others of its version.
func timeline(ecosystem string, events []Event) ([]turn, error) {
	var texts []string
	for _, e := range events {
		if e == (Event{}) {
			return nil, fault.BadInput("an event of a range says nothing")
		}
		texts = append(texts, e.place())
	}
	_, places, ok := read(ecosystem, texts...)
	if !ok {
		return nil, fault.BadInput("the events of a range have no versions: %s", fault.Shorten(strings.Join(texts, " ")))
	}
	var line, limits []turn
	isEndless := false
	for i, e := range events {
		t := turn{e, places[i]}
		switch {
		case e.Limit == endless:
			isEndless = true
		case e.Limit != "":
			limits = append(limits, t)
		default:
			line = append(line, t)
		}
	}
	if len(limits) > 0 && !isEndless {
		line = append([]turn{slices.MaxFunc(limits, byPlace)}, line...)
	}
	slices.SortStableFunc(line, byPlace)
	return line, nil
}

// endless is a limit that is none.
const endless = "*"

func byPlace(a, b turn) int {
	isFirst, isAfter := a.Introduced == beginning, b.Introduced == beginning
	switch {
	case isFirst && isAfter:
		return 0
	case isFirst:
		return -1
	case isAfter:
		return 1
	}
	return a.at.Compare(b.at)
}

// place is the version of the event; none where it stands for the beginning or the end of all.
func (e Event) place() string {
	if e.Introduced == beginning || e.Limit == endless {
		return ""
	}
	return e.Introduced + e.Fixed + e.LastAffected + e.Limit
}
