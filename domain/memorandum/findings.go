package memorandum

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: contradictions of dates, what
// partial dates leave undecided, facts without a date, assertions that
// compete, unnamed places, terms that decide nothing.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("memorandum", &s.book)}
	r := s.read()
	f.dates(s)
	f.competing(r)
	f.order(r)
	f.leaving(r)
	f.entry(s, r)
	f.places(s, r)
	f.closing(r)
	return f.All
}

// dates finds steps of an agreement's life that are undated or vaguely dated, and
// successions to nobody.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case Adopted, Opened, Closed, Signed, Consented, Provisional, Suspended, Resumed, Renewed, NoticeGiven, Withdrawn,
			Terminated, Superseded, Abandoned:
		default:
			continue
		}
		f.Vague(h.Fact.From(), h.Revision)
		if e, ok := h.Event.(Consented); ok && e.Means == "succession" && e.Predecessor == "" {
			f.Add("no_predecessor", "a succession takes over the part of somebody who is not named", h.Revision)
		}
	}
}

// competing finds facts of which only one can be so, with different dates. The
// one recorded first stands until it is corrected, voided or ruled on.
func (f *findings) competing(r *reading) {
	check := func(what string, ds []dated) {
		for _, d := range ds[min(1, len(ds)):] {
			if d.from != ds[0].from || d.phase != ds[0].phase {
				f.Add("competing", what+" is asserted with different dates or outcomes; the first stands", ds[0].at, d.at)
			}
		}
	}
	check("the adoption", r.adopted)
	check("the opening for signature", r.opened)
	check("the end", r.ended)
	if len(r.carried) > 1 {
		f.Add("competing", "two older registers carry the agreement over; the first stands", r.carried[0].at, r.carried[1].at)
	}
	for _, id := range r.order {
		for _, rival := range r.parties[id].rivals {
			f.Add("competing", "older registers say different things of a party's part; the first stands", r.parties[id].carried.at, rival.at)
		}
		for _, round := range r.rounds(r.parties[id]) {
			check("a signature", round.signed)
			check("a consent", round.consented)
			if round.leave != nil {
				check("a withdrawal", append([]dated{round.leave.dated}, round.rivals...))
			}
		}
	}
}

// order finds steps of the agreement whose dates contradict their order, or
// leave it open.
func (f *findings) order(r *reading) {
	adopted, opened, ended := book.One(r.adopted), book.One(r.opened), book.One(r.ended)
	f.InOrder("opened for signature before it was adopted", adopted, opened)
	for _, id := range r.order {
		p := r.parties[id]
		for _, round := range r.rounds(p) {
			signed, consented := book.One(round.signed), book.One(round.consented)
			f.InOrder("signed before the agreement was opened", opened, signed)
			f.InOrder("consented before signing", signed, consented)
		}
		if !r.open && !p.mayJoin() && len(p.signed)+len(p.consented) > 0 {
			f.Add("not_invited", "a party signed or consented that was not invited", book.One(append(p.signed, p.consented...)).at)
		}
	}
	rule, out := r.determineEntry(r.consents())
	if rule != "" && out.met == edtf.Yes && len(out.basis) > 0 {
		f.InOrder("ended before it was in force", dated{at: out.basis[len(out.basis)-1], from: out.from}, ended)
	}
	if out.met == edtf.No && len(r.suspension) > 0 {
		f.Add("not_in_force", "the agreement was suspended, but nothing says that it was in force", r.suspension[0].at)
	}
}

// leaving finds withdrawals and notices out of order.
func (f *findings) leaving(r *reading) {
	period := r.terms.notice()
	for _, id := range r.order {
		p := r.parties[id]
		for _, round := range r.rounds(p) {
			if round.leave == nil {
				continue
			}
			f.InOrder("left before consenting", book.One(round.consented), round.leave.dated)
			const early = "left before giving notice"
			switch given := round.leave.given; {
			case given == nil:
			case given.at != round.leave.at:
				f.InOrder(early, given, round.leave)
			default:
				f.Order(early, given.from, given.until, given.at)
			}
		}
		for _, n := range p.notices {
			if _, late := p.revocation(n, period); late.at != 0 {
				f.Add("revoked_late", "a notice was revoked when it had taken effect already; it stands", n.at, late.at)
			}
		}
	}
}

// entry finds what keeps entry into force from being decided.
func (f *findings) entry(s *State, r *reading) {
	cs := r.consents()
	rule, out := r.determineEntry(cs)
	switch {
	case rule == "" && len(cs) > 0:
		f.Add("entry_unstated", "anybody may join and the terms do not say when it enters into force, so nothing follows from the consents", cs[0].at)
	case out.met == edtf.Maybe:
		f.Add("entry_undecidable", "whether the conditions of entry into force were ever met hangs on the order of partial dates", out.basis...)
	case out.met == edtf.Yes && out.from.IsUnknown():
		f.Add("entry_undated", "the agreement entered into force on a day that is not known", out.basis...)
	}
	for h := range s.book.Held() {
		if _, derived := h.Event.(book.Derived); derived && h.SetAside != 0 {
			f.Add("set_aside", "a ruling set aside what the terms lead to", h.Revision, h.SetAside)
		}
	}
}

// places finds signatories that are counted and not named.
func (f *findings) places(s *State, r *reading) {
	named := r.named()
	for h := range s.book.Held() {
		e, ok := h.Event.(Counted)
		if !ok || h.SetAside != 0 {
			continue
		}
		perhaps := ""
		if !h.Moves() {
			perhaps = "perhaps "
		}
		switch n := e.Signatories - named; {
		case n > 0:
			f.Add("unnamed_places", fmt.Sprintf("%s%d signed, of whom %d are not named", perhaps, e.Signatories, n), h.Revision)
		case n < 0:
			f.Add("more_named", fmt.Sprintf("%s%d signed, but %d are named", perhaps, e.Signatories, named), h.Revision)
		}
	}
}

// closing finds signatures that perhaps came too late, and those that did
// before what is known of the closing was corrected.
func (f *findings) closing(r *reading) {
	for _, id := range r.order {
		for _, d := range r.parties[id].signed {
			if d.from.IsUnknown() {
				continue
			}
			switch r.closedBy(d.from) {
			case edtf.Yes:
				f.Add("contradiction", fmt.Sprintf("signed after the closing: %s", d.from), d.at)
			case edtf.Maybe:
				f.Add("undecidable", fmt.Sprintf("perhaps signed after the closing: %s", d.from), d.at)
			case edtf.No:
			}
		}
	}
}

// named counts the signatories that are named.
func (r *reading) named() int {
	n := 0
	for _, id := range r.order {
		if r.parties[id].signatory() {
			n++
		}
	}
	return n
}

// Unnamed returns the number of signatories that are counted and not named, by
// the recorded counts; the highest count stands.
func (s *State) Unnamed() int {
	r := s.read()
	return max(r.counted-r.named(), 0)
}
