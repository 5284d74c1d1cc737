package programme

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// reading is what the facts that move state say, sorted by subject. It is made
// anew from the book whenever it is needed, and so follows every correction.
type reading struct {
	begun            Span // by the opening
	launched, closed []dated
	opened, shut     map[Key][]dated
	calls            []Key // of opened, in the order of recording
	owners           []owner
	steps            []step
	counts           []Counted
}

// dated is a fact reduced to where it stands and from when it counts.
type dated struct {
	at    es.Revision
	from  edtf.Date
	until edtf.Date // of a call
}

// When implements [book.Dated].
func (d dated) When() (es.Revision, edtf.Date) { return d.at, d.from }

type (
	owner struct {
		dated
		id terms.PartyID
	}
	// step is a step of a party's way through the programme.
	step struct {
		dated
		party, with terms.PartyID
		part        Part
		call        Key
	}
)

// read sorts the facts that move state. A programme whose opening was voided
// never was, and nothing is read of it.
func (s *State) read() *reading {
	r := &reading{opened: map[Key][]dated{}, shut: map[Key][]dated{}}
	if !s.Exists() {
		return r
	}
	for h := range s.book.Moving() {
		r.add(dated{at: h.Revision, from: h.Fact.From()}, h.Event)
	}
	r.resolve()
	return r
}

func (r *reading) add(d dated, e Event) {
	switch e := e.(type) {
	case Registered:
		r.begun = Span{Phase: PhaseRegistered, From: d.from, By: d.at}
		r.own(d, e.Owner)
	case CarriedOver:
		r.begun = Span{Phase: e.Phase, Rank: ranks[e.Phase], From: book.ByThen(e.Since, d.from), By: d.at}
		r.own(d, e.Owner)
		for _, p := range e.Parts {
			since := dated{at: d.at, from: book.ByThen(p.Since, d.from)}
			r.step(since, p.Party, p.Part, "", p.With)
			if p.Part == PartPaired {
				r.step(since, p.With, p.Part, "", p.Party)
			}
		}
	case Launched:
		r.launched = append(r.launched, d)
	case Closed:
		r.closed = append(r.closed, d)
	case OwnerNamed:
		r.own(d, e.Owner)
	case CallOpened:
		d.until = e.Until
		if r.opened[e.Key] == nil {
			r.calls = append(r.calls, e.Key)
		}
		r.opened[e.Key] = append(r.opened[e.Key], d)
	case CallClosed:
		r.shut[e.Call] = append(r.shut[e.Call], d)
	case ApplicationReceived:
		r.step(d, e.Party, PartApplied, e.Call, terms.PartyRef{})
	case Selected:
		r.step(d, e.Party, PartSelected, e.Call, terms.PartyRef{})
	case Rejected:
		r.step(d, e.Party, PartRejected, e.Call, terms.PartyRef{})
	case Paired:
		r.step(d, e.First, PartPaired, e.Call, e.Second)
		r.step(d, e.Second, PartPaired, e.Call, e.First)
	case Counted:
		r.counts = append(r.counts, e)
	case PurposeStated, FellDue, Reclassified, Corrected, Voided, Disputed, Ruled:
		// no guard and no phase reads these
	}
}

func (r *reading) own(d dated, ref terms.PartyRef) {
	if ref.ID != "" {
		r.owners = append(r.owners, owner{d, ref.ID})
	}
}

func (r *reading) step(d dated, p terms.PartyRef, part Part, call Key, with terms.PartyRef) {
	r.steps = append(r.steps, step{dated: d, party: p.ID, part: part, call: call, with: with.ID})
}

// resolve gives the steps that name no call the only one that the party's other
// steps name: a source that reports a selection rarely repeats the call.
func (r *reading) resolve() {
	only, several := map[terms.PartyID]Key{}, map[terms.PartyID]bool{}
	for _, s := range r.steps {
		if s.call == "" {
			continue
		}
		if known, ok := only[s.party]; ok && known != s.call {
			several[s.party] = true
		}
		only[s.party] = s.call
	}
	for i, s := range r.steps {
		if s.call == "" && !several[s.party] {
			r.steps[i].call = only[s.party]
		}
	}
}

// ended returns the end of the programme that stands, and whether there is one.
func (r *reading) ended() (dated, bool) {
	if r.begun.Phase == PhaseClosed {
		return dated{at: r.begun.By, from: r.begun.From}, true
	}
	d := book.One(r.closed)
	return d, d.at != 0
}

// named counts who is named, of a call or, without one, of the programme. Who
// was paired counts among the selected only if a fact says so.
func (r *reading) named(what What, call Key) int {
	seen := map[[2]terms.PartyID]bool{}
	for _, s := range r.steps {
		if call != "" && s.call != call {
			continue
		}
		switch {
		case what == "applicants" && s.part == PartApplied, what == "selected" && s.part == PartSelected:
			seen[[2]terms.PartyID{s.party}] = true
		case what == "pairs" && s.part == PartPaired:
			seen[[2]terms.PartyID{min(s.party, s.with), max(s.party, s.with)}] = true
		}
	}
	return len(seen)
}
