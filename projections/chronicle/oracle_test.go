package chronicle_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestMain makes fewer random worlds than usual, each of which is compared in
// many ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks("20"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// views calls use with the views of a log.
func views(t require.TestingT, dir string, store es.Store, use func(conn *sqlite.Conn)) {
	r, err := projections.Open(projections.Config{Dir: dir, Store: store})
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(context.Background()))
	require.NoError(t, r.Close())
	v := projections.OpenViews(dir)
	require.NoError(t, v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		use(conn)
		return nil
	}))
	require.NoError(t, v.Close())
}

// TestOracle checks what is told of random histories, by any state of knowledge,
// against the folded streams, read one by one.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newTown(rt, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") })
		for range rapid.IntRange(20, 150).Draw(rt, "steps") {
			require.NoError(rt, w.step())
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		views(rt, dir, w.store, func(conn *sqlite.Conn) {
			for range 5 {
				q := question(rt, w)
				found, err := chronicle.List(conn, q, chronicle.Headings()...)
				require.NoError(rt, err)
				want := retell(rt, w.store.Records(), q)
				got := make([]told, len(found))
				for i, e := range found {
					got[i] = told{e.Heading, e.Is, e.On, e.Stream, e.Party, e.Network, e.Title.Value, slices.Clone(e.What)}
				}
				require.ElementsMatch(rt, want, got, "%+v", q)
				tally(rt, conn, q)
			}
		})
	})
}

// question draws what is asked.
func question(t *rapid.T, w *town) readmodel.Within {
	bounds := rapid.SampledFrom([][2]string{
		{"2019", "2019"}, {"2018", "2020"}, {"2019-06", "2019-06"}, {"2018-10-03", "2018-10-03"}, {"2020-01-01", "2020-06-30"}, {"2000", "2030"},
	}).Draw(t, "span")
	q := readmodel.Within{From: edtf.MustParse(bounds[0]).Earliest(), To: edtf.MustParse(bounds[1]).Latest()}
	instant := func(label string) time.Time {
		return time.Date(2020, 1, 1, rapid.IntRange(-10, 90).Draw(t, label), 0, 0, 0, time.UTC)
	}
	switch rapid.IntRange(0, 3).Draw(t, "axis") {
	case 1:
		q.At.Events = uint64(rapid.IntRange(1, len(w.store.Records())).Draw(t, "events"))
	case 2:
		q.At.Known = instant("known")
	case 3:
		q.At.Recorded = instant("recorded")
	}
	if rapid.IntRange(0, 2).Draw(t, "about") == 0 {
		q.About = rapid.SampledFrom(slices.Concat(w.Parties(), w.streams["network"])).Draw(t, "party")
	}
	return q
}

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

// tally checks the months of the span against what is told of each month alone.
func tally(t *rapid.T, conn *sqlite.Conn, q readmodel.Within) {
	year, month, _ := q.From.Date()
	q.From, q.To = edtf.DayOf(year, month, 1), min(q.To, edtf.DayOf(year+3, month, 0)).FirstOfNextMonth()-1
	s, err := chronicle.Monthly(conn, q, 0)
	require.NoError(t, err)
	whole, err := chronicle.List(conn, q, chronicle.Counted()...)
	require.NoError(t, err)
	left := map[chronicle.Heading]int{}
	for _, e := range whole {
		left[e.Heading]++
	}
	for _, m := range s.Months {
		q := q
		q.From, q.To = m.First, m.First.FirstOfNextMonth()-1
		alone, err := chronicle.List(conn, q, chronicle.Counted()...)
		require.NoError(t, err)
		counts := map[chronicle.Heading]int{}
		for _, e := range alone {
			if e.Is == edtf.Yes {
				counts[e.Heading]++
				left[e.Heading]--
			}
		}
		require.Equal(t, counts, m.Counts, "%s", m.First)
	}
	for _, h := range chronicle.Counted() {
		require.Equal(t, left[h], s.Perhaps[h], "what is in no month: %s", h)
	}
	require.Equal(t, q.To, s.Months[len(s.Months)-1].First.FirstOfNextMonth()-1)
}
