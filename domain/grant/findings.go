package grant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ all []terms.Finding }

func (f *findings) add(code, detail string, events ...es.Revision) {
	events = slices.Clone(events)
	slices.Sort(events)
	f.all = append(f.all, terms.Finding{Code: "grant." + code, Detail: detail, Events: slices.Compact(events)})
}

// Findings returns what a person should look at: sums and keys that a voiding
// or a ruling broke, contradictions of dates, what partial dates leave
// undecided, facts that compete, an envelope that is not known.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{all: book.Findings("grant", &s.book)}
	for _, b := range s.broken() {
		detail := b.err.Message
		if b.key != "" {
			detail += ": " + string(b.key)
		}
		f.add(strings.TrimPrefix(b.err.Code, "grant."), detail, b.events...)
	}
	r := s.read()
	if r.registered.at != 0 && r.envelope == nil && len(r.order) > 0 {
		f.add("no_envelope", "the envelope is not known, so nothing says whether the awards exceed it", r.registered.at)
	}
	f.dates(s)
	for _, key := range r.callOrder {
		f.call(r.calls[key])
	}
	for _, key := range r.order {
		if a := r.awards[key]; a.stands() {
			f.award(a)
		}
	}
	return f.all
}

// dates finds steps that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case CallOpened, CallClosed, Awarded, Disbursed, Reported, AwardClosed, ClawedBack:
		default:
			continue
		}
		from := h.Fact.From()
		lo, hi := from.Earliest().Bounded(), from.Latest().Bounded()
		switch {
		case from.IsUnknown():
			f.add("undated", "nothing is known of the date", h.Revision)
		case lo != hi:
			f.add("open_date", fmt.Sprintf("the date %s is bounded on one side only", from), h.Revision)
		case from.Qualified():
			f.add("uncertain_date", fmt.Sprintf("the date %s is uncertain or approximate", from), h.Revision)
		}
	}
}

// competing finds facts of which only one can be so. The one recorded first
// stands until it is corrected, voided or ruled on.
func (f *findings) competing(what string, ds []dated) {
	for _, d := range ds[min(1, len(ds)):] {
		if d.from != ds[0].from {
			f.add("competing", what+" is asserted with different dates; the first stands", ds[0].at, d.at)
		}
	}
}

func (f *findings) call(c *call) {
	f.competing("the opening of a call", c.opened)
	f.competing("the closing of a call", c.closed)
	if len(c.opened) > 0 && len(c.closed) > 0 {
		f.inOrder("a call was closed before it was opened", c.opened[0], c.closed[0])
	}
}

func (f *findings) award(a *award) {
	f.competing("the award", append([]dated{a.dated}, a.rivals...))
	f.competing("the end of the award", a.closed)
	for _, p := range a.payments {
		if !p.back {
			f.inOrder("money was disbursed before it was awarded", a.dated, p.dated)
		}
		if !p.back && len(a.closed) > 0 {
			f.inOrder("the award was closed before money was disbursed", p.dated, a.closed[0])
		}
		paid, back := a.sumsBy(p.from)
		switch {
		case !p.back || p.carried() || p.from.IsUnknown():
		case back[0] > paid[1]:
			f.add("contradiction", fmt.Sprintf("more was clawed back than disbursed by then: %s", p.from), a.events()...)
		case back[1] > paid[0]:
			f.add("undecidable", fmt.Sprintf("perhaps more was clawed back than disbursed by then: %s", p.from), a.events()...)
		}
	}
	total, repaid := a.sums()
	if least, most := a.peaks(); max(least, total-repaid) <= a.amount.Minor && most > a.amount.Minor {
		f.add("undecidable", "perhaps more was paid out at some time than was awarded", a.events()...)
	}
	for _, p := range a.reports {
		f.inOrder("a party reported before it was awarded anything", a.dated, p.dated)
		if !p.due.IsUnknown() && edtf.Before(p.due, p.from) == edtf.Yes {
			f.add("late", fmt.Sprintf("the report that was due %s came %s", p.due, p.from), p.at)
		}
	}
}

// inOrder finds fault unless then came after first.
func (f *findings) inOrder(what string, first, then dated) {
	if first.at == then.at || first.from.IsUnknown() || then.from.IsUnknown() {
		return
	}
	switch edtf.Before(then.from, first.from) {
	case edtf.Yes:
		f.add("contradiction", fmt.Sprintf("%s: %s before %s", what, then.from, first.from), first.at, then.at)
	case edtf.Maybe:
		f.add("undecidable", fmt.Sprintf("perhaps %s: %s and %s", what, then.from, first.from), first.at, then.at)
	case edtf.No:
	}
}
