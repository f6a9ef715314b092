package relay

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"

	"stackyard/internal/fault"
)

// checksumBytes is how much of the SHA-256 a cursor carries. It tells a cursor
// of another list, or one that was tampered with, from one of this list; it is
// no secret, since a cursor gives access to nothing.
const checksumBytes = 6

// EncodeCursor names a place in a list by the values of its order's terms.
// Values are int64, float64, string, bool, []byte or nil. The list's name holds
// whatever decides its order and members.
func EncodeCursor(list string, values []any) string {
	payload, err := json.Marshal(values)
	if err != nil {
		panic(fmt.Sprintf("cursor of %s: %v", list, err)) // only values of other types do that
	}
	return encoding.EncodeToString(append(checksum(list, payload), payload...))
}

// DecodeCursor gives the values back, numbers as json.Number and bytes as
// base64. A cursor that is not of this list is an error.
func DecodeCursor(list, cursor string, terms int) ([]any, error) {
	b, err := encoding.DecodeString(cursor)
	if err != nil || len(b) < checksumBytes {
		return nil, badCursor(cursor)
	}
	payload := b[checksumBytes:]
	if subtle.ConstantTimeCompare(b[:checksumBytes], checksum(list, payload)) != 1 {
		return nil, badCursor(cursor)
	}
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.UseNumber()
	var values []any
	if err := dec.Decode(&values); err != nil || len(values) != terms {
		return nil, badCursor(cursor)
	}
	return values, nil
}

func checksum(list string, payload []byte) []byte {
	h := sha256.New()
	h.Write([]byte(list))
	h.Write([]byte{0})
	h.Write(payload)
	return h.Sum(nil)[:checksumBytes]
}

func badCursor(s string) error {
	return fault.BadInput("%q is not a cursor of this list: a cursor goes with the list, filter and order that gave it", fault.Shorten(s))
}
