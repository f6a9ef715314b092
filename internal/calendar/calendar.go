// Package calendar holds days and instants as the catalogue stores and answers
// them: integers, so that both databases compare and index them alike.
package calendar

import (
	"io"
	"strconv"
	"time"

	"stackyard/internal/fault"
)

const dayLayout = "2006-01-02"

// Day is a calendar day of UTC, counted from 1970-01-01.
type Day int32

// DayOf gives the day of UTC on which t lies.
func DayOf(t time.Time) Day {
	const seconds = 24 * 60 * 60
	s := t.Unix()
	d := s / seconds
	if s%seconds < 0 {
		d--
	}
	return Day(d)
}

// ParseDay reads a day such as `2026-04-30`. Days before year 1 or after 9999,
// and days that no calendar has, are errors.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(dayLayout, s)
	if err != nil || t.Year() < 1 {
		return 0, fault.BadInput("%q is not a day such as 2026-04-30", fault.Shorten(s))
	}
	return DayOf(t), nil
}

// Time is the first instant of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// Sub gives the number of days from earlier to d.
func (d Day) Sub(earlier Day) int { return int(d) - int(earlier) }

// String gives the day as in `2026-04-30`.
func (d Day) String() string { return d.Time().Format(dayLayout) }

// MarshalText gives the day as in `2026-04-30`.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText gives.
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDay(string(b))
	return err
}

// MarshalGQL writes the scalar Date.
func (d Day) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(d.String())) }

// UnmarshalGQL reads the scalar Date.
func (d *Day) UnmarshalGQL(v any) (err error) {
	s, ok := v.(string)
	if !ok {
		return fault.BadInput("a Date is a string such as \"2026-04-30\"")
	}
	*d, err = ParseDay(s)
	return err
}

// Instant is a point in time, in microseconds since 1970-01-01T00:00:00Z.
type Instant int64

// InstantOf rounds t down to the microsecond.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// ParseInstant reads an instant of RFC 3339, such as `2026-04-30T12:00:00Z`, whose
// year in UTC is one of 1 to 9999.
func ParseInstant(s string) (Instant, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if year := t.UTC().Year(); err != nil || year < 1 || year > 9999 {
		return 0, fault.BadInput("%q is not an instant such as 2026-04-30T12:00:00Z", fault.Shorten(s))
	}
	return InstantOf(t), nil
}

// Time is the instant as a time of UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// String gives the instant as RFC 3339 has it, in UTC.
func (i Instant) String() string { return i.Time().Format(time.RFC3339Nano) }

// MarshalText gives the instant as RFC 3339 has it.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads an instant of RFC 3339.
func (i *Instant) UnmarshalText(b []byte) (err error) {
	*i, err = ParseInstant(string(b))
	return err
}

// MarshalGQL writes the scalar DateTime.
func (i Instant) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(i.String())) }

// UnmarshalGQL reads the scalar DateTime.
func (i *Instant) UnmarshalGQL(v any) (err error) {
	s, ok := v.(string)
	if !ok {
		return fault.BadInput("a DateTime is a string such as \"2026-04-30T12:00:00Z\"")
	}
	*i, err = ParseInstant(s)
	return err
}
