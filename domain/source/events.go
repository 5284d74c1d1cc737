package source

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one source; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	source()
}

// Registered opens the record of a source.
type Registered struct {
	terms.Fact  `json:"fact"`
	Description `json:"description"`
	Visibility  terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// CarriedOver enters a source in the state an older register gives it.
type CarriedOver struct {
	terms.Fact  `json:"fact"`
	Description `json:"description"`
	Files       []File `json:"files"`
	Notes       []Note `json:"notes"`
	// ReplacedBy is the source to go by instead, or empty.
	ReplacedBy terms.SourceID   `json:"replacedBy"`
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

// Attributed says who issued the source, where that was found out later.
type Attributed struct {
	terms.Fact `json:"fact"`
	Issuer     terms.PartyID `json:"issuer"`
}

// FileAttached says that a copy is kept in documents/.
type FileAttached struct {
	terms.Fact `json:"fact"`
	File       File `json:"file"`
}

// NoteRecorded says what the source says about something. No guard reads it.
type NoteRecorded struct {
	terms.Fact `json:"fact"`
	Note       Note `json:"note"`
}

// Replaced says that another source took the place of this one: a new edition,
// a page that moved, a corrected text.
type Replaced struct {
	terms.Fact `json:"fact"`
	By         terms.SourceID `json:"by"`
}

// EntryRemoved says that a register does not have any more what was recorded from
// it. That is a fact about the register: what was recorded stays.
type EntryRemoved struct {
	terms.Fact `json:"fact"`
	// Of is the event that was recorded from it.
	Of terms.Ref `json:"of"`
}

// EntryRestored says that a register has again what it did not have any more.
type EntryRestored struct {
	terms.Fact `json:"fact"`
	Of         terms.Ref `json:"of"`
}

// Reverses implements [book.Reversible].
func (e EntryRemoved) Reverses() string { return "entry " + string(e.Of) }

// Reverses implements [book.Reversible].
func (e EntryRestored) Reverses() string { return "entry " + string(e.Of) }

// What a source is and says is read from the source itself. Who issued it is
// not, where it had to be found out.

// Evidence implements [book.Evident].
func (Registered) Evidence() string { return "the source itself" }

// Evidence implements [book.Evident].
func (CarriedOver) Evidence() string { return "the source itself" }

// Evidence implements [book.Evident].
func (FileAttached) Evidence() string { return "the file" }

// Evidence implements [book.Evident].
func (NoteRecorded) Evidence() string { return "the source itself" }

// Evidence implements [book.Evident].
func (EntryRemoved) Evidence() string { return "the register itself" }

// Evidence implements [book.Evident].
func (EntryRestored) Evidence() string { return "the register itself" }

// Evidence implements [book.Evident].
func (Replaced) Evidence() string { return "the other source" }

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
	// Reclassified changes who may see the source.
	Reclassified struct{ book.Reclassified }
)

func (Registered) source()    {}
func (CarriedOver) source()   {}
func (Attributed) source()    {}
func (FileAttached) source()  {}
func (NoteRecorded) source()  {}
func (Replaced) source()      {}
func (EntryRemoved) source()  {}
func (EntryRestored) source() {}
func (Corrected) source()     {}
func (Voided) source()        {}
func (Disputed) source()      {}
func (Ruled) source()         {}
func (Reclassified) source()  {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("source.registered"),
	es.Def[CarriedOver]("source.carried_over"),
	es.Def[Attributed]("source.attributed"),
	es.Def[FileAttached]("source.file_attached"),
	es.Def[NoteRecorded]("source.note_recorded"),
	es.Def[Replaced]("source.replaced"),
	es.Def[EntryRemoved]("source.entry_removed"),
	es.Def[EntryRestored]("source.entry_restored"),
	es.Def[Corrected]("source.corrected"),
	es.Def[Voided]("source.voided"),
	es.Def[Disputed]("source.disputed"),
	es.Def[Ruled]("source.ruled"),
	es.Def[Reclassified]("source.reclassified"),
)
