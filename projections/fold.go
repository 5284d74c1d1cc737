package projections

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// folding is the state of one stream with the events added to it so far.
type folding interface {
	add(at es.Revision, event any)
	// show completes s with the state.
	show(s *readmodel.State)
}

// newFolding returns the empty state of a kind of stream, or nil if no
// projection has use for the states of that kind.
func newFolding(kind string) folding {
	switch kind {
	case "memorandum":
		return &folded[memorandum.Command, memorandum.State, memorandum.Event, *memorandum.State]{decider: memorandum.Decider}
	case "party":
		return &folded[party.Command, party.State, party.Event, *party.State]{decider: party.Decider}
	case "person":
		return &folded[person.Command, person.State, person.Event, *person.State]{decider: person.Decider}
	case "source":
		return &folded[source.Command, source.State, source.Event, *source.State]{decider: source.Decider}
	}
	return nil
}

// keeper is what the states of all aggregates have in common.
type keeper[S any, E book.Event] interface {
	*S
	Book() *book.Book[E]
	Findings() []terms.Finding
}

type folded[C, S any, E book.Event, P keeper[S, E]] struct {
	decider es.Decider[C, S, E]
	state   S
}

func (f *folded[C, S, E, P]) add(at es.Revision, event any) {
	f.state = f.decider.Evolve(f.state, at, event.(E))
}

func (f *folded[C, S, E, P]) show(s *readmodel.State) {
	state := P(&f.state)
	s.Of, s.Findings, s.Held = state, state.Findings, held(state.Book())
}

func held[E book.Event](b *book.Book[E]) iter.Seq2[es.Revision, any] {
	return func(yield func(es.Revision, any) bool) {
		for h := range b.Held() {
			if !yield(h.Revision, h.Event) {
				return
			}
		}
	}
}
