package review

import (
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Command asks for one change of the review of one finding; the set is closed.
// A command has the members of the event it leads to. The first decision about
// a finding also names the finding, and opens its review.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Accept says that the finding is known and needs no change, for as long as
	// its events stay as they are.
	Accept struct {
		terms.Fact `json:"fact"`
		Finding    Finding `json:"finding"`
		Basis      Basis   `json:"basis"`
		// Reason says why, in a sentence.
		Reason string `json:"reason"`
	}
	// Assign says who is to look at the finding.
	Assign struct {
		terms.Fact `json:"fact"`
		Finding    Finding `json:"finding"`
		// To is the opaque id of who records as that; never a name.
		To string `json:"to"`
		// Due is the last day for it; unknown: none is set.
		Due    edtf.Date `json:"due"`
		Reason string    `json:"reason"`
	}
	// CarryOver enters a review in the state an older register gives it.
	CarryOver CarriedOver
	// Reopen takes back that the finding was accepted or assigned.
	Reopen Reopened
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the review.
	Reclassify Reclassified
	// MarkDue says that the day came by which somebody was to look at it.
	MarkDue FellDue
)

// Finding names a finding in a command.
type Finding struct {
	ID uuid.UUID `json:"id"`
	// Code is what was found, and Stream the aggregate it was found in.
	Code   string    `json:"code"`
	Stream terms.Ref `json:"stream"`
	// Visibility is that of the aggregate.
	Visibility terms.Visibility `json:"visibility"`
}

// opening is a command that opens the review if there is none.
type opening interface{ opens() Opened }

func (c Accept) opens() Opened { return c.Finding.opened(c.Fact) }
func (c Assign) opens() Opened { return c.Finding.opened(c.Fact) }

func (f Finding) opened(fact terms.Fact) Opened {
	return Opened{Fact: fact, Finding: f.ID, Code: f.Code, Stream: f.Stream, Visibility: f.Visibility}
}

// NaturalKey implements [es.Keyed].
func (c Accept) NaturalKey() string { return c.Finding.ID.String() }

// NaturalKey implements [es.Keyed].
func (c Assign) NaturalKey() string { return c.Finding.ID.String() }

// NaturalKey implements [es.Keyed].
func (c CarryOver) NaturalKey() string { return c.Finding.String() }

func (c Accept) event() Event { return Accepted{Fact: c.Fact, Basis: c.Basis, Reason: c.Reason} }

func (c Assign) event() Event     { return Assigned{Fact: c.Fact, To: c.To, Due: c.Due, Reason: c.Reason} }
func (c CarryOver) event() Event  { return CarriedOver(c) }
func (c Reopen) event() Event     { return Reopened(c) }
func (c Correct) event() Event    { return Corrected(c) }
func (c Void) event() Event       { return Voided(c) }
func (c Dispute) event() Event    { return Disputed(c) }
func (c Rule) event() Event       { return Ruled(c) }
func (c Reclassify) event() Event { return Reclassified(c) }
func (c MarkDue) event() Event    { return FellDue(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Accept]("review.accept"),
	es.Def[Assign]("review.assign"),
	es.Def[CarryOver]("review.carry_over"),
	es.Def[Reopen]("review.reopen"),
	es.Def[Correct]("review.correct"),
	es.Def[Void]("review.void"),
	es.Def[Dispute]("review.dispute"),
	es.Def[Rule]("review.rule"),
	es.Def[Reclassify]("review.reclassify"),
	es.Def[MarkDue]("review.mark_due"),
)
