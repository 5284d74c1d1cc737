package projections_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestBadEvents checks that what cannot be read stops the runner with the
// event's name and place, and that nothing of its batch is written.
func TestBadEvents(t *testing.T) {
	w, store := world(t, seeded(11), 20)
	good := store.Records()
	last := good[len(good)-1]
	party := w.Parties()[0]
	next := func(change func(r *es.Record)) es.Record {
		var r es.Record
		for _, earlier := range good {
			if earlier.Stream == party {
				r = earlier
			}
		}
		r.Revision++
		change(&r)
		return r
	}
	cases := map[string]struct {
		record es.Record
		kind   es.Kind
	}{
		"damaged_payload":  {next(func(r *es.Record) { r.Data = []byte(`{"fact":1}`) }), es.ErrCorrupt},
		"damaged_metadata": {next(func(r *es.Record) { r.Meta = []byte(`{}`) }), es.ErrCorrupt},
		"newer_type":       {next(func(r *es.Record) { r.Type = "party.elected" }), es.ErrNewer},
		"newer_schema":     {next(func(r *es.Record) { r.Schema = 99 }), es.ErrNewer},
		"revision_gap":     {next(func(r *es.Record) { r.Revision++ }), es.ErrCorrupt},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			broken := store.Prefix(len(good))
			broken.Put(c.record)
			dir := t.TempDir()
			catchUp(t, projections.Config{Dir: dir, Store: store})
			before := dump(t, dir)
			r, err := projections.Open(projections.Config{Dir: dir, Store: broken})
			require.NoError(t, err)
			for range 2 {
				err = r.CatchUp(t.Context())
				require.ErrorIs(t, err, c.kind)
				require.ErrorContains(t, err, c.record.Type)
				require.ErrorContains(t, err, party)
			}
			require.Equal(t, last.Position, r.Checkpoint().Position)
			require.NoError(t, r.Close())
			require.Equal(t, before, dump(t, dir))
		})
	}
}

func TestFailingProjection(t *testing.T) {
	_, store := world(t, seeded(12), 20)
	errFull := errors.New("the disk is full")
	failing := true
	c := counter{version: 1, fail: func(e readmodel.Event) error {
		if failing && e.Sequence == 7 {
			return errFull
		}
		return nil
	}}
	dir := t.TempDir()
	r, err := projections.Open(projections.Config{Dir: dir, Store: store, Projections: with(c), Batch: 5})
	require.NoError(t, err)
	err = r.CatchUp(t.Context())
	require.ErrorIs(t, err, errFull)
	require.ErrorContains(t, err, "event 7")
	require.ErrorContains(t, err, "counter")
	failing = false
	require.NoError(t, r.CatchUp(t.Context()), "goes on where it stopped")
	require.NoError(t, r.Close())
	v := projections.OpenViews(dir, with(c)...)
	require.Equal(t, len(store.Records()), count(t, v))
	require.NoError(t, v.Close())
}

// TestOtherStore checks that views are not gone on with over a store that is
// not the one they were made from.
func TestOtherStore(t *testing.T) {
	w, store := world(t, seeded(13), 40)
	all := len(store.Records())
	older := store.Prefix(all - 3)
	rewritten := store.Prefix(all - 1)
	changed := store.Records()[all-1]
	changed.ID[0]++
	rewritten.Put(changed)
	require.NoError(t, w.Step())
	foreign := projectiontest.NewStore()
	foreign.Put(es.Record{
		Stream: store.Records()[0].Stream, Revision: 1, Type: "ledger.opened", Schema: 1,
		Data: []byte(`{"id":"0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55","origin":"a","format":1,"visibility":"public"}`),
	})
	cases := map[string]struct {
		store *projectiontest.Store
		code  string
	}{
		"restored_older": {older, "views.ahead"},
		"rewritten":      {rewritten, "views.ahead"},
		"another_ledger": {foreign, "views.other_ledger"},
		"empty":          {projectiontest.NewStore(), "views.other_ledger"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			catchUp(t, projections.Config{Dir: dir, Store: store.Prefix(all)})
			before := dump(t, dir)
			r, err := projections.Open(projections.Config{Dir: dir, Store: c.store})
			require.NoError(t, err)
			err = r.CatchUp(t.Context())
			require.ErrorIs(t, err, es.ErrCorrupt)
			require.ErrorContains(t, err, c.code)
			require.ErrorContains(t, err, "entente rebuild")
			require.Equal(t, before, dump(t, dir))
			if name != "another_ledger" {
				require.NoError(t, r.Rebuild(t.Context()))
				require.NoError(t, r.CatchUp(t.Context()))
				require.Equal(t, rebuilt(t, c.store), dump(t, dir))
			}
			require.NoError(t, r.Close())
		})
	}
}

// TestMovedStore checks that views are made anew when the ledger is in another
// store, whose positions are others.
func TestMovedStore(t *testing.T) {
	_, store := world(t, seeded(15), 40)
	moved := projectiontest.NewStore()
	moved.Put(es.Record{Stream: "entente_lease", Revision: 1, Type: "lease", Schema: 1})
	for _, r := range store.Records() {
		moved.Put(r)
	}
	dir := t.TempDir()
	for _, s := range []*projectiontest.Store{store, moved, store} {
		catchUp(t, projections.Config{Dir: dir, Store: s})
		require.Equal(t, rebuilt(t, s), dump(t, dir))
	}
	require.NotEqual(t, rebuilt(t, moved), dump(t, dir), "positions are in the views")
}

// TestDamagedPages checks that damage deep in the file is said to be that.
func TestDamagedPages(t *testing.T) {
	_, store := world(t, seeded(14), 200)
	dir := t.TempDir()
	catchUp(t, projections.Config{Dir: dir, Store: store})
	path := filepath.Join(dir, "1.db")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := len(text) / 2; i < len(text); i++ {
		text[i] = 0xff
	}
	require.NoError(t, os.WriteFile(path, text, 0o600))
	v := projections.OpenViews(dir)
	err = v.Read(t.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		_, err := projectiontest.Dump(conn)
		return err
	})
	require.ErrorIs(t, err, es.ErrCorrupt)
	require.ErrorContains(t, err, "entente rebuild")
	require.NoError(t, v.Close())
	r, err := projections.Open(projections.Config{Dir: dir, Store: store})
	require.NoError(t, err)
	require.NoError(t, r.Rebuild(t.Context()))
	require.NoError(t, r.Close())
	require.Equal(t, rebuilt(t, store), dump(t, dir))
}

// TestShortStream checks that a stream that disappears from the store is noticed
// when its state is needed.
func TestShortStream(t *testing.T) {
	w, store := world(t, seeded(15), 40)
	stream := w.Agreements()[0]
	dir := t.TempDir()
	catchUp(t, projections.Config{Dir: dir, Store: store})
	var record es.Record
	for _, r := range store.Records() {
		if r.Stream == stream {
			record = r
		}
	}
	record.Revision += 2
	store.Put(record)
	r, err := projections.Open(projections.Config{Dir: dir, Store: store})
	require.NoError(t, err)
	err = r.CatchUp(t.Context())
	require.ErrorIs(t, err, es.ErrCorrupt)
	require.ErrorContains(t, err, stream)
	require.NoError(t, r.Close())
}
