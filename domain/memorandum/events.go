package memorandum

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one agreement; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	memorandum()
}

// Drafted opens the record of an agreement.
type Drafted struct {
	terms.Fact `json:"fact"`
	Kind       Kind         `json:"kind"`
	Titles     []terms.Text `json:"titles"`
	// Parties negotiate or are invited from the start.
	Parties []terms.PartyRef `json:"parties"`
	// Open says that any party may sign or accede, invited or not.
	Open   bool          `json:"open"`
	Terms  Terms         `json:"terms"`
	Themes []terms.Theme `json:"themes"`
	// Under is the programme or network it was made under, or empty.
	Under terms.Ref `json:"under"`
	// Reference is its number in the registrar's files, or empty.
	Reference  string           `json:"reference"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedOver enters an agreement in the state an older register gives it,
// without inventing the steps before. The date of the fact is that as of which
// the register says so: what it does not date was so by then.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Kind       Kind         `json:"kind"`
	Titles     []terms.Text `json:"titles"`
	Open       bool         `json:"open"`
	Terms      Terms        `json:"terms"`
	// Phase is its state there, and Since from when.
	Phase Phase     `json:"phase"`
	Since edtf.Date `json:"since"`
	// InForce is since when it is or was in force, if that is known.
	InForce    edtf.Date        `json:"inForce"`
	Parties    []CarriedParty   `json:"parties"`
	Themes     []terms.Theme    `json:"themes"`
	Reference  string           `json:"reference"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedParty is a party's part as an older register gives it.
type CarriedParty struct {
	Party terms.PartyRef `json:"party"`
	State Part           `json:"state"`
	// Since is from when it has that part; Consented, if in force, from when
	// it was bound. Either may be unknown.
	Since     edtf.Date `json:"since"`
	Consented edtf.Date `json:"consented"`
	Weight    int64     `json:"weight"`
}

// PartCarriedOver enters a party's part in an agreement in the state an older
// register gives it, without inventing the steps before: row by row, where the
// register has one for each party and agreement. The date of the fact is that as
// of which the register says so: what it does not date was so by then. The part
// recorded first stands, whether it was entered so or with the agreement.
type PartCarriedOver struct {
	terms.Fact `json:"fact"`
	CarriedParty
}

// Titled adds a title in another language, or another title.
type Titled struct {
	terms.Fact `json:"fact"`
	Title      terms.Text `json:"title"`
}

// Related says how the agreement stands to another one, or to a programme, a
// network or an event of one.
type Related struct {
	terms.Fact `json:"fact"`
	To         terms.Ref `json:"to"`
	Relation   Relation  `json:"relation"`
}

// ThemesSet says what the agreement is about, instead of what was said before.
type ThemesSet struct {
	terms.Fact `json:"fact"`
	Themes     []terms.Theme `json:"themes"`
}

// UnitNamed names a unit of a party that is responsible for the agreement.
type UnitNamed struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyID  `json:"party"`
	Unit       terms.PartyRef `json:"unit"`
	Role       UnitRole       `json:"role"`
}

// TermsSet states the terms, instead of those stated before.
type TermsSet struct {
	terms.Fact `json:"fact"`
	Terms      Terms `json:"terms"`
}

// TextAdded adds a language version. Its hash fixes an authentic text.
type TextAdded struct {
	terms.Fact `json:"fact"`
	Lang       terms.Lang   `json:"lang"`
	Standing   TextStanding `json:"standing"`
	Name       string       `json:"name"`
	// SHA256 is that of the file, where there is one.
	SHA256 Hash `json:"sha256"`
}

// TextCorrected is a correction of an error in the text (VCLT art. 79).
type TextCorrected struct {
	terms.Fact `json:"fact"`
	Lang       terms.Lang `json:"lang"`
	SHA256     Hash       `json:"sha256"`
	Gist       terms.Text `json:"gist"`
}

// Adopted says that the text was settled (VCLT art. 9).
type Adopted struct {
	terms.Fact `json:"fact"`
	Place      string `json:"place"`
}

// Invited says that a party may sign.
type Invited struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
}

// Opened opens the agreement for signature.
type Opened struct {
	terms.Fact `json:"fact"`
	// Until is the last day for signature; unknown if none is set.
	Until edtf.Date `json:"until"`
	Place string    `json:"place"`
}

// Closed closes the agreement for signature; it stays open for accession if it
// is open at all.
type Closed struct {
	terms.Fact `json:"fact"`
}

// Signed is a signature for a party.
type Signed struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	// By is who signed, in what capacity, and on what mandate.
	By       terms.PersonID `json:"by"`
	Capacity string         `json:"capacity"`
	Mandate  string         `json:"mandate"`
	Place    string         `json:"place"`
	// Definitive says that the signature itself binds (VCLT art. 12),
	// whatever the terms say.
	Definitive bool `json:"definitive"`
}

// Counted states how many signed, where a source gives a number. Those not
// named are unnamed places, which no guard counts.
type Counted struct {
	terms.Fact  `json:"fact"`
	Signatories int `json:"signatories"`
}

// Consented is a party's consent to be bound (VCLT art. 11).
type Consented struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	Means      Means          `json:"means"`
	// Predecessor is whose part a succession takes over, empty if it is not known.
	Predecessor terms.PartyID `json:"predecessor"`
}

// Weighed states a party's weight, where entry into force counts weights.
type Weighed struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyID `json:"party"`
	Weight     int64         `json:"weight"`
}

// EntryDetermined is derived: whether, since when and for whom the agreement
// is in force by its own terms. It replaces the determination before it.
type EntryDetermined struct {
	terms.Fact `json:"fact"`
	// Met is whether the conditions are met; From is then the date. If that is
	// undecidable, From begins on the first day on which they may be.
	Met  edtf.Truth `json:"met"`
	From edtf.Date  `json:"from"`
	Rule string     `json:"rule"`
	// Basis are the revisions of the consents that met the conditions.
	Basis []es.Revision `json:"basis"`
	// Parties are those whose dates changed with this determination.
	Parties []Force `json:"parties"`
}

// Force is since when and until when the agreement is in force for a party.
type Force struct {
	Party terms.PartyID `json:"party"`
	// Round numbers the party's participations from 1.
	Round int        `json:"round"`
	Met   edtf.Truth `json:"met"`
	From  edtf.Date  `json:"from"`
	// Left is whether the party has left, or given notice; Until is then the
	// first day on which it is not bound.
	Left  bool      `json:"left"`
	Until edtf.Date `json:"until"`
}

// DerivedBy implements [book.Derived].
func (e EntryDetermined) DerivedBy() string { return e.Rule }

// EndDetermined is derived: when the agreement ends by its own terms, by its
// term or because too few parties are left. It replaces the one before it.
type EndDetermined struct {
	terms.Fact `json:"fact"`
	// Cause is empty if no end follows any more.
	Cause EndCause `json:"cause"`
	// On is the first day on which it is not in force: the one after its last.
	On    edtf.Date     `json:"on"`
	Rule  string        `json:"rule"`
	Basis []es.Revision `json:"basis"`
}

// DerivedBy implements [book.Derived].
func (e EndDetermined) DerivedBy() string { return e.Rule }

// Provisional says that the agreement is applied before it is in force (VCLT
// art. 25).
type Provisional struct {
	terms.Fact `json:"fact"`
	// Parties apply it; none: all signatories do.
	Parties []terms.PartyID `json:"parties"`
}

// ProvisionalEnded ends the provisional application.
type ProvisionalEnded struct {
	terms.Fact `json:"fact"`
}

// Reserved is a reservation (VCLT art. 19).
type Reserved struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyID `json:"party"`
	Key        Key           `json:"key"`
	Provision  string        `json:"provision"`
	Gist       terms.Text    `json:"gist"`
}

// Objected is an objection to a reservation (VCLT art. 20).
type Objected struct {
	terms.Fact  `json:"fact"`
	Party       terms.PartyID `json:"party"`
	Reservation Key           `json:"reservation"`
	// Precludes says that the objecting party does not want the agreement to be
	// in force between the two.
	Precludes bool `json:"precludes"`
}

// Unreserved withdraws a reservation (VCLT art. 22).
type Unreserved struct {
	terms.Fact  `json:"fact"`
	Reservation Key `json:"reservation"`
}

// AmendmentAdopted adopts an amendment or a protocol (VCLT art. 40), which has
// its own entry into force.
type AmendmentAdopted struct {
	terms.Fact `json:"fact"`
	Key        Key          `json:"key"`
	Protocol   bool         `json:"protocol"`
	Titles     []terms.Text `json:"titles"`
	Entry      Entry        `json:"entry"`
}

// AmendmentAccepted is a party's consent to an amendment.
type AmendmentAccepted struct {
	terms.Fact `json:"fact"`
	Amendment  Key           `json:"amendment"`
	Party      terms.PartyID `json:"party"`
}

// AmendmentDetermined is derived: when an amendment enters into force.
type AmendmentDetermined struct {
	terms.Fact `json:"fact"`
	Amendment  Key           `json:"amendment"`
	Met        edtf.Truth    `json:"met"`
	From       edtf.Date     `json:"from"`
	Rule       string        `json:"rule"`
	Basis      []es.Revision `json:"basis"`
}

// DerivedBy implements [book.Derived].
func (e AmendmentDetermined) DerivedBy() string { return e.Rule }

// Renewed renews the agreement expressly.
type Renewed struct {
	terms.Fact `json:"fact"`
	// Until is the last day of the new term; unknown or 9999: it has none.
	Until edtf.Date `json:"until"`
}

// RenewalDeclined is a party's notice that it does not want a tacit renewal.
type RenewalDeclined struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyID `json:"party"`
}

// Suspended suspends the agreement (VCLT art. 57).
type Suspended struct {
	terms.Fact `json:"fact"`
	// Parties are those for whom it is suspended; none: all.
	Parties []terms.PartyID `json:"parties"`
	Reason  string          `json:"reason"`
}

// Resumed ends a suspension.
type Resumed struct {
	terms.Fact `json:"fact"`
	Parties    []terms.PartyID `json:"parties"`
}

// NoticeGiven is a party's notice of withdrawal (VCLT art. 56, 67).
type NoticeGiven struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyID `json:"party"`
	// Until is the first day on which the party is not bound, as the notice
	// states it; unknown: the notice period of the terms decides.
	Until edtf.Date `json:"until"`
}

// NoticeRevoked takes a notice back before it takes effect (VCLT art. 68).
type NoticeRevoked struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyID `json:"party"`
}

// Withdrawn says that a party left.
type Withdrawn struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyID `json:"party"`
	Reason     string        `json:"reason"`
}

// Terminated ends the agreement (VCLT art. 54).
type Terminated struct {
	terms.Fact `json:"fact"`
	Reason     string `json:"reason"`
}

// Superseded ends the agreement by a later one (VCLT art. 59).
type Superseded struct {
	terms.Fact `json:"fact"`
	By         terms.AgreementID `json:"by"`
}

// Abandoned gives the agreement up before it was in force.
type Abandoned struct {
	terms.Fact `json:"fact"`
	Reason     string `json:"reason"`
}

// AxisRecorded is an axis of cooperation.
type AxisRecorded struct {
	terms.Fact `json:"fact"`
	Number     int           `json:"number"`
	Title      terms.Text    `json:"title"`
	Themes     []terms.Theme `json:"themes"`
}

// Undertaken is what one party owes another, or all.
type Undertaken struct {
	terms.Fact `json:"fact"`
	Key        Key            `json:"key"`
	By         terms.PartyRef `json:"by"`
	To         terms.PartyRef `json:"to"`
	What       terms.Text     `json:"what"`
	Due        edtf.Date      `json:"due"`
	// Every is how often it is due again; none: once.
	Every  edtf.Period  `json:"every"`
	Amount *terms.Money `json:"amount"`
}

// Met says that an undertaking was kept, for the due date it names.
type Met struct {
	terms.Fact  `json:"fact"`
	Undertaking Key       `json:"undertaking"`
	Due         edtf.Date `json:"due"`
}

// Waived releases from an undertaking.
type Waived struct {
	terms.Fact  `json:"fact"`
	Undertaking Key    `json:"undertaking"`
	Reason      string `json:"reason"`
}

// Extended gives an undertaking a later due date.
type Extended struct {
	terms.Fact  `json:"fact"`
	Undertaking Key       `json:"undertaking"`
	Due         edtf.Date `json:"due"`
}

// Notified says that a reminder or a notice was sent, by whoever keeps the
// agreement.
type Notified struct {
	terms.Fact `json:"fact"`
	Matter     Matter          `json:"matter"`
	To         []terms.PartyID `json:"to"`
	// Concerning is the revision it is about, 0 if none.
	Concerning es.Revision `json:"concerning"`
	// Due is the due day it is about, of those that the event it concerns
	// determines; unknown: each of them.
	Due edtf.Date `json:"due"`
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
	// Reclassified changes who may see the agreement.
	Reclassified struct{ book.Reclassified }
	// FellDue says that a day came that follows from the terms.
	FellDue struct{ book.FellDue }
)

// Classifies implements [es.Classifier].
func (e Drafted) Classifies() es.Visibility { return e.Visibility }

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }
