package vault

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"log/slog"

	"github.com/entente-ledger/entente/domain/es"
)

// SaltBytes is the length of a salt.
const SaltBytes = 32

// label separates commitments from every other use of SHA-256 in entente. A
// new layout gets a new label.
const label = "entente/vault/commitment/v1"

// Commitment is what an event holds of a person's data: SHA-256 over label,
// salt, name, language and contact in this order, each preceded by its length
// in bytes as a big-endian uint64. The label is entente/vault/commitment/v1.
// Its text form is 64 lower-case hexadecimal digits.
type Commitment [sha256.Size]byte

// ParseCommitment reads the text form of a commitment. It returns an error of
// kind [es.ErrInvalid] and code vault.bad_commitment if s is not one.
func ParseCommitment(s string) (Commitment, error) {
	var c Commitment
	if b, err := hex.DecodeString(s); err == nil && len(b) == len(c) {
		c = Commitment(b)
		if c.String() == s {
			return c, nil
		}
	}
	return Commitment{}, es.Invalid("vault.bad_commitment", "this is not a commitment", "64 lower-case hexadecimal digits")
}

func (c Commitment) String() string { return hex.EncodeToString(c[:]) }

// MarshalText returns the text form.
func (c Commitment) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText is [ParseCommitment].
func (c *Commitment) UnmarshalText(text []byte) error {
	parsed, err := ParseCommitment(string(text))
	if err == nil {
		*c = parsed
	}
	return err
}

// Opening is what opens a commitment. It is as personal as the entry: with
// the salt gone, the commitment can no longer be tied to a name.
type Opening struct {
	Entry Entry
	Salt  [SaltBytes]byte
}

// LogValue hides the opening from slog.
func (Opening) LogValue() slog.Value { return slog.StringValue(hidden) }

// Commitment returns what o opens.
func (o Opening) Commitment() Commitment {
	h := sha256.New()
	for _, field := range [][]byte{
		[]byte(label), o.Salt[:], []byte(o.Entry.Name), []byte(o.Entry.NameLang), []byte(o.Entry.Contact),
	} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(field))))
		h.Write(field)
	}
	return Commitment(h.Sum(nil))
}

// Verify returns nil if o opens c. Otherwise name or salt is not the one that
// was recorded, and the error is of kind [es.ErrCorrupt] and code
// [CodeMismatch]. It needs no vault: an auditor who is shown a name can check it.
func Verify(c Commitment, o Opening) error {
	if got := o.Commitment(); subtle.ConstantTimeCompare(got[:], c[:]) != 1 {
		return &es.Error{
			Kind: es.ErrCorrupt, Code: CodeMismatch,
			Message: "a person's data are not those committed to", Want: c.String(),
		}
	}
	return nil
}
