package roster_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/roster"
)

// TestWhatMovesNothing is of facts in dispute, set aside and voided.
func TestWhatMovesNothing(t *testing.T) {
	c := newClerk(t, byHand)
	graz, bonn := c.register(t, "Graz"), c.register(t, "Bonn")
	open := network.Register{Fact: on("2017"), Titles: []terms.Text{text("Rivers")}}
	launch := network.Launch{Fact: as(terms.Announced, "2019")}
	n := c.network(t, open, network.Found{Fact: on("2018")}, network.Dispute{Disputed: book.Disputed{Of: 2, Grounds: "never"}},
		launch, network.Dispute{Disputed: book.Disputed{Of: 4, Grounds: "never"}}, network.Rule{Ruled: book.Ruled{Of: 5, Reason: "no such plan"}},
		network.EstablishBody{Fact: on("2018"), Key: "board", Charter: network.Charter{
			Kind: "other", Title: text("Board"), Capacity: &network.Capacity{Number: 1, Kind: "exact"},
		}},
		network.FillSeat{Fact: on("2018"), Body: "board", Party: ref(graz), Role: "member"},
		network.FillSeat{Fact: as(terms.Announced, "2018"), Body: "board", Party: ref(graz), Role: "member"},
		network.AddSupporter{Fact: on("2018"), Party: ref(graz), Kind: "funder"},
		network.AddSupporter{Fact: as(terms.Claimed, "2018"), Party: ref(graz), Kind: "funder"})
	void := c.network(t, open, launch, network.Void{Voided: book.Voided{Of: 1, Reason: "another's"}})

	meet := func(more ...activity.Command) {
		c.activity(t, append([]activity.Command{
			activity.Register{Description: activity.Description{Kind: "meeting", Titles: []terms.Text{text("Meeting")}}},
			activity.RecordParticipant{Fact: on("2019"), Participation: activity.Participation{Party: ref(bonn), Role: "guest", Presence: "present"}},
			activity.RecordParticipant{Fact: on("2020"), Participation: activity.Participation{Party: ref(bonn), Role: "guest", Presence: "present"}},
			activity.RecordParticipant{Fact: on("2020"), Participation: activity.Participation{Party: ref(graz), Role: "guest", Presence: "present"}},
			activity.CountParticipants{Fact: as(terms.Claimed, ""), Count: activity.Count{Number: 9, Of: "parties", Among: "all", Presence: "present"}},
		}, more...)...)
	}
	under := activity.Relate{To: terms.Ref(n), Relation: "under"}
	meet(activity.Relate{Fact: as(terms.Claimed, ""), To: terms.Ref(n), Relation: "under"}, activity.Hold{Fact: on("2020")})
	meet(under, activity.Cancel{Fact: on("2020")})
	meet(under, activity.Hold{Fact: on("2020")}, activity.Void{Voided: book.Voided{Of: 1, Reason: "another's"}})
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		r := get(t, conn, n, "2022")
		require.Equal(t, []roster.Assertion{{Phase: network.PhaseFounded, From: day("2018"), Status: terms.Disputed}}, r.Asserted)
		require.Equal(t, []int{1, 2}, []int{r.Bodies[0].Filled, len(r.Bodies[0].Seats)})
		require.Empty(t, r.Present)
		require.Empty(t, r.Unnamed)
		gone := get(t, conn, void, "2022")
		require.False(t, gone.Exists)
		require.Empty(t, gone.Asserted)
	})
	meet(under, activity.NameSeries{Series: terms.PartyID(n)}, activity.Hold{Fact: on("2020")})
	contested := c.network(t, open, network.Dispute{Disputed: book.Disputed{Of: 1, Grounds: "no network"}})
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		r := get(t, conn, n, "2022")
		require.Equal(t, terms.Recorded, r.Status)
		require.Equal(t, terms.Disputed, get(t, conn, contested, "2022").Status)
		require.Len(t, r.Present, 1, "a supporter, also by another fact that is only claimed, is none of them")
		require.Equal(t, ref(bonn), r.Present[0].Party)
		require.Len(t, r.Present[0].At, 1, "by two facts")
		require.Equal(t, []any{edtf.Yes, es.Internal}, []any{r.Present[0].At[0].Is, r.Present[0].At[0].Visibility})
		require.Empty(t, r.Unnamed, "the count is only claimed")
	})
}
