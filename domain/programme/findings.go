package programme

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: contradictions of dates, what
// partial dates leave undecided, selection without application, facts that
// compete, unnamed places, calls that are named and not there.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("programme", &s.book)}
	r := s.read()
	f.dates(s)
	f.competing(r)
	f.order(r)
	f.way(r)
	f.late(r)
	f.places(s, r)
	f.dangling(s)
	return f.All
}

// dates finds steps that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case Launched, CallOpened, CallClosed, ApplicationReceived, Selected, Rejected, Paired, Closed:
		default:
			continue
		}
		f.Vague(h.Fact.From(), h.Revision)
	}
}

// competing finds facts of which only one can be so. The one recorded first
// stands until it is corrected, voided or ruled on.
func (f *findings) competing(r *reading) {
	book.Competing(f.Finds, "the launch", r.launched)
	book.Competing(f.Finds, "the end", r.closed)
	for _, call := range r.calls {
		book.Competing(f.Finds, "the opening of a call", r.opened[call])
		book.Competing(f.Finds, "the closing of a call", r.shut[call])
	}
	for i, o := range r.owners {
		if i > 0 && o.id != r.owners[i-1].id && edtf.Before(r.owners[i-1].from, o.from) != edtf.Yes {
			f.Add("owners_differ", "different owners are named and no dates say that one followed the other", r.owners[i-1].at, o.at)
		}
	}
}

// order finds steps of the programme whose dates contradict their order, or
// leave it open.
func (f *findings) order(r *reading) {
	end, _ := r.ended()
	f.InOrder("closed before it was launched", book.One(r.launched), end)
	for _, call := range r.calls {
		f.InOrder("a call was closed before it was opened", book.One(r.opened[call]), book.One(r.shut[call]))
		f.InOrder("a call was opened after the end of the programme", book.One(r.opened[call]), end)
	}
	for _, s := range r.steps {
		if s.part != PartRejected {
			f.InOrder("the programme was closed before a party "+verbs[s.part], s.dated, end)
		}
	}
}

// verbs says what happened when a party came to have a part.
var verbs = map[Part]string{
	PartApplied: "applied", PartSelected: "was selected", PartRejected: "was rejected", PartPaired: "was paired",
}

// way finds steps of a party that lack the one before, contradict it, or came
// too early. What an older register carries over needs no step before.
func (f *findings) way(r *reading) {
	for _, s := range r.steps {
		switch s.part {
		case PartApplied:
		case PartSelected, PartRejected:
			applied := r.first(s.party, s.call, PartApplied)
			f.InOrder("a party "+verbs[s.part]+" before it applied", applied, s.dated)
			if applied.at == 0 && s.at != r.begun.By {
				f.Add("no_application", "a party "+verbs[s.part]+" of which no application is recorded", s.at)
			}
			if rejected := r.first(s.party, s.call, PartRejected); s.part == PartSelected && rejected.at != 0 {
				f.Add("selected_and_rejected", "a party was both selected and rejected in one call", s.at, rejected.at)
			}
		case PartPaired:
			own, other := r.first(s.party, s.call, PartSelected), r.first(s.with, s.call, PartSelected)
			f.InOrder("a party was paired before it was selected", own, s.dated)
			if own.at == 0 && other.at == 0 && s.at != r.begun.By && s.party < s.with {
				f.Add("no_selection", "two parties were paired of which neither is known to have been selected", s.at)
			}
		}
	}
}

// first is the first fact that gives a party a part in a call, zero if there is
// none.
func (r *reading) first(party terms.PartyID, call Key, part Part) dated {
	for _, s := range r.steps {
		if s.party == party && s.part == part && (s.call == call || s.call == "" || call == "") {
			return s.dated
		}
	}
	return dated{}
}

// late finds applications that came, or perhaps came, when the call was closed.
func (f *findings) late(r *reading) {
	for _, s := range r.steps {
		if s.part != PartApplied || s.from.IsUnknown() {
			continue
		}
		closed := edtf.No
		if d := book.One(r.shut[s.call]); d.at != 0 {
			closed = edtf.Before(d.from, s.from)
		} else if d := book.One(r.opened[s.call]); d.at != 0 && !d.until.IsUnknown() {
			closed = edtf.Before(d.until, s.from)
		}
		switch closed {
		case edtf.Yes:
			f.Add("late", fmt.Sprintf("a party applied when the call was closed: %s", s.from), s.at)
		case edtf.Maybe:
			f.Add("undecidable", fmt.Sprintf("perhaps a party applied when the call was closed: %s", s.from), s.at)
		case edtf.No:
		}
	}
}

// places finds those that are counted and not named.
func (f *findings) places(s *State, r *reading) {
	for h := range s.book.Held() {
		e, ok := h.Event.(Counted)
		if !ok || h.SetAside != 0 {
			continue
		}
		perhaps := ""
		if !h.Moves() {
			perhaps = "perhaps "
		}
		named := r.named(e.What, e.Call)
		switch n := e.Number - named; {
		case n > 0:
			f.Add("unnamed_places", fmt.Sprintf("%s%d %s, of which %d are not named", perhaps, e.Number, e.What, n), h.Revision)
		case n < 0:
			f.Add("more_named", fmt.Sprintf("%s%d %s, but %d are named", perhaps, e.Number, e.What, named), h.Revision)
		}
	}
}

// dangling finds calls that are named and, since they were corrected or voided,
// not there.
func (f *findings) dangling(s *State) {
	for h := range s.book.Held() {
		if call := callOf(h.Event); call != "" && !s.hasCall(call) {
			f.Add("no_call", fmt.Sprintf("the fact names the call %s, which is not there", call), h.Revision)
		}
	}
}
