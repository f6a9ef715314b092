// Package lifecycle says where a release cycle, and a technology by its cycles,
// stands on a day. The rules are those of endoflife.date: on the last day of a
// phase the phase is not over yet.
package lifecycle

import (
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
)

// Cycle is what is known of a release cycle. A flag counts only where its day is
// not known; where neither is given, nothing is known of that phase.
type Cycle struct {
	ReleasedOn           *calendar.Day
	IsLongTerm           bool
	LongTermFrom         *calendar.Day
	ActiveSupportUntil   *calendar.Day
	ActiveSupportOver    *bool
	EndOfLifeOn          *calendar.Day
	EndOfLifePassed      *bool
	ExtendedSupportUntil *calendar.Day
	ExtendedSupportOver  *bool
}

type phase int

const (
	unknown phase = iota
	running
	over
)

func stateOf(until *calendar.Day, isOver *bool, today calendar.Day) phase {
	switch {
	case until != nil && today > *until, until == nil && isOver != nil && *isOver:
		return over
	case until != nil, isOver != nil:
		return running
	}
	return unknown
}

// Status says where the cycle stands today. Extended support that is not
// mentioned does not exist.
func (c Cycle) Status(today calendar.Day) enum.LifecycleStatus {
	if c.ReleasedOn != nil && *c.ReleasedOn > today {
		return enum.StatusUpcoming
	}
	active := stateOf(c.ActiveSupportUntil, c.ActiveSupportOver, today)
	switch stateOf(c.EndOfLifeOn, c.EndOfLifePassed, today) {
	case over:
		if stateOf(c.ExtendedSupportUntil, c.ExtendedSupportOver, today) == running {
			return enum.StatusExtendedOnly
		}
		return enum.StatusEndOfLife
	case running:
		if active == over {
			return enum.StatusSecurityOnly
		}
		return enum.StatusActive
	}
	if active == running {
		return enum.StatusActive
	}
	return enum.StatusUnknown
}

// IsEndOfLife says whether the last day of security support has passed.
func (c Cycle) IsEndOfLife(today calendar.Day) bool {
	return stateOf(c.EndOfLifeOn, c.EndOfLifePassed, today) == over
}

// IsLongTermOn says whether the cycle has long-term support by today.
func (c Cycle) IsLongTermOn(today calendar.Day) bool {
	return c.IsLongTerm && (c.LongTermFrom == nil || *c.LongTermFrom <= today)
}

// standing orders the statuses from the best to the worst; a technology stands
// where its best cycle does.
var standing = []enum.LifecycleStatus{
	enum.StatusActive, enum.StatusSecurityOnly, enum.StatusExtendedOnly,
	enum.StatusEndOfLife, enum.StatusUpcoming, enum.StatusUnknown,
}

// Rank gives a status's place from the best (0) to the worst.
func Rank(s enum.LifecycleStatus) int {
	for i, known := range standing {
		if s == known {
			return i
		}
	}
	return len(standing)
}

// Best is the status of a technology whose cycles have these statuses. Without
// cycles it is unknown.
func Best(statuses []enum.LifecycleStatus) enum.LifecycleStatus {
	best := enum.StatusUnknown
	for _, s := range statuses {
		if Rank(s) < Rank(best) {
			best = s
		}
	}
	return best
}

// IsMaintained says whether everybody gets at least security fixes.
func IsMaintained(s enum.LifecycleStatus) bool {
	return s == enum.StatusActive || s == enum.StatusSecurityOnly
}
