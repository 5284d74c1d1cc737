package memorandum

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ all []terms.Finding }

func (f *findings) add(code, detail string, events ...es.Revision) {
	slices.Sort(events)
	events = slices.Compact(events)
	f.all = append(f.all, terms.Finding{Code: "memorandum." + code, Detail: detail, Events: events})
}

// Findings returns what a person should look at: contradictions of dates, what
// partial dates leave undecided, facts without a date, assertions that
// compete, unnamed places, terms that decide nothing.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{all: book.Findings("memorandum", &s.book)}
	r := s.read()
	f.dates(s)
	f.competing(r)
	f.order(r)
	f.leaving(r)
	f.entry(s, r)
	f.places(s, r)
	f.closing(r)
	return f.all
}

// dates finds steps of an agreement's life that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case Adopted, Opened, Closed, Signed, Consented, Provisional, Suspended, Resumed, Renewed, NoticeGiven, Withdrawn,
			Terminated, Superseded, Abandoned:
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

// competing finds facts of which only one can be so, with different dates. The
// one recorded first stands until it is corrected, voided or ruled on.
func (f *findings) competing(r *reading) {
	check := func(what string, ds []dated) {
		for _, d := range ds[min(1, len(ds)):] {
			if d.from != ds[0].from || d.phase != ds[0].phase {
				f.add("competing", what+" is asserted with different dates or outcomes; the first stands", ds[0].at, d.at)
			}
		}
	}
	check("the adoption", r.adopted)
	check("the opening for signature", r.opened)
	check("the end", r.ended)
	if len(r.carried) > 1 {
		f.add("competing", "two older registers carry the agreement over; the first stands", r.carried[0].at, r.carried[1].at)
	}
	for _, id := range r.order {
		for _, round := range r.parties[id].rounds(r.terms.notice()) {
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
	adopted, opened, ended := one(r.adopted), one(r.opened), one(r.ended)
	f.inOrder("opened for signature before it was adopted", adopted, opened)
	for _, id := range r.order {
		p := r.parties[id]
		for _, round := range p.rounds(r.terms.notice()) {
			signed, consented := one(round.signed), one(round.consented)
			f.inOrder("signed before the agreement was opened", opened, signed)
			f.inOrder("consented before signing", signed, consented)
		}
		if !r.open && !p.mayJoin() && len(p.signed)+len(p.consented) > 0 {
			f.add("not_invited", "a party signed or consented that was not invited", one(append(p.signed, p.consented...)).at)
		}
	}
	rule, out := r.determineEntry(r.consents())
	if rule != "" && out.met == edtf.Yes && len(out.basis) > 0 {
		f.inOrder("ended before it was in force", dated{at: out.basis[len(out.basis)-1], from: out.from}, ended)
	}
	if out.met == edtf.No && len(r.suspension) > 0 {
		f.add("not_in_force", "the agreement was suspended, but nothing says that it was in force", r.suspension[0].at)
	}
}

// leaving finds withdrawals and notices out of order.
func (f *findings) leaving(r *reading) {
	period := r.terms.notice()
	for _, id := range r.order {
		p := r.parties[id]
		for _, round := range p.rounds(period) {
			if round.leave == nil {
				continue
			}
			f.inOrder("left before consenting", one(round.consented), round.leave.dated)
			given := round.leave.given
			if given != nil && (given.at != round.leave.at || !given.until.IsUnknown()) {
				f.inOrder("left before giving notice", *given, round.leave.dated)
			}
		}
		for _, n := range p.notices {
			if _, late := p.revocation(n, period); late.at != 0 {
				f.add("revoked_late", "a notice was revoked when it had taken effect already; it stands", n.at, late.at)
			}
		}
	}
}

// inOrder finds fault unless then came after first.
func (f *findings) inOrder(what string, first, then dated) {
	if first.at == 0 || then.at == 0 || first.from.IsUnknown() || then.from.IsUnknown() {
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

// one is the fact that stands of those that compete, zero if there is none.
func one(ds []dated) dated {
	if len(ds) == 0 {
		return dated{}
	}
	return ds[0]
}

// entry finds what keeps entry into force from being decided.
func (f *findings) entry(s *State, r *reading) {
	cs := r.consents()
	rule, out := r.determineEntry(cs)
	switch {
	case rule == "" && len(cs) > 0:
		f.add("entry_unstated", "anybody may join and the terms do not say when it enters into force, so nothing follows from the consents", cs[0].at)
	case out.met == edtf.Maybe:
		f.add("entry_undecidable", "whether the conditions of entry into force were ever met hangs on the order of partial dates", out.basis...)
	case out.met == edtf.Yes && out.from.IsUnknown():
		f.add("entry_undated", "the agreement entered into force on a day that is not known", out.basis...)
	}
	for h := range s.book.Held() {
		if _, derived := h.Event.(book.Derived); derived && h.SetAside != 0 {
			f.add("set_aside", "a ruling set aside what the terms lead to", h.Revision, h.SetAside)
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
			f.add("unnamed_places", fmt.Sprintf("%s%d signed, of whom %d are not named", perhaps, e.Signatories, n), h.Revision)
		case n < 0:
			f.add("more_named", fmt.Sprintf("%s%d signed, but %d are named", perhaps, e.Signatories, named), h.Revision)
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
				f.add("contradiction", fmt.Sprintf("signed after the closing: %s", d.from), d.at)
			case edtf.Maybe:
				f.add("undecidable", fmt.Sprintf("perhaps signed after the closing: %s", d.from), d.at)
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
