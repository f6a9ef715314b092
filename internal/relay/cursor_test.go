package relay

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stackyard/internal/fault"
)

func TestACursorComesBackToItsListAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.String().Draw(t, "list")
		n, f := rapid.Int64().Draw(t, "int"), rapid.Float64Range(-1e300, 1e300).Draw(t, "float")
		b := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		cursor := EncodeCursor(list, []any{n, nil, f, b})
		got, err := DecodeCursor(list, cursor, 4)
		if err != nil {
			t.Fatal(err)
		}
		gotN, err1 := got[0].(json.Number).Int64()
		gotF, err2 := got[2].(json.Number).Float64()
		gotB, err3 := base64.StdEncoding.DecodeString(got[3].(string))
		if err1 != nil || err2 != nil || err3 != nil || gotN != n || got[1] != nil || gotF != f || string(gotB) != string(b) {
			t.Fatalf("%d, nil, %v, %v came back as %v", n, f, b, got)
		}
		for what, decode := range map[string]func() ([]any, error){
			"another list": func() ([]any, error) { return DecodeCursor(list+"x", cursor, 4) },
			"fewer terms":  func() ([]any, error) { return DecodeCursor(list, cursor, 3) },
			"more terms":   func() ([]any, error) { return DecodeCursor(list, cursor, 5) },
		} {
			if v, err := decode(); fault.KindOf(err) != fault.BadUserInput {
				t.Fatalf("%s: %v, %v", what, v, err)
			}
		}
	})
}

func TestACursorThatWasChangedIsRefused(t *testing.T) {
	cursor := EncodeCursor("list", []any{int64(12345), "name"})
	for at := range cursor {
		for _, sign := range "Ab9-_=. \"" {
			if changed := cursor[:at] + string(sign) + cursor[at+1:]; changed != cursor {
				if _, err := DecodeCursor("list", changed, 2); fault.KindOf(err) != fault.BadUserInput {
					t.Errorf("%q instead of %q: %v", changed, cursor, err)
				}
			}
		}
		if _, err := DecodeCursor("list", cursor[:at], 2); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("the first %d characters: %v", at, err)
		}
	}
	if _, err := DecodeCursor("list", strings.Repeat("A", 100_000), 2); err == nil || len(err.Error()) > 300 {
		t.Errorf("a long one: %.400v", err)
	}
}

// A cursor that somebody computed a right checksum for must still be a list of values.
func TestACursorOfARightChecksumIsStillChecked(t *testing.T) {
	for _, payload := range []string{"", "null", "{}", "7", `"x"`, "[", "[1", "[1,2,3]", "[1 2]", "[1,]", "{}[]", "[\xff]"} {
		forged := encoding.EncodeToString(append(checksum("list", []byte(payload)), payload...))
		if v, err := DecodeCursor("list", forged, 2); fault.KindOf(err) != fault.BadUserInput {
			t.Errorf("%q: %v, %v", payload, v, err)
		}
	}
}

func FuzzDecodeCursor(f *testing.F) {
	f.Add("list", EncodeCursor("list", []any{int64(1), nil}))
	f.Add("list", EncodeCursor("list", []any{1.5, []byte("x")}))
	f.Add("list", EncodeCursor("other", []any{"a", true}))
	f.Add("", "")
	f.Add("list", "garbage")
	f.Fuzz(func(t *testing.T, list, cursor string) {
		values, err := DecodeCursor(list, cursor, 2)
		if err != nil {
			if fault.KindOf(err) != fault.BadUserInput {
				t.Errorf("%q: %v", cursor, err)
			}
			return
		}
		again, err := DecodeCursor(list, EncodeCursor(list, values), 2)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(values) {
			t.Errorf("%q is %v, and then %v, %v", cursor, values, again, err)
		}
	})
}
