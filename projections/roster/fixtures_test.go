package roster_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/roster"
)

// TestMain makes fewer random worlds than usual, each of which is compared in
// many ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// views calls use with the rosters of a log.
func views(t require.TestingT, dir string, store es.Store, use func(conn *sqlite.Conn)) {
	projectiontest.Read(t, dir, store, use, history.New(), roster.New())
}

// clerk records by hand.
type clerk struct {
	*projectiontest.World
	store *projectiontest.Store
	given int
	names map[terms.PartyID]string
}

func newClerk(t require.TestingT, choose projectiontest.Choose) *clerk {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, choose)
	require.NoError(t, err)
	return &clerk{World: w, store: store, names: map[terms.PartyID]string{}}
}

// byHand chooses nothing.
func byHand(int) int { return 0 }

// try gives a command, and returns the stream that it is about.
func try[C any](c *clerk, of *es.Registry[C], stream string, cmd C) (string, error) {
	name, _, payload, err := of.Encode(cmd)
	if err != nil {
		return "", err
	}
	c.given++
	res, err := c.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, c.given)), Name: name, Stream: stream, Payload: payload, Actor: "clerk", KnownAt: c.KnownAt(),
	})
	return res.Stream, err
}

func (c *clerk) register(t require.TestingT, name string) terms.PartyID {
	stream, err := try(c, party.Commands, "", party.Command(party.Register{Kind: "municipality", Name: text(name)}))
	require.NoError(t, err)
	c.names[terms.PartyID(stream)] = name
	return terms.PartyID(stream)
}

func (c *clerk) network(t require.TestingT, commands ...network.Command) (stream string) {
	return all(t, c, network.Commands, commands)
}

func (c *clerk) membership(t require.TestingT, commands ...membership.Command) (stream string) {
	return all(t, c, membership.Commands, commands)
}

func (c *clerk) activity(t require.TestingT, commands ...activity.Command) (stream string) {
	return all(t, c, activity.Commands, commands)
}

// all gives commands on one stream, of which the first opens it.
func all[C any](t require.TestingT, c *clerk, of *es.Registry[C], commands []C) (stream string) {
	for _, cmd := range commands {
		var err error
		stream, err = try(c, of, stream, cmd)
		require.NoError(t, err, "%T", cmd)
	}
	return stream
}

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func ref(id terms.PartyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func day(date string) edtf.Date { return edtf.MustParse(date) }

func on(date string) terms.Fact { return terms.Fact{Occurred: day(date)} }

func as(status terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = status
	return f
}

// get returns the roster as it is held now.
func get(t *testing.T, conn *sqlite.Conn, network, date string) roster.Roster {
	t.Helper()
	r, err := roster.Get(conn, network, readmodel.At{}, day(date))
	require.NoError(t, err)
	return r
}
