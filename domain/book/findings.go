package book

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Findings returns what every aggregate has a person look at, under codes that
// begin with kind: facts that are not recorded as certain, or rest on no
// source; disputes without a ruling.
func Findings[E Event](kind string, b *Book[E]) []terms.Finding { return NewFinds(kind, b).All }

// Finds collects what a person should look at in one aggregate.
type Finds struct {
	All  []terms.Finding // in the order in which they were found
	kind string
}

// NewFinds begins with [Findings].
func NewFinds[E Event](kind string, b *Book[E]) *Finds {
	f := &Finds{kind: kind}
	for h := range b.Held() {
		if h.Fact.Status != terms.Recorded {
			f.Add(h.Fact.Status.String(), fmt.Sprintf("the fact is only %s and moves nothing", h.Fact.Status), h.Revision)
		}
		_, derived := any(h.Event).(Derived)
		_, evident := any(h.Event).(Evident)
		if !derived && !evident && h.Fact.Source.ID == "" {
			f.Add("unsourced", "the fact names no source", h.Revision)
		}
		if h.Dispute != 0 {
			f.Add("in_dispute", "the fact is contested and moves nothing until a ruling", h.Revision, h.Dispute)
		}
	}
	return f
}

// Add adds a finding about events, in any order. The code is without its kind.
func (f *Finds) Add(code, detail string, events ...es.Revision) {
	events = slices.Clone(events)
	slices.Sort(events)
	f.All = append(f.All, terms.Finding{Code: f.kind + "." + code, Detail: detail, Events: slices.Compact(events)})
}

// Vague finds a date of an event that is unknown, has no beginning or no end,
// or is uncertain or approximate.
func (f *Finds) Vague(date edtf.Date, at es.Revision) {
	lo, hi := date.Earliest().Bounded(), date.Latest().Bounded()
	switch {
	case date.IsUnknown():
		f.Add("undated", "nothing is known of the date", at)
	case lo != hi:
		f.Add("open_date", fmt.Sprintf("the date %s is bounded on one side only", date), at)
	case date.Qualified():
		f.Add("uncertain_date", fmt.Sprintf("the date %s is uncertain or approximate", date), at)
	}
}

// InOrder finds fault unless then came after first, as it should have: what
// says that it did not. Facts of one event, and such as are not there, have no
// order.
func (f *Finds) InOrder(what string, first, then Dated) {
	a, from := first.When()
	b, on := then.When()
	if a != 0 && b != 0 && a != b {
		f.Order(what, from, on, a, b)
	}
}

// Order is [Finds.InOrder] for two dates, whatever events they are of. An
// unknown date has no order (rule 4 of the ledger).
func (f *Finds) Order(what string, first, then edtf.Date, events ...es.Revision) {
	if first.IsUnknown() || then.IsUnknown() {
		return
	}
	switch edtf.Before(then, first) {
	case edtf.Yes:
		f.Add("contradiction", fmt.Sprintf("%s: %s before %s", what, then, first), events...)
	case edtf.Maybe:
		f.Add("undecidable", fmt.Sprintf("perhaps %s: %s and %s", what, then, first), events...)
	case edtf.No:
	}
}

// Competing finds those of all, the assertions of one fact in the order of
// recording, that have another date than the first. It stands until it is
// corrected, voided or ruled on (rule 5 of the ledger).
func Competing[D Dated](f *Finds, what string, all []D) {
	for _, d := range all[min(1, len(all)):] {
		first, from := all[0].When()
		if at, on := d.When(); on != from {
			f.Add("competing", what+" is asserted with different dates; the first stands", first, at)
		}
	}
}
