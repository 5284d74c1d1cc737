package terms

import (
	"strconv"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Fact is what every event says about itself: when, how surely, and who says so.
// It is embedded in the payload of an event as its member "fact".
type Fact struct {
	// Occurred is when it happened; it may be partial or unknown.
	Occurred edtf.Date `json:"occurred"`
	// Effective is from when it counts; unknown stands for Occurred.
	Effective edtf.Date `json:"effective"`
	// Status says how surely it is a fact; only recorded facts move state.
	Status Status `json:"status"`
	// Source is where it was read.
	Source Citation `json:"source"`
	// Authority is on whose decision it happened: a party, a person, or the
	// event that holds the decision; or empty.
	Authority Ref `json:"authority"`
}

// About returns f, so that whatever embeds a Fact can be asked for it.
func (f Fact) About() Fact { return f }

// From returns the date from which f counts.
func (f Fact) From() edtf.Date {
	if f.Effective.IsUnknown() {
		return f.Occurred
	}
	return f.Effective
}

// Citation is a place in a source.
type Citation struct {
	ID      SourceID `json:"id"`
	Locator string   `json:"locator"` // page, paragraph, row: as the source allows
}

// Status says how surely a fact is one.
type Status int8

// The statuses. Only Recorded moves state and satisfies guards.
const (
	Recorded  Status = iota // the registrar vouches for it
	Announced               // said to be going to happen
	Claimed                 // said by somebody whose word is not enough
	Inferred                // concluded from something else
	Disputed                // contested when it was recorded
)

var statuses = [...]string{"recorded", "announced", "claimed", "inferred", "disputed"}

// Words returns the statuses as they are written.
func (Status) Words() []string { return statuses[:] }

func (s Status) String() string { return statuses[s] }

// MarshalText returns the status as a lower-case word.
func (s Status) MarshalText() ([]byte, error) { return []byte(statuses[s]), nil }

// UnmarshalText reads what MarshalText writes; "" is recorded.
func (s *Status) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Recorded
		return nil
	}
	for i, name := range statuses {
		if string(text) == name {
			*s = Status(i)
			return nil
		}
	}
	return es.Invalid("terms.bad_status", strconv.Quote(string(text))+" is not a status of a fact",
		"recorded, announced, claimed, inferred or disputed")
}
