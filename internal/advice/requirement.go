package advice

import (
	"fmt"
	"slices"

	"stackyard/internal/enum"
	"stackyard/internal/version"
)

// fit is how a version stands to a requirement.
type fit int

const (
	fits    fit = iota // or nobody can tell
	tooOld             // older than all that will do
	between            // not one of those that will do, though there are newer ones
	tooNew             // newer than all that will do
)

// holds says how a version stands to the requirement. What cannot be told fits: a version that is not precise
// enough, a requirement that only people can read, a mere recommendation.
func (r Requirement) holds(v string) fit {
	v = numbers(usual(r.Slug, v))
	if !version.IsVersion(v) || r.Kind == enum.RequirementRecommended {
		return fits
	}
	if len(r.Versions) > 0 {
		return amongst(r.Versions, v)
	}
	lowest, highest := usual(r.Slug, r.Min), usual(r.Slug, r.Max)
	switch {
	case lowest != "" && isWithin(v, lowest), highest != "" && (isWithin(v, highest) || isWithin(highest, v)):
		return fits
	case lowest != "" && version.Compare(v, lowest) < 0:
		return tooOld
	case highest != "" && version.Compare(v, highest) > 0:
		return tooNew
	}
	return fits
}

func amongst(listed []string, v string) fit {
	if slices.ContainsFunc(listed, func(l string) bool { return isWithin(l, v) || isWithin(v, l) }) {
		return fits
	}
	older := func(l string) bool { return version.Compare(l, v) < 0 }
	switch {
	case !slices.ContainsFunc(listed, older):
		return tooOld
	case slices.ContainsFunc(listed, func(l string) bool { return !older(l) }):
		return between
	}
	return tooNew
}

// inWords says what is needed, to go on after the name of what needs it.
func (r Requirement) inWords() string {
	switch {
	case len(r.Versions) > 0:
		return fmt.Sprintf("supports %s %s", r.Name, list(slices.SortedFunc(slices.Values(r.Versions), version.Compare), "and"))
	case r.Max == "":
		return fmt.Sprintf("needs %s %s or newer", r.Name, r.Min)
	case r.Min == "":
		return fmt.Sprintf("supports %s up to %s", r.Name, r.Max)
	case r.Min == r.Max:
		return fmt.Sprintf("supports %s %s only", r.Name, r.Min)
	}
	return fmt.Sprintf("supports %s %s to %s", r.Name, r.Min, r.Max)
}

// lowest is the lowest version that will do.
func (r Requirement) lowest() string {
	if len(r.Versions) > 0 {
		return slices.MinFunc(r.Versions, version.Compare)
	}
	return r.Min
}
