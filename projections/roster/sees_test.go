package roster_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/roster"
)

// TestHidden checks that nothing is told of a restricted meeting, nor of a
// restricted membership, in the roster of their network.
func TestHidden(t *testing.T) {
	c := newClerk(t, byHand)
	graz, bonn := c.register(t, "Graz"), c.register(t, "Bonn")
	n := c.network(t, network.Register{Fact: on("2017"), Titles: []terms.Text{text("Rivers")}})
	secret := book.Reclassified{Visibility: es.Restricted, Reason: "asked"}
	c.activity(t, activity.Register{Description: activity.Description{Kind: "meeting", Titles: []terms.Text{text("Secret")}, Series: terms.PartyID(n)}},
		activity.RecordParticipant{Participation: activity.Participation{Party: ref(bonn), Role: "guest", Presence: "present"}},
		activity.CountParticipants{Count: activity.Count{Number: 9, Of: "parties", Among: "all", Presence: "present"}},
		activity.Hold{Fact: on("2020")}, activity.Reclassify{Reclassified: secret})
	join := func(party terms.PartyID, more ...membership.Command) string {
		return c.membership(t, append([]membership.Command{
			membership.Register{Network: terms.PartyID(n), Party: ref(party)}, membership.Admit{Fact: on("2018")},
		}, more...)...)
	}
	join(bonn, membership.Reclassify{Reclassified: secret})
	shown := join(graz)
	projectiontest.Read(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		at := readmodel.At{Sees: es.Internal}
		r, err := roster.Get(conn, n, at, day("2022"))
		require.NoError(t, err)
		require.Len(t, r.Members, 1)
		require.Equal(t, shown, r.Members[0].Membership)
		require.Empty(t, r.Present)
		require.Empty(t, r.Unnamed)
		within := readmodel.Within{At: at, From: day("2018").Earliest(), To: day("2020").Latest()}
		held, err := roster.Held(conn, within)
		require.NoError(t, err)
		require.Empty(t, held)
		moves, err := roster.Moves(conn, within)
		require.NoError(t, err)
		require.Len(t, moves, 1)

		all, err := roster.Get(conn, n, readmodel.At{Sees: es.Restricted}, day("2022"))
		require.NoError(t, err)
		require.Len(t, all.Members, 2)
		require.Len(t, all.Unnamed, 1)
	})
}
