package membership

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: contradictions of dates, what
// partial dates leave undecided, facts that compete, steps that lack the one
// they rest on, what is only claimed, what is named and not there.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("membership", &s.book)}
	f.claims(s)
	f.facts(s)
	r := s.read()
	rounds := r.rounds()
	for i := range rounds {
		x := &rounds[i]
		f.competing(x)
		f.order(x)
		f.members(x)
		f.suspensions(x)
		f.consequences(x)
		if i > 0 && len(rounds[i-1].evidence()) == 0 && rounds[i-1].leave != nil {
			f.InOrder("it left before it was admitted", book.One(x.admitted).dated, rounds[i-1].leave.dated)
		}
	}
	f.notices(r)
	f.settlings(s, rounds)
	return f.All
}

// claims finds a membership that is only claimed, announced or contested.
func (f *findings) claims(s *State) {
	if status := s.Status(); status != terms.Recorded {
		opening, _ := s.book.Opening()
		f.Add("only_claimed", fmt.Sprintf("the membership is only %s and has no standing", status), opening.Revision)
	}
}

// facts finds steps that are undated or vaguely dated, admissions without a
// decision, heirs without a name, and duties that are not there.
func (f *findings) facts(s *State) {
	for h := range s.book.Held() {
		switch e := h.Event.(type) {
		case Admitted:
			if _, at := e.Authority.Target(); at == 0 && h.Moves() {
				f.Add("no_decision", "the party was admitted by a decision that is not known", h.Revision)
			}
		case Succeeded:
			if e.By.ID == "" {
				f.Add("heir_unnamed", "another party took the membership over, and it is not named", h.Revision)
			}
		case Registered, CarriedOver, DutySet, Reclassified, FellDue:
			continue
		default: // a step as any other
		}
		f.Vague(h.Fact.From(), h.Revision)
		if key := dutyOf(h.Event); key != "" && !s.hasDuty(key) {
			f.Add("no_duty", fmt.Sprintf("the fact names the duty %s, which is not there", key), h.Revision)
		}
	}
}

// competing finds facts of one round of which only one can be so. The one
// recorded first stands until it is corrected, voided or ruled on.
func (f *findings) competing(x *round) {
	check := func(what string, steps []step) {
		for _, s := range steps[min(1, len(steps)):] {
			if s.from != steps[0].from || !alike(s.class, steps[0].class) || !alike(s.own, steps[0].own) {
				f.Add("competing", what+" is asserted with different dates or classes; the first stands", steps[0].at, s.at)
			}
		}
	}
	for _, a := range x.attempts() {
		for _, standing := range asking {
			check("a step towards admission", a.of(standing))
		}
		check("a refusal", a.refused)
	}
	check("the admission", x.admitted)
	check("the signature", x.signed)
	check("the activation", x.activated)
	for _, l := range x.rivals {
		f.Add("competing", "the end is asserted with different dates or outcomes; the first stands", x.leave.at, l.at)
	}
	for _, d := range x.duties {
		if first := x.duties[slices.IndexFunc(x.duties, func(o duty) bool { return o.set.Key == d.set.Key })]; first.from != d.from {
			f.Add("competing", "a duty is asserted to have been set on different dates; the first stands", first.at, d.at)
		}
	}
}

// order finds steps whose dates contradict their order, or leave it open.
func (f *findings) order(x *round) {
	admitted := book.One(x.admitted).dated
	attempts := x.attempts()
	last := attempts[len(attempts)-1]
	applied, reviewed := book.One(last.of(StandingApplied)).dated, book.One(last.of(StandingUnderReview)).dated
	f.InOrder("it was reviewed before the party applied", applied, reviewed)
	f.InOrder("the party was admitted before it applied", applied, admitted)
	f.InOrder("the party was admitted before it was reviewed", reviewed, admitted)
	f.InOrder("the party was admitted before it was invited", book.One(last.of(StandingInvited)).dated, admitted)
	f.InOrder("the party signed before it was admitted", admitted, book.One(x.signed).dated)
	f.InOrder("the party was active before it was admitted", admitted, book.One(x.activated).dated)
	for _, r := range x.rests {
		f.InOrder("the membership rested before the party was admitted", admitted, r.dated)
	}
	for _, c := range x.classes {
		f.InOrder("the class changed before the party was admitted", admitted, c.dated)
	}
	if l := x.leave; l != nil && !l.derived {
		f.InOrder("the party left before it was admitted", admitted, l.dated)
		for _, r := range x.rests {
			f.InOrder("the party left before the membership rested", r.dated, l.dated)
		}
	}
}

// members finds what only a member does, of who was not admitted or has left.
func (f *findings) members(x *round) {
	if len(x.admitted)+len(x.vouched) == 0 {
		for _, s := range slices.Concat(x.signed, x.activated, x.classes) {
			f.Add("no_admission", "no admission is recorded that this follows", s.at)
		}
		for _, r := range x.rests {
			f.Add("no_admission", "no admission is recorded that this follows", r.at)
		}
	}
	for _, d := range x.strays {
		f.Add("after_end", "the membership had ended by then", d.at, x.leave.at)
	}
	for _, s := range x.resumed {
		if !slices.ContainsFunc(x.pauses(), func(p pause) bool { return book.Follows(s, p) }) &&
			!slices.ContainsFunc(x.rests, func(r rest) bool { return book.Follows(s, r) }) {
			f.Add("nothing_resumed", "no hold and no suspension is known that this ends", s.at)
		}
	}
}

// suspensions finds those of which no written notice was given before.
func (f *findings) suspensions(x *round) {
	for _, s := range x.suspensions {
		warned := edtf.No
		for _, w := range x.warning {
			warned = warned.Or(edtf.Before(s.from, w.from).Not())
		}
		switch {
		case warned == edtf.No:
			f.Add("without_notice", "the membership was suspended, and no written notice before is known", s.at)
		case warned == edtf.Maybe && !s.from.IsUnknown() && !slices.ContainsFunc(x.warning, func(w step) bool { return w.from.IsUnknown() }):
			f.Add("undecidable", fmt.Sprintf("perhaps the membership was suspended without notice: %s", s.from), s.at)
		}
	}
}

// consequences finds duties of which dates leave open whether they were met in
// time to avert what follows.
func (f *findings) consequences(x *round) {
	for _, d := range x.owed() {
		for _, o := range x.fallouts(d) {
			if o.unmet == edtf.Maybe {
				f.Add("undecidable", fmt.Sprintf("perhaps the duty %s was not met in time, with effect from %s", d.set.Key, o.from), o.at, o.by)
			}
		}
	}
}

// notices finds notices of withdrawal of which it is not known when they take
// effect, and revocations that came too late.
func (f *findings) notices(r *reading) {
	for _, n := range r.notices {
		if _, late := r.revocation(n); late != 0 {
			f.Add("revoked_late", "a notice was revoked when it had taken effect already; it stands", n.at, late)
		}
		if n.until.IsUnknown() {
			f.Add("notice_open", "it is not known when the notice of withdrawal takes effect", n.at)
		}
	}
}

// settlings finds duties met, waived or extended for a date on which they are
// not due.
func (f *findings) settlings(s *State, rounds []round) {
	due := func(g settling) bool {
		return slices.ContainsFunc(rounds, func(x round) bool {
			return slices.ContainsFunc(x.owed(), func(d duty) bool {
				return d.set.Key == g.key && slices.ContainsFunc(x.occurrences(d), func(o occurrence) bool { return o.meant(g) })
			})
		})
	}
	for _, g := range s.read().settled {
		if !g.due.IsUnknown() && s.hasDuty(g.key) && !due(g) {
			f.Add("not_due", fmt.Sprintf("the duty %s is not due on %s", g.key, g.due), g.at)
		}
	}
}
