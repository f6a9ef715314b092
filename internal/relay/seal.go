package relay

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"sync"
)

// KeyBytes is the length of the key of a Seal.
const KeyBytes = 32

// tagBytes is the length of the synthetic nonce, which is the tag as well.
const tagBytes = aes.BlockSize

// Seal makes texts of what clients must neither read nor make up, and reads them
// again. Equal values give equal texts, so that clients can compare and keep them.
//
// It is deterministic authenticated encryption by a synthetic nonce, as RFC 5297
// has it (SIV; P. Rogaway and T. Shrimpton, "Deterministic Authenticated-Encryption",
// 2006), with HMAC-SHA256, cut to 128 bits, in the place of S2V, and AES-256 in counter
// mode. What it does not hide: that two texts of one binding say the same, and how long
// what they say is.
type Seal struct {
	block cipher.Block
	macs  sync.Pool // of *mac
}

// mac is what one sealing works with.
type mac struct {
	hash.Hash
	buffer []byte // what is sealed
	text   []byte
	sum    [sha256.Size]byte
}

// tag is the tag of a payload, until the next is asked for.
func (m *mac) tag(in *binding, payload []byte) []byte {
	m.Reset()
	m.Write(in[:])
	m.Write(payload)
	return m.Sum(m.sum[:0])[:tagBytes]
}

// NewSeal makes a seal of a key of KeyBytes bytes.
func NewSeal(key []byte) (*Seal, error) {
	if len(key) != KeyBytes {
		return nil, fmt.Errorf("the key of a seal has %d bytes, not %d", len(key), KeyBytes)
	}
	forMAC, err := hkdf.Expand(sha256.New, key, "stackyard seal: nonce and tag", sha256.Size)
	if err != nil {
		return nil, err
	}
	forCipher, err := hkdf.Expand(sha256.New, key, "stackyard seal: encryption", KeyBytes)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(forCipher)
	if err != nil {
		return nil, err
	}
	return &Seal{block: block, macs: sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, forMAC)} }}}, nil
}

// binding is the digest of what a text goes with, such as a list.
type binding [sha256.Size]byte

// seal gives the text of what write appends to a buffer. It opens with the same binding alone.
func (s *Seal) seal(with *binding, write func([]byte) []byte) string {
	m := s.macs.Get().(*mac)
	defer s.macs.Put(m)
	var room [tagBytes]byte
	m.buffer = write(append(m.buffer[:0], room[:]...))
	tag, payload := m.buffer[:tagBytes], m.buffer[tagBytes:]
	copy(tag, m.tag(with, payload))
	cipher.NewCTR(s.block, tag).XORKeyStream(payload, payload)
	m.text = encoding.AppendEncode(m.text[:0], m.buffer)
	return string(m.text)
}

// open gives what was sealed with the binding; false for any other text.
func (s *Seal) open(with *binding, text string) ([]byte, bool) {
	sealed, err := encoding.DecodeString(text)
	if err != nil || len(sealed) < tagBytes {
		return nil, false
	}
	tag, payload := sealed[:tagBytes], sealed[tagBytes:]
	cipher.NewCTR(s.block, tag).XORKeyStream(payload, payload)
	m := s.macs.Get().(*mac)
	defer s.macs.Put(m)
	return payload, hmac.Equal(tag, m.tag(with, payload))
}
