package book_test

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// The events of an aggregate made up for the tests of this package.
type (
	event interface {
		book.Event
		made()
	}
	opened struct {
		terms.Fact
		Visibility es.Visibility
	}
	stated struct {
		terms.Fact
		Value int
	}
	turned struct { // a switch: on, off, on again
		terms.Fact
		On bool
	}
	derived      struct{ terms.Fact }
	fellDue      struct{ book.FellDue }
	corrected    struct{ book.Corrected[event] }
	voided       struct{ book.Voided }
	disputed     struct{ book.Disputed }
	ruled        struct{ book.Ruled }
	reclassified struct{ book.Reclassified }
)

func (opened) made()       {}
func (stated) made()       {}
func (turned) made()       {}
func (derived) made()      {}
func (fellDue) made()      {}
func (corrected) made()    {}
func (voided) made()       {}
func (disputed) made()     {}
func (ruled) made()        {}
func (reclassified) made() {}

func (e opened) Classifies() es.Visibility { return e.Visibility }
func (turned) Reverses() string            { return "switch" }
func (derived) DerivedBy() string          { return "test" }

func check(e event) error {
	if s, ok := e.(stated); ok && s.Value < 0 {
		return es.Invalid("made.negative", "the value is negative", "0 or more")
	}
	return nil
}

var rules = book.NewRules[event]("made", "thing", check)

func correct(of es.Revision, e event) corrected {
	return corrected{book.Corrected[event]{Of: of, As: e, Reason: "misread"}}
}

func void(of es.Revision) voided { return voided{book.Voided{Of: of, Reason: "misfiled"}} }

func dispute(of es.Revision, grounds string) disputed {
	return disputed{book.Disputed{Of: of, Grounds: grounds}}
}

func rule(of es.Revision, stands bool) ruled {
	return ruled{book.Ruled{Of: of, Stands: stands, Reason: "decided"}}
}

func reclassify(v es.Visibility) reclassified {
	return reclassified{book.Reclassified{Visibility: v, Reason: "asked for"}}
}

func bookOf(events ...event) *book.Book[event] {
	var b book.Book[event]
	for _, e := range events {
		b.Add(e)
	}
	return &b
}

func held(b *book.Book[event]) []book.Held[event] {
	var all []book.Held[event]
	for h := range b.Held() {
		all = append(all, h)
	}
	return all
}
