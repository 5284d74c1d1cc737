package party

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one party; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	party()
}

// Registered opens the record of a party.
type Registered struct {
	terms.Fact `json:"fact"`
	Kind       Kind       `json:"kind"`
	Name       terms.Text `json:"name"`
	// Country is an ISO 3166-1 alpha-2 code, or empty.
	Country Country `json:"country"`
	// Parent is the party this is a unit of, or empty.
	Parent     terms.PartyID    `json:"parent"`
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// CarriedOver enters a party in the state an older register gives it.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Kind       Kind         `json:"kind"`
	Names      []Name       `json:"names"`
	Country    Country      `json:"country"`
	IDs        []Identifier `json:"identifiers"`
	// Ended is when the party ceased to exist, if Exists is false.
	Exists     bool             `json:"exists"`
	Ended      edtf.Date        `json:"ended"`
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

// Named adds a name: in another language or script, a short form, an exonym, a
// former name.
type Named struct {
	terms.Fact `json:"fact"`
	Name       Name `json:"name"`
}

// Renamed gives the party a new official name from the effective date on.
type Renamed struct {
	terms.Fact `json:"fact"`
	Name       terms.Text `json:"name"`
}

// Identified adds an identifier from elsewhere. It is an attribute, not a key.
type Identified struct {
	terms.Fact `json:"fact"`
	Identifier Identifier `json:"identifier"`
}

// Located says where the party is.
type Located struct {
	terms.Fact `json:"fact"`
	Country    Country `json:"country"`
	// Region is the name of the administrative area, or empty.
	Region terms.Text `json:"region"`
	// Latitude and Longitude are WGS 84 in millionths of a degree; both are
	// zero if they are not known.
	Latitude  int64 `json:"latitude"`
	Longitude int64 `json:"longitude"`
}

// Related says how the party stands to another.
type Related struct {
	terms.Fact `json:"fact"`
	To         terms.PartyID `json:"to"`
	Relation   Relation      `json:"relation"`
}

// Merged says that the party was merged into another and ceased to exist.
type Merged struct {
	terms.Fact `json:"fact"`
	Into       terms.PartyID `json:"into"`
}

// Split says that the party was split into others and ceased to exist.
type Split struct {
	terms.Fact `json:"fact"`
	Into       []terms.PartyID `json:"into"`
}

// Succeeded says that another party took the place of this one.
type Succeeded struct {
	terms.Fact `json:"fact"`
	By         terms.PartyID `json:"by"`
}

// Linked says that this record and another are of one party. The other record
// is the one to go by.
type Linked struct {
	terms.Fact `json:"fact"`
	To         terms.PartyID `json:"to"`
	Reason     string        `json:"reason"`
}

// Unlinked takes a link back.
type Unlinked struct {
	terms.Fact `json:"fact"`
	From       terms.PartyID `json:"from"`
	Reason     string        `json:"reason"`
}

// Reverses implements [book.Reversible].
func (Linked) Reverses() string { return "link" }

// Reverses implements [book.Reversible].
func (Unlinked) Reverses() string { return "link" }

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
	// Reclassified changes who may see the party.
	Reclassified struct{ book.Reclassified }
)

func (Registered) party()   {}
func (CarriedOver) party()  {}
func (Named) party()        {}
func (Renamed) party()      {}
func (Identified) party()   {}
func (Located) party()      {}
func (Related) party()      {}
func (Merged) party()       {}
func (Split) party()        {}
func (Succeeded) party()    {}
func (Linked) party()       {}
func (Unlinked) party()     {}
func (Corrected) party()    {}
func (Voided) party()       {}
func (Disputed) party()     {}
func (Ruled) party()        {}
func (Reclassified) party() {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("party.registered"),
	es.Def[CarriedOver]("party.carried_over"),
	es.Def[Named]("party.named"),
	es.Def[Renamed]("party.renamed"),
	es.Def[Identified]("party.identified"),
	es.Def[Located]("party.located"),
	es.Def[Related]("party.related"),
	es.Def[Merged]("party.merged"),
	es.Def[Split]("party.split"),
	es.Def[Succeeded]("party.succeeded"),
	es.Def[Linked]("party.linked"),
	es.Def[Unlinked]("party.unlinked"),
	es.Def[Corrected]("party.corrected"),
	es.Def[Voided]("party.voided"),
	es.Def[Disputed]("party.disputed"),
	es.Def[Ruled]("party.ruled"),
	es.Def[Reclassified]("party.reclassified"),
)
