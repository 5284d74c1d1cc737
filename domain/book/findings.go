package book

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Findings returns what every aggregate has a person look at, under codes that
// begin with kind: facts that are not recorded as certain, or rest on no
// source; disputes without a ruling.
func Findings[E Event](kind string, b *Book[E]) []terms.Finding {
	var found []terms.Finding
	add := func(code, detail string, events ...es.Revision) {
		found = append(found, terms.Finding{Code: kind + "." + code, Detail: detail, Events: events})
	}
	for h := range b.Held() {
		if h.Fact.Status != terms.Recorded {
			add(h.Fact.Status.String(), fmt.Sprintf("the fact is only %s and moves nothing", h.Fact.Status), h.Revision)
		}
		_, derived := any(h.Event).(Derived)
		_, evident := any(h.Event).(Evident)
		if !derived && !evident && h.Fact.Source.ID == "" {
			add("unsourced", "the fact names no source", h.Revision)
		}
		if h.Dispute != 0 {
			add("in_dispute", "the fact is contested and moves nothing until a ruling", h.Revision, h.Dispute)
		}
	}
	return found
}
