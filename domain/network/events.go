package network

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one network; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	network()
}

// Registered opens the record of a network. If the fact is announced, the
// network is no more than that.
type Registered struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text `json:"titles"`
	// Purpose is what it is for, in own words, or nothing.
	Purpose    terms.Text       `json:"purpose"`
	Themes     []terms.Theme    `json:"themes"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedOver enters a network in the state an older register gives it, without
// inventing the steps before. The date of the fact is that as of which the
// register says so: what it does not date was so by then.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text  `json:"titles"`
	Purpose    terms.Text    `json:"purpose"`
	Themes     []terms.Theme `json:"themes"`
	// Phase is its state there, and Since from when.
	Phase    Phase            `json:"phase"`
	Since    edtf.Date        `json:"since"`
	Founders []terms.PartyRef `json:"founders"`
	// Secretariat is nil if it is not known.
	Secretariat *CarriedSecretariat `json:"secretariat"`
	Bodies      []CarriedBody       `json:"bodies"`
	Classes     []Class             `json:"classes"`
	Supporters  []CarriedSupporter  `json:"supporters"`
	Visibility  terms.Visibility    `json:"visibility"`
}

// Titled adds a title in another language, or another title.
type Titled struct {
	terms.Fact `json:"fact"`
	Title      terms.Text `json:"title"`
}

// Founded says that the network was founded.
type Founded struct {
	terms.Fact `json:"fact"`
	Founders   []terms.PartyRef `json:"founders"`
	// Instrument is the agreement that founds it, if that is in the ledger.
	Instrument terms.AgreementID `json:"instrument"`
}

// Launched says that the network began its work in public.
type Launched struct {
	terms.Fact `json:"fact"`
	// Place is where, in own words, or nothing. The ceremony is an activity.
	Place terms.Text `json:"place"`
}

// Dissolved ends the network.
type Dissolved struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// PurposeStated says what the network is for, instead of what was said before.
type PurposeStated struct {
	terms.Fact `json:"fact"`
	Purpose    terms.Text `json:"purpose"`
}

// PrioritiesSet says what the network turns to first, instead of what was said
// before. Themes replace those before, unless there are none.
type PrioritiesSet struct {
	terms.Fact `json:"fact"`
	Priorities []terms.Text  `json:"priorities"`
	Themes     []terms.Theme `json:"themes"`
}

// OpenedToJoin says that the network takes members.
type OpenedToJoin struct {
	terms.Fact `json:"fact"`
	// To is who may join, in own words, or nothing: "other municipalities".
	To terms.Text `json:"to"`
	// Until is the last day; unknown: until it is closed.
	Until edtf.Date `json:"until"`
}

// ClosedToJoin says that the network takes no more members.
type ClosedToJoin struct {
	terms.Fact `json:"fact"`
}

// ClassDefined defines a class of members.
type ClassDefined struct {
	terms.Fact `json:"fact"`
	Class      Class `json:"class"`
}

// SecretariatDesignated says that a party runs the network.
type SecretariatDesignated struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	Office     Office         `json:"office"`
	// Until is the last day of the term; unknown: none is stated.
	Until edtf.Date `json:"until"`
	// Replaces is who leaves the office as the party takes it, or empty.
	Replaces terms.PartyRef `json:"replaces"`
}

// SecretariatEnded says that a party no longer runs the network, from the
// effective date on.
type SecretariatEnded struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// BodyEstablished sets a body up.
type BodyEstablished struct {
	terms.Fact `json:"fact"`
	Key        Key     `json:"key"`
	Charter    Charter `json:"charter"`
}

// BodyDissolved ends a body, and with it the seats in it.
type BodyDissolved struct {
	terms.Fact `json:"fact"`
	Body       Key `json:"body"`
}

// SeatNominated says that a party was put forward for a seat. It has none yet.
type SeatNominated struct {
	terms.Fact `json:"fact"`
	Body       Key            `json:"body"`
	Party      terms.PartyRef `json:"party"`
	// By is the person who put it forward, or empty.
	By terms.PersonID `json:"by"`
}

// SeatFilled says that a party has a seat.
type SeatFilled struct {
	terms.Fact `json:"fact"`
	Body       Key            `json:"body"`
	Party      terms.PartyRef `json:"party"`
	// Person sits there for the party; empty if nobody is named.
	Person terms.PersonID `json:"person"`
	Role   SeatRole       `json:"role"`
	// Until is the last day of the term; unknown: as long as seats of the body
	// are held.
	Until edtf.Date `json:"until"`
}

// SeatVacated says that a party no longer has a seat, from the effective date on.
type SeatVacated struct {
	terms.Fact `json:"fact"`
	Body       Key            `json:"body"`
	Party      terms.PartyRef `json:"party"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// SupporterAdded says that a party supports the network.
type SupporterAdded struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	Kind       SupportKind    `json:"kind"`
}

// SupporterEnded says that a party no longer supports the network in any way,
// from the effective date on.
type SupporterEnded struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
}

// Counted states how many there are, named or not.
type Counted struct {
	terms.Fact `json:"fact"`
	What       What `json:"what"`
	// Body is whose seats are counted; empty: those of all bodies, or no seats.
	Body      Key       `json:"body"`
	Number    int       `json:"number"` // from 1
	Qualifier Qualifier `json:"qualifier"`
}

// DecisionRecorded says what the network, or a body of it, decided. Others name
// the decision by its revision, as in network-<uuid>@7.
type DecisionRecorded struct {
	terms.Fact `json:"fact"`
	// Body is what decided; empty: the network as such.
	Body    Key        `json:"body"`
	Title   terms.Text `json:"title"`
	Number  string     `json:"number"` // as it is printed, or empty
	Outcome Outcome    `json:"outcome"`
	Votes   *Votes     `json:"votes"` // nil if they are not stated
	// Quorum is how many had to be present, Present how many were; 0 if it is not
	// stated.
	Quorum  int          `json:"quorum"`
	Present int          `json:"present"`
	Rule    DecisionRule `json:"rule"`
	// Concerns are the parties that were decided on.
	Concerns []terms.PartyRef `json:"concerns"`
}

// What is said of earlier events.
type (
	// Corrected gives an earlier event new values.
	Corrected struct{ book.Corrected[Event] }
	// Voided says that an event was recorded in error.
	Voided struct{ book.Voided }
	// Disputed says that somebody contests an event.
	Disputed struct{ book.Disputed }
	// Ruled settles a dispute.
	Ruled struct{ book.Ruled }
	// Reclassified changes who may see the network.
	Reclassified struct{ book.Reclassified }
	// FellDue says that a day came that followed from an earlier event.
	FellDue struct{ book.FellDue }
)

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

// Reverses implements [book.Reversible].
func (OpenedToJoin) Reverses() string { return "joining" }

// Reverses implements [book.Reversible].
func (ClosedToJoin) Reverses() string { return "joining" }

func (Registered) network()            {}
func (CarriedOver) network()           {}
func (Titled) network()                {}
func (Founded) network()               {}
func (Launched) network()              {}
func (Dissolved) network()             {}
func (PurposeStated) network()         {}
func (PrioritiesSet) network()         {}
func (OpenedToJoin) network()          {}
func (ClosedToJoin) network()          {}
func (ClassDefined) network()          {}
func (SecretariatDesignated) network() {}
func (SecretariatEnded) network()      {}
func (BodyEstablished) network()       {}
func (BodyDissolved) network()         {}
func (SeatNominated) network()         {}
func (SeatFilled) network()            {}
func (SeatVacated) network()           {}
func (SupporterAdded) network()        {}
func (SupporterEnded) network()        {}
func (Counted) network()               {}
func (DecisionRecorded) network()      {}
func (Corrected) network()             {}
func (Voided) network()                {}
func (Disputed) network()              {}
func (Ruled) network()                 {}
func (Reclassified) network()          {}
func (FellDue) network()               {}
