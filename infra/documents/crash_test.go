//go:build unix && !solaris && !aix

package documents_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/documents"
)

// receiveEnv names the folder into which a child process receives a document
// without end.
const receiveEnv = "ENTENTE_TEST_RECEIVE"

func TestCrashWhileReceiving(t *testing.T) {
	if dir := os.Getenv(receiveEnv); dir != "" {
		receiveForEver(t, dir)
		return
	}
	f, dir := open(t, documents.Options{})
	kept := put(t, f, "kept")

	child := exec.Command(os.Args[0], "-test.run=^TestCrashWhileReceiving$")
	child.Env = append(os.Environ(), receiveEnv+"="+dir)
	stdout, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	t.Cleanup(func() { _ = child.Process.Kill() })
	sign := make([]byte, 1)
	_, err = io.ReadFull(stdout, sign)
	require.NoError(t, err)
	require.Equal(t, "!", string(sign), "part of the document is in its file")

	_, err = documents.Open(dir, documents.Options{})
	require.NoError(t, err)
	require.Len(t, files(t, dir), 2, "what another process is receiving stays")
	put(t, f, "kept") // and does not hinder others

	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait())
	require.Len(t, files(t, dir), 2, "the crash left a file")

	f, err = documents.Open(dir, documents.Options{})
	require.NoError(t, err)
	require.Len(t, files(t, dir), 1, "opening removed it")
	require.NoError(t, f.Verify(t.Context(), kept))
}

func receiveForEver(t *testing.T, dir string) {
	f, err := documents.Open(dir, documents.Options{})
	require.NoError(t, err)
	stalled, _ := io.Pipe()
	_, _, err = f.Put(t.Context(), io.MultiReader(
		strings.NewReader(strings.Repeat("part ", 1000)),
		readerFunc(func([]byte) (int, error) {
			_, err := os.Stdout.Write([]byte{'!'})
			return 0, errOr(err, io.EOF)
		}),
		stalled,
	))
	require.NoError(t, err)
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
