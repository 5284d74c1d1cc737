package grant

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a grant. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a grant: it was opened, and the opening
// was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Description is what the opening says of the grant, whatever its status.
type Description struct {
	Titles []terms.Text
	Funder terms.PartyRef // empty if it is not known
	Under  terms.Ref
	// Envelope is the most that can be awarded, nil if it is not known. It
	// binds only if the opening is recorded as certain.
	Envelope *terms.Money
}

// Describe returns what the grant is about; nothing of one that was voided.
func (s *State) Describe() Description {
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Registered:
			return Description{e.Titles, e.Funder, e.Under, e.Envelope}
		case CarriedOver:
			return Description{e.Titles, e.Funder, e.Under, e.Envelope}
		default: // says nothing about what it is about
		}
	}
	return Description{}
}

// Title returns the first title.
func (s *State) Title() terms.Text {
	if d := s.Describe(); len(d.Titles) > 0 {
		return d.Titles[0]
	}
	return terms.Text{}
}

// AwardState is an award with all that was ever paid of it.
type AwardState struct {
	Key    Key
	Party  terms.PartyRef
	Amount terms.Money
	Call   Key // empty if it is not known
	// Disbursed and ClawedBack are in minor units of the award's currency;
	// payments in another are in neither.
	Disbursed, ClawedBack int64
	Reports               int
	By                    es.Revision // the event it rests on
}

// Awards returns the awards that move state, in the order of first mention.
func (s *State) Awards() []AwardState {
	r := s.read()
	var all []AwardState
	for _, key := range r.order {
		a := r.awards[key]
		if !a.stands() {
			continue
		}
		paid, back := a.sums()
		all = append(all, AwardState{a.key, a.party, a.amount, a.call, paid, back, len(a.reports), a.at})
	}
	return all
}

// Paid returns what was certainly at least, and possibly at most, paid out of
// an award as of a date, clawbacks deducted, in minor units of its currency.
func (s *State) Paid(key Key, on edtf.Date) (least, most int64) {
	a := s.read().award(key)
	if !a.stands() {
		return 0, 0
	}
	paid, back := a.sumsBy(on)
	return max(paid[0]-back[1], 0), max(paid[1]-back[0], 0)
}
