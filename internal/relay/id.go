// Package relay has the forms in which the API names and pages: opaque global
// ids, cursors, windows of lists.
package relay

import (
	"encoding/base64"
	"encoding/binary"
	"io"
	"strconv"

	"stackyard/internal/fault"
)

// Type is the first byte of a global id. Values are never reused.
type Type byte

// The types that have global ids.
const (
	TypeCategory     Type = 1
	TypeUseCase      Type = 2
	TypeCriterion    Type = 3
	TypeMistake      Type = 4
	TypeTechnology   Type = 5
	TypeReleaseCycle Type = 6
	TypeAdvisory     Type = 7
	TypeIntegration  Type = 8
	TypeTool         Type = 9
	TypeSource       Type = 10
	TypeUser         Type = 11
	TypeReview       Type = 12
	TypeOrganization Type = 13
	TypeMember       Type = 14
	TypeInvitation   Type = 15
	TypeProject      Type = 16

	TypeStackComponent Type = 17
	TypeFinding        Type = 18
	TypeWebhook        Type = 19

	lastType = TypeWebhook
)

// ID is a global id: outside an opaque string, inside a type and an integer key.
type ID struct {
	Type Type
	Key  int64
}

var encoding = base64.RawURLEncoding.Strict()

// String gives the opaque form.
func (id ID) String() string {
	b := make([]byte, 1, 1+binary.MaxVarintLen64)
	b[0] = byte(id.Type)
	return encoding.EncodeToString(binary.AppendUvarint(b, uint64(id.Key)))
}

// ParseID reads the opaque form; anything that String never gives is an error.
func ParseID(s string) (ID, error) {
	b, err := encoding.DecodeString(s)
	if err != nil || len(b) < 2 {
		return ID{}, badID(s)
	}
	key, n := binary.Uvarint(b[1:])
	id := ID{Type: Type(b[0]), Key: int64(key)}
	if n != len(b)-1 || id.Key <= 0 || id.Type == 0 || id.Type > lastType || id.String() != s {
		return ID{}, badID(s)
	}
	return id, nil
}

func badID(s string) error { return fault.BadInput("%q is not an id of this server", fault.Shorten(s)) }

// MarshalGQL writes the scalar ID.
func (id ID) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(id.String())) }

// UnmarshalGQL reads the scalar ID.
func (id *ID) UnmarshalGQL(v any) (err error) {
	s, ok := v.(string)
	if !ok {
		return fault.BadInput("an id is a string")
	}
	*id, err = ParseID(s)
	return err
}
