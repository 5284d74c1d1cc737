package embedded_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

func TestCopy(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	require.NoError(t, embedded.Copy(t.Context(), from, to), "there is nothing to copy yet")
	require.NoDirExists(t, to)

	s, err := embedded.Open(t.Context(), from, embedded.Options{})
	require.NoError(t, err)
	for range 3 {
		_, err = s.Append(t.Context(), newStream(), 0, batch(5)...)
		require.NoError(t, err)
	}
	require.NoError(t, embedded.Copy(t.Context(), from, to), "while it is open")
	_, err = s.Append(t.Context(), newStream(), 0, batch(1)...)
	require.NoError(t, err)

	c, err := embedded.Open(t.Context(), to, embedded.Options{})
	require.NoError(t, err)
	var there []es.Record
	for r, err := range c.ReadAll(t.Context(), 0) {
		require.NoError(t, err)
		there = append(there, r)
	}
	n := 0
	for r, err := range s.ReadAll(t.Context(), 0) {
		require.NoError(t, err)
		if n++; n <= len(there) {
			require.Equal(t, r, there[n-1], fmt.Sprint("record ", n))
		}
	}
	require.Len(t, there, 15)
	require.Equal(t, 16, n)
	_, err = c.Append(t.Context(), newStream(), 0, batch(1)...)
	require.NoError(t, err, "the copy is a store")
	require.NoError(t, c.Close())
	require.NoError(t, s.Close())
}
