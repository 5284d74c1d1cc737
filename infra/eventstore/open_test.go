package eventstore_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		url  string
		want es.Store
	}{
		"memory":          {"memory:", &memory.Store{}},
		"path":            {filepath.Join(dir, "a"), &embedded.Store{}},
		"file":            {"file:" + filepath.Join(dir, "b"), &embedded.Store{}},
		"file_slashes":    {"file://" + filepath.Join(dir, "c"), &embedded.Store{}},
		"colon_in_a_path": {filepath.Join(dir, "d:e"), &embedded.Store{}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := eventstore.Open(context.Background(), c.url)
			require.NoError(t, err)
			require.IsType(t, c.want, s)
			require.NoError(t, s.Close())
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, url := range map[string]string{
		"unknown_scheme": "postgres://localhost/x",
		"no_folder":      "",
		"file_no_folder": "file:",
		"named_memory":   "memory:x",
		"no_host":        "esdb://",
		"no_tls":         "kurrentdb://me:secret@localhost?tls=false",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := eventstore.Open(context.Background(), url)
			require.ErrorIs(t, err, es.ErrInvalid)
		})
	}
	_, err := eventstore.Open(context.Background(), "postgres://localhost/x")
	require.EqualError(t, err, `store.unknown_kind: "postgres:" is not a kind of event store; expected memory:, or a folder or file:FOLDER, or esdb://HOST:PORT`)
	_, err = eventstore.Open(context.Background(), filepath.Join(t.TempDir(), "none"), eventstore.ReadOnly())
	require.ErrorIs(t, err, es.ErrNotFound)
}
