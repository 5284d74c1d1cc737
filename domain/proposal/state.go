package proposal

import (
	"iter"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a proposal. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a proposal: it was made, and that was
// not recorded in error.
func (s *State) Exists() bool { return s.book.Exists() }

// Describe returns the proposal as it was made; the zero Made if there is none.
func (s *State) Describe() Made {
	h, _ := s.book.Opening()
	made, _ := h.Event.(Made)
	return made
}

// Standing is how a proposal stands.
type Standing struct {
	Phase  Phase  // "" if there is no proposal
	MadeBy string // the opaque id of who made it
	// DecidedBy is the opaque id of who approved, refused or withdrew it, and Why
	// what was said about it; "" while it is open.
	DecidedBy, Why string
	// Stream, Revision and Events are what the command led to.
	Stream   terms.Ref
	Revision es.Revision
	Events   []uuid.UUID
	// Code and Message say how the command was rejected, if it was.
	Code, Message string
	By            es.Revision // the event that made it stand so
}

// Standing returns how the proposal stands. Decisions are taken here, and so
// follow each other as they were recorded.
func (s *State) Standing() Standing { return s.standingBefore(s.book.Revision() + 1) }

// standingBefore returns how it stood before a revision.
func (s *State) standingBefore(at es.Revision) Standing {
	var d Standing
	for h := range s.book.Moving() {
		if h.Revision >= at {
			break
		}
		switch e := h.Event.(type) {
		case Made:
			d = Standing{Phase: PhaseOpen, MadeBy: e.By}
		case Withdrawn:
			d.Phase, d.DecidedBy, d.Why = PhaseWithdrawn, e.By, e.Why
		case Approved:
			d.Phase, d.DecidedBy, d.Why = PhaseApproved, e.By, e.Why
		case Refused:
			d.Phase, d.DecidedBy, d.Why = PhaseRefused, e.By, e.Why
		case CarriedOut:
			d.Phase, d.Stream, d.Revision, d.Events = PhaseCarriedOut, e.Stream, e.Revision, e.Events
		case Failed:
			d.Phase, d.Code, d.Message = PhaseFailed, e.Code, e.Message
		case Reclassified, Corrected, Voided, Disputed, Ruled:
			continue
		}
		d.By = h.Revision
	}
	return d
}

// Findings returns what a person should look at in the proposal itself.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil
	}
	return book.Findings("proposal", &s.book)
}
