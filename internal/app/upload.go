package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strconv"

	"stackyard/internal/fault"
)

// Upload is a file that comes with a request.
type Upload struct{ content *[]byte }

// NewUpload makes an upload whose content may still be put in its place, until the operation runs.
func NewUpload(content *[]byte) Upload { return Upload{content} }

// Bytes is the content; nil where there is none.
func (u Upload) Bytes() []byte {
	if u.content == nil {
		return nil
	}
	return *u.content
}

// digest stands for the content: equal files have equal ones.
func (u Upload) digest() string {
	sum := sha256.Sum256(u.Bytes())
	return hex.EncodeToString(sum[:])
}

// UnmarshalGQL takes the upload that the transport has put into the variables.
func (u *Upload) UnmarshalGQL(v any) error {
	given, isUpload := v.(Upload)
	if !isUpload {
		return fault.BadInput("an Upload is a file that comes with the request, which is then multipart/form-data")
	}
	*u = given
	return nil
}

// MarshalGQL writes the digest.
func (u Upload) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(u.digest())) }

// MarshalJSON writes the digest, so that requests with other files differ.
func (u Upload) MarshalJSON() ([]byte, error) { return json.Marshal(u.digest()) }
