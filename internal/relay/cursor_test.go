package relay

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stackyard/internal/fault"
)

func TestACursorComesBackToItsListAlone(t *testing.T) {
	seal, other := sealOf(t, 1), sealOf(t, 2)
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.String().Draw(t, "list")
		n, f := rapid.Int64().Draw(t, "int"), rapid.Float64().Draw(t, "float")
		b := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		values := []any{n, nil, f, b}
		cursor := seal.Cursors(list).Encode(values)
		if again := seal.Cursors(list).Encode(values); again != cursor {
			t.Fatalf("%v is %q, and then %q", values, cursor, again)
		}
		got, err := seal.Cursors(list).Decode(cursor, 4)
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != n || got[1] != nil || math.Float64bits(got[2].(float64)) != math.Float64bits(f) || string(got[3].([]byte)) != string(b) {
			t.Fatalf("%v came back as %v", values, got)
		}
		for what, decode := range map[string]func() ([]any, error){
			"another list": func() ([]any, error) { return seal.Cursors(list+"x").Decode(cursor, 4) },
			"another key":  func() ([]any, error) { return other.Cursors(list).Decode(cursor, 4) },
			"fewer terms":  func() ([]any, error) { return seal.Cursors(list).Decode(cursor, 3) },
			"more terms":   func() ([]any, error) { return seal.Cursors(list).Decode(cursor, 5) },
		} {
			if v, err := decode(); fault.KindOf(err) != fault.BadUserInput {
				t.Fatalf("%s: %v, %v", what, v, err)
			}
		}
	})
}

func TestACursorThatWasChangedIsRefused(t *testing.T) {
	list := sealOf(t, 1).Cursors("list")
	cursor := list.Encode([]any{12345, []byte("name")})
	for at := range cursor {
		for _, sign := range "Ab9-_=. \"" {
			if changed := cursor[:at] + string(sign) + cursor[at+1:]; changed != cursor {
				if _, err := list.Decode(changed, 2); fault.KindOf(err) != fault.BadUserInput {
					t.Errorf("%q instead of %q: %v", changed, cursor, err)
				}
			}
		}
		if _, err := list.Decode(cursor[:at], 2); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("the first %d characters: %v", at, err)
		}
	}
	if _, err := list.Decode(strings.Repeat("A", 100_000), 2); err == nil || len(err.Error()) > 300 {
		t.Errorf("a long one: %.400v", err)
	}
}

// Neighbours share nothing that tells how far they are from each other: neither
// characters, beyond those that are alike by chance, nor length.
func TestACursorTellsNothingOfItsNumbers(t *testing.T) {
	list := sealOf(t, 1).Cursors("changes")
	numbers := []int64{0, 1, 2, 17, 25, 255, 256, 1 << 40, math.MaxInt64, -1}
	for i, n := range numbers {
		cursor := list.Encode([]any{int64(7), n})
		for _, m := range numbers[:i] {
			other := list.Encode([]any{int64(7), m})
			alike := 0
			for at := range min(len(cursor), len(other)) {
				if cursor[at] == other[at] {
					alike++
				}
			}
			if len(other) != len(cursor) || alike > 12 {
				t.Errorf("%d is %q, and %d is %q", n, cursor, m, other)
			}
		}
	}
}

// What this server's key has sealed must still be a list of values: another version
// of it may have meant something else.
func TestASealedTextIsStillChecked(t *testing.T) {
	list := sealOf(t, 1).Cursors("list")
	number := "\x01\x00\x00\x00\x00\x00\x00\x00\x07"
	for _, payload := range []string{
		"", "\x00", "\x00\x00\x00", number, number + number + "\x00", number + number[:8], "\x02\x00" + number, "\x04" + number,
		number + "\x03", number + "\x03\x02a", number + "\x03\x80", "\x03" + strings.Repeat("\xff", 9) + "\x01" + number, number + "\x03\x01ab",
	} {
		text := list.seal.seal(&list.list, func(b []byte) []byte { return append(b, payload...) })
		if v, err := list.Decode(text, 2); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%q: %v, %v", payload, v, err)
		}
	}
}

func TestCursorsAreMadeSideBySide(t *testing.T) {
	list := sealOf(t, 1).Cursors("list")
	for g := range 8 {
		t.Run(fmt.Sprint(g), func(t *testing.T) {
			t.Parallel()
			for i := range 200 {
				n := int64(g*1000 + i)
				if v, err := list.Decode(list.Encode([]any{n}), 1); err != nil || v[0] != n {
					t.Fatalf("%d is %v, %v", n, v, err)
				}
			}
		})
	}
}

// A cursor costs two allocations, and a few more under the race detector, which makes pools forget.
func TestACursorCostsFewAllocations(t *testing.T) {
	list, values := sealOf(t, 1).Cursors("list"), []any{[]byte("postgresql"), int64(4711)}
	if n := testing.AllocsPerRun(1000, func() { list.Encode(values) }); n > 7 {
		t.Errorf("it is %v", n)
	}
}

func BenchmarkEncodeCursor(b *testing.B) {
	cursors := sealOf(b, 1).Cursors(`technologies?{"search":null}&[{"Column":"name_key"},{"Column":"id"}]`)
	values := []any{[]byte("postgresql"), int64(4711)}
	b.ReportAllocs()
	for b.Loop() {
		cursors.Encode(values)
	}
}

func FuzzDecodeCursor(f *testing.F) {
	list := sealOf(f, 1).Cursors("list")
	f.Add(list.Encode([]any{int64(1), nil}))
	f.Add(list.Encode([]any{1.5, []byte("x")}))
	f.Add(sealOf(f, 1).Cursors("other").Encode([]any{1, 2}))
	f.Add("")
	f.Add("garbage")
	f.Fuzz(func(t *testing.T, cursor string) {
		values, err := list.Decode(cursor, 2)
		if err != nil {
			if fault.KindOf(err) != fault.BadUserInput {
				t.Errorf("%q: %v", cursor, err)
			}
			return
		}
		if again := list.Encode(values); again != cursor {
			t.Errorf("%q is %v, and then %q", cursor, values, again)
		}
	})
}
