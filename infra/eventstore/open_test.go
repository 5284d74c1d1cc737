package eventstore_test

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
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
		"server_no_host": "esdb:",
		"no_host":        "esdb://",
		"no_tls":         "kurrentdb://me:secret@localhost?tls=false",
		"server_setting": "kurrentdb+discover://h?x=y",
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

func TestOpenServer(t *testing.T) {
	store, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- esdbwire.New(store, esdbwire.Options{Ledger: esdbwire.Credential{Name: "ledger", Password: "secret"}}).Serve(ctx, l)
	}()
	defer func() {
		stop()
		require.NoError(t, <-served)
	}()
	stream, rec := es.StreamName("memorandum", uuid.New()), es.Record{ID: uuid.New(), Type: "memorandum.signed", Schema: 1, Data: []byte(`{}`), Meta: []byte(`{}`)}
	for i, scheme := range []string{"esdb", "kurrentdb", "esdb+discover", "kurrentdb+discover"} {
		url := scheme + "://" + l.Addr().String() + "?tls=false"
		s, err := eventstore.Open(t.Context(), url, eventstore.Credential("ledger", "secret"), eventstore.Deadline(time.Minute))
		require.NoError(t, err, scheme)
		require.IsType(t, &kurrent.Store{}, s)
		p, err := s.Append(t.Context(), stream, 0, rec)
		require.NoError(t, err, scheme)
		require.EqualValues(t, 1, p, "%d: the same append", i)
		require.NoError(t, s.Close())

		s, err = eventstore.Open(t.Context(), url, eventstore.Credential("ledger", "secret"), eventstore.ReadOnly())
		require.NoError(t, err, scheme)
		_, err = s.Append(t.Context(), stream, 0, rec)
		require.ErrorIs(t, err, es.ErrRejected)
		require.NoError(t, s.Close())
	}
	_, err = eventstore.Open(t.Context(), "esdb://"+l.Addr().String()+"?tls=false", eventstore.Credential("ledger", "wrong"))
	require.ErrorIs(t, err, es.ErrRejected)
}
