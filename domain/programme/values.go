package programme

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Phase is a state of a programme.
type Phase string

// The phases.
const (
	PhaseRegistered Phase = "registered" // there is such a programme; nothing says that it runs
	PhaseLaunched   Phase = "launched"
	PhaseClosed     Phase = "closed"
)

// Words returns the phases in the order of a programme's life.
func (Phase) Words() []string {
	return []string{string(PhaseRegistered), string(PhaseLaunched), string(PhaseClosed)}
}

// UnmarshalText accepts one of the phases.
func (p *Phase) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// Part is a party's state in a programme.
type Part string

// The parts.
const (
	PartApplied  Part = "applied"
	PartSelected Part = "selected"
	PartRejected Part = "rejected"
	PartPaired   Part = "paired"
)

// Words returns the parts in the order of a party's way through a programme.
func (Part) Words() []string {
	return []string{string(PartApplied), string(PartSelected), string(PartRejected), string(PartPaired)}
}

// UnmarshalText accepts one of the parts.
func (p *Part) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// What says what a stated number counts. A number of pairs is also that of the
// partners on either side.
type What string

// Words returns what can be counted.
func (What) Words() []string { return []string{"applicants", "selected", "pairs"} }

// UnmarshalText accepts one of the words.
func (w *What) UnmarshalText(text []byte) error { return terms.ReadWord(w, text) }

// Key names a call within a programme, or none.
type Key string

// UnmarshalText accepts a key of at most 64 bytes, or nothing.
func (k *Key) UnmarshalText(text []byte) error { return terms.ReadKey("programme.bad_key", k, text) }

// Purpose is what a programme is for.
type Purpose struct {
	// Gist says it in own words; empty if nothing is stated.
	Gist   terms.Text    `json:"gist"`
	Themes []terms.Theme `json:"themes"`
	// Projects are the kinds of project it supports.
	Projects []terms.Text `json:"projects"`
}

func (p Purpose) empty() bool {
	return p.Gist.Value == "" && len(p.Themes) == 0 && len(p.Projects) == 0
}

func (p Purpose) check(field string) error {
	var err error
	if p.Gist != (terms.Text{}) {
		err = terms.CheckText(field+"/gist/value", p.Gist.Value)
	}
	if len(p.Projects) > 0 {
		err = terms.First(err, terms.CheckTexts(field+"/projects", p.Projects))
	}
	return err
}

// CarriedPart is a party's part as an older register gives it.
type CarriedPart struct {
	Party terms.PartyRef `json:"party"`
	Part  Part           `json:"part"`
	// With is the other party of a pair, empty for the other parts.
	With terms.PartyRef `json:"with"`
	// Since is from when it has that part; unknown: it had it by the date of
	// the fact.
	Since edtf.Date `json:"since"`
}

func (p CarriedPart) check(field string) error {
	err := terms.First(terms.CheckRef(field+"/party/id", p.Party.ID), terms.CheckWord(field+"/part", p.Part))
	if p.Part == PartPaired {
		return terms.First(err, checkPair(field+"/with/id", p.Party.ID, p.With.ID))
	}
	if p.With != (terms.PartyRef{}) {
		err = terms.First(err, es.Invalid("programme.bad_pair", "only who is paired has a partner", "none").At(field+"/with"))
	}
	return err
}

func checkPair(field string, first, second terms.PartyID) error {
	if first == second {
		return es.Invalid("programme.bad_pair", "nobody is paired with itself", "two parties").At(field)
	}
	return terms.CheckRef(field, second)
}
