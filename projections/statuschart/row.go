package statuschart

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// Letter is what stands after the date of a consent to be bound. The strings
// are permanent; a and A are two letters.
type Letter string

// The letters.
const (
	// Blank is a ratification, a consent of which an older register does not
	// say how it was given, or none: [Row.Means] and [Row.Consented] tell.
	Blank Letter = ""
	// Accession is the consent of a party that did not sign before (VCLT art. 15).
	Accession Letter = "a"
	// Acceptance is consent as by ratification, under that name (VCLT art. 14).
	Acceptance Letter = "A"
	// Approval is consent as by ratification, under that name (VCLT art. 14).
	Approval Letter = "AA"
	// Confirmation is the formal confirmation of an international organisation
	// (VCLTIO art. 14).
	Confirmation Letter = "c"
	// Succession takes over the part of a predecessor.
	Succession Letter = "d"
	// ProvisionalApplication is no consent: the party applies the agreement
	// before it is in force, without having consented (VCLT art. 25).
	ProvisionalApplication Letter = "n"
	// DefinitiveSignature is a signature that itself binds, because it says so
	// or by the terms of the agreement (VCLT art. 12).
	DefinitiveSignature Letter = "s"
)

// letterOf returns the letter of a means of consent.
func letterOf(m memorandum.Means) Letter {
	switch m {
	case "signature":
		return DefinitiveSignature
	case "acceptance":
		return Acceptance
	case "approval":
		return Approval
	case "formal_confirmation":
		return Confirmation
	case "accession":
		return Accession
	case "succession":
		return Succession
	default: // a ratification, or not stated
		return Blank
	}
}

// Act is a dated step of a party. The zero Act was not taken.
type Act struct {
	On edtf.Date   `json:"on"` // may be unknown although the act was taken
	By es.Revision `json:"by"` // of the event that it rests on
}

// Done reports whether the act was taken.
func (a Act) Done() bool { return a.By != 0 }

// When implements book.Dated, by which the aggregate too sorts acts into rounds.
func (a Act) When() (at es.Revision, from edtf.Date) { return a.By, a.On }

// Row is a party's round of participation in an agreement.
type Row struct {
	Agreement string // its stream
	Party     terms.PartyID
	Round     int // from 1: who comes back after a withdrawal begins another

	Signed Act
	// Consented is the consent to be bound; with the letter
	// [ProvisionalApplication] it is the beginning of that instead.
	Consented Act
	Letter    Letter
	// Means is how the party consented, "" if it did not or if an older
	// register does not say.
	Means memorandum.Means
	// InForce is since when the agreement is in force for the party, and
	// InForceMet whether it is: [edtf.Maybe] if the partial dates leave that
	// undecided, or it is in dispute.
	InForce    Act
	InForceMet edtf.Truth
	// Noticed is the notice of withdrawal that stands.
	Noticed Act
	// Left is the withdrawal, or the notice that it follows from; On is the
	// first day on which the party is not bound.
	Left Act

	// Reservations is how many made in this round stand: none of those
	// withdrawn (VCLT art. 22).
	Reservations int
	// Objections is to how many reservations the party objected in this round,
	// those withdrawn since included.
	Objections int
	// Doubt says that something is in dispute: the entry into force of this
	// row, or a fact about the party. Such a fact moves nothing until there is
	// a ruling, and may have begun or ended any round, so all rounds of the
	// party are in doubt.
	Doubt bool
}
