package readmodel

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Projection keeps one read model. It holds no state of its own: the same value
// serves the live views and those that are being rebuilt at once.
//
// An event goes through it in two steps. Derive is pure and sees the folded
// state; it runs for several streams at once. Apply writes; it runs for one
// event at a time, in the order of the log. What is written must follow from
// the log alone: not from the clock, chance, or where a batch ended.
type Projection interface {
	// Name is a lower-case word, permanent.
	Name() string
	// Version, from 1, is raised whenever the tables change or what is written
	// to them; the views are then built anew.
	Version() int
	// DDL returns the statements that make the tables, which begin with the
	// projection's name, and those that make the indexes which only queries
	// need: they are made once the views have caught up.
	DDL() (tables, indexes string)

	// Derive returns what the projection keeps in mind of a stream in state s,
	// and what the last event of s changed. before is what it kept in mind of
	// the state before; nil at the beginning of a stream, and when the stream
	// is read again, in which case the change is not used. What it keeps must
	// not depend on which. It may not keep parts of s.Of.
	Derive(before any, s State) (after, change any)
	// Apply writes e, with the change that Derive returned for it.
	Apply(tx *Tx, e Event, change any) error
}

// Event is an event of the ledger on its way into the views.
type Event struct {
	Record es.Record
	// Sequence is the index among the ledger's records, from 0 and without
	// gaps: the leaf index, the same in every store.
	Sequence uint64
	Meta     es.Meta
	Event    any // as the Go type of its aggregate
}

// State is a stream just after one of its events.
type State struct {
	Stream   string
	Kind     string
	Revision es.Revision
	Meta     es.Meta // of the last event
	Event    any     // the last event
	// Of is the folded state: *memorandum.State, *party.State and so on.
	Of any
	// Findings returns those of the state; nil if it has none.
	Findings func() []terms.Finding
	// Dues returns what falls due by the state; nil if it has no such thing.
	Dues func() []terms.Due
	// Held yields the facts that were not voided, as they are after the
	// corrections; nil if it keeps none.
	Held iter.Seq[book.Fact]
}
