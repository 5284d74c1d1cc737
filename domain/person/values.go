package person

import (
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Commitment is a salted SHA-256 over the person's data in the vault, as 64
// lower-case hexadecimal digits. With the salt gone it says nothing.
type Commitment string

const commitmentDigits = 64

// UnmarshalText accepts 64 lower-case hexadecimal digits.
func (c *Commitment) UnmarshalText(text []byte) error {
	*c = Commitment(text)
	return c.check("")
}

func (c Commitment) check(field string) error {
	if len(c) != commitmentDigits || strings.Trim(string(c), "0123456789abcdef") != "" {
		return es.Invalid("person.bad_commitment", "this is not a commitment to a person's data", "64 lower-case hexadecimal digits").At(field)
	}
	return nil
}

// Ground says why a person is erased. It is a word and not a sentence, because
// a sentence could name the person.
type Ground string

// Words returns the grounds.
func (Ground) Words() []string {
	return []string{"request", "objection", "retention", "unlawful", "other"}
}

// UnmarshalText accepts one of the grounds.
func (g *Ground) UnmarshalText(text []byte) error { return terms.ReadWord(g, text) }

// Function is an office or task as an older register gives it.
type Function struct {
	Title terms.Text `json:"title"`
	// At is the party where it is held, or empty.
	At terms.PartyID `json:"at"`
	// From and Until bound the time it was held; each may be unknown.
	From  edtf.Date `json:"from"`
	Until edtf.Date `json:"until"`
}

// HeldOn says whether the function was held as of a date. One of which no end
// is known goes on.
func (f Function) HeldOn(on edtf.Date) edtf.Truth {
	held := f.From.HeldBy(on)
	if f.Until.IsUnknown() {
		return held
	}
	return held.And(f.Until.HeldBy(on).Not())
}
