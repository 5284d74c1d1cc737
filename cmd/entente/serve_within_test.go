package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/projections"
)

// within is what `serve` serves, in the test's own process: all of the handler, and
// what stands behind it.
type within struct {
	*host
	http.Handler
	runner *projections.Runner
}

// serveWithin opens the ledger in a folder, or makes one, until the test ends. What
// the service logs goes to log.
func serveWithin(t testing.TB, data string, log io.Writer) within {
	t.Helper()
	a := &app{out: io.Discard, data: data}
	ctx := context.WithoutCancel(t.Context()) // closed in order, below
	store, err := a.openStore(ctx, a.storeURL())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	l, err := ledger.Open(ctx, store, time.Now, nonce, ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	require.NoError(t, err)
	views := projections.OpenViews(a.viewsDir())
	t.Cleanup(func() { require.NoError(t, views.Close()) })
	s := within{host: &host{
		opened: &opened{Ledger: l, app: a, views: views}, log: slog.New(slog.NewJSONHandler(log, nil)),
		figures: front.NewFigures(), health: newHealth(), operator: "operator",
	}}
	d, err := s.doors(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.close()) })
	s.runner, err = s.host.runner(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.runner.Close()) })
	require.NoError(t, s.runner.CatchUp(ctx))
	_, err = s.persons(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.vault.Close()) })
	traces := noop.NewTracerProvider()
	api, err := s.api(d, traces, s.runner)
	require.NoError(t, err)
	s.Handler, err = s.handler(d, traces, api)
	require.NoError(t, err)
	return s
}
