package roster_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/roster"
)

// TestUndatedAdmissions is a network of two founders, to which seven were
// admitted at a meeting that has no date, with eight others and four whom nobody
// names.
func TestUndatedAdmissions(t *testing.T) {
	c := newClerk(t, byHand)
	var parties []terms.PartyID
	for _, name := range []string{
		"Athens", "Thessaloniki", "Veria", "Lamia", "Larissa", "Piraeus", "Chania", "Heraklion", "Karditsa", "Nikaia",
		"Agia", "Galatsi", "Zografou", "Kavala", "Kallithea", "Mytilene", "Serres",
	} {
		parties = append(parties, c.register(t, name))
	}
	founders, others, admitted := parties[:2], parties[2:10], parties[10:]
	unhcr, iom := c.register(t, "UNHCR"), c.register(t, "IOM")
	cities := c.network(t, network.Register{Titles: []terms.Text{text("Cities for Integration")}},
		network.Found{Fact: on("2018"), Founders: []terms.PartyRef{ref(founders[0]), ref(founders[1])}},
		network.AddSupporter{Party: ref(unhcr), Kind: "unspecified"},
		network.AddSupporter{Fact: as(terms.Announced, ""), Party: ref(iom), Kind: "funder"})
	join := func(p terms.PartyID, admit membership.Admit) {
		c.membership(t, membership.Register{Network: terms.PartyID(cities), Party: ref(p)}, admit, membership.Sign{Fact: admit.Fact})
	}
	for _, p := range founders {
		join(p, membership.Admit{Fact: terms.Fact{Occurred: day("2018"), Authority: terms.Ref(cities + "@2")}, Class: "founder"})
	}
	for _, p := range admitted {
		join(p, membership.Admit{})
	}
	meeting := []activity.Command{
		activity.Register{Description: activity.Description{Kind: "meeting", Titles: []terms.Text{text("Meeting")}}},
		activity.Relate{To: terms.Ref(cities), Relation: "under"},
		activity.Hold{},
	}
	attend := func(p terms.PartyID, presence activity.Presence) {
		meeting = append(meeting, activity.RecordParticipant{Participation: activity.Participation{
			Party: ref(p), Role: "participant", Presence: presence,
		}})
	}
	for _, p := range parties {
		attend(p, "present")
	}
	attend(others[0], "present")
	attend(c.register(t, "Volos"), "absent")
	meeting = append(meeting,
		activity.RecordParticipant{Fact: as(terms.Claimed, ""), Participation: activity.Participation{
			Party: ref(c.register(t, "Patras")), Role: "participant", Presence: "present",
		}},
		activity.RecordParticipant{Participation: activity.Participation{
			Party: ref(c.register(t, "municipalities")), Class: true, Role: "participant", Presence: "present",
		}})
	for _, p := range []terms.PartyID{unhcr, iom, terms.PartyID(cities)} {
		meeting = append(meeting, activity.RecordParticipant{Participation: activity.Participation{Party: ref(p), Role: "guest", Presence: "present"}})
	}
	for _, n := range []activity.Count{
		{Number: 21, Of: "parties", Among: "participant", Presence: "present"},
		{Number: 30, Of: "parties", Among: "participant", Presence: "present"}, // competes: the first stands
		{Number: 2, Of: "parties", Among: "guest", Presence: "present"},        // all named
		{Number: 90, Of: "people", Among: "all", Presence: "present"},
		{Number: 25, Of: "parties", Among: "all", Presence: "expected"},
	} {
		meeting = append(meeting, activity.CountParticipants{Count: n})
	}
	held := c.activity(t, meeting...)
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		r := get(t, conn, cities, "2019-06-01")
		require.Equal(t, network.PhaseFounded, r.Phase.Certain.Phase)
		require.Equal(t, []terms.PartyRef{ref(founders[0]), ref(founders[1])}, r.Founders)
		require.Len(t, r.Members, 9)
		for i, m := range r.Members {
			if i < 2 {
				require.Equal(t, ref(founders[i]), m.Party)
				require.Equal(t, membership.StandingSigned, m.Certain.Standing)
				require.Equal(t, []any{edtf.Yes, membership.Class("founder"), day("2018"), terms.Ref(cities + "@2")},
					[]any{m.Is, m.Class, m.Since, m.Authority})
				continue
			}
			require.Equal(t, ref(admitted[i-2]), m.Party)
			require.Equal(t, []any{edtf.Maybe, membership.Class(""), edtf.Date{}, terms.Ref("")},
				[]any{m.Is, m.Class, m.Since, m.Authority}, "nobody knows when they were admitted")
			require.Zero(t, m.Certain)
			require.Equal(t, membership.StandingSigned, m.Perhaps[len(m.Perhaps)-1].Standing)
		}
		require.Empty(t, r.Ended)
		require.Empty(t, r.Candidates)
		require.Empty(t, r.Claimed)
		where := roster.Meeting{Activity: held, Title: text("Meeting"), Visibility: es.Internal, Is: edtf.Maybe, By: 3}
		require.Len(t, r.Present, 9)
		for i, p := range r.Present {
			want, role := iom, activity.Role("guest") // its support is only announced
			if i < len(others) {
				want, role = others[i], "participant"
			}
			require.Equal(t, roster.Present{Party: ref(want), At: []roster.Attendance{{Meeting: where, Role: role}}}, p)
		}
		require.Len(t, r.Unnamed, 1)
		require.Equal(t, where, r.Unnamed[0].Meeting)
		require.Equal(t, []int{21, 17, 4}, []int{r.Unnamed[0].Number, r.Unnamed[0].Named, r.Unnamed[0].Unnamed()})

		before := get(t, conn, cities, "2017")
		require.Equal(t, network.PhaseRegistered, before.Phase.Perhaps[0].Phase)
		require.Zero(t, before.Phase.Certain)
		require.Len(t, before.Members, 7)
		require.Len(t, before.Candidates, 2)
		require.Len(t, before.Present, 11, "the founders are no members yet")
	})
}

// TestAnnounced is a network of which nothing but the announcement is known.
func TestAnnounced(t *testing.T) {
	c := newClerk(t, byHand)
	isd, oslo, montreal, aarhus := c.register(t, "ISD"), c.register(t, "Oslo"), c.register(t, "Montréal"), c.register(t, "Aarhus")
	steering := network.Charter{
		Kind: "steering", Title: text("Steering Committee"), Capacity: &network.Capacity{Number: 25, Kind: "approximate"},
		Of: text("cities"), Mandate: text("strategic direction"), Composition: text("from different regions"),
	}
	const launch = "2015-09-29T16:00-04:00/2015-09-29T17:30-04:00"
	strong := c.network(t,
		network.Register{Fact: as(terms.Announced, ""), Titles: []terms.Text{text("Strong Cities")}, Purpose: text("cohesion")},
		network.Launch{Fact: as(terms.Announced, launch)},
		network.DesignateSecretariat{Fact: as(terms.Announced, "2016"), Party: ref(isd), Office: "host"},
		network.EstablishBody{Fact: as(terms.Announced, ""), Key: "steering", Charter: steering},
		network.FillSeat{Fact: as(terms.Claimed, ""), Body: "steering", Party: ref(oslo), Role: "member"},
		network.OpenToJoin{Fact: as(terms.Announced, ""), To: text("cities")})
	c.membership(t, membership.Register{Fact: as(terms.Claimed, ""), Network: terms.PartyID(strong), Party: ref(oslo)},
		membership.Activate{Fact: as(terms.Claimed, "")})
	c.membership(t, membership.Register{Fact: as(terms.Claimed, ""), Network: terms.PartyID(strong), Party: ref(montreal)},
		membership.Admit{Fact: as(terms.Claimed, "[..2015-09-29]"), Class: "founder"})
	c.membership(t, membership.Register{Network: terms.PartyID(strong), Party: ref(aarhus)}, membership.Invite{Fact: on("2015-09-01")})
	c.activity(t, activity.Register{Description: activity.Description{Kind: "meeting", Titles: []terms.Text{text("First")}}},
		activity.Relate{To: terms.Ref(strong), Relation: "under"}, activity.Schedule{When: day("2015-09-30")},
		activity.RecordParticipant{Participation: activity.Participation{Party: ref(oslo), Role: "participant", Presence: "present"}},
		activity.CountParticipants{Count: activity.Count{Number: 25, Of: "parties", Among: "all", Presence: "present"}})
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		for _, date := range []string{"2015-09-15", "2020"} {
			r := get(t, conn, strong, date)
			require.Equal(t, terms.Announced, r.Status)
			require.Empty(t, r.Phase.Spans)
			require.Equal(t, []roster.Assertion{{network.PhaseLaunched, day(launch), terms.Announced}}, r.Asserted)
			require.Len(t, r.Open, 1)
			require.Len(t, r.Secretariat, 1)
			require.Equal(t, []any{ref(isd), "host", edtf.No, terms.Announced},
				[]any{r.Secretariat[0].Party, r.Secretariat[0].Role, r.Secretariat[0].Is, roster.Sure(r.Secretariat[0].Said)})
			require.Len(t, r.Bodies, 1)
			require.Equal(t, steering, r.Bodies[0].Charter)
			require.Equal(t, []int{0, 0, 1}, []int{r.Bodies[0].Filled, r.Bodies[0].Perhaps, len(r.Bodies[0].Seats)})
			_, limited := r.Bodies[0].Vacant()
			require.False(t, limited)
			require.Empty(t, r.Members)
			require.Empty(t, r.Ended)
			require.Len(t, r.Candidates, 1)
			require.Equal(t, membership.StandingInvited, r.Candidates[0].Certain.Standing)
			require.Len(t, r.Claimed, 2)
			for i, p := range []terms.PartyID{oslo, montreal} {
				require.Equal(t, []any{ref(p), terms.Claimed}, []any{r.Claimed[i].Party, r.Claimed[i].Status})
			}
			require.Empty(t, r.Present, "the meeting is scheduled, not held")
			require.Empty(t, r.Unnamed)
		}
	})
}

// TestBodies asks for seats as of dates.
func TestBodies(t *testing.T) {
	c := newClerk(t, byHand)
	lviv, graz, bonn, turku := c.register(t, "Lviv"), c.register(t, "Graz"), c.register(t, "Bonn"), c.register(t, "Turku")
	board := func(key network.Key, n int, kind network.Limit) network.Command {
		return network.EstablishBody{Fact: on("2018-01-01"), Key: key, Charter: network.Charter{
			Kind: "executive", Title: text("Board"), Capacity: &network.Capacity{Number: n, Kind: kind},
		}}
	}
	sit := func(p terms.PartyID, body network.Key, role network.SeatRole, date string) network.Command {
		return network.FillSeat{Fact: on(date), Body: body, Party: ref(p), Role: role}
	}
	n := c.network(t, network.Register{Fact: on("2017"), Titles: []terms.Text{text("Rivers")}},
		board("exact", 3, "exact"), board("most", 2, "up_to"), board("about", 5, "approximate"),
		network.EstablishBody{Fact: as(terms.Announced, "2018-01-01"), Key: "planned", Charter: network.Charter{
			Kind: "other", Title: text("Panel"), Capacity: &network.Capacity{Number: 4, Kind: "exact"},
		}},
		sit(lviv, "exact", "chair", "2018-06-01"), sit(graz, "exact", "member", "2019"), sit(bonn, "exact", "observer", "2018-06-01"),
		sit(turku, "most", "member", "2018-06-01"),
		network.VacateSeat{Fact: on("2021-01-01"), Body: "exact", Party: ref(lviv)},
		network.DissolveBody{Fact: on("2022-01-01"), Body: "most"},
		network.DesignateSecretariat{Fact: on("2018-01-01"), Party: ref(lviv), Office: "secretariat"},
		network.DesignateSecretariat{Fact: on("2020-01-01"), Party: ref(graz), Office: "secretariat", Replaces: ref(lviv)},
		network.AddSupporter{Fact: on("2019-01-01"), Party: ref(turku), Kind: "funder"},
		network.EndSupporter{Fact: on("2021-01-01"), Party: ref(turku)},
		network.OpenToJoin{Fact: on("2018-01-01"), To: text("any city")}, network.CloseToJoin{Fact: on("2019-01-01")})
	type seats struct {
		key                     network.Key
		filled, perhaps, vacant int // -1: not known
	}
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		for date, want := range map[string]struct {
			bodies                  []seats
			office, supports, opens int
		}{
			"2017-06":    {[]seats{{"planned", 0, 0, -1}}, 0, 0, 0},
			"2018-07-01": {[]seats{{"exact", 1, 0, 2}, {"most", 1, 0, 1}, {"about", 0, 0, -1}, {"planned", 0, 0, -1}}, 1, 0, 1},
			"2019-05-01": {[]seats{{"exact", 1, 1, 2}, {"most", 1, 0, 1}, {"about", 0, 0, -1}, {"planned", 0, 0, -1}}, 1, 1, 0},
			"2020-05-01": {[]seats{{"exact", 2, 0, 1}, {"most", 1, 0, 1}, {"about", 0, 0, -1}, {"planned", 0, 0, -1}}, 1, 1, 0},
			"2023":       {[]seats{{"exact", 1, 0, 2}, {"about", 0, 0, -1}, {"planned", 0, 0, -1}}, 1, 0, 0},
		} {
			r := get(t, conn, n, date)
			var got []seats
			for _, b := range r.Bodies {
				vacant, known := b.Vacant()
				if !known {
					vacant = -1
				}
				got = append(got, seats{b.Key, b.Filled, b.Perhaps, vacant})
			}
			require.Equal(t, want.bodies, got, date)
			require.Equal(t, []int{want.office, want.supports, want.opens}, []int{len(r.Secretariat), len(r.Supporters), len(r.Open)}, date)
		}
		require.Equal(t, ref(lviv), get(t, conn, n, "2019-05-01").Secretariat[0].Party)
		require.Equal(t, ref(graz), get(t, conn, n, "2020-05-01").Secretariat[0].Party)
	})
}

// TestRounds follows a party that left and came back.
func TestRounds(t *testing.T) {
	c := newClerk(t, byHand)
	graz := c.register(t, "Graz")
	n := c.network(t, network.Register{Fact: on("2010"), Titles: []terms.Text{text("Rivers")}})
	by := func(date string, revision string) terms.Fact {
		return terms.Fact{Occurred: day(date), Authority: terms.Ref(n + "@" + revision)}
	}
	m := c.membership(t, membership.Register{Fact: on("2011-01-01"), Network: terms.PartyID(n), Party: terms.PartyRef{ID: graz, As: "Gratz"}},
		membership.Admit{Fact: by("2012-01-01", "1"), Class: "associate"}, membership.Activate{Fact: on("2013-01-01")},
		membership.ChangeClass{Fact: on("2014-01-01"), Class: "full"}, membership.Withdraw{Fact: on("2015-01-01")},
		membership.Admit{Fact: by("2017", "1"), Class: "observer"})
	meet := c.activity(t, activity.Register{Description: activity.Description{
		Kind: "meeting", Titles: []terms.Text{text("Congress")}, Series: terms.PartyID(n),
	}}, activity.Hold{Fact: on("2011-06-01")},
		activity.RecordParticipant{Participation: activity.Participation{Party: ref(graz), Role: "guest", Presence: "present"}})
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		for date, want := range map[string]struct {
			list     string
			is       edtf.Truth
			standing membership.Standing
			class    membership.Class
			since    string
			by       terms.Ref
			present  int
		}{
			"2011-02-01": {"candidate", edtf.No, "prospect", "", "2011-01-01", "", 0},
			"2011-07-01": {"candidate", edtf.No, "prospect", "", "2011-01-01", "", 1},
			"2012-06-01": {"member", edtf.Yes, "admitted", "associate", "2012-01-01", terms.Ref(n + "@1"), 0},
			"2013-06-01": {"member", edtf.Yes, "active", "associate", "2012-01-01", terms.Ref(n + "@1"), 0},
			"2014-06-01": {"member", edtf.Yes, "active", "full", "2012-01-01", terms.Ref(n + "@1"), 0},
			"2014/2015":  {"member", edtf.Maybe, "active", "full", "2012-01-01", terms.Ref(n + "@1"), 0},
			"2016":       {"ended", edtf.No, "withdrawn", "full", "2015-01-01", terms.Ref(n + "@1"), 1},
			"2017-06-01": {"member", edtf.Maybe, "withdrawn", "observer", "2017", terms.Ref(n + "@1"), 0},
			"2018-01-01": {"member", edtf.Yes, "admitted", "observer", "2017", terms.Ref(n + "@1"), 0},
		} {
			r := get(t, conn, n, date)
			lists := map[string][]roster.Member{"member": r.Members, "ended": r.Ended, "candidate": r.Candidates}
			require.Len(t, lists[want.list], 1, date)
			got := lists[want.list][0]
			require.Len(t, r.Members, len(lists["member"]))
			require.Equal(t, 1, len(r.Members)+len(r.Ended)+len(r.Candidates), date)
			require.Equal(t, []any{m, terms.PartyRef{ID: graz, As: "Gratz"}, want.is, want.standing, want.class, day(want.since), want.by},
				[]any{got.Membership, got.Party, got.Is, got.Certain.Standing, got.Class, got.Since, got.Authority}, date)
			require.Len(t, r.Present, want.present, date)
			for _, p := range r.Present {
				where := roster.Meeting{Activity: meet, Title: text("Congress"), Visibility: es.Internal, On: day("2011-06-01"), Is: edtf.Yes, By: 2}
				require.Equal(t, []roster.Attendance{{Meeting: where, Role: "guest"}}, p.At)
			}
		}
		require.Empty(t, get(t, conn, n, "2010-06-01").Candidates, "nothing had begun")
	})
}

func TestQueries(t *testing.T) {
	c := newClerk(t, byHand)
	ancona := c.register(t, "Ancona")
	var streams []string
	for _, title := range []string{"Waters", "Árbol", "arbol", "Zinc"} {
		streams = append(streams, c.network(t, network.Register{Fact: on("2015"), Titles: []terms.Text{text(title)}, Purpose: text("of " + title)}))
	}
	soFar := uint64(len(c.store.Records()))
	void := c.network(t, network.Register{Titles: []terms.Text{text("Yards")}}, network.Void{Voided: book.Voided{Of: 1, Reason: "no such thing"}})
	give := func(stream string, cmd network.Command) {
		_, err := try(c, network.Commands, stream, cmd)
		require.NoError(t, err)
	}
	give(streams[0], network.AddTitle{Title: terms.Text{Lang: "it", Value: "Acque"}})
	give(streams[0], network.SetPriorities{Priorities: []terms.Text{text("rain")}, Themes: []terms.Theme{"water"}})
	give(streams[0], network.Found{Fact: on("2016")})
	give(streams[0], network.Reclassify{Reclassified: book.Reclassified{Visibility: es.Restricted, Reason: "asked"}})
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		var titles []string
		f := roster.Filter{On: day("2020"), Limit: 1}
		for more := true; more; more = f.After != "" {
			page, next, err := roster.List(conn, f)
			require.NoError(t, err)
			require.Len(t, page, 1)
			titles, f.After = append(titles, page[0].Title.Value), next
			if page[0].Stream == streams[0] {
				require.Equal(t, network.PhaseFounded, page[0].Phase.Certain.Phase)
			}
		}
		require.Equal(t, []string{"Árbol", "arbol", "Waters", "Zinc"}, titles)
		everything, next, err := roster.List(conn, roster.Filter{})
		require.NoError(t, err)
		require.Empty(t, next)
		require.Len(t, everything, 4)
		old, _, err := roster.List(conn, roster.Filter{At: readmodel.At{Events: soFar - 1}})
		require.NoError(t, err)
		require.Len(t, old, 3)

		r := get(t, conn, streams[0], "2020")
		require.True(t, r.Exists)
		require.Equal(t, []terms.Text{text("Waters"), {Lang: "it", Value: "Acque"}}, r.Titles)
		require.Equal(t, []any{text("of Waters"), []terms.Theme{"water"}, []terms.Text{text("rain")}, es.Restricted},
			[]any{r.Purpose, r.Themes, r.Priorities, r.Visibility})
		require.EqualValues(t, 5, r.Since.Revision)
		was, err := roster.Get(conn, streams[0], readmodel.At{Events: soFar}, day("2020"))
		require.NoError(t, err)
		require.Equal(t, []any{1, es.Internal, network.PhaseRegistered}, []any{len(was.Titles), was.Visibility, was.Phase.Certain.Phase})
		require.False(t, get(t, conn, void, "2020").Exists)

		for _, unknown := range []string{string(ancona), "network-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"} {
			_, err := roster.Get(conn, unknown, readmodel.At{}, day("2020"))
			require.ErrorIs(t, err, es.ErrNotFound)
		}
		_, err = roster.Get(conn, void, readmodel.At{Events: soFar}, day("2020"))
		require.ErrorIs(t, err, es.ErrNotFound)
		_, err = roster.Get(conn, void, readmodel.At{Events: 1 << 63}, day("2020"))
		require.ErrorIs(t, err, es.ErrInvalid)
		_, _, err = roster.List(conn, roster.Filter{After: "?"})
		require.ErrorIs(t, err, es.ErrInvalid)
		_, _, err = roster.List(conn, roster.Filter{At: readmodel.At{Events: 1 << 63}})
		require.ErrorIs(t, err, es.ErrInvalid)
	})
}
