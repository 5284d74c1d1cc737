package tlog_test

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
	"github.com/entente-ledger/entente/infra/migration"
	"github.com/entente-ledger/entente/infra/tlog"
)

// TestSameRoot checks that the same events in another store, with other
// positions and other programs' events between them, have the same root; and
// that the log goes on there.
func TestSameRoot(t *testing.T) {
	here, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, here.Close()) }()
	one := config(t, here, t.TempDir())
	s, err := tlog.Open(t.Context(), one)
	require.NoError(t, err)
	for range 5 {
		_, err = here.Append(t.Context(), newStream(), 0, events(t, 70)...)
		require.NoError(t, err)
		_, err = s.Seal(t.Context())
		require.NoError(t, err)
	}
	want, err := s.Seal(t.Context())
	require.NoError(t, err)

	far, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, far.Close()) }()
	foreign := events(t, 3)
	for i := range foreign {
		foreign[i].Schema, foreign[i].Meta = 0, []byte("0 application/json\n")
	}
	_, err = far.Log().Append(t.Context(), "orders", embedded.At(0), foreign...)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		served <- esdbwire.New(far, esdbwire.Options{Ledger: esdbwire.Credential{Name: "ledger", Password: "s3cret"}}).Serve(ctx, l)
	}()
	defer func() {
		cancel()
		require.NoError(t, <-served)
	}()
	there, err := kurrent.Open(t.Context(), "esdb://"+l.Addr().String()+"?tls=false", kurrent.Options{Credential: "ledger:s3cret"})
	require.NoError(t, err)
	defer func() { require.NoError(t, there.Close()) }()
	_, err = migration.Run(t.Context(), here, there, nil)
	require.NoError(t, err)

	two := one
	two.Store, two.Dir = there, tlog.Dir(t.TempDir())
	s, err = tlog.Open(t.Context(), two)
	require.NoError(t, err, "its tiles are made from the store, and give the root")
	got, err := s.Seal(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, got)
	_, err = there.Append(t.Context(), newStream(), 0, events(t, 300)...)
	require.NoError(t, err)
	got, err = s.Seal(t.Context())
	require.NoError(t, err)
	require.Equal(t, want.Tree.N+300, got.Tree.N)
	_, err = two.Dir.Consistency(want.Tree, got.Tree)
	require.NoError(t, err)
}
