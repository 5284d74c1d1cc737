package tlog_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/infra/tlog/witnesstest"
)

// watched opens the log with witnesses.
func (p place) watched(t *testing.T, w tlog.Witnessing) *tlog.Sealer {
	t.Helper()
	cfg, err := p.config(t.Context())
	require.NoError(t, err)
	cfg.Witnessing = w
	s, err := tlog.Open(t.Context(), cfg)
	require.NoError(t, err)
	return s
}

func (p place) logKeys(t *testing.T) tlog.Keys {
	t.Helper()
	cfg, err := p.config(t.Context())
	require.NoError(t, err)
	return cfg.Key.Keys
}

// offer offers the last checkpoint, and returns what the witnesses answered.
func offer(t *testing.T, s *tlog.Sealer) map[string]error {
	t.Helper()
	answers, err := s.Offer(t.Context())
	require.NoError(t, err)
	by := map[string]error{}
	for _, a := range answers {
		by[a.Witness] = a.Err
	}
	require.Len(t, by, len(answers))
	return by
}

func (p place) read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(p.file(name))
	require.NoError(t, err)
	return text
}

func cosignatures(t *testing.T, store es.Store) (all []tlog.Cosignature) {
	t.Helper()
	for c, err := range tlog.Cosignatures(t.Context(), store) {
		require.NoError(t, err)
		all = append(all, c)
	}
	return all
}

// policy returns one of witnesses of whom a number must cosign.
func policy(t *testing.T, quorum int, of ...*witnesstest.Witness) (p tlog.Policy) {
	t.Helper()
	for i, w := range of {
		var err error
		p, err = p.With(w.Witness(), min(quorum, i+1))
		require.NoError(t, err)
	}
	return p
}

func TestWitness(t *testing.T) {
	p := newPlace(t)
	keys := p.logKeys(t)
	a, b, c := witnesstest.New(t, "a", keys), witnesstest.New(t, "b", keys), witnesstest.New(t, "c", keys)
	all := policy(t, 2, a, b, c)
	s := p.watched(t, tlog.Witnessing{Policy: all, Timeout: 10 * time.Second})
	require.Empty(t, offer(t, s), "there is nothing to offer")
	p.seal(t, s, 300)
	b.Dead.Store(true)
	by := offer(t, s)
	require.NoError(t, by["a"])
	require.ErrorContains(t, by["b"], "503")
	require.NoError(t, by["c"])
	published := p.read(t, "checkpoint")
	require.Equal(t, 3, strings.Count(string(published), "\n— "))
	require.True(t, all.Satisfied(published))
	require.False(t, policy(t, 3, a, b, c).Satisfied(published))
	require.Equal(t, published, p.read(t, "witnessed"))
	_, err := keys.Checkpoint(published)
	require.NoError(t, err)

	b.Dead.Store(false)
	s = p.watched(t, tlog.Witnessing{Policy: all})
	p.seal(t, s, 300)
	require.NotContains(t, string(p.read(t, "checkpoint")), "a.example")
	require.Equal(t, published, p.read(t, "witnessed"))
	for name, err := range offer(t, s) {
		require.NoError(t, err, name)
	}
	require.Equal(t, 4, strings.Count(string(p.read(t, "checkpoint")), "\n— "))
	for name, err := range offer(t, s) { // the same once more
		require.NoError(t, err, name)
	}
	require.Equal(t, 4, strings.Count(string(p.read(t, "checkpoint")), "\n— "))
	kept := cosignatures(t, p.store)
	require.Len(t, kept, 8)
	require.Equal(t, int64(300), kept[0].Tree.N)
	require.WithinDuration(t, time.Now(), kept[7].Time, time.Minute)

	t.Run("what_is_not_known_is_asked", func(t *testing.T) {
		require.NoError(t, os.Remove(p.file(".witnesses")))
		before := a.Offered.Load()
		s := p.watched(t, tlog.Witnessing{Policy: all})
		require.NoError(t, offer(t, s)["a"])
		require.Equal(t, before+2, a.Offered.Load(), "409, and the proof from there")
		require.NoError(t, os.WriteFile(p.file(".witnesses"), []byte(`{"sizes":{"`+a.VKey+`":7}}`), 0o600))
		p.seal(t, s, 1)
		s = p.watched(t, tlog.Witnessing{Policy: all})
		require.NoError(t, offer(t, s)["a"])
	})
	t.Run("what_is_kept_is_verified", func(t *testing.T) {
		other := memory.Open()
		for r, err := range p.store.ReadStream(t.Context(), tlog.CosignatureStream, 0) {
			require.NoError(t, err)
			r.Data = []byte(strings.Replace(string(r.Data), `"size":300`, `"size":301`, 1))
			_, err = other.Append(t.Context(), tlog.CosignatureStream, 0, r)
			require.NoError(t, err)
			break
		}
		for _, err := range tlog.Cosignatures(t.Context(), other) {
			require.Equal(t, "tlog.bad_kept", codeOf(err))
		}
	})
	t.Run("a_wrong_cosignature_is_not_taken", func(t *testing.T) {
		a.Wrong.Store(true)
		defer a.Wrong.Store(false)
		p.seal(t, s, 1)
		before := len(cosignatures(t, p.store))
		require.ErrorContains(t, offer(t, s)["a"], "no cosignature")
		require.NotContains(t, string(p.read(t, "checkpoint")), "a.example")
		require.Len(t, cosignatures(t, p.store), before+2)
	})
	t.Run("too_few_are_no_quorum", func(t *testing.T) {
		before := p.read(t, "witnessed")
		b.Dead.Store(true)
		c.Dead.Store(true)
		p.seal(t, s, 1)
		require.NoError(t, offer(t, s)["a"])
		require.Contains(t, string(p.read(t, "checkpoint")), "a.example")
		require.Equal(t, before, p.read(t, "witnessed"))
	})
	t.Run("a_witness_that_does_not_know_the_log", func(t *testing.T) {
		d := witnesstest.New(t, "d")
		s := p.watched(t, tlog.Witnessing{Policy: policy(t, 1, d)})
		require.ErrorContains(t, offer(t, s)["d"], "404")
		d.Watch(newPlace(t).logKeys(t))
		require.ErrorContains(t, offer(t, s)["d"], "403")
		open, err := tlog.Alarms(t.Context(), p.store)
		require.NoError(t, err)
		require.Empty(t, open)
	})
}

// A slow witness delays nothing but its own cosignature.
func TestSlowWitness(t *testing.T) {
	p := newPlace(t)
	keys := p.logKeys(t)
	fast, slow := witnesstest.New(t, "fast", keys), witnesstest.New(t, "slow", keys)
	wait := make(chan struct{})
	slow.Slow.Store(&wait)
	p.seal(t, p.open(t), 1)
	s := p.watched(t, tlog.Witnessing{Policy: policy(t, 1, fast, slow), Every: time.Millisecond, Timeout: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, nil) }()
	for i := range 5 {
		p.record(t, 10)
		require.Eventually(t, func() bool { return fast.Saw(origin) == int64(1+10*(i+1)) }, 20*time.Second, 5*time.Millisecond)
	}
	require.Zero(t, slow.Saw(origin))
	slow.Slow.Store(nil)
	close(wait)
	require.Eventually(t, func() bool { return slow.Saw(origin) == 51 }, 20*time.Second, 5*time.Millisecond, "the newest that waited")
	require.Eventually(t, func() bool { return strings.Count(string(p.read(t, "checkpoint")), "\n— ") == 3 }, 20*time.Second, 5*time.Millisecond)
	again := make(chan struct{})
	defer close(again)
	slow.Slow.Store(&again)
	p.record(t, 1)
	require.Eventually(t, func() bool { return fast.Saw(origin) == 52 }, 20*time.Second, 5*time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled) // also while a witness is waited for
}

// A witness that was dead is offered again what it missed.
func TestDeadWitness(t *testing.T) {
	p := newPlace(t)
	w := witnesstest.New(t, "w", p.logKeys(t))
	w.Dead.Store(true)
	told := make(chan tlog.Answer, 100)
	s := p.watched(t, tlog.Witnessing{Policy: policy(t, 1, w), Told: func(a tlog.Answer) { told <- a }})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, nil) }()
	p.record(t, 10)
	require.Error(t, (<-told).Err)
	w.Dead.Store(false)
	require.NoError(t, (<-told).Err)
	require.Equal(t, int64(10), w.Saw(origin))
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}

// A log that forks is refused by its witness, though the right key signed it.
// That is an alarm, and the witness is left alone until somebody looked into it.
func TestForkedLog(t *testing.T) {
	p := newPlace(t)
	w := witnesstest.New(t, "w", p.logKeys(t))
	watching := tlog.Witnessing{Policy: policy(t, 1, w)}
	s := p.watched(t, watching)
	p.seal(t, s, 300)
	require.NoError(t, offer(t, s)["w"])

	key, err := os.ReadFile(p.key())
	require.NoError(t, err)
	for name, n := range map[string]int{"of_the_same_size": 300, "that_is_longer": 310} {
		t.Run(name, func(t *testing.T) {
			fork := place{memory.Open(), t.TempDir()}
			require.NoError(t, os.WriteFile(fork.key(), key, 0o600))
			s := fork.watched(t, watching)
			fork.seal(t, s, n)
			err := offer(t, s)["w"]
			require.Equal(t, "tlog.witness_refused", codeOf(err))
			require.NotContains(t, string(fork.read(t, "checkpoint")), "w.example")
			open, err := tlog.Alarms(t.Context(), fork.store)
			require.NoError(t, err)
			require.Len(t, open, 1)
			require.Equal(t, "w", open[0].Witness)

			before := w.Offered.Load()
			s = fork.watched(t, watching)
			fork.seal(t, s, 1)
			require.Equal(t, "tlog.witness_paused", codeOf(offer(t, s)["w"]))
			require.Equal(t, before, w.Offered.Load(), "it was offered something")
			require.ErrorIs(t, tlog.Acknowledge(t.Context(), fork.store, "w", "clerk-7", " ", time.Now()), es.ErrInvalid)
			require.ErrorIs(t, tlog.Acknowledge(t.Context(), fork.store, "v", "clerk-7", "looked", time.Now()), es.ErrNotFound)
			require.NoError(t, tlog.Acknowledge(t.Context(), fork.store, "w", "clerk-7", "looked", time.Now()))
			require.Equal(t, "tlog.witness_refused", codeOf(offer(t, s)["w"]))
			require.Less(t, before, w.Offered.Load())
		})
	}
}

// A store and a folder that were both restored look whole: the witness knows
// better, and nothing more is sealed.
func TestWitnessAhead(t *testing.T) {
	p := newPlace(t)
	w := witnesstest.New(t, "w", p.logKeys(t))
	watching := tlog.Witnessing{Policy: policy(t, 1, w), Timeout: 10 * time.Second}
	s := p.watched(t, watching)
	p.seal(t, s, 10)
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(p.dir)))
	backup := size(t, p)
	last := p.seal(t, s, 10)
	require.NoError(t, offer(t, s)["w"])

	restore := func(t *testing.T) place {
		q := restored(t, p, backup)
		q.dir = t.TempDir()
		require.NoError(t, os.CopyFS(q.dir, os.DirFS(folder)))
		return q
	}
	t.Run("when_it_is_asked", func(t *testing.T) {
		q := restore(t)
		s := q.watched(t, watching)
		require.Equal(t, "tlog.store_behind", codeOf(offer(t, s)["w"]))
		q.fails(t, "tlog.store_behind")
		cfg := q.succession(t)
		cfg.After = last.Note
		_, err := tlog.Succeed(t.Context(), cfg)
		require.NoError(t, err)
		c := q.seal(t, q.open(t), 1)
		require.Equal(t, origin+"/2", c.Origin)
	})
	t.Run("before_anything_is_signed", func(t *testing.T) {
		require.NoError(t, s.Hear(t.Context()))
		kept := len(cosignatures(t, p.store))
		require.NoError(t, s.Hear(t.Context()))
		require.Len(t, cosignatures(t, p.store), kept, "only asked")
		q := restore(t)
		behind := q.watched(t, watching)
		q.record(t, 30)
		require.Equal(t, "tlog.store_behind", codeOf(behind.Hear(t.Context())))
		q.fails(t, "tlog.store_behind")
		w.Dead.Store(true)
		defer w.Dead.Store(false)
		require.NoError(t, s.Hear(t.Context()), "who is dead says nothing")
	})
	t.Run("when_the_log_is_kept", func(t *testing.T) {
		q := restore(t)
		s := q.watched(t, watching)
		q.record(t, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := s.Run(ctx, nil)
		require.Equal(t, "tlog.store_behind", codeOf(err))
		q.fails(t, "tlog.store_behind")
		require.NoError(t, tlog.Acknowledge(t.Context(), q.store, "w", "clerk-7", "the witness is wrong", time.Now()))
		q.open(t)
	})
	t.Run("not_if_another_node_is_ahead", func(t *testing.T) {
		q := restore(t)
		behind := q.watched(t, watching)
		other := place{q.store, t.TempDir()}
		require.NoError(t, os.CopyFS(other.dir, os.DirFS(folder)))
		s := other.watched(t, watching)
		other.seal(t, s, 1)
		err := offer(t, behind)["w"]
		require.Error(t, err)
		require.NotErrorIs(t, err, es.ErrCorrupt)
	})
}

func TestPolicy(t *testing.T) {
	a, b, c := witnesstest.New(t, "a"), witnesstest.New(t, "b"), witnesstest.New(t, "c")
	p := policy(t, 2, a, b, c)
	require.Equal(t, 2, p.Quorum())
	again, err := tlog.ParsePolicy(p.Text)
	require.NoError(t, err)
	require.Equal(t, p.Quorum(), again.Quorum())
	for i, w := range []*witnesstest.Witness{a, b, c} {
		require.Equal(t, []string{w.Name, w.VKey, w.URL + "/witness/"}, []string{again.Witnesses[i].Name, again.Witnesses[i].VKey, again.Witnesses[i].URL})
	}
	path := t.TempDir() + "/policy"
	empty, err := tlog.LoadPolicy(path)
	require.NoError(t, err)
	require.True(t, empty.Satisfied(nil))
	require.NoError(t, p.Save(path))
	loaded, err := tlog.LoadPolicy(path)
	require.NoError(t, err)
	require.Equal(t, p.Text, loaded.Text)
	less, err := p.Without("b", 0)
	require.NoError(t, err)
	require.Equal(t, 2, less.Quorum(), "more than half")
	_, err = p.Without("d", 0)
	require.ErrorIs(t, err, es.ErrNotFound)
	none, err := policy(t, 1, a).Without("a", 0)
	require.NoError(t, err)
	require.Empty(t, none.Witnesses)

	mistyped := c.Witness()
	mistyped.VKey = strings.Replace(mistyped.VKey, "c.", "d.", 1)
	for name, w := range map[string]tlog.Witness{
		"twice":      a.Witness(),
		"two_words":  {Name: "x y", VKey: c.VKey, URL: c.URL},
		"a_keyword":  {Name: "quorum", VKey: c.VKey, URL: c.URL},
		"no_url":     {Name: "x", VKey: c.VKey, URL: "x"},
		"ftp":        {Name: "x", VKey: c.VKey, URL: "ftp://x/"},
		"a_comment":  {Name: "x", VKey: c.VKey, URL: "http://x/#y"},
		"no_key":     {Name: "x", VKey: "x", URL: c.URL},
		"mistyped":   mistyped,
		"the_groups": {Name: "witnesses", VKey: c.VKey, URL: c.URL},
	} {
		_, err := p.With(w, 0)
		require.ErrorIs(t, err, es.ErrInvalid, name)
	}
	_, err = p.With(witnesstest.New(t, "d").Witness(), 5)
	require.Equal(t, "tlog.bad_quorum", codeOf(err))
	byHand, err := tlog.ParsePolicy([]byte(strings.ReplaceAll(string(p.Text), "witnesses", "mine")))
	require.NoError(t, err)
	_, err = byHand.Without("a", 0)
	require.Equal(t, "tlog.policy_by_hand", codeOf(err))
	_, err = tlog.ParsePolicy([]byte("witness\n"))
	require.ErrorIs(t, err, es.ErrInvalid)
}
