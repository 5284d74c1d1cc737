package tlog_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/tlog"
)

// childFolder names the variable that makes the test binary a process that
// records and seals in a folder, until it is killed. It prints each checkpoint's size.
const childFolder = "ENTENTE_TEST_SEAL_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		fmt.Fprintln(os.Stderr, sealForEver(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// panicking fails a child.
type panicking struct{}

func (panicking) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panicking) FailNow()                          { panic("failed") }

func sealForEver(dir string) error {
	ctx := context.Background()
	store, err := embedded.Open(ctx, dir, embedded.Options{})
	if err != nil {
		return err
	}
	s, err := tlog.Open(ctx, config(panicking{}, store, dir))
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() {
		for {
			time.Sleep(time.Millisecond) // so that there are more kills than events
			if _, err := store.Append(ctx, es.StreamName("memorandum", uuid.New()), 0, events(panicking{}, 1+rand.IntN(8))...); err != nil {
				failed <- err
				return
			}
		}
	}()
	go func() {
		failed <- s.Run(ctx, func(c tlog.Checkpoint) { fmt.Println(c.Tree.N) })
	}()
	return <-failed
}

// TestKilled kills a process that records and seals at random moments, again
// and again. No two checkpoints may ever be of different logs, and no receipt
// may stop to verify.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	type given struct {
		text, leaf []byte
	}
	var receipts []given
	l := &oneLog{}
	for round := range kills {
		runChild(t, dir)
		store, err := embedded.Open(t.Context(), dir, embedded.Options{})
		require.NoError(t, err)
		cfg := config(t, store, dir)
		s, err := tlog.Open(t.Context(), cfg)
		require.NoError(t, err, "round %d", round)
		last, err := s.Seal(t.Context())
		require.NoError(t, err)
		l.check(t, store, cfg)
		require.Equal(t, l.tree(t, l.n), last.Tree)
		require.NoError(t, store.Close())

		r, err := cfg.Dir.Receipt(rand.Int64N(last.Tree.N), last)
		require.NoError(t, err)
		receipts = append(receipts, given{r.Encode(), r.Leaf})
		for _, g := range receipts {
			r, err := tlog.ParseReceipt(g.text)
			require.NoError(t, err)
			c, err := r.Verify(g.leaf, cfg.Key.Keys)
			require.NoError(t, err)
			_, err = cfg.Dir.Consistency(c.Tree, last.Tree)
			require.NoError(t, err, "the log goes on from every checkpoint that was ever in a receipt")
		}
	}
}

// runChild runs a child for a moment, or until it has signed something.
func runChild(t *testing.T, dir string) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan(), "it signs a checkpoint")
	time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond) // what is under way then is what is tested
	require.NoError(t, child.Process.Kill())
	for lines.Scan() {
		continue
	}
	require.Error(t, child.Wait())
}

// oneLog is the log of the events in a store, and how far its checkpoints were
// compared with it.
type oneLog struct {
	reference
	checkpoints es.Revision
}

// check fails unless every checkpoint that is kept is of the log of the events.
func (l *oneLog) check(t *testing.T, store es.Store, cfg tlog.Config) {
	t.Helper()
	l.follow(t, store)
	for r, err := range store.ReadStream(t.Context(), tlog.CheckpointStream, l.checkpoints) {
		require.NoError(t, err)
		c, err := tlog.KeptCheckpoint(r, cfg.Key.Keys)
		require.NoError(t, err)
		require.Equal(t, l.tree(t, c.Tree.N), c.Tree)
		l.checkpoints = r.Revision
	}
}
