package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: structure that a voiding or a
// ruling broke, contradictions of dates, what partial dates leave undecided,
// facts that compete, bodies that are filled and not set up, unnamed places,
// decisions that their own votes contradict.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("network", &s.book)}
	r := s.read()
	for _, b := range s.broken() {
		detail := b.err.Message
		if b.of != "" {
			detail += ": " + b.of
		}
		f.Add(strings.TrimPrefix(b.err.Code, "network."), detail, b.events...)
	}
	f.dates(s)
	f.competing(r)
	f.order(s, r)
	f.tenures(r)
	f.doubles(r)
	f.bodies(r)
	f.numbers(s)
	f.decisions(s)
	return f.All
}

// dates finds steps that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case Founded, Launched, Dissolved, SecretariatDesignated, SecretariatEnded, BodyEstablished, BodyDissolved,
			SeatFilled, SeatVacated, SupporterAdded, SupporterEnded, DecisionRecorded:
		default:
			continue
		}
		f.Vague(h.Fact.From(), h.Revision)
	}
}

// competing finds facts of which only one can be so. The one recorded first
// stands until it is corrected, voided or ruled on.
func (f *findings) competing(r *reading) {
	for _, d := range r.founded {
		if first := r.founded[0]; len(first.founders) > 0 && len(d.founders) > 0 && !sameParties(first.founders, d.founders) {
			f.Add("competing", "different founders are named; the first stand", first.By, d.By)
		}
	}
	book.Competing(f.Finds, "the founding", r.founded)
	book.Competing(f.Finds, "the launch", r.launched)
	book.Competing(f.Finds, "the dissolution", r.dissolved)
	for _, key := range r.order {
		b := r.bodies[key]
		for _, e := range b.established {
			if differ(e.charter, b.established[0].charter) {
				f.Add("competing", "a body is set up with different capacities or terms; the first stand: "+string(key), b.established[0].By, e.By)
			}
		}
		book.Competing(f.Finds, "the establishment of the body "+string(key), b.established)
		book.Competing(f.Finds, "the dissolution of the body "+string(key), b.dissolved)
	}
}

func sameParties(a, b []terms.PartyRef) bool {
	in := func(all []terms.PartyRef, p terms.PartyRef) bool {
		return slices.ContainsFunc(all, func(q terms.PartyRef) bool { return q.ID == p.ID })
	}
	return !slices.ContainsFunc(a, func(p terms.PartyRef) bool { return !in(b, p) }) &&
		!slices.ContainsFunc(b, func(p terms.PartyRef) bool { return !in(a, p) })
}

// differ reports whether two charters bind differently.
func differ(a, b Charter) bool {
	if a.Capacity == nil || b.Capacity == nil {
		return a.Capacity != b.Capacity || a.Term != b.Term
	}
	return *a.Capacity != *b.Capacity || a.Term != b.Term
}

// order finds steps of the network and its bodies whose dates contradict their
// order, or leave it open.
func (f *findings) order(s *State, r *reading) {
	founded, launched := book.One(r.founded).dated, book.One(r.launched)
	if r.begun.Phase == PhaseFounded {
		founded = r.begun.dated()
	}
	end, _ := r.ended()
	f.InOrder("the network was launched before it was founded", founded, launched)
	for h := range s.book.Moving() {
		if !windsUp(h.Event) {
			f.InOrder("the network was dissolved before this", datedOf(h), end)
		}
	}
	for _, key := range r.order {
		if b := r.bodies[key]; len(b.established) > 0 {
			f.InOrder("a body was dissolved before it was set up", b.established[0].dated, book.One(b.dissolved))
		}
	}
	for _, x := range r.seats {
		if b := r.bodies[x.says.Body]; x.Moves && b != nil && len(b.established) > 0 {
			f.InOrder("a seat was filled before the body was set up", b.established[0].dated, x.dated)
			f.InOrder("a body was dissolved before a seat in it was filled", x.dated, book.One(b.dissolved))
		}
	}
}

// tenures finds what ended before it began, ends that compete, and ends of
// support that is not recorded.
func (f *findings) tenures(r *reading) {
	check := func(what string, s *stay) {
		f.InOrder(what+" ended before it began", s.dated, s.left)
		if !s.limit.IsUnknown() && edtf.Before(s.limit, s.from) == edtf.Yes {
			f.Add("contradiction", fmt.Sprintf("the term of %s is over by %s, before it began on %s", what, s.limit, s.from), s.By)
		}
		book.Competing(f.Finds, "the end of "+what, append([]dated{s.left}, s.rivals...))
	}
	for _, s := range r.seats {
		check("a seat", &s.stay)
	}
	for _, o := range r.offices {
		check("the office of secretariat", &o.stay)
	}
	for _, s := range r.supports {
		check("support", &s.stay)
	}
	for _, o := range r.openings {
		check("being open to join", &o.stay)
	}
	for _, l := range r.astray {
		if l.what == aSupport {
			f.Add("no_support", "the end of a support is recorded that nothing says there was by then", l.By)
		}
	}
}
