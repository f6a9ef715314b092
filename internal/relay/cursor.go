package relay

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"

	"stackyard/internal/fault"
)

// Cursors are those of one list.
type Cursors struct {
	seal *Seal
	list binding
}

// Cursors gives the cursors of a list. Its name holds whatever decides its order and members.
func (s *Seal) Cursors(list string) *Cursors {
	return &Cursors{seal: s, list: sha256.Sum256([]byte("cursor of " + list))}
}

// What the next value of a cursor is. Numbers are as long as each other: the length of
// a cursor tells nothing of them.
const (
	isNull byte = iota
	isInteger
	isFloat
	isText
)

// Encode names a place in the list by the values of its order's terms: int, int64,
// float64, []byte or nil.
func (c *Cursors) Encode(values []any) string {
	return c.seal.seal(&c.list, func(b []byte) []byte {
		for _, v := range values {
			switch v := v.(type) {
			case nil:
				b = append(b, isNull)
			case int:
				b = binary.BigEndian.AppendUint64(append(b, isInteger), uint64(v))
			case int64:
				b = binary.BigEndian.AppendUint64(append(b, isInteger), uint64(v))
			case float64:
				b = binary.BigEndian.AppendUint64(append(b, isFloat), math.Float64bits(v))
			case []byte:
				b = append(binary.AppendUvarint(append(b, isText), uint64(len(v))), v...)
			default:
				panic(fmt.Sprintf("a cursor has no place for a %T", v))
			}
		}
		return b
	})
}

// Decode gives the values back, integers as int64. A cursor that is not of this list is an error.
func (c *Cursors) Decode(cursor string, terms int) ([]any, error) {
	b, ok := c.seal.open(&c.list, cursor)
	values := make([]any, 0, terms)
	for ok && len(b) > 0 {
		var v any
		v, b, ok = value(b)
		values = append(values, v)
	}
	if !ok || len(values) != terms {
		return nil, badCursor(cursor)
	}
	return values, nil
}

// value reads the first value, and gives what comes after it.
func value(b []byte) (v any, rest []byte, ok bool) {
	kind, b := b[0], b[1:]
	switch {
	case kind == isNull:
		return nil, b, true
	case kind == isInteger && len(b) >= 8:
		return int64(binary.BigEndian.Uint64(b)), b[8:], true
	case kind == isFloat && len(b) >= 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b)), b[8:], true
	case kind == isText:
		length, n := binary.Uvarint(b)
		if n > 0 && length <= uint64(len(b)-n) {
			end := n + int(length)
			return b[n:end:end], b[end:], true
		}
	}
	return nil, nil, false
}

func badCursor(s string) error {
	return fault.BadInput("%q is not a cursor of this list: a cursor goes with the list, filter and order that gave it", fault.Shorten(s))
}
