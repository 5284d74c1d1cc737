package roster_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/roster"
)

// TestOracle checks the bitemporal rows against a naive replay: whatever is
// asked for on the three axes, the roster says what the prefixes of the streams
// say when they are folded.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		choose := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") }
		w := &town{clerk: newClerk(rt, choose), choose: choose}
		for range rapid.IntRange(20, 150).Draw(rt, "steps") {
			require.NoError(rt, w.step())
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		views(rt, dir, w.store, func(conn *sqlite.Conn) {
			for range 5 {
				o := oracle{T: rt, town: w, log: w.store.Records(), at: w.At(len(w.store.Records())), on: drawDate(rt)}
				o.compare(conn)
			}
		})
	})
}

func drawDate(t *rapid.T) edtf.Date {
	return day(rapid.SampledFrom([]string{
		"", "2017", "2018", "2018-10-03", "2018-12-01", "2019-06-15", "2019-07-01", "2020-06-30", "2020-12-31/2021-01-02", "2022", "../2018",
	}).Draw(t, "on"))
}

// oracle answers one question by folding.
type oracle struct {
	*rapid.T
	*town
	log []es.Record
	at  readmodel.At
	on  edtf.Date
}

// fold returns the state of a stream, its visibility, and whether there is
// anything of it yet.
func fold[C, S, E any](o oracle, d es.Decider[C, S, E], stream string) (state S, seen terms.Visibility, known bool) {
	recs, err := projectiontest.Prefix(o.log, stream, o.at)
	require.NoError(o, err)
	if len(recs) == 0 {
		return state, "", false
	}
	state, err = projectiontest.Fold(d, recs)
	require.NoError(o, err)
	last, err := es.DecodeMeta(recs[len(recs)-1].Meta)
	require.NoError(o, err)
	return state, last.Visibility, true
}

func (o oracle) compare(conn *sqlite.Conn) {
	var existing []string
	for _, stream := range o.networks {
		got, err := roster.Get(conn, stream, o.at, o.on)
		s, seen, known := fold(o, network.Decider, stream)
		if !known {
			require.ErrorIs(o, err, es.ErrNotFound)
			continue
		}
		require.NoError(o, err)
		if s.Exists() {
			existing = append(existing, stream)
		}
		require.Equal(o, []any{stream, s.Exists(), s.Title(), seen}, []any{got.Stream, got.Exists, got.Title, got.Visibility})
		o.described(&s, got)
		o.seated(&s, got)
		o.joined(got)
		o.attended(got)
	}
	var listed []string
	f := roster.Filter{At: o.at, On: o.on, Limit: 2}
	for more := true; more; more = f.After != "" {
		page, next, err := roster.List(conn, f)
		require.NoError(o, err)
		for _, n := range page {
			listed = append(listed, n.Stream)
			whole, err := roster.Get(conn, n.Stream, o.at, o.on)
			require.NoError(o, err)
			require.Equal(o, whole.Network, n)
		}
		f.After = next
	}
	require.ElementsMatch(o, existing, listed)
}

// described compares what the network is, and in which phase.
func (o oracle) described(s *network.State, got roster.Roster) {
	d := s.Describe()
	same := func(want, have any, n int) {
		if n > 0 {
			require.Equal(o, want, have)
		} else {
			require.Empty(o, have)
		}
	}
	same(d.Titles, got.Titles, len(d.Titles))
	same(d.Themes, got.Themes, len(d.Themes))
	same(d.Priorities, got.Priorities, len(d.Priorities))
	same(s.Founders(), got.Founders, len(s.Founders()))
	same(s.Classes(), got.Classes, len(s.Classes()))
	require.Equal(o, d.Purpose, got.Purpose)
	certain, perhaps := network.AsOf(s.Phases(), o.on)
	require.Equal(o, roster.Phase{Certain: certain, Perhaps: perhaps, Spans: slices.Clip(s.Phases())}, got.Phase)
	open := slices.DeleteFunc(s.Open(), func(x network.Opening) bool { return x.Moves && x.Held(o.on) == edtf.No })
	same(open, got.Open, len(open))
	asserted := 0
	for h := range s.Book().Held() {
		switch h.Event.(type) {
		case network.Founded, network.Launched, network.Dissolved:
			if s.Exists() && h.SetAside == 0 && (h.Fact.Status != terms.Recorded || h.Dispute != 0) {
				asserted++
			}
		default:
		}
	}
	require.Len(o, got.Asserted, asserted)
}

// is says whether something is so, and whether it is shown.
func (o oracle) is(t network.Tenure, s network.Said) (edtf.Truth, bool) {
	if !s.Moves {
		return edtf.No, true
	}
	return t.Held(o.on), t.Held(o.on) != edtf.No
}

// seated compares bodies, secretariats and supporters.
func (o oracle) seated(s *network.State, got roster.Roster) {
	var bodies []roster.Body
	for _, b := range s.Bodies() {
		is, shown := o.is(b.Tenure, b.Said)
		if !shown {
			continue
		}
		one := roster.Body{Key: b.Key, Charter: b.Charter, Tenure: b.Tenure, Said: b.Said, Is: is}
		one.Filled, one.Perhaps = s.SeatsOn(b.Key, o.on)
		for _, x := range s.Seats() {
			if is, shown := o.is(x.Tenure, x.Said); shown && x.Body == b.Key {
				one.Seats = append(one.Seats, roster.Stay{Party: x.Party, Person: x.Person, Role: string(x.Role), Tenure: x.Tenure, Said: x.Said, Is: is})
			}
		}
		bodies = append(bodies, one)
	}
	require.Equal(o, bodies, got.Bodies)
	var offices, supporters []roster.Stay
	for _, x := range s.Secretariats() {
		if is, shown := o.is(x.Tenure, x.Said); shown {
			offices = append(offices, roster.Stay{Party: x.Party, Role: string(x.Office), Tenure: x.Tenure, Said: x.Said, Is: is})
		}
	}
	for _, x := range s.Supporters() {
		if is, shown := o.is(x.Tenure, x.Said); shown {
			supporters = append(supporters, roster.Stay{Party: x.Party, Role: string(x.Kind), Tenure: x.Tenure, Said: x.Said, Is: is})
		}
	}
	require.Equal(o, offices, got.Secretariat)
	require.Equal(o, supporters, got.Supporters)
}

// joined compares the memberships.
func (o oracle) joined(got roster.Roster) {
	var want roster.Roster
	for _, stream := range o.memberships {
		s, seen, _ := fold(o, membership.Decider, stream)
		of, who := s.Pair()
		if string(of) != got.Stream {
			continue
		}
		if s.Status() != terms.Recorded {
			want.Claimed = append(want.Claimed, roster.Claim{Membership: stream, Party: who, Visibility: seen, Status: s.Status()})
			require.NotEqual(o, edtf.Yes, s.Member(o.on), "who is a member is one by a fact that moves state")
			continue
		}
		m := roster.Member{Membership: stream, Party: who, Visibility: seen, Is: s.Member(o.on)}
		m.Certain, m.Perhaps = membership.AsOf(s.Spans(), o.on)
		all := slices.Concat(got.Members, got.Ended, got.Candidates)
		if i := slices.IndexFunc(all, func(x roster.Member) bool { return x.Membership == stream }); i >= 0 {
			m.Class, m.OwnClass, m.Since, m.Authority = all[i].Class, all[i].OwnClass, all[i].Since, all[i].Authority
			o.lawful(&s, m)
		}
		switch {
		case m.Is != edtf.No:
			want.Members = append(want.Members, m)
		case m.Certain.Standing.Ended():
			want.Ended = append(want.Ended, m)
		case m.Certain.Standing != "" || len(m.Perhaps) > 0:
			want.Candidates = append(want.Candidates, m)
		}
	}
	require.Equal(o, []any{want.Members, want.Ended, want.Candidates, want.Claimed}, []any{got.Members, got.Ended, got.Candidates, got.Claimed})
}

// lawful checks what is said of a member against its facts.
func (o oracle) lawful(s *membership.State, m roster.Member) {
	if class, _ := s.ClassOn(o.on); m.Certain.Standing.Member() {
		require.Equal(o, class, m.Class)
	}
	since, admitted := false, m.Authority == ""
	for _, span := range s.Spans() {
		since = since || span.From == m.Since
		h, held := s.Book().At(span.By)
		admitted = admitted || held && h.Moves() && h.Fact.Authority == m.Authority
	}
	require.True(o, since)
	require.True(o, admitted)
}

// attended compares who was present, and how many are not named.
func (o oracle) attended(got roster.Roster) {
	inside := map[terms.PartyID]bool{terms.PartyID(got.Stream): true}
	for _, m := range got.Members {
		inside[m.Party.ID] = true
	}
	for _, s := range slices.Concat(got.Secretariat, got.Supporters) {
		inside[s.Party.ID] = inside[s.Party.ID] || s.Moves && s.Held(o.on) != edtf.No
	}
	var present []roster.Present
	var unnamed []roster.Unnamed
	for _, stream := range o.activities {
		s, seen, _ := fold(o, activity.Decider, stream)
		end, over := s.Outcome()
		m := roster.Meeting{Activity: stream, Title: s.Title(), Visibility: seen, On: end.From, Is: end.From.HeldBy(o.on), By: end.By}
		if !over || end.Phase != activity.PhaseHeld || m.Is == edtf.No || !under(&s, got.Stream) {
			continue
		}
		among := map[activity.Among]bool{}
		for _, c := range s.Counts() {
			if !c.Moves || c.What.Of != "parties" || c.What.Presence != "present" || among[c.What.Among] {
				continue
			}
			among[c.What.Among] = true
			if c.What.Unnamed() > 0 {
				unnamed = append(unnamed, roster.Unnamed{Meeting: m, Counted: c.What})
			}
		}
		for _, p := range s.Participants() {
			who := p.What.Party
			if !p.Moves || p.What.Class || p.What.Presence != "present" || inside[who.ID] {
				continue
			}
			i := slices.IndexFunc(present, func(x roster.Present) bool { return x.Party.ID == who.ID })
			if i < 0 {
				i, present = len(present), append(present, roster.Present{Party: who})
			}
			if as := (roster.Attendance{Meeting: m, Role: p.What.Role}); !slices.Contains(present[i].At, as) {
				present[i].At = append(present[i].At, as)
			}
		}
	}
	require.ElementsMatch(o, present, got.Present)
	require.ElementsMatch(o, unnamed, got.Unnamed)
}

func under(s *activity.State, network string) bool {
	for _, r := range s.Relations() {
		if stream, _ := r.What.To.Target(); r.Moves && r.What.Relation == "under" && stream == network {
			return true
		}
	}
	return string(s.Describe().Series) == network
}
