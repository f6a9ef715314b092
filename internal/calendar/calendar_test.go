package calendar

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"stackyard/internal/fault"
)

func TestDaysAreCountedFrom1970(t *testing.T) {
	for s, want := range map[string]Day{
		"1970-01-01": 0, "1970-01-02": 1, "1969-12-31": -1, "2000-02-29": 11016, "2000-03-01": 11017, "2024-02-29": 19782, "2024-03-01": 19783,
		"1900-02-28": -25509, "1900-03-01": -25508, "1582-10-04": -141438, "1582-10-15": -141427, "0001-01-01": -719162, "9999-12-31": 2932896,
	} {
		got, err := ParseDay(s)
		if err != nil || got != want || got.String() != s {
			t.Errorf("%s is %d (%s), %v; want %d", s, got, got, err, want)
		}
	}
}

func TestEveryDayOfTheCalendarComesBackFromItsText(t *testing.T) {
	first, last := DayOf(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)), DayOf(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC))
	rapid.Check(t, func(t *rapid.T) {
		d := Day(rapid.Int32Range(int32(first), int32(last)).Draw(t, "day"))
		var got Day
		b, err := json.Marshal(d)
		if err != nil || json.Unmarshal(b, &got) != nil || got != d {
			t.Fatalf("%d is %s is %d, %v", d, b, got, err)
		}
		if back := DayOf(d.Time()); back != d {
			t.Fatalf("%d begins at %v, which is of %d", d, d.Time(), back)
		}
		seconds := rapid.Int64Range(0, 24*60*60*1e9-1).Draw(t, "of the day")
		if at := d.Time().Add(time.Duration(seconds)); DayOf(at) != d {
			t.Fatalf("%v is of %s", at, DayOf(at))
		}
		if d < last && ((d+1).String() <= d.String() || (d+1).Sub(d) != 1) {
			t.Fatalf("%s comes after %s", d+1, d)
		}
	})
}

func TestADayIsThatOfUTC(t *testing.T) {
	west := time.FixedZone("west", -11*60*60)
	if got := DayOf(time.Date(2024, 2, 28, 14, 0, 0, 0, west)); got.String() != "2024-02-29" {
		t.Errorf("it is %s", got)
	}
	if got := DayOf(time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC)); got != -1 {
		t.Errorf("the last nanosecond before 1970 is of day %d", got)
	}
}

var badDays = []string{
	"", "2026", "2026-04", "2026-4-30", "26-04-30", "2026-04-31", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01",
	"-001-01-01", "10000-01-01", "2026-04-30T00:00:00Z", " 2026-04-30", "2026-04-30 ", "2026/04/30", "30-04-2026", "٢٠٢٦-٠٤-٣٠", "2026-04-30\x00", "today",
}

func TestWhatIsNoDayIsRefused(t *testing.T) {
	for _, s := range append(badDays, strings.Repeat("9", 10_000)) {
		d, err := ParseDay(s)
		if fault.KindOf(err) != fault.BadUserInput || len(err.Error()) > 200 {
			t.Errorf("%.40q: %s, %.300v", s, d, err)
		}
	}
	var d Day
	for _, v := range []any{nil, 20260430, 1.5, true, []any{"2026-04-30"}} {
		if err := d.UnmarshalGQL(v); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%v: %v", v, err)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, s := range append(badDays, "2024-02-29", "0001-01-01", "9999-12-31") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDay(s); err == nil && d.String() != s {
			t.Errorf("%q is taken for %s", s, d)
		}
	})
}

func TestInstantsAreMicrosecondsOfUTC(t *testing.T) {
	for s, want := range map[string]string{
		"2026-04-30T12:00:00Z":                "2026-04-30T12:00:00Z",
		"2026-04-30T12:00:00.123456Z":         "2026-04-30T12:00:00.123456Z",
		"2026-04-30T12:00:00.123456999Z":      "2026-04-30T12:00:00.123456Z",
		"2026-04-30T12:00:00+02:00":           "2026-04-30T10:00:00Z",
		"2026-12-31T23:30:00-01:00":           "2027-01-01T00:30:00Z",
		"1969-12-31T23:59:59.999999Z":         "1969-12-31T23:59:59.999999Z",
		"1969-12-31T23:59:59.9999995Z":        "1969-12-31T23:59:59.999999Z",
		"0001-01-01T00:00:00Z":                "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999999Z":         "9999-12-31T23:59:59.999999Z",
		"2024-02-29T00:00:00.000001000+00:00": "2024-02-29T00:00:00.000001Z",
	} {
		got, err := ParseInstant(s)
		if err != nil || got.String() != want {
			t.Errorf("%s is %s, %v; want %s", s, got, err, want)
		}
	}
	if n := InstantOf(time.Unix(1, 2_000)); n != 1_000_002 {
		t.Errorf("a second and two microseconds are %d", n)
	}
	if n := InstantOf(time.Unix(0, -1)); n != -1 {
		t.Errorf("the nanosecond before 1970 is %d", n)
	}
}

var badInstants = []string{
	"", "2026-04-30", "2026-04-30T12:00:00", "2026-04-30 12:00:00Z", "2026-04-30T25:00:00Z", "2026-04-31T12:00:00Z", "2023-02-29T00:00:00Z",
	"2026-04-30T12:00:60Z", "12:00", "1777777777", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "now",
}

func TestWhatIsNoInstantIsRefused(t *testing.T) {
	for _, s := range append(badInstants, strings.Repeat("9", 10_000)) {
		i, err := ParseInstant(s)
		if fault.KindOf(err) != fault.BadUserInput || len(err.Error()) > 200 {
			t.Errorf("%.40q: %s, %.300v", s, i, err)
		}
	}
	var i Instant
	for _, v := range []any{nil, 1777777777, math.Pi, false} {
		if err := i.UnmarshalGQL(v); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%v: %v", v, err)
		}
	}
}

func FuzzParseInstant(f *testing.F) {
	for _, s := range append(badInstants, "2026-04-30T12:00:00.5+02:00", "9999-12-31T23:59:59.999999Z") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		i, err := ParseInstant(s)
		if err != nil {
			return
		}
		var again Instant
		b, err := json.Marshal(i)
		if err != nil || json.Unmarshal(b, &again) != nil || again != i {
			t.Errorf("%q is %s is %s, %v", s, b, again, err)
		}
	})
}
