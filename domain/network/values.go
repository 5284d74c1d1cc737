package network

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// Phase is a state of a network.
type Phase string

// The phases.
const (
	PhaseRegistered Phase = "registered" // there is such a network; nothing says that it acts
	PhaseFounded    Phase = "founded"
	PhaseLaunched   Phase = "launched"
	PhaseDissolved  Phase = "dissolved"
)

// Words returns the phases in the order of a network's life.
func (Phase) Words() []string {
	return []string{string(PhaseRegistered), string(PhaseFounded), string(PhaseLaunched), string(PhaseDissolved)}
}

// UnmarshalText accepts one of the phases.
func (p *Phase) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// Office is as what a party runs a network.
type Office string

// Words returns the offices. Whatever it is called, one party has it at a time.
func (Office) Words() []string { return []string{"host", "secretariat", "coordinator"} }

// UnmarshalText accepts one of the offices.
func (o *Office) UnmarshalText(text []byte) error { return terms.ReadWord(o, text) }

// BodyKind says what a body does for a network.
type BodyKind string

// Words returns the kinds of body.
func (BodyKind) Words() []string {
	return []string{"steering", "advisory", "assembly", "executive", "working_group", "other"}
}

// UnmarshalText accepts one of the kinds.
func (k *BodyKind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// SeatRole is as what somebody sits in a body.
type SeatRole string

const observer SeatRole = "observer"

// Words returns the roles. An observer takes up no seat of the body's capacity.
func (SeatRole) Words() []string { return []string{"chair", "vice_chair", "member", string(observer)} }

// UnmarshalText accepts one of the roles.
func (r *SeatRole) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// SupportKind says how a party supports a network.
type SupportKind string

// Words returns the kinds of support.
func (SupportKind) Words() []string {
	return []string{"funder", "technical", "political", "in_kind", "unspecified"}
}

// UnmarshalText accepts one of the kinds.
func (k *SupportKind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Limit says how strictly the capacity of a body is meant.
type Limit string

const approximate Limit = "approximate"

// Words returns the limits. Only an approximate capacity may be exceeded.
func (Limit) Words() []string { return []string{"exact", string(approximate), "up_to"} }

// UnmarshalText accepts one of the limits.
func (l *Limit) UnmarshalText(text []byte) error { return terms.ReadWord(l, text) }

// What says what a stated number counts.
type What string

// What can be counted.
const (
	members    What = "members" // who they are is kept by their memberships
	seats      What = "seats"   // observers apart
	supporters What = "supporters"
)

// Words returns what can be counted.
func (What) Words() []string { return []string{string(members), string(seats), string(supporters)} }

// UnmarshalText accepts one of the words.
func (w *What) UnmarshalText(text []byte) error { return terms.ReadWord(w, text) }

// Qualifier says how precisely a stated number is meant.
type Qualifier string

const exactly Qualifier = "exact"

// Words returns the qualifiers.
func (Qualifier) Words() []string { return []string{string(exactly), "approximate", "at_least"} }

// UnmarshalText accepts one of the qualifiers.
func (q *Qualifier) UnmarshalText(text []byte) error { return terms.ReadWord(q, text) }

// Outcome is what became of a proposal.
type Outcome string

const (
	adopted  Outcome = "adopted"
	rejected Outcome = "rejected"
)

// Words returns the outcomes.
func (Outcome) Words() []string { return []string{string(adopted), string(rejected), "deferred"} }

// UnmarshalText accepts one of the outcomes.
func (o *Outcome) UnmarshalText(text []byte) error { return terms.ReadWord(o, text) }

// DecisionRule says how a body decides.
type DecisionRule string

// The rules by which votes can be told to pass or not.
const (
	consensus      DecisionRule = "consensus"
	simpleMajority DecisionRule = "simple_majority"
	twoThirds      DecisionRule = "two_thirds"
	unanimity      DecisionRule = "unanimity"
)

// Words returns the rules.
func (DecisionRule) Words() []string {
	return []string{
		string(consensus), string(simpleMajority), string(twoThirds), string(unanimity), "written_procedure", "unstated",
	}
}

// UnmarshalText accepts one of the rules.
func (r *DecisionRule) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// Votes are those cast on a proposal, each from 0.
type Votes struct {
	For       int `json:"for"`
	Against   int `json:"against"`
	Abstained int `json:"abstained"`
}

// Key names a body or a class of members within a network, or none.
type Key string

// UnmarshalText accepts a key of at most 64 bytes, or nothing.
func (k *Key) UnmarshalText(text []byte) error { return terms.ReadKey("network.bad_key", k, text) }

// Capacity is how many seats a body has.
type Capacity struct {
	Number int   `json:"number"` // from 1
	Kind   Limit `json:"kind"`
}

// Charter is what a body is set up as.
type Charter struct {
	Kind  BodyKind   `json:"kind"`
	Title terms.Text `json:"title"`
	// Capacity is nil if it is not stated.
	Capacity *Capacity `json:"capacity"`
	// Of says what the seats are counted in, in own words, or nothing: "cities
	// and other sub-national entities".
	Of terms.Text `json:"of"`
	// Term is how long a seat is held where nothing else is said of it; zero: it
	// is not limited.
	Term edtf.Period `json:"term"`
	// Mandate is what the body is to do, Composition who is to sit in it, in own
	// words, or nothing.
	Mandate     terms.Text `json:"mandate"`
	Composition terms.Text `json:"composition"`
}

// CarriedBody is a body as an older register gives it. What it does not date
// was so by the date of the fact; that holds for the others too.
type CarriedBody struct {
	Key     Key           `json:"key"`
	Charter Charter       `json:"charter"`
	Since   edtf.Date     `json:"since"`
	Seats   []CarriedSeat `json:"seats"`
}

// CarriedSeat is a seat that an older register says is held.
type CarriedSeat struct {
	Party  terms.PartyRef `json:"party"`
	Person terms.PersonID `json:"person"`
	Role   SeatRole       `json:"role"`
	Since  edtf.Date      `json:"since"`
	Until  edtf.Date      `json:"until"` // the last day of the term, if that is known
}

// CarriedSecretariat is who runs a network by an older register.
type CarriedSecretariat struct {
	Party  terms.PartyRef `json:"party"`
	Office Office         `json:"office"`
	Since  edtf.Date      `json:"since"`
	Until  edtf.Date      `json:"until"` // the last day of the term, if that is known
}

// CarriedSupporter is who supports a network by an older register.
type CarriedSupporter struct {
	Party terms.PartyRef `json:"party"`
	Kind  SupportKind    `json:"kind"`
	Since edtf.Date      `json:"since"`
}

// Class is a class of members of this network besides those that all have.
type Class struct {
	Key   Key        `json:"key"`
	Title terms.Text `json:"title"`
}
