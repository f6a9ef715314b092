package relay

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stackyard/internal/fault"
)

func TestAnIDComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := ID{Type(rapid.IntRange(1, int(lastType)).Draw(t, "type")), rapid.Int64Range(1, math.MaxInt64).Draw(t, "key")}
		got, err := ParseID(id.String())
		if err != nil || got != id {
			t.Fatalf("%+v is %q is %+v, %v", id, id.String(), got, err)
		}
		if strings.Trim(id.String(), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%q does not go into an address as it is", id)
		}
	})
}

func TestNoTwoObjectsHaveTheSameID(t *testing.T) {
	seen := map[string]ID{}
	for of := range lastType {
		for _, key := range []int64{1, 2, 127, 128, 129, 255, 256, 1 << 14, 1 << 32, math.MaxInt64} {
			id := ID{of + 1, key}
			if other, ok := seen[id.String()]; ok {
				t.Errorf("%+v and %+v are both %q", id, other, id)
			}
			seen[id.String()] = id
		}
	}
}

// ids that no object has, by what is wrong with them.
var badIDs = map[string]string{
	"nothing":               "",
	"words":                 "technology",
	"a number":              "7",
	"a type alone":          raw(5),
	"type 0":                raw(0, 1),
	"an unknown type":       raw(byte(lastType)+1, 1),
	"key 0":                 raw(5, 0),
	"a negative key":        raw(5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
	"a key of 65 bits":      raw(5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02),
	"a key that is cut":     raw(5, 0x80),
	"a key that is padded":  raw(5, 0x81, 0x00),
	"something behind":      raw(5, 1, 1),
	"base64 with padding":   base64.URLEncoding.EncodeToString([]byte{5, 1}),
	"base64 of other signs": base64.RawStdEncoding.EncodeToString([]byte{5, 0xff, 0x7f}),
	"a line break":          raw(5, 1)[:2] + "\n" + raw(5, 1)[2:],
	"space":                 " " + raw(5, 1),
	"loose bits":            raw(5, 1)[:2] + "F",
	"too much":              strings.Repeat("A", 10_000),
}

func raw(b ...byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func TestWhatNoObjectIsNamedIsRefusedInAFewWords(t *testing.T) {
	for what, s := range badIDs {
		id, err := ParseID(s)
		if fault.KindOf(err) != fault.BadUserInput || id != (ID{}) {
			t.Errorf("%s: %+v, %v", what, id, err)
			continue
		}
		if len(err.Error()) > 200 {
			t.Errorf("%s: the message has %d bytes", what, len(err.Error()))
		}
	}
}

func TestIDsOfGraphQLAreStringsAlone(t *testing.T) {
	var id ID
	if err := id.UnmarshalGQL(raw(5, 1)); err != nil || id != (ID{TypeTechnology, 1}) {
		t.Errorf("%+v, %v", id, err)
	}
	for _, v := range []any{nil, 1, int64(1), true, []any{}, map[string]any{}} {
		if err := id.UnmarshalGQL(v); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%T: %v", v, err)
		}
	}
	var out strings.Builder
	id.MarshalGQL(&out)
	if out.String() != `"`+raw(5, 1)+`"` {
		t.Errorf("written as %s", out.String())
	}
}

func FuzzParseID(f *testing.F) {
	f.Add(ID{TypeTechnology, 1}.String())
	f.Add(ID{TypeReview, math.MaxInt64}.String())
	for _, s := range badIDs {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseID(s)
		if err != nil {
			return
		}
		if id.Type == 0 || id.Type > lastType || id.Key <= 0 || id.String() != s {
			t.Errorf("%q is taken for %+v", s, id)
		}
	})
}
