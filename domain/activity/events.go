package activity

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one activity; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	activity()
}

// Registered opens the record of an activity. The date of the fact is when it
// was announced, not when it takes place. The status is recorded where the
// activity is certain, because it took place or was scheduled; of what is only
// said to be going to happen it is announced, and that one event is enough.
type Registered struct {
	terms.Fact  `json:"fact"`
	Description `json:"description"`
	// When is for when it is planned, start and end with their offset from UTC
	// where they are known; it may be unknown.
	When       edtf.Date        `json:"when"`
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// CarriedOver enters an activity in the state an older register gives it,
// without inventing the steps before. The date of the fact is that of the
// register.
type CarriedOver struct {
	terms.Fact  `json:"fact"`
	Description `json:"description"`
	// Phase is its state there, and Since from when. Of what was held, that is
	// when it was held.
	Phase Phase     `json:"phase"`
	Since edtf.Date `json:"since"`
	// When is for when it was planned, if that is known.
	When         edtf.Date        `json:"when"`
	Place        Place            `json:"place"`
	Participants []Participation  `json:"participants"`
	Visibility   terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

// Titled adds a title in another language.
type Titled struct {
	terms.Fact `json:"fact"`
	Title      terms.Text `json:"title"`
}

// SeriesNamed says which series the activity belongs to, instead of what was
// said before.
type SeriesNamed struct {
	terms.Fact `json:"fact"`
	Series     terms.PartyID `json:"series"`
	// Number is the place in the series, from 1; 0 if it is not known.
	Number int `json:"number"`
}

// Located says where the activity is, instead of what was said before.
type Located struct {
	terms.Fact `json:"fact"`
	Place      Place `json:"place"`
}

// Announced says that somebody announced the activity, and when they did. That
// it was announced may be certain while what was announced is not.
type Announced struct {
	terms.Fact `json:"fact"`
	// By is the party or person who announced it, or empty.
	By terms.Ref `json:"by"`
	// When is for when they announced it; it may be unknown.
	When edtf.Date `json:"when"`
}

// Scheduled fixes when the activity is to take place. The date of the fact is
// when that was fixed.
type Scheduled struct {
	terms.Fact `json:"fact"`
	// When is start and end, with their offset from UTC where they are known.
	When edtf.Date `json:"when"`
}

// Rescheduled fixes another time in place of the one before, sooner or later.
type Rescheduled struct {
	terms.Fact `json:"fact"`
	When       edtf.Date `json:"when"`
	// Reason says why, if that is known.
	Reason terms.Text `json:"reason"`
}

// Postponed puts the activity off. The date of the fact is when that was
// decided.
type Postponed struct {
	terms.Fact `json:"fact"`
	// When is until when, unknown if no other time was named.
	When edtf.Date `json:"when"`
	// Reason says why, if that is known.
	Reason terms.Text `json:"reason"`
}

// Held says that the activity took place. The date of the fact is when it did:
// its start and end, with their offset from UTC where they are known.
type Held struct {
	terms.Fact `json:"fact"`
	// Days is how many it lasted, 0 if that is not stated: "four days in the
	// first week of October".
	Days int `json:"days"`
}

// Cancelled says that the activity will not take place. An activity that is
// called off and revived later is another one, which replaces it.
type Cancelled struct {
	terms.Fact `json:"fact"`
	// Reason says why, if that is known.
	Reason terms.Text `json:"reason"`
}

// HostNamed names somebody at whose invitation or under whose auspices the
// activity is.
type HostNamed struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	As         HostRole       `json:"as"`
}

// ParticipantRecorded says who takes part, as what, and whether they came.
type ParticipantRecorded struct {
	terms.Fact    `json:"fact"`
	Participation `json:"participation"`
}

// ParticipantsCounted says how many take part, named or not.
type ParticipantsCounted struct {
	terms.Fact `json:"fact"`
	Count      Count `json:"count"`
}

// AgendaSet says what the activity is about, instead of what was said before.
type AgendaSet struct {
	terms.Fact `json:"fact"`
	Themes     []terms.Theme `json:"themes"`
	Items      []terms.Text  `json:"items"`
}

// OutputRecorded says what came out of the activity.
type OutputRecorded struct {
	terms.Fact `json:"fact"`
	Output     Output `json:"output"`
}

// Related says how the activity stands to another, or to an agreement, a
// programme or a network.
type Related struct {
	terms.Fact `json:"fact"`
	To         terms.Ref `json:"to"`
	Relation   Relation  `json:"relation"`
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
	// Reclassified changes who may see the activity.
	Reclassified struct{ book.Reclassified }
)

func (Registered) activity()          {}
func (CarriedOver) activity()         {}
func (Titled) activity()              {}
func (SeriesNamed) activity()         {}
func (Located) activity()             {}
func (Announced) activity()           {}
func (Scheduled) activity()           {}
func (Rescheduled) activity()         {}
func (Postponed) activity()           {}
func (Held) activity()                {}
func (Cancelled) activity()           {}
func (HostNamed) activity()           {}
func (ParticipantRecorded) activity() {}
func (ParticipantsCounted) activity() {}
func (AgendaSet) activity()           {}
func (OutputRecorded) activity()      {}
func (Related) activity()             {}
func (Corrected) activity()           {}
func (Voided) activity()              {}
func (Disputed) activity()            {}
func (Ruled) activity()               {}
func (Reclassified) activity()        {}
