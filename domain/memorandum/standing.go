package memorandum

import (
	"cmp"
	"slices"

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

// Phases returns the phases of the agreement.
func (s *State) Phases() []Span {
	return s.phases(s.read())
}

func (s *State) phases(r *reading) []Span {
	spans := []Span{{Phase: PhaseDraft, Rank: rankDraft, By: 1, From: r.begun.from}}
	add := func(phase Phase, rank int, d dated) {
		spans = append(spans, Span{Phase: phase, Rank: rank, From: d.from, By: d.at})
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
	for _, t := range r.provisional {
		phase := PhaseOpen
		if t.on {
			phase = PhaseProvisional
		}
		add(phase, rankProvisional, t.dated)
	}
	entry, end := s.determined()
	if e := entry.event; e.Met != edtf.No && entry.at != 0 {
		spans = append(spans, Span{
			Phase: PhaseInForce, Rank: rankInForce, From: e.From, By: entry.at,
			Doubt: entry.doubt || e.Met == edtf.Maybe,
		})
	}
	for _, t := range r.suspension {
		if len(t.parties) > 0 {
			continue
		}
		phase := PhaseInForce
		if t.on {
			phase = PhaseSuspended
		}
		add(phase, rankInForce, t.dated)
	}
	spans = append(spans, r.carriedSpans()...)
	for _, e := range r.ended[:min(1, len(r.ended))] {
		add(e.phase, rankEnded, e)
	}
	if end.at != 0 && end.event.Cause != "" {
		phase := PhaseExpired
		if end.event.Cause == "minimum" {
			phase = PhaseTerminated
		}
		spans = append(spans, Span{Phase: phase, Rank: rankEnded, From: end.event.On, By: end.at, Doubt: end.doubt})
	}
	return sorted(spans)
}

func sorted(spans []Span) []Span {
	slices.SortStableFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Round, b.Round), cmp.Compare(a.Rank, b.Rank),
			cmp.Compare(a.From.Earliest(), b.From.Earliest()), cmp.Compare(a.By, b.By))
	})
	return spans
}

// carriedSpans returns the phase that an older register gives the agreement.
func (r *reading) carriedSpans() []Span {
	if len(r.carried) == 0 || r.carried[0].phase == PhaseInForce {
		return nil // in force by the determination
	}
	c := r.carried[0]
	rank := map[Phase]int{
		PhaseDraft: rankDraft, PhaseAdopted: rankAdopted, PhaseOpen: rankOpen,
		PhaseProvisional: rankProvisional, PhaseSuspended: rankInForce,
	}
	span := Span{Phase: c.phase, Rank: rankEnded, From: c.Since, By: c.at}
	if n, ok := rank[c.phase]; ok {
		span.Rank = n
	}
	return []Span{span}
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
// mention.
func (s *State) Parts() []Span {
	r := s.read()
	entry, _ := s.determined()
	var ends []Span
	for _, span := range s.phases(r) {
		if span.Rank == rankEnded {
			ends = append(ends, span)
		}
	}
	var all []Span
	for _, id := range r.order {
		all = append(all, sorted(r.parties[id].parts(r, entry, ends))...)
	}
	return all
}

// Ranks within a party's round of participation, as those of phases.
const (
	rankInvited = iota
	rankSignatory
	rankConsented
	rankForce
	rankNotice
	rankWithdrawn
)

func (p *participant) parts(r *reading, entry determination[EntryDetermined], ends []Span) []Span {
	var spans []Span
	add := func(round int, part Part, rank int, d dated, doubt bool) {
		spans = append(spans, Span{Party: p.id, Part: part, Round: round, Rank: rank, From: d.from, By: d.at, Doubt: doubt})
	}
	if len(p.invited) > 0 {
		add(1, PartInvited, rankInvited, p.invited[0], false)
	}
	if c := p.carried; c != nil && !c.inForce() {
		rank := slices.Index(Part("").Words(), string(c.State))
		if c.State == PartNotice || c.State == PartWithdrawn || c.State == PartEnded {
			rank = rankNotice + rank - slices.Index(Part("").Words(), string(PartNotice))
		}
		add(1, c.State, rank, dated{at: p.carriedAt.at, from: c.Since}, false)
	}
	for i, round := range p.rounds(r.terms.Notice) {
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
	last := 1
	for _, c := range r.consents() {
		if c.party == p.id {
			add(c.round, PartConsented, rankConsented, c.dated, false)
			last = c.round
		}
	}
	for _, f := range entry.event.Parties {
		if f.Party != p.id || f.Met == edtf.No {
			continue
		}
		d := dated{at: entry.at, from: f.From}
		add(f.Round, PartInForce, rankForce, d, entry.doubt || f.Met == edtf.Maybe)
	}
	for _, t := range r.suspension {
		if !slices.Contains(t.parties, p.id) {
			continue
		}
		part := PartInForce
		if t.on {
			part = PartSuspended
		}
		add(last, part, rankForce, t.dated, false)
	}
	for _, e := range ends {
		add(last, PartEnded, rankWithdrawn+1, dated{at: e.By, from: e.From}, e.Doubt)
	}
	return spans
}

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) {
	for _, span := range spans {
		held := span.From.HeldBy(on)
		if span.Doubt {
			held = held.And(edtf.Maybe)
		}
		switch held {
		case edtf.Yes:
			certain, perhaps = span, nil
		case edtf.Maybe:
			perhaps = append(perhaps, span)
		case edtf.No:
		}
	}
	return certain, perhaps
}
