package embedded_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

func TestKilledProcess(t *testing.T) {
	killAndReopen(t, 3, 400)
}

// killAndReopen lets a child process append to one folder, kills it after a
// number of acknowledged appends, and checks that each of them is there; then
// again, with the next child.
func killAndReopen(t *testing.T, rounds, acks int) {
	dir := t.TempDir()
	var acked []ack
	for range rounds {
		acked = append(acked, runChild(t, dir, acks)...)
		requireAcks(t, dir, acked)
	}
}

// runChild returns what the child printed before it died. While it runs this
// process may read, and not write.
func runChild(t *testing.T, dir string, acks int) []ack {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewReader(out)
	var got []ack
	next := func() error {
		var a ack
		var id string
		if _, err := fmt.Fscanln(lines, &a.stream, (*uint64)(&a.revision), &id); err != nil {
			return err
		}
		a.id, err = uuid.Parse(id)
		got = append(got, a)
		return err
	}
	require.NoError(t, next())
	requireReadable(t, dir, got[0])
	requireHeld(t, dir, child.Process.Pid)
	for len(got) < acks {
		require.NoError(t, next())
	}
	require.NoError(t, child.Process.Kill())
	for err == nil {
		err = next()
	}
	if !errors.Is(err, io.EOF) { // the last line may be torn
		got = got[:len(got):len(got)]
	}
	require.Error(t, child.Wait())
	return got
}

// requireReadable subscribes read-only, beside the owner, until it has seen a
// record that was acknowledged.
func requireReadable(t *testing.T, dir string, want ack) {
	t.Helper()
	s, err := embedded.Open(context.Background(), dir, embedded.Options{ReadOnly: true})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	for r, err := range s.Subscribe(t.Context(), 0) {
		require.NoError(t, err)
		if r.ID == want.id {
			require.Equal(t, want, ack{r.Stream, r.Revision, r.ID})
			break
		}
	}
}

func requireHeld(t *testing.T, dir string, pid int) {
	t.Helper()
	_, err := embedded.Open(context.Background(), dir, embedded.Options{})
	require.ErrorIs(t, err, es.ErrConflict)
	require.ErrorIs(t, err, &es.Error{Code: "store.locked"})
	host, _ := os.Hostname()
	require.Contains(t, err.Error(), fmt.Sprintf("process %d on %s since 2", pid, host))
}

func requireAcks(t *testing.T, dir string, acked []ack) {
	t.Helper()
	s, err := embedded.Open(context.Background(), dir, embedded.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	ids := map[string][]uuid.UUID{}
	position := es.Position(0)
	for r, err := range s.ReadAll(context.Background(), 0) {
		require.NoError(t, err)
		position++
		require.Equal(t, position, r.Position, "positions are dense")
		ids[r.Stream] = append(ids[r.Stream], r.ID)
		require.Len(t, ids[r.Stream], int(r.Revision), "revisions are dense")
	}
	for _, a := range acked {
		require.GreaterOrEqual(t, len(ids[a.stream]), int(a.revision))
		require.Equal(t, a.id, ids[a.stream][a.revision-1])
	}
}
