package projections_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// counter is a projection that counts the events of each kind of stream, and
// fails or panics at will.
type counter struct {
	version int
	fail    func(e readmodel.Event) error
}

func (c counter) Name() string                         { return "counter" }
func (c counter) Version() int                         { return c.version }
func (c counter) DDL() (string, string)                { return "CREATE TABLE counter (n INTEGER) STRICT;", "" }
func (counter) Derive(any, readmodel.State) (any, any) { return nil, nil }

func (c counter) Apply(tx *readmodel.Tx, e readmodel.Event, _ any) error {
	b := tx.Prepare("INSERT INTO counter (n) VALUES (?)")
	b.Int(int64(e.Sequence))
	if _, err := b.Exec(); err != nil {
		return err
	}
	if c.fail != nil {
		return c.fail(e)
	}
	return nil
}

func with(c counter) []readmodel.Projection { return []readmodel.Projection{c} }

// files returns the names of what is in the folder, the writer's lock apart.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".db" || filepath.Ext(e.Name()) == ".lock" && e.Name() != "writer.lock" {
			names = append(names, e.Name())
		}
	}
	return names
}

func count(t *testing.T, v *projections.Views) (n int) {
	t.Helper()
	require.NoError(t, v.Read(t.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		return readmodel.Query(conn, "SELECT count(*) FROM counter", nil, func(r *readmodel.Row) error {
			n = int(r.Int())
			return nil
		})
	}))
	return n
}

func TestRaisedVersion(t *testing.T) {
	w, store := world(t, seeded(5), 30)
	dir := t.TempDir()
	catchUp(t, projections.Config{Dir: dir, Store: store, Projections: with(counter{version: 1})})
	old := projections.OpenViews(dir, with(counter{version: 1})...)
	first := count(t, old)

	for range 20 {
		require.NoError(t, w.Step())
	}
	raised := projections.Config{Dir: dir, Store: store, Projections: with(counter{version: 2})}
	now := projections.OpenViews(dir, raised.Projections...)
	_, err := now.Checkpoint(t.Context())
	require.ErrorIs(t, err, es.ErrNotFound, "before they are built")
	catchUp(t, raised)
	require.Equal(t, []string{"1.db", "1.lock", "2.db", "2.lock"}, files(t, dir), "the old one is still read")
	require.Equal(t, first, count(t, old), "as it was")
	require.Equal(t, len(store.Records()), count(t, now))

	require.NoError(t, old.Close())
	catchUp(t, raised)
	require.Equal(t, []string{"2.db", "2.lock"}, files(t, dir), "swept when next opened")
	require.NoError(t, now.Close())
}

func TestRebuild(t *testing.T) {
	w, store := world(t, seeded(6), 30)
	dir := t.TempDir()
	cfg := projections.Config{Dir: dir, Store: store}
	r, err := projections.Open(cfg)
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(t.Context()))
	before := dump(t, dir)
	v := projections.OpenViews(dir)
	started, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
			close(started)
			<-goOn
			text, err := projectiontest.Dump(conn)
			if err == nil && text != before {
				err = errors.New("the old views changed under their reader")
			}
			return err
		})
	}()
	<-started
	require.NoError(t, w.Step())
	require.NoError(t, r.Rebuild(t.Context()))
	require.Contains(t, files(t, dir), "1.db")
	head, err := store.Head(t.Context())
	require.NoError(t, err)
	require.NoError(t, v.WaitFor(t.Context(), head), "moves to the new generation")
	close(goOn)
	require.NoError(t, <-ended)
	require.Equal(t, []string{"2.db", "2.lock"}, files(t, dir), "the last reader removes it")
	require.NoError(t, v.Close())
	require.NoError(t, r.Close())
	require.Equal(t, rebuilt(t, store), dump(t, dir))
}

// TestCrash checks that whatever a crash leaves in the folder, the next run
// ends with the views of one generation, and with the same answers.
func TestCrash(t *testing.T) {
	_, store := world(t, seeded(7), 60)
	want := rebuilt(t, store)
	building := func(t *testing.T, dir string) {
		r, err := projections.Open(projections.Config{Dir: dir, Store: &cutStore{Store: store, left: 25}, Batch: 10})
		require.NoError(t, err)
		require.ErrorIs(t, r.CatchUp(t.Context()), errCut)
		require.NoError(t, r.Close())
	}
	cases := map[string]func(t *testing.T, dir string){
		"nothing":         func(*testing.T, string) {},
		"while_building":  building,
		"lock_file_alone": func(t *testing.T, dir string) { write(t, dir, "1.lock", "") },
		"empty_file": func(t *testing.T, dir string) {
			write(t, dir, "3.lock", "")
			write(t, dir, "3.db", "")
		},
		"damaged_file": func(t *testing.T, dir string) {
			write(t, dir, "3.lock", "")
			write(t, dir, "3.db", "this is no database, and long enough to have a header of one hundred bytes, is it not; well, nearly so")
		},
		"not_yet_swept": func(t *testing.T, dir string) {
			catchUp(t, projections.Config{Dir: dir, Store: store})
			v := projections.OpenViews(dir)
			_, err := v.Checkpoint(t.Context())
			require.NoError(t, err)
			r, err := projections.Open(projections.Config{Dir: dir, Store: store})
			require.NoError(t, err)
			require.NoError(t, r.Rebuild(t.Context()))
			require.NoError(t, r.Close())
			require.NoError(t, v.Close())
			require.Len(t, files(t, dir), 4)
		},
		"half_removed": func(t *testing.T, dir string) {
			catchUp(t, projections.Config{Dir: dir, Store: store})
			require.NoError(t, os.Remove(filepath.Join(dir, "1.db")))
		},
	}
	for name, leave := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			leave(t, dir)
			catchUp(t, projections.Config{Dir: dir, Store: store})
			require.Equal(t, want, dump(t, dir))
			require.Len(t, files(t, dir), 2)
		})
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

// TestInterruptedRebuild checks that a rebuild that fails leaves the live views
// as they are.
func TestInterruptedRebuild(t *testing.T) {
	_, store := world(t, seeded(8), 30)
	dir := t.TempDir()
	catchUp(t, projections.Config{Dir: dir, Store: store})
	r, err := projections.Open(projections.Config{Dir: dir, Store: &cutStore{Store: store, left: 9}, Batch: 2})
	require.NoError(t, err)
	require.ErrorIs(t, r.Rebuild(t.Context()), errCut)
	require.NoError(t, r.Close())
	require.Equal(t, []string{"1.db", "1.lock"}, files(t, dir))
	require.Equal(t, rebuilt(t, store), dump(t, dir))
}

func TestPermissions(t *testing.T) {
	_, store := world(t, seeded(9), 5)
	dir := filepath.Join(t.TempDir(), "views")
	catchUp(t, projections.Config{Dir: dir, Store: store})
	for path, mode := range map[string]os.FileMode{dir: 0o700 | os.ModeDir, filepath.Join(dir, "1.db"): 0o600, filepath.Join(dir, "1.lock"): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode(), path)
	}
}

func TestRefusals(t *testing.T) {
	_, store := world(t, seeded(10), 5)
	cases := map[string]struct {
		leave func(t *testing.T, dir string)
		kind  es.Kind
	}{
		"foreign": {func(t *testing.T, dir string) {
			conn, err := sqlite.OpenConn(filepath.Join(dir, "7.db"), sqlite.OpenCreate|sqlite.OpenReadWrite)
			require.NoError(t, err)
			require.NoError(t, sqlitex.ExecuteTransient(conn, "CREATE TABLE mine (x)", nil))
			require.NoError(t, conn.Close())
		}, es.ErrInvalid},
		"newer": {func(t *testing.T, dir string) {
			catchUp(t, projections.Config{Dir: dir, Store: store, Projections: with(counter{version: 3})})
		}, es.ErrNewer},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.leave(t, dir)
			before := files(t, dir)
			r, err := projections.Open(projections.Config{Dir: dir, Store: store, Projections: with(counter{version: 2})})
			require.NoError(t, err)
			require.ErrorIs(t, r.CatchUp(t.Context()), c.kind)
			require.ErrorIs(t, r.Run(t.Context()), c.kind)
			require.Equal(t, before, files(t, dir))
			require.NoError(t, r.Rebuild(t.Context()))
			require.NoError(t, r.CatchUp(t.Context()))
			v := projections.OpenViews(dir, with(counter{version: 2})...)
			require.Equal(t, len(store.Records()), count(t, v))
			require.NoError(t, v.Close())
			require.NoError(t, r.Close())
		})
	}
	t.Run("second_writer", func(t *testing.T) {
		dir := t.TempDir()
		r, err := projections.Open(projections.Config{Dir: dir, Store: store})
		require.NoError(t, err)
		_, err = projections.Open(projections.Config{Dir: dir, Store: store})
		require.ErrorIs(t, err, es.ErrConflict)
		require.NoError(t, r.Close())
	})
}
