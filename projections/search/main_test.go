package search_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/search"
)

func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// world is a ledger in memory in which commands of one's own are recorded too.
type world struct {
	*projectiontest.World
	store *projectiontest.Store
	count int
}

func newWorld(t require.TestingT, choose projectiontest.Choose) *world {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, choose)
	require.NoError(t, err)
	return &world{World: w, store: store}
}

// record records a command, of a new stream if it is to none, and returns the
// stream.
func record[C any](t require.TestingT, w *world, commands *es.Registry[C], to string, c C) string {
	name, _, payload, err := commands.Encode(c)
	require.NoError(t, err)
	w.count++
	res, err := w.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.NameSpaceURL, fmt.Append(nil, w.count)), Name: name, Stream: to, Payload: payload, Actor: "tester", KnownAt: w.KnownAt(),
	})
	require.NoError(t, err)
	return res.Stream
}

// register records a party and returns its stream.
func (w *world) register(t require.TestingT, name string) string {
	return record(t, w, party.Commands, "", party.Command(party.Register{Kind: "municipality", Name: terms.Text{Value: name}}))
}

// only is what the views of these tests hold.
func only() []readmodel.Projection { return []readmodel.Projection{search.New()} }

// catchUp brings the views in dir up to date.
func catchUp(t require.TestingT, dir string, store es.Store, batch int) {
	r, err := projections.Open(projections.Config{Dir: dir, Store: store, Projections: only(), Batch: batch})
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(context.Background()))
	require.NoError(t, r.Close())
}

// read reads the views in dir.
func read(t require.TestingT, dir string, use func(conn *sqlite.Conn)) {
	v := projections.OpenViews(dir, only()...)
	require.NoError(t, v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		use(conn)
		return nil
	}))
	require.NoError(t, v.Close())
}

// views builds views of what w holds and reads them.
func (w *world) views(t *testing.T, use func(conn *sqlite.Conn)) {
	dir := t.TempDir()
	catchUp(t, dir, w.store, 0)
	read(t, dir, use)
}

// find returns all that q finds, a page of two after the other.
func find(t require.TestingT, conn *sqlite.Conn, q search.Query) []search.Hit {
	var all []search.Hit
	for q.Limit = 2; ; {
		page, next, err := search.Find(conn, q)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), q.Limit)
		all = append(all, page...)
		if q.After = next; next == "" {
			return all
		}
	}
}

func streams(all []search.Hit) []string {
	found := []string{}
	for _, h := range all {
		found = append(found, h.Stream)
	}
	return found
}
