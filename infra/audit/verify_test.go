package audit_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/audit"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// sealedLog is the log of a ledger, and what verifies it.
type sealedLog struct {
	store  es.Store
	dir    string
	config func(audit.Config) audit.Config
	sealer *tlog.Sealer
}

// seal seals what is in a store, in a folder.
func seal(t require.TestingT, store es.Store, dir string) sealedLog {
	ctx := context.Background()
	l, err := ledger.Open(ctx, store, nil, nil, ledger.Opening{})
	require.NoError(t, err)
	key, err := tlog.LoadKey(filepath.Join(dir, "log.key"), l.Origin)
	require.NoError(t, err)
	cfg := tlog.Config{Store: store, Ledger: l.ID, Origin: l.Origin, Key: key, Dir: tlog.Dir(filepath.Join(dir, "tlog"))}
	s, err := tlog.Open(ctx, cfg)
	require.NoError(t, err)
	_, err = s.Seal(ctx)
	require.NoError(t, err)
	return sealedLog{store, dir, func(c audit.Config) audit.Config {
		if c.Store == nil {
			c.Store = store
		}
		c.Ledger, c.Log = l.ID, cfg.Dir
		c.Checkpoint = key.Keys.Checkpoint
		c.Kept = func(r es.Record) (tlog.Checkpoint, error) { return tlog.KeptCheckpoint(r, key.Keys) }
		return c
	}, s}
}

// world returns a random ledger of some events.
func world(t require.TestingT, seed uint64, steps int) *projectiontest.Store {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, rand.New(rand.NewPCG(seed, 1)).IntN)
	require.NoError(t, err)
	for range steps {
		require.NoError(t, w.Step())
	}
	return store
}

// edited is a store of which the log is another than it was.
func edited(recs []es.Record) es.Store {
	s := projectiontest.NewStore()
	for _, r := range recs {
		s.Put(r)
	}
	return s
}

func own(t require.TestingT, store es.Store) (events, others []es.Record) {
	for r, err := range store.ReadAll(context.Background(), 0) {
		require.NoError(t, err)
		if ledger.Owns(r.Stream) {
			events = append(events, r)
		} else {
			others = append(others, r)
		}
	}
	return events, others
}

// TestVerify checks that whatever is done to the events is found, and that
// nothing is found where nothing was done.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	store := world(t, 7, 900)
	l := seal(t, store, dir)
	events, others := own(t, store)
	require.Greater(t, len(events), 2*tlog.Width)
	whole, err := audit.Verify(t.Context(), l.config(audit.Config{}), nil)
	require.NoError(t, err)
	require.Empty(t, whole.Damages)
	require.EqualValues(t, len(events), whole.Events)
	require.EqualValues(t, len(events), whole.Sealed)
	require.EqualValues(t, 2, whole.Checkpoints)
	rapid.Check(t, func(rt *rapid.T) {
		recs := slices.Clone(events)
		edits := rapid.IntRange(1, 4).Draw(rt, "edits")
		for range edits {
			edit(rt, &recs)
		}
		if slices.EqualFunc(recs, events, sameRecord) {
			return
		}
		report, err := audit.Verify(rt.Context(), l.config(audit.Config{Store: edited(append(recs, others...)), Workers: rapid.IntRange(1, 4).Draw(rt, "workers")}), nil)
		require.NoError(rt, err)
		require.NotEmpty(rt, report.Damages)
		require.LessOrEqual(rt, len(report.Damages), 16*edits, report.Damages)
		require.EqualValues(rt, len(recs), report.Events)
		require.Equal(rt, whole.Root, report.Root, "the log itself is whole")
	})
}

func sameRecord(a, b es.Record) bool {
	return a.Stream == b.Stream && a.Revision == b.Revision && a.ID == b.ID && a.Type == b.Type && a.Schema == b.Schema &&
		bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta)
}

// edit does one thing to a log.
func edit(t *rapid.T, recs *[]es.Record) {
	all := *recs
	i, j := rapid.IntRange(1, len(all)-1).Draw(t, "i"), rapid.IntRange(1, len(all)-1).Draw(t, "j")
	switch rapid.SampledFrom([]string{"data", "meta", "id", "revision", "remove", "swap", "insert", "cut"}).Draw(t, "edit") {
	case "data":
		all[i].Data = flipped(t, all[i].Data)
	case "meta":
		all[i].Meta = flipped(t, all[i].Meta)
	case "id":
		all[i].ID = uuid.UUID{1}
	case "revision":
		all[i].Revision++
	case "remove":
		*recs = slices.Delete(all, i, i+1)
	case "swap":
		all[i], all[j] = all[j], all[i]
	case "insert":
		*recs = slices.Insert(all, i, all[j])
	case "cut":
		*recs = all[:len(all)-rapid.IntRange(1, min(300, len(all)-2)).Draw(t, "events")]
	}
}

func flipped(t *rapid.T, text []byte) []byte {
	text = bytes.Clone(text)
	text[rapid.IntRange(0, len(text)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 6).Draw(t, "bit")
	return text
}

// TestCosignatures checks that the published checkpoint is shown to who verifies
// the cosignatures on it.
func TestCosignatures(t *testing.T) {
	l := seal(t, world(t, 13, 30), t.TempDir())
	var note []byte
	r, err := audit.Verify(t.Context(), l.config(audit.Config{Cosignatures: func(n []byte) error {
		note = n
		return errors.New("2 of 3 witnesses are missing")
	}}), nil)
	require.NoError(t, err)
	published, err := os.ReadFile(filepath.Join(l.dir, "tlog", "checkpoint"))
	require.NoError(t, err)
	require.Equal(t, published, note)
	require.Len(t, r.Damages, 1)
	require.Equal(t, "audit.bad_cosignature", r.Damages[0].Code)
	require.Contains(t, r.Damages[0].Message, "2 of 3 witnesses are missing")
}

// TestVerifyWhileSealing checks that a ledger that grows and is sealed meanwhile
// has no damage.
func TestVerifyWhileSealing(t *testing.T) {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, rand.New(rand.NewPCG(3, 1)).IntN)
	require.NoError(t, err)
	l := seal(t, store, t.TempDir())
	done := make(chan error)
	go func() {
		defer close(done)
		for range 60 {
			for range 10 {
				if err := w.Step(); err != nil {
					done <- err
					return
				}
			}
			if _, err := l.sealer.Seal(context.Background()); err != nil {
				done <- err
				return
			}
		}
	}()
	memory := filepath.Join(l.dir, "verified")
	for going := true; going; {
		select {
		case err := <-done:
			require.NoError(t, err)
			going = false
		default:
		}
		report, err := audit.Verify(t.Context(), l.config(audit.Config{Memory: memory}), nil)
		require.NoError(t, err)
		require.Empty(t, report.Damages)
	}
}

// TestMemory checks when what was verified is remembered, and when it counts.
func TestMemory(t *testing.T) {
	store := world(t, 11, 400)
	l := seal(t, store, t.TempDir())
	memory := filepath.Join(l.dir, "verified")
	verify := func(c audit.Config) audit.Report {
		c.Memory = memory
		r, err := audit.Verify(t.Context(), l.config(c), nil)
		require.NoError(t, err)
		return r
	}
	events, others := own(t, store)
	last := int64(len(events)-1) / tlog.Width * tlog.Width
	broken := slices.Clone(events)
	broken[3].Data = []byte("{}")
	require.NotZero(t, verify(audit.Config{Store: edited(append(slices.Clone(broken), others...))}).Damaged)
	require.NoFileExists(t, memory, "there was damage")

	require.Zero(t, verify(audit.Config{}).From)
	require.FileExists(t, memory)
	require.Equal(t, last, verify(audit.Config{}).From)
	require.Zero(t, verify(audit.Config{Full: true}).From)
	passed := verify(audit.Config{Store: edited(append(slices.Clone(broken), others...))})
	require.Equal(t, last, passed.From)
	require.Zero(t, passed.Damaged, "what is passed over is not looked at")
	require.NotZero(t, verify(audit.Config{Full: true, Store: edited(append(slices.Clone(broken), others...))}).Damaged)

	moved := edited(append(slices.Clone(others), events...))
	require.Zero(t, verify(audit.Config{Store: moved}).From, "in another store the place is another")
	require.Zero(t, verify(audit.Config{Store: moved}).Damaged)

	require.NoError(t, os.WriteFile(memory, []byte(`{"checkpoint":"x","after":3}`), 0o600))
	require.Zero(t, verify(audit.Config{}).From, "a memory that no checkpoint vouches for is none")
}

// TestNothingSealed checks that a ledger without a log is verified as far as it can be.
func TestNothingSealed(t *testing.T) {
	store := world(t, 5, 700)
	none := func([]byte) (tlog.Checkpoint, error) { return tlog.Checkpoint{}, es.ErrNotFound }
	r, err := audit.Verify(t.Context(), audit.Config{Store: store, Log: tlog.Dir(t.TempDir()), Checkpoint: none}, nil)
	require.NoError(t, err)
	require.Empty(t, r.Damages)
	require.Zero(t, r.Sealed)
	events, _ := own(t, store)
	require.EqualValues(t, len(events), r.Events)
	r, err = audit.Verify(t.Context(), audit.Config{Store: edited(append(events[:5:5], events[6:]...)), Log: tlog.Dir(t.TempDir()), Checkpoint: none}, nil)
	require.NoError(t, err)
	require.Equal(t, "audit.revision_gap", r.Damages[0].Code)
}

// failing is a store of which some positions cannot be read.
type failing struct {
	es.Store
	err error
}

func (f failing) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for r, err := range f.Store.ReadAll(ctx, after) {
			if err == nil && r.Position >= 600 && r.Position < 609 {
				yield(es.Record{}, f.err)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func TestUnreadable(t *testing.T) {
	l := seal(t, world(t, 9, 500), t.TempDir())
	r, err := audit.Verify(t.Context(), l.config(audit.Config{Store: failing{l.store, &es.Error{Kind: es.ErrCorrupt, Code: "store.corrupt"}}}), nil)
	require.NoError(t, err)
	var missing, damaged int
	for _, f := range r.Damages {
		switch f.Code {
		case "audit.event_missing":
			missing++
		case "audit.store_damaged":
			damaged++
			require.Contains(t, f.Message, "from position 598 to 606")
		}
	}
	require.Equal(t, 3, missing, r.Damages)
	require.Equal(t, 1, damaged)
	_, err = audit.Verify(t.Context(), l.config(audit.Config{Store: failing{l.store, os.ErrDeadlineExceeded}}), nil)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "what is no damage ends it")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = audit.Verify(ctx, l.config(audit.Config{}), nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestSorted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		recs := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 3, 3)).Draw(rt, "records")
		got, err := audit.Sorted(rt.Context(), t.TempDir(), 3, rapid.IntRange(6, 40).Draw(rt, "memory"), recs)
		require.NoError(rt, err)
		slices.SortFunc(recs, bytes.Compare)
		require.Len(rt, got, len(recs))
		for i := range recs {
			require.Equal(rt, recs[i], got[i])
		}
	})
}
