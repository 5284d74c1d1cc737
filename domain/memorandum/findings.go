package memorandum

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ all []terms.Finding }

func (f *findings) add(code, detail string, events ...es.Revision) {
	f.all = append(f.all, terms.Finding{Code: "memorandum." + code, Detail: detail, Events: events})
}

// Findings returns what a person should look at: contradictions of dates, what
// partial dates leave undecided, facts without a date, assertions that
// compete, unnamed places, terms that decide nothing.
func (s *State) Findings() []terms.Finding {
	f := &findings{all: book.Findings("memorandum", &s.book)}
	r := s.read()
	f.dates(s)
	f.competing(r)
	f.order(r)
	f.entry(s, r)
	f.places(s, r)
	f.closing(r)
	return f.all
}

// dates finds steps of an agreement's life that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case Adopted, Opened, Signed, Consented, Provisional, Suspended, Resumed, Renewed, NoticeGiven, Withdrawn,
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
		for _, round := range r.parties[id].rounds(r.terms.Notice) {
			check("a signature", round.signed)
			check("a consent", round.consented)
		}
	}
}

// order finds steps whose dates contradict their order, or leave it open.
func (f *findings) order(r *reading) {
	check := func(what string, first, then dated) {
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
	one := func(ds []dated) dated {
		if len(ds) == 0 {
			return dated{}
		}
		return ds[0]
	}
	adopted, opened, ended := one(r.adopted), one(r.opened), one(r.ended)
	check("opened for signature before it was adopted", adopted, opened)
	for _, id := range r.order {
		for _, round := range r.parties[id].rounds(r.terms.Notice) {
			signed, consented := one(round.signed), one(round.consented)
			check("signed before the agreement was opened", opened, signed)
			check("consented before signing", signed, consented)
			if round.leave == nil {
				continue
			}
			check("left before consenting", consented, round.leave.dated)
			if round.leave.given != nil {
				check("left before giving notice", *round.leave.given, round.leave.dated)
			}
		}
	}
	rule, out := r.determineEntry(r.consents())
	if rule != "" && out.met == edtf.Yes && len(out.basis) > 0 {
		check("ended before it was in force", dated{at: out.basis[len(out.basis)-1], from: out.from}, ended)
	}
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
	named := 0
	for _, id := range r.order {
		if len(r.parties[id].signed) > 0 {
			named++
		}
	}
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

// closing finds signatures that perhaps came too late.
func (f *findings) closing(r *reading) {
	for _, id := range r.order {
		for _, d := range r.parties[id].signed {
			if d.from.IsUnknown() {
				continue
			}
			for _, c := range r.closed {
				if edtf.Before(c.from, d.from) == edtf.Maybe && !c.from.IsUnknown() {
					f.add("undecidable", fmt.Sprintf("perhaps signed after the closing: %s and %s", d.from, c.from), c.at, d.at)
				}
			}
			if !r.until.IsUnknown() && edtf.Before(r.until, d.from) == edtf.Maybe {
				f.add("undecidable", fmt.Sprintf("perhaps signed after the last day for signature: %s and %s", d.from, r.until), d.at)
			}
		}
	}
}

// Unnamed returns the number of signatories that are counted and not named, by
// the recorded counts; the highest count stands.
func (s *State) Unnamed() int {
	r := s.read()
	n := 0
	for _, c := range r.counted {
		n = max(n, c.signatories)
	}
	for _, id := range r.order {
		if len(r.parties[id].signed) > 0 {
			n--
		}
	}
	return max(n, 0)
}
