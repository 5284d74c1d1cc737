//go:build kurrent

package kurrent_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
	"github.com/entente-ledger/entente/infra/eventstore/storetest"
)

// TestServer runs the conformance suite on the server at $ESDB_URL, with the
// credential in $ESDB_CREDENTIAL if the URL has none. It writes to streams of
// its own, which stay there, and assumes nothing of what else is there.
func TestServer(t *testing.T) {
	url := os.Getenv("ESDB_URL")
	require.NotEmpty(t, url, "ESDB_URL names the server, such as esdb://127.0.0.1:2113?tls=false")
	storetest.Run(t, func(*testing.T) storetest.Backend {
		return storetest.Backend{Open: func(ctx context.Context) (es.Store, error) {
			return kurrent.Open(ctx, url, kurrent.Options{Credential: os.Getenv("ESDB_CREDENTIAL")})
		}}
	})
}
