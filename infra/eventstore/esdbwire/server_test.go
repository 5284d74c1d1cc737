package esdbwire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/metadata"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

var ledgerCredential = esdbwire.Credential{Name: "ledger", Password: "s3cret"}

// server is a store that is served, and a client of it.
type server struct {
	*testing.T
	folder string
	store  *embedded.Store
	addr   string
	stop   func()
	client *esdb.Client
}

// serve serves an empty store.
func serve(t *testing.T, o esdbwire.Options) *server {
	t.Helper()
	folder := t.TempDir()
	store, err := embedded.Open(t.Context(), folder, embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	if o.Ledger == (esdbwire.Credential{}) {
		o.Ledger = ledgerCredential
	}
	s := &server{T: t, folder: folder, store: store}
	s.start("127.0.0.1:0", o)
	scheme := "?tls=false"
	s.client = dial(t, "esdb://"+s.addr+scheme)
	return s
}

// start listens on an address.
func (s *server) start(addr string, o esdbwire.Options) {
	s.Helper()
	l, err := net.Listen("tcp", addr)
	require.NoError(s, err)
	s.addr = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- esdbwire.New(s.store, o).Serve(ctx, l) }()
	stopped := false
	s.stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(s, <-ended)
		}
	}
	s.Cleanup(s.stop)
}

func dial(t *testing.T, url string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString(url)
	require.NoError(t, err)
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// asLedger gives a call the ledger's own credential, as our adapter does
// without TLS.
func asLedger(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Basic bGVkZ2VyOnMzY3JldA==")
}

func events(n int) []esdb.EventData {
	all := make([]esdb.EventData, n)
	for i := range all {
		all[i] = esdb.EventData{
			EventID: uuid.New(), EventType: "order-placed", ContentType: esdb.ContentTypeJson,
			Data: fmt.Appendf(nil, `{"n":%d}`, i), Metadata: []byte(`{"by":"me"}`),
		}
	}
	return all
}

func ownStream() string { return es.StreamName("memorandum", uuid.New()) }

// recv reads a stream to its end.
func recv(t *testing.T, stream *esdb.ReadStream, err error) (all []*esdb.RecordedEvent) {
	t.Helper()
	require.NoError(t, err)
	defer stream.Close()
	for {
		e, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, e.OriginalEvent())
	}
}

// code returns the code of a client's error.
func code(t *testing.T, err error) esdb.ErrorCode {
	t.Helper()
	var e *esdb.Error
	require.ErrorAs(t, err, &e)
	return e.Code()
}
