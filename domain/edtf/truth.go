package edtf

import (
	"fmt"
	"strconv"
)

// Truth is an answer in Kleene's three-valued logic. The zero Truth is [No].
type Truth int8

// The three truths, in order: No < Maybe < Yes.
const (
	No    Truth = iota // certainly not
	Maybe              // undecidable from what is known
	Yes                // certainly
)

// And is the lesser of t and u: Yes if both are, No if either is.
func (t Truth) And(u Truth) Truth { return min(t, u) }

// Or is the greater of t and u: Yes if either is, No if both are.
func (t Truth) Or(u Truth) Truth { return max(t, u) }

// Not swaps Yes and No and leaves Maybe.
func (t Truth) Not() Truth { return Yes - t }

// String is "no", "undecidable" or "yes".
func (t Truth) String() string {
	switch t {
	case No:
		return "no"
	case Maybe:
		return "undecidable"
	case Yes:
		return "yes"
	}
	return "Truth(" + strconv.Itoa(int(t)) + ")"
}

// Words returns the truths as they are written.
func (Truth) Words() []string { return []string{No.String(), Maybe.String(), Yes.String()} }

// MarshalText returns the truth as [Truth.String] does.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *Truth) UnmarshalText(text []byte) error {
	for i, name := range t.Words() {
		if string(text) == name {
			*t = Truth(i)
			return nil
		}
	}
	return fmt.Errorf("%.40q is not no, undecidable or yes", text)
}
