package memorandum

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Ranks order the spans of an agreement's life: as of a date, the span with
// the highest rank that has begun is the phase. Within a rank, the later one.
const (
	rankDraft = iota
	rankAdopted
	rankOpen
	rankProvisional
	rankInForce
	rankEnded
)

// Span is a phase of an agreement, or a party's part in it, from a date on,
// until a later span begins. Spans are ordered: as of a date, the last one
// that has begun holds.
type Span struct {
	Phase Phase
	// Party, Part and Round are set instead of Phase for a party's part.
	Party terms.PartyID
	Part  Part
	Round int // of participation, from 1
	Rank  int
	From  edtf.Date
	// Doubt says that the span is in dispute: as of any date it is undecidable.
	Doubt bool
	By    es.Revision // the event it rests on
}

// Phases returns the phases of the agreement; none of one that was voided.
func (s *State) Phases() []Span {
	return s.read().phases(s.recorded())
}

func (r *reading) phases(d *determined) []Span {
	spans := r.early()
	add := func(phase Phase, rank int, from edtf.Date, by es.Revision, doubt bool) {
		spans = append(spans, Span{Phase: phase, Rank: rank, From: from, By: by, Doubt: doubt})
	}
	before := PhaseDraft
	if len(spans) > 0 {
		before = spans[len(spans)-1].Phase
	}
	for _, t := range r.provisional {
		phase := before
		if t.on {
			phase = PhaseProvisional
		}
		add(phase, rankProvisional, t.from, t.at, false)
	}
	inForce := d.inForce()
	doubt := inForce == edtf.Maybe
	if inForce != edtf.No {
		add(PhaseInForce, rankInForce, d.entry.event.From, d.entry.since, doubt)
	}
	spans = append(spans, r.carriedSpans(d)...)
	for _, t := range r.suspension {
		switch {
		case len(t.parties) > 0 || inForce == edtf.No: // for some; or nothing to suspend
		case t.on:
			add(PhaseSuspended, rankInForce, t.from, t.at, doubt)
		default:
			add(PhaseInForce, rankInForce, t.from, t.at, doubt)
		}
	}
	for _, e := range r.ended[:min(1, len(r.ended))] {
		add(e.phase, rankEnded, e.from, e.at, false)
	}
	if end := d.end.event; end.Cause != "" && !d.end.setAside && inForce != edtf.No && !r.endedBefore(end.On) {
		phase := PhaseExpired
		if end.Cause == "minimum" {
			phase = PhaseTerminated
		}
		add(phase, rankEnded, end.On, d.end.since, doubt || d.end.doubt)
	}
	return sorted(spans)
}

// early returns the phases before entry into force.
func (r *reading) early() []Span {
	var spans []Span
	add := func(phase Phase, rank int, d dated) {
		spans = append(spans, Span{Phase: phase, Rank: rank, From: d.from, By: d.at})
	}
	if r.drafted.at != 0 {
		add(PhaseDraft, rankDraft, r.drafted)
	}
	if len(r.adopted) > 0 {
		add(PhaseAdopted, rankAdopted, r.adopted[0])
	}
	switch signed := r.firstSignature(); {
	case len(r.opened) > 0:
		add(PhaseOpen, rankOpen, r.opened[0])
	case signed.at != 0:
		add(PhaseOpen, rankOpen, signed) // what is signed was open for signature
	}
	return spans
}

// endedBefore reports whether the agreement was certainly ended otherwise
// before a date: what is terminated does not expire.
func (r *reading) endedBefore(on edtf.Date) bool {
	return len(r.ended) > 0 && edtf.Before(r.ended[0].from, on) == edtf.Yes
}

// sorted orders spans; those that may have begun on the same day stay as they
// are, in the order of a life.
func sorted(spans []Span) []Span {
	slices.SortStableFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Round, b.Round), cmp.Compare(a.Rank, b.Rank),
			cmp.Compare(a.From.Earliest(), b.From.Earliest()))
	})
	return spans
}

var phaseRanks = map[Phase]int{
	PhaseDraft: rankDraft, PhaseAdopted: rankAdopted, PhaseOpen: rankOpen, PhaseProvisional: rankProvisional,
	PhaseSuspended: rankInForce, PhaseTerminated: rankEnded, PhaseExpired: rankEnded,
	PhaseSuperseded: rankEnded, PhaseAbandoned: rankEnded,
}

// carriedSpans returns the phase that an older register gives the agreement.
func (r *reading) carriedSpans(d *determined) []Span {
	if len(r.carried) == 0 || r.carried[0].says.Phase == PhaseInForce {
		return nil // in force by the determination
	}
	c := r.carried[0]
	from := c.says.Since
	if c.says.Phase == PhaseSuspended && d.inForce() != edtf.No {
		from = suspendedFrom(from, d.entry.event.From)
	}
	return []Span{{Phase: c.says.Phase, Rank: phaseRanks[c.says.Phase], From: from, By: c.at}}
}

// suspendedFrom is since when something is suspended that an older register says
// is so by a day: not before it was in force.
func suspendedFrom(by, inForce edtf.Date) edtf.Date {
	if by.Earliest() > edtf.MinDay || inForce.Earliest() > by.Latest() {
		return by
	}
	return edtf.Between(inForce.Earliest(), by.Latest())
}

func (r *reading) firstSignature() dated {
	var first dated
	for _, id := range r.order {
		for _, d := range r.parties[id].signed {
			if first.at == 0 || compare(d, first) < 0 {
				first = d
			}
		}
	}
	return first
}

// Parts returns the parts of all parties, by party in the order of first
// mention. The slice is not to be modified.
func (s *State) Parts() []Span {
	if s.parts == nil {
		s.parts = s.allParts()
	}
	return s.parts
}

func (s *State) allParts() []Span {
	r, d := s.read(), s.recorded()
	var ends []Span
	for _, span := range r.phases(d) {
		if span.Rank == rankEnded {
			ends = append(ends, span)
		}
	}
	var all []Span
	for _, id := range r.order {
		all = append(all, sorted(r.parts(r.parties[id], d, ends))...)
	}
	return all
}

// Ranks within a party's round of participation, as those of phases. Who
// withdrew is not there any more when the agreement ends.
const (
	rankInvited = iota
	rankSignatory
	rankConsented
	rankForce
	rankNotice
	rankPartEnded
	rankWithdrawn
)

func (r *reading) parts(p *participant, d *determined, ends []Span) []Span {
	var spans []Span
	add := func(round int, part Part, rank int, d dated, doubt bool) {
		spans = append(spans, Span{Party: p.id, Part: part, Round: round, Rank: rank, From: d.from, By: d.at, Doubt: doubt})
	}
	if len(p.invited) > 0 {
		add(1, PartInvited, rankInvited, p.invited[0], false)
	} else if p.founding && r.drafted.at != 0 {
		add(1, PartInvited, rankInvited, r.drafted, false)
	}
	rounds := r.rounds(p)
	for i, round := range rounds {
		if c := round.carried; c != nil {
			if rank, ok := carriedRanks[c.State]; ok {
				add(i+1, c.State, rank, c.dated, false)
			}
		}
		if len(round.signed) > 0 {
			add(i+1, PartSignatory, rankSignatory, round.signed[0], false)
		}
		if l := round.leave; l != nil && l.given != nil {
			add(i+1, PartNotice, rankNotice, *l.given, false)
		}
		if l := round.leave; l != nil {
			add(i+1, PartWithdrawn, rankWithdrawn, l.dated, false)
		}
	}
	for _, c := range r.consentsOf(p) {
		add(c.round, PartConsented, rankConsented, c.dated, false)
	}
	r.addForce(p, d, add)
	for _, e := range ends {
		if len(spans) > 0 {
			add(len(rounds), PartEnded, rankPartEnded, dated{at: e.By, from: e.From}, e.Doubt)
		}
	}
	return spans
}

// carriedRanks has the parts of an older register that nothing else leads to.
var carriedRanks = map[Part]int{
	PartInvited: rankInvited, PartSignatory: rankSignatory, PartEnded: rankPartEnded,
}

// addForce adds since when the agreement is in force for a party, and when it
// was suspended for it.
func (r *reading) addForce(p *participant, d *determined, add func(int, Part, int, dated, bool)) {
	if d.entry.setAside {
		return
	}
	last, doubt, from := 0, false, edtf.Date{}
	for _, f := range d.parties {
		if f.Party != p.id || f.Met == edtf.No {
			continue
		}
		last, doubt, from = f.Round, d.entry.doubt || f.Met == edtf.Maybe, f.From
		add(f.Round, PartInForce, rankForce, dated{at: f.at, from: f.From}, doubt)
	}
	for i, round := range r.rounds(p) {
		if c := round.carried; c != nil && c.State == PartSuspended {
			add(i+1, PartSuspended, rankForce, dated{at: c.at, from: suspendedFrom(c.from, from)}, doubt)
		}
	}
	for _, t := range r.suspension {
		switch {
		case !t.covers(p.id) || last == 0: // for others; or nothing to suspend
		case t.on:
			add(last, PartSuspended, rankForce, t.dated, doubt)
		default:
			add(last, PartInForce, rankForce, t.dated, doubt)
		}
	}
}

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
// The spans are the phases of an agreement, or the parts of one party.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) { return book.AsOf(spans, on) }

// Begun implements [book.Span].
func (s Span) Begun(on edtf.Date) edtf.Truth { return book.Begun(s.From, s.Doubt, on) }
