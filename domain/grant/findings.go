package grant

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: sums and keys that a voiding
// or a ruling broke, contradictions of dates, what partial dates leave
// undecided, facts that compete, an envelope that is not known.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("grant", &s.book)}
	for _, b := range s.broken() {
		detail := b.err.Message
		if b.key != "" {
			detail += ": " + string(b.key)
		}
		f.Add(strings.TrimPrefix(b.err.Code, "grant."), detail, b.events...)
	}
	r := s.read()
	if r.registered.at != 0 && r.envelope == nil && len(r.order) > 0 {
		f.Add("no_envelope", "the envelope is not known, so nothing says whether the awards exceed it", r.registered.at)
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
	return f.All
}

// dates finds steps that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case CallOpened, CallClosed, Awarded, Disbursed, Reported, AwardClosed, ClawedBack:
		default:
			continue
		}
		f.Vague(h.Fact.From(), h.Revision)
	}
}

func (f *findings) call(c *call) {
	book.Competing(f.Finds, "the opening of a call", c.opened)
	book.Competing(f.Finds, "the closing of a call", c.closed)
	if len(c.opened) > 0 && len(c.closed) > 0 {
		f.InOrder("a call was closed before it was opened", c.opened[0], c.closed[0])
	}
}

func (f *findings) award(a *award) {
	book.Competing(f.Finds, "the award", append([]dated{a.dated}, a.rivals...))
	book.Competing(f.Finds, "the end of the award", a.closed)
	for _, p := range a.payments {
		if !p.back {
			f.InOrder("money was disbursed before it was awarded", a.dated, p.dated)
		}
		if !p.back && len(a.closed) > 0 {
			f.InOrder("the award was closed before money was disbursed", p.dated, a.closed[0])
		}
		paid, back := a.sumsBy(p.from)
		switch {
		case !p.back || p.carried() || p.from.IsUnknown():
		case back[0] > paid[1]:
			f.Add("contradiction", fmt.Sprintf("more was clawed back than disbursed by then: %s", p.from), a.events()...)
		case back[1] > paid[0]:
			f.Add("undecidable", fmt.Sprintf("perhaps more was clawed back than disbursed by then: %s", p.from), a.events()...)
		}
	}
	total, repaid := a.sums()
	if least, most := a.peaks(); max(least, total-repaid) <= a.amount.Minor && most > a.amount.Minor {
		f.Add("undecidable", "perhaps more was paid out at some time than was awarded", a.events()...)
	}
	for _, p := range a.reports {
		f.InOrder("a party reported before it was awarded anything", a.dated, p.dated)
		if !p.due.IsUnknown() && edtf.Before(p.due, p.from) == edtf.Yes {
			f.Add("late", fmt.Sprintf("the report that was due %s came %s", p.due, p.from), p.at)
		}
	}
}
