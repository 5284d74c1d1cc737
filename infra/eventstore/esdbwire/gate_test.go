package esdbwire_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"
	"google.golang.org/grpc/metadata"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// certificate returns a certificate of this machine that signs itself, and the
// path of a file that has it.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "entente"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

func TestTLSAndUsers(t *testing.T) {
	pair, ca := certificate(t)
	hash, err := bcrypt.GenerateFromPassword([]byte("open"), bcrypt.MinCost)
	require.NoError(t, err)
	s := serve(t, esdbwire.Options{
		TLS: &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, Users: map[string][]byte{"ann": hash},
	})
	try := func(user, stream string) error {
		client := dial(t, "esdb://"+user+s.addr+"?tlsCAFile="+ca+"&maxDiscoverAttempts=1")
		_, err := client.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events(1)...)
		return err
	}
	for range 2 { // the second time the name is known
		require.NoError(t, try("ann:open@", "orders"))
		require.Equal(t, esdb.ErrorCodeUnauthenticated, code(t, try("ann:shut@", "orders")))
	}
	require.Equal(t, esdb.ErrorCodeUnauthenticated, code(t, try("bob:open@", "orders")))
	require.Equal(t, esdb.ErrorCodeUnauthenticated, code(t, try("", "orders")))
	require.NoError(t, try("ledger:s3cret@", ownStream()))
	require.Equal(t, esdb.ErrorCodeUnauthenticated, code(t, try("ledger:S3cret@", ownStream())))
	require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, try("ann:open@", ownStream())))

	t.Run("reads_and_subscriptions_too", func(t *testing.T) {
		client := dial(t, "esdb://"+s.addr+"?tlsCAFile="+ca)
		read, err := client.ReadStream(t.Context(), "orders", esdb.ReadStreamOptions{}, 1)
		require.NoError(t, err)
		_, err = read.Recv()
		require.Equal(t, esdb.ErrorCodeUnauthenticated, code(t, err))
		_, err = client.SubscribeToAll(t.Context(), esdb.SubscribeToAllOptions{})
		require.Equal(t, esdb.ErrorCodeUnauthenticated, code(t, err))
	})
	t.Run("discovery", func(t *testing.T) {
		client := dial(t, "esdb+discover://ann:open@"+s.addr+"?tlsCAFile="+ca)
		_, err := client.AppendToStream(t.Context(), "orders", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events(1)...)
		require.NoError(t, err)
	})
	t.Run("without_tls", func(t *testing.T) {
		client := dial(t, "esdb://"+s.addr+"?tls=false&maxDiscoverAttempts=1")
		_, err := client.AppendToStream(t.Context(), "orders", esdb.AppendToStreamOptions{}, events(1)...)
		require.Error(t, err)
	})
}

func TestNoLedgerCredential(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	for _, header := range []string{"Basic Og==", "Basic bGVkZ2VyOg==", "Basic !", "Bearer x"} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", header)
		_, err := s.client.AppendToStream(ctx, ownStream(), esdb.AppendToStreamOptions{}, events(1)...)
		require.Equal(t, esdb.ErrorCodeUnauthenticated, code(t, err), header)
	}
}

func TestReadOnly(t *testing.T) {
	s := serve(t, esdbwire.Options{ReadOnly: true})
	ctx := asLedger(t.Context())
	add := func(ctx context.Context, stream string) error {
		_, err := s.client.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events(1)...)
		return err
	}
	for _, stream := range []string{"orders", "$$orders", ownStream()} {
		require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, add(ctx, stream)), stream)
	}
	_, err := s.client.DeleteStream(ctx, "orders", esdb.DeleteStreamOptions{})
	require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, err))
	_, err = s.client.TombstoneStream(ctx, "orders", esdb.TombstoneStreamOptions{})
	require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, err))
	_, err = s.client.SetStreamMetadata(ctx, "orders", esdb.AppendToStreamOptions{}, esdb.StreamMetadata{})
	require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, err))
	require.Empty(t, s.followAll(esdb.SubscribeToAllOptions{From: esdb.Start{}}).untilLive())
}
