package app

import (
	"maps"
	"slices"

	"stackyard/ent"
	"stackyard/ent/releasecycle"
	"stackyard/internal/calendar"
	"stackyard/internal/enum"
	"stackyard/internal/version"
)

// What the contract says of release cycles.
const mostCodename = 100

// phase is how long something lasts: a last day, or, where none is known,
// perhaps whether it is over.
type phase struct {
	until  *calendar.Day
	isOver *bool
}

func (p phase) equals(o phase) bool { return same(p.until, o.until) && same(p.isOver, o.isOver) }

// lasts gives the phase another last day. One that is known says whether it is over.
func (p phase) lasts(until *calendar.Day) phase {
	if until != nil {
		return phase{until: until}
	}
	return phase{isOver: p.isOver}
}

// cycleFacts are what people say of a release cycle.
type cycleFacts struct {
	codename         *string
	releasedOn       *calendar.Day
	isLongTerm       bool
	longTermFrom     *calendar.Day
	active           phase
	security         phase // until the end of life
	extended         phase
	latestVersion    *string
	latestReleasedOn *calendar.Day
}

func factsOfCycle(c *ent.ReleaseCycle) cycleFacts {
	return cycleFacts{
		codename: c.Codename, releasedOn: c.ReleasedOn, isLongTerm: c.IsLongTerm, longTermFrom: c.LongTermFrom,
		active:        phase{c.ActiveSupportUntil, c.ActiveSupportOver},
		security:      phase{c.EndOfLifeOn, c.EndOfLifePassed},
		extended:      phase{c.ExtendedSupportUntil, c.ExtendedSupportOver},
		latestVersion: c.LatestVersion, latestReleasedOn: c.LatestReleasedOn,
	}
}

// edited gives the columns that a person has set where these facts differ. What
// says the same thing in two columns is set in both, so that no upgrade adds to
// one what contradicts the other.
func (is cycleFacts) edited(was cycleFacts) []string {
	differs := map[string]bool{}
	note := func(does bool, columns ...string) {
		for _, c := range columns {
			differs[c] = does
		}
	}
	note(!same(is.codename, was.codename), releasecycle.FieldCodename)
	note(!same(is.releasedOn, was.releasedOn), releasecycle.FieldReleasedOn)
	note(is.isLongTerm != was.isLongTerm || !same(is.longTermFrom, was.longTermFrom), releasecycle.FieldIsLongTerm, releasecycle.FieldLongTermFrom)
	note(!is.active.equals(was.active), releasecycle.FieldActiveSupportUntil, releasecycle.FieldActiveSupportOver)
	note(!is.security.equals(was.security), releasecycle.FieldEndOfLifeOn, releasecycle.FieldEndOfLifePassed)
	note(!is.extended.equals(was.extended), releasecycle.FieldExtendedSupportUntil, releasecycle.FieldExtendedSupportOver)
	note(!same(is.latestVersion, was.latestVersion), releasecycle.FieldLatestVersion)
	note(!same(is.latestReleasedOn, was.latestReleasedOn), releasecycle.FieldLatestReleasedOn)
	maps.DeleteFunc(differs, func(_ string, does bool) bool { return !does })
	return slices.Sorted(maps.Keys(differs))
}

func (is cycleFacts) write(m *ent.ReleaseCycleMutation) {
	setSome(is.codename, m.SetCodename, m.ClearCodename)
	setSome(is.releasedOn, m.SetReleasedOn, m.ClearReleasedOn)
	m.SetIsLongTerm(is.isLongTerm)
	setSome(is.longTermFrom, m.SetLongTermFrom, m.ClearLongTermFrom)
	setSome(is.active.until, m.SetActiveSupportUntil, m.ClearActiveSupportUntil)
	setSome(is.active.isOver, m.SetActiveSupportOver, m.ClearActiveSupportOver)
	setSome(is.security.until, m.SetEndOfLifeOn, m.ClearEndOfLifeOn)
	setSome(is.security.isOver, m.SetEndOfLifePassed, m.ClearEndOfLifePassed)
	setSome(is.extended.until, m.SetExtendedSupportUntil, m.ClearExtendedSupportUntil)
	setSome(is.extended.isOver, m.SetExtendedSupportOver, m.ClearExtendedSupportOver)
	setSome(is.latestVersion, m.SetLatestVersion, m.ClearLatestVersion)
	setSome(is.latestReleasedOn, m.SetLatestReleasedOn, m.ClearLatestReleasedOn)
}

// cycle reads what is said of a release cycle.
func (f *faults) cycle(was cycleFacts, in SetReleaseCycleInput, today calendar.Day) cycleFacts {
	is := was
	if in.Codename.IsSet() {
		is.codename = f.optionalLine(at("codename"), in.Codename.Value(), mostCodename)
	}
	if in.ReleasedOn.IsSet() {
		is.releasedOn = in.ReleasedOn.Value()
	}
	if in.ActiveSupportUntil.IsSet() {
		is.active = is.active.lasts(in.ActiveSupportUntil.Value())
	}
	if in.EndOfLifeOn.IsSet() {
		is.security = is.security.lasts(in.EndOfLifeOn.Value())
	}
	if in.ExtendedSupportUntil.IsSet() {
		is.extended = is.extended.lasts(in.ExtendedSupportUntil.Value())
	}
	if in.LatestVersion.IsSet() {
		is.latestVersion = f.optionalLine(at("latestVersion"), in.LatestVersion.Value(), version.MaxLength)
	}
	if in.LatestReleasedOn.IsSet() {
		is.latestReleasedOn = in.LatestReleasedOn.Value()
	}
	f.longTerm(&is, in)
	f.endOfLife(&is, in, today)
	f.order(is, in)
	if is.latestReleasedOn != nil && is.latestVersion == nil {
		f.add(at("latestReleasedOn"), enum.InputInvalid, "the day is of no version: give latestVersion, or null")
	}
	return is
}

// longTerm reads whether, and from when on, there is long-term support: a day
// says that there is; that there is none says that no day is.
func (f *faults) longTerm(is *cycleFacts, in SetReleaseCycleInput) {
	if in.LongTermFrom.IsSet() {
		is.longTermFrom = in.LongTermFrom.Value()
		is.isLongTerm = is.isLongTerm || is.longTermFrom != nil
	}
	v, isSet := in.IsLongTerm.ValueOK()
	if !isSet {
		return
	}
	is.isLongTerm = v != nil && *v
	switch {
	case is.isLongTerm || is.longTermFrom == nil:
	case in.LongTermFrom.IsSet():
		f.add(at("isLongTerm"), enum.InputInvalid, "longTermFrom says otherwise")
	default:
		is.longTermFrom = nil
	}
}

// endOfLife reads whether security support is over, which a day that is known says.
func (f *faults) endOfLife(is *cycleFacts, in SetReleaseCycleInput, today calendar.Day) {
	isOver, isSet := in.IsEndOfLife.ValueOK()
	switch {
	case !isSet:
	case is.security.until == nil:
		is.security.isOver = isOver
	case isOver != nil && *isOver != (today > *is.security.until):
		f.add(at("isEndOfLife"), enum.InputInvalid, "endOfLifeOn, which is %s, says otherwise", is.security.until)
	}
}

// dated is a day of a release cycle by the name of its field.
type dated struct {
	field   string
	day     *calendar.Day
	isGiven bool
}

// order requires that days are in the order in which they come. Of two that are
// not, the one that was given is at fault, and the later one where both were.
func (f *faults) order(is cycleFacts, in SetReleaseCycleInput) {
	released := dated{"releasedOn", is.releasedOn, in.ReleasedOn.IsSet()}
	longTerm := dated{"longTermFrom", is.longTermFrom, in.LongTermFrom.IsSet()}
	active := dated{"activeSupportUntil", is.active.until, in.ActiveSupportUntil.IsSet()}
	security := dated{"endOfLifeOn", is.security.until, in.EndOfLifeOn.IsSet()}
	extended := dated{"extendedSupportUntil", is.extended.until, in.ExtendedSupportUntil.IsSet()}
	latest := dated{"latestReleasedOn", is.latestReleasedOn, in.LatestReleasedOn.IsSet()}
	isAtFault := map[string]bool{}
	for _, days := range [][]dated{{released, active, security, extended}, {released, longTerm}, {longTerm, security}, {released, latest}} {
		days = slices.DeleteFunc(days, func(d dated) bool { return d.day == nil })
		for i := 1; i < len(days); i++ {
			earlier, later := days[i-1], days[i]
			where, what := later, "before "+earlier.field
			if !later.isGiven {
				where, what = earlier, "after "+later.field
			}
			if *later.day < *earlier.day && where.isGiven && !isAtFault[where.field] {
				isAtFault[where.field] = true
				f.add(at(where.field), enum.InputInvalid, "it is %s", what)
			}
		}
	}
}
