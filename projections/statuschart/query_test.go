package statuschart_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/statuschart"
)

// clerk records by hand.
type clerk struct {
	world *projectiontest.World
	store *projectiontest.Store
	given int
}

func newClerk(t require.TestingT) *clerk {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, func(int) int { return 0 })
	require.NoError(t, err)
	return &clerk{world: w, store: store}
}

// record gives a command, and returns the stream that it is about.
func record[C any](t require.TestingT, c *clerk, of *es.Registry[C], stream string, cmd C) string {
	name, _, payload, err := of.Encode(cmd)
	require.NoError(t, err)
	c.given++
	res, err := c.world.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, c.given)), Name: name, Stream: stream, Payload: payload, Actor: "clerk",
	})
	require.NoError(t, err)
	return res.Stream
}

func (c *clerk) register(t require.TestingT, name string) terms.PartyID {
	return terms.PartyID(record(t, c, party.Commands, "", party.Command(party.Register{
		Kind: "municipality", Name: terms.Text{Lang: "en", Value: name},
	})))
}

func (c *clerk) agree(t require.TestingT, commands ...memorandum.Command) (stream string) {
	for _, cmd := range commands {
		stream = record(t, c, memorandum.Commands, stream, cmd)
	}
	return stream
}

func TestQueries(t *testing.T) {
	c := newClerk(t)
	ioannina, ancona, ikoma := c.register(t, "Ioannina"), c.register(t, "Ancona"), c.register(t, "Ikoma")
	first := c.agree(t, needing("signature", ancona, ioannina), sign(ioannina, "2015-01-01"), sign(ancona, "2015-01-02"))
	soFar := uint64(len(c.store.Records()))
	second := c.agree(t, needing("ratification", ioannina), consent(ioannina, "approval", "2016"))
	void := c.agree(t, needing("ratification", ioannina), void(1))
	c.agree(t, needing("ratification", ikoma))
	record(t, c, memorandum.Commands, first, memorandum.Command(withdraw(ioannina, "2018-01-01")))
	record(t, c, memorandum.Commands, first, memorandum.Command(consent(ioannina, "accession", "2019-01-01")))
	record(t, c, memorandum.Commands, second, memorandum.Command(memorandum.Reclassify{
		Reclassified: book.Reclassified{Visibility: es.Restricted, Reason: "asked"},
	}))

	type row struct {
		agreement string
		party     terms.PartyID
		round     int
		letter    statuschart.Letter
	}
	brief := func(all []statuschart.Row, err error) (rows []row) {
		require.NoError(t, err)
		for _, r := range all {
			rows = append(rows, row{r.Agreement, r.Party, r.Round, r.Letter})
		}
		return rows
	}
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		get := func(stream string, at readmodel.At) statuschart.Chart {
			chart, err := statuschart.Get(conn, stream, at)
			require.NoError(t, err)
			return chart
		}
		chart := get(first, readmodel.At{})
		require.True(t, chart.Exists)
		require.Equal(t, es.Internal, chart.Visibility)
		require.Equal(t, []row{{first, ancona, 1, "s"}, {first, ioannina, 1, "s"}, {first, ioannina, 2, "a"}}, brief(chart.Rows, nil),
			"as drafted, not as registered")
		require.Equal(t, []row{{first, ancona, 1, "s"}, {first, ioannina, 1, "s"}}, brief(get(first, readmodel.At{Events: soFar}).Rows, nil))
		require.Equal(t, es.Restricted, get(second, readmodel.At{}).Visibility)
		require.Equal(t, statuschart.Chart{Agreement: void, Visibility: es.Internal}, get(void, readmodel.At{}))

		require.Equal(t, []row{{first, ioannina, 1, "s"}, {first, ioannina, 2, "a"}, {second, ioannina, 1, "AA"}},
			brief(statuschart.ByParty(conn, string(ioannina), readmodel.At{})))
		require.Equal(t, []row{{first, ioannina, 1, "s"}}, brief(statuschart.ByParty(conn, string(ioannina), readmodel.At{Events: soFar})))
		require.Empty(t, brief(statuschart.ByParty(conn, string(turku), readmodel.At{})))

		for _, unknown := range []string{pact, string(ancona)} {
			_, err := statuschart.Get(conn, unknown, readmodel.At{})
			require.ErrorIs(t, err, es.ErrNotFound)
		}
		_, err := statuschart.Get(conn, second, readmodel.At{Events: soFar})
		require.ErrorIs(t, err, es.ErrNotFound)
		_, err = statuschart.Get(conn, first, readmodel.At{Events: 1 << 63})
		require.ErrorIs(t, err, es.ErrInvalid)
		_, err = statuschart.ByParty(conn, string(ancona), readmodel.At{Events: 1 << 63})
		require.ErrorIs(t, err, es.ErrInvalid)
	})
}

func ExampleDraw() {
	s := memorandum.Decider.Fold(
		memorandum.Drafted(needing("ratification", graz, lviv)),
		memorandum.Signed(sign(graz, "2015-01-01")), memorandum.Consented(consent(graz, "acceptance", "2015-06-30")),
		memorandum.Consented(consent(lviv, "accession", "2016-02")),
	)
	for _, r := range statuschart.Draw(pact, &s) {
		fmt.Printf("%-4s | %-10s | %s %s\n", called[r.Party], r.Signed.On, r.Consented.On, r.Letter)
	}
	// Output:
	// graz | 2015-01-01 | 2015-06-30 A
	// lviv |            | 2016-02 a
}
