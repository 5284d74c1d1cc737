package documents

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/entente-ledger/entente/domain/es"
)

// Hash is the SHA-256 of a document's bytes, and its name. Its text form is 64
// lower-case hexadecimal digits.
type Hash [sha256.Size]byte

// ParseHash reads the text form of a hash. It returns an error of kind
// [es.ErrInvalid] and code document.bad_hash if s is not one.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if b, err := hex.DecodeString(s); err == nil && len(b) == len(h) {
		h = Hash(b)
		if h.String() == s {
			return h, nil
		}
	}
	return Hash{}, es.Invalid("document.bad_hash", "this is not the hash of a document", "64 lower-case hexadecimal digits")
}

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText returns the text form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText is [ParseHash].
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, err := ParseHash(string(text))
	if err == nil {
		*h = parsed
	}
	return err
}
