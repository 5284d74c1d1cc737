package chronicle_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// told is an entry, the event it rests on apart.
type told struct {
	heading chronicle.Heading
	is      edtf.Truth
	on      edtf.Date
	stream  string
	party   terms.PartyID
	network terms.PartyID
	title   string
	what    []string
}

// teller tells what happened by folding streams.
type teller struct {
	readmodel.Within
	all []told
}

func retell(t *rapid.T, log []es.Record, q readmodel.Within) []told {
	r := teller{Within: q}
	var streams []string
	for _, rec := range log {
		if !slices.Contains(streams, rec.Stream) {
			streams = append(streams, rec.Stream)
		}
	}
	for _, stream := range streams {
		recs, err := projectiontest.Prefix(log, stream, q.At)
		require.NoError(t, err)
		kind, _, err := es.ParseStream(stream)
		require.NoError(t, err)
		if kind == "ledger" {
			continue
		}
		state := ledger.Fold(kind)
		for _, rec := range recs {
			e, err := ledger.Decode(rec)
			require.NoError(t, err)
			state.Add(rec.Revision, e)
		}
		switch s := state.State().(type) {
		case *memorandum.State:
			r.agreement(stream, s)
			duties(&r, stream, s.Book(), s.Dues(), nil)
		case *membership.State:
			network, party := s.Pair()
			r.membership(stream, s)
			duties(&r, stream, s.Book(), s.Dues(), []terms.PartyID{network, party.ID})
		case *activity.State:
			r.activity(stream, s)
		case *actionplan.State:
			r.plan(stream, s)
			duties(&r, stream, s.Book(), s.Dues(), nil)
		}
	}
	return r.all
}

// within says whether a date is within the span, by what had happened when it
// ended and the day before it began.
func (r *teller) within(on edtf.Date, doubt bool) edtf.Truth {
	is := on.HeldBy(edtf.OfDay(r.To)).And(on.HeldBy(edtf.OfDay(r.From - 1)).Not())
	if doubt {
		is = is.And(edtf.Maybe)
	}
	return is
}

func (r *teller) tell(x told, doubt bool, about ...terms.PartyID) {
	x.is = r.within(x.on, doubt)
	if x.is != edtf.No && (r.About == "" || slices.Contains(about, terms.PartyID(r.About))) {
		r.all = append(r.all, x)
	}
}

// first returns when the first of several things was that did or may have
// happened, and whether it is in doubt that any did.
func first(dates []edtf.Date, doubts []bool) (edtf.Date, bool) {
	lo, latest, certain := edtf.MaxDay, edtf.MinDay, edtf.MaxDay
	same, doubt := true, true
	for i, d := range dates {
		lo, latest, same = min(lo, d.Earliest()), max(latest, d.Latest()), same && d == dates[0]
		if !doubts[i] {
			certain, doubt = min(certain, d.Latest()), false
		}
	}
	switch {
	case same:
		return dates[0], doubt
	case doubt:
		return edtf.Between(lo, latest), true
	}
	return edtf.Between(lo, certain), false
}

// group is what is told as one.
type group struct {
	heading chronicle.Heading
	party   terms.PartyID
	round   int
}

func (r *teller) agreement(stream string, s *memorandum.State) {
	var parties []terms.PartyID
	dates, doubts, words := map[group][]edtf.Date{}, map[group][]bool{}, map[group][]string{}
	add := func(g group, span memorandum.Span) {
		dates[g], doubts[g] = append(dates[g], span.From), append(doubts[g], span.Doubt)
		if span.Phase != "" && g.heading == chronicle.Ended && !slices.Contains(words[g], string(span.Phase)) {
			words[g] = append(words[g], string(span.Phase))
		}
	}
	resumes := func(span memorandum.Span) bool {
		h, _ := s.Book().At(span.By)
		_, resumed := h.Event.(memorandum.Resumed)
		return resumed
	}
	var ends []memorandum.Span
	for _, span := range s.Phases() {
		switch span.Phase {
		case memorandum.PhaseTerminated, memorandum.PhaseExpired, memorandum.PhaseSuperseded, memorandum.PhaseAbandoned:
			ends = append(ends, span)
			add(group{heading: chronicle.Ended}, span)
		default:
		}
	}
	over := func(span memorandum.Span) bool {
		return slices.ContainsFunc(ends, func(e memorandum.Span) bool { return !e.Doubt && edtf.Before(day(e.From), day(span.From)) == edtf.Yes })
	}
	for _, span := range s.Phases() {
		if span.Phase == memorandum.PhaseInForce && !resumes(span) && !over(span) {
			add(group{heading: chronicle.InForce}, span)
		}
	}
	for _, span := range s.Parts() {
		parties = append(parties, span.Party)
		switch {
		case span.Part == memorandum.PartSignatory:
			add(group{heading: chronicle.Signed}, span)
			add(group{chronicle.Signatures, span.Party, span.Round}, span)
		case span.Part == memorandum.PartInForce && !resumes(span) && !over(span):
			add(group{chronicle.InForceFor, span.Party, span.Round}, span)
		case span.Part == memorandum.PartWithdrawn:
			add(group{chronicle.Withdrawals, span.Party, span.Round}, span)
		}
	}
	for g := range dates {
		on, doubt := first(dates[g], doubts[g])
		slices.Sort(words[g])
		about := parties
		if g.party != "" {
			about = []terms.PartyID{g.party}
		}
		r.tell(told{heading: g.heading, on: on, stream: stream, party: g.party, what: words[g]}, doubt, about...)
	}
}

// day is a date without its hours.
func day(d edtf.Date) edtf.Date { return edtf.Between(d.Earliest(), d.Latest()) }

func (r *teller) membership(stream string, s *membership.State) {
	network, party := s.Pair()
	if s.Status() != terms.Recorded {
		return
	}
	rounds := map[int][]membership.Span{}
	for _, span := range s.Spans() {
		rounds[span.Round] = append(rounds[span.Round], span)
	}
	for _, spans := range rounds {
		tell := func(h chronicle.Heading, span membership.Span) {
			r.tell(told{heading: h, on: span.From, stream: stream, party: party.ID, network: network, what: []string{string(span.Standing)}},
				span.Doubt, network, party.ID)
		}
		if i := slices.IndexFunc(spans, func(s membership.Span) bool { return s.Standing.Member() }); i >= 0 {
			tell(chronicle.Joined, spans[i])
		}
		for i, span := range spans {
			rests := span.Standing == membership.StandingOnHold || span.Standing == membership.StandingSuspended
			if rests && (i == 0 || spans[i-1].Standing != span.Standing || spans[i-1].Doubt && !span.Doubt) {
				tell(chronicle.Rested, span)
			}
			if span.Standing.Ended() {
				tell(chronicle.Left, span)
			}
		}
	}
}

func (r *teller) activity(stream string, s *activity.State) {
	about := []terms.PartyID{s.Describe().Series}
	for _, rel := range s.Relations() {
		if to, _ := rel.What.To.Target(); rel.Moves && rel.What.Relation == "under" {
			about = append(about, terms.PartyID(to))
		}
	}
	for _, p := range s.Participants() {
		if p.Moves && p.What.Presence == "present" && !p.What.Class {
			about = append(about, p.What.Party.ID)
		}
	}
	for _, span := range s.Phases() {
		if span.Phase == activity.PhaseHeld {
			r.tell(told{heading: chronicle.Held, on: span.From, stream: stream}, false, about...)
		}
	}
}

func (r *teller) plan(stream string, s *actionplan.State) {
	if !s.Exists() {
		return
	}
	d := s.Describe()
	under, _ := d.Under.Target()
	about := []terms.PartyID{terms.PartyID(under)}
	for _, p := range d.Parties {
		about = append(about, p.ID)
	}
	for _, span := range s.Phases() {
		if span.Phase == actionplan.PhaseCompleted {
			r.tell(told{heading: chronicle.PlansCompleted, on: span.From, stream: stream}, false, about...)
		}
	}
	for _, m := range s.Milestones() {
		if m.Reached != 0 {
			r.tell(told{heading: chronicle.Milestones, on: m.ReachedOn, stream: stream, title: m.Title.Value}, false, about...)
		}
	}
	for _, i := range s.Indicators() {
		var dates []edtf.Date
		for _, v := range i.Readings {
			order := v.Value.Compare(i.Target)
			if order == 0 || order > 0 && i.Direction == actionplan.Increase || order < 0 && i.Direction == actionplan.Decrease {
				dates = append(dates, v.On)
			}
		}
		if len(dates) > 0 {
			on, _ := first(dates, make([]bool, len(dates)))
			if on.Earliest() == dates[0].Earliest() && on.Latest() == dates[0].Latest() {
				on = dates[0] // as it is written
			}
			r.tell(told{heading: chronicle.Targets, on: on, stream: stream, title: i.Title.Value}, false, about...)
		}
	}
}

// duties tells what was overdue on the last day.
func duties[E book.Event](r *teller, stream string, b *book.Book[E], dues []terms.Due, about []terms.PartyID) {
	last := edtf.OfDay(r.To)
	for _, d := range dues {
		if d.Kind != terms.Duty {
			continue
		}
		is := edtf.Before(d.On, last)
		if d.Settled != 0 {
			h, _ := b.At(d.Settled)
			is = is.And(edtf.Before(last, h.Fact.From()))
		}
		who := append(slices.Clone(about), d.By, d.To)
		if is != edtf.No && (r.About == "" || slices.Contains(who, terms.PartyID(r.About))) {
			r.all = append(r.all, told{
				heading: chronicle.Overdue, is: is, on: d.On, stream: stream, party: d.By, title: d.What.Value, what: []string{d.Rule},
			})
		}
	}
}
