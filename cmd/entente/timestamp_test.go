package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog/tsatest"
)

func TestTimestamp(t *testing.T) {
	data, _ := ledgerWith(t, ancona)
	require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", "timestamp", "--data", data).code)
	require.NoError(t, os.WriteFile(filepath.Join(data, "tsa"), []byte("http://127.0.0.1:1/\n"), 0o600))
	r := entente(t, "", "checkpoint", "--data", data)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.err, "has no time stamp")

	a := tsatest.New(t)
	require.Contains(t, ok(t, "timestamp", "--tsa", a.URL, "--data", copied(t, data)), "no root in tsa.pem")
	roots, err := os.ReadFile(filepath.Join(a.Dir, "ca.pem"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(data, "tsa.pem"), roots, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(data, "tsa"), []byte(a.URL+"\n"), 0o600))
	require.Empty(t, entente(t, "", "checkpoint", "--data", data).err)
	one := lines(t, ok(t, "timestamp", "--json", "--data", data))[0]
	require.Equal(t, true, one["trusted"])
	require.InDelta(t, 2, one["size"], 0)
	require.Equal(t, 2, a.Asked, "once a day for each folder")
	require.NoError(t, os.WriteFile(filepath.Join(data, "tsa.pem"), []byte("x"), 0o600))
	require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", "timestamp", "--data", data).code)
}
