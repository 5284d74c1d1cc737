package review

import (
	"iter"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// DueLook is the rule by which somebody is to have looked at a finding.
const DueLook = "review.assigned"

// State is what the ledger holds of the review of a finding. The zero State is
// of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a review: it was opened, and the opening
// was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Description is what the review is of.
type Description struct {
	Finding uuid.UUID
	Code    string
	Stream  terms.Ref
}

// Describe returns what the review is of, whatever the status of its opening.
func (s *State) Describe() Description {
	h, _ := s.book.Opening()
	switch e := h.Event.(type) {
	case Opened:
		return Description{e.Finding, e.Code, e.Stream}
	case CarriedOver:
		return Description{e.Finding, e.Code, e.Stream}
	default:
		return Description{}
	}
}

// Decision is how a review stands.
type Decision struct {
	Standing Standing // "" if there is no review
	Basis    Basis    // of what was accepted
	To       string   // whom it is assigned to
	Due      edtf.Date
	Reason   string
	By       es.Revision // the event it rests on, 0 if nothing was decided
}

// Standing returns the last decision. Decisions are taken here, and so follow
// each other as they were recorded.
func (s *State) Standing() Decision { return s.standingBefore(s.book.Revision() + 1) }

// standingBefore returns the last decision before a revision.
func (s *State) standingBefore(at es.Revision) Decision {
	if !s.Exists() {
		return Decision{}
	}
	d := Decision{Standing: StandingOpen}
	for h := range s.book.Moving() {
		if h.Revision >= at {
			break
		}
		switch e := h.Event.(type) {
		case CarriedOver:
			d = Decision{Standing: e.Standing, Basis: e.Basis, To: e.To, Reason: e.Reason, By: h.Revision}
		case Accepted:
			d = Decision{Standing: StandingAccepted, Basis: e.Basis, Reason: e.Reason, By: h.Revision}
		case Assigned:
			d = Decision{Standing: StandingAssigned, To: e.To, Due: e.Due, Reason: e.Reason, By: h.Revision}
		case Reopened:
			d = Decision{Standing: StandingOpen, Reason: e.Reason, By: h.Revision}
		case Opened, Reclassified, Corrected, Voided, Disputed, Ruled, FellDue:
			// decides nothing
		}
	}
	return d
}

// Dues returns by when somebody is to have looked at the finding.
func (s *State) Dues() []terms.Due {
	var all []terms.Due
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case Assigned:
			settle(all, h.Revision)
			if !e.Due.IsUnknown() && !e.Due.IsForever() {
				all = append(all, terms.Due{Kind: terms.Duty, Rule: DueLook, Of: h.Revision, On: e.Due})
			}
		case Accepted, Reopened:
			settle(all, h.Revision)
		default: // settles nothing
		}
	}
	if !s.Exists() {
		return nil
	}
	return all
}

func settle(all []terms.Due, by es.Revision) {
	if n := len(all); n > 0 && all[n-1].Settled == 0 {
		all[n-1].Settled = by
	}
}

// Findings returns what a person should look at in the review itself.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil
	}
	return book.Findings("review", &s.book)
}
