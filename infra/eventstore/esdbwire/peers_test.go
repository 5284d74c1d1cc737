//go:build peers

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
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// The official clients for Node find what they expect. The scenarios are in
// the folder peers: over an open connection, and over TLS with passwords.
func TestPeers(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("ENTENTE_CI") != "1" {
		t.Skip("there is no node to run the official clients with")
	}
	require.NoError(t, err)
	install(t)
	for peer, scheme := range map[string]string{"eventstore": "esdb://", "kurrent": "kurrentdb://"} {
		t.Run(peer, func(t *testing.T) {
			t.Run("open", func(t *testing.T) {
				s := serve(t, esdbwire.Options{})
				judge(t, node, peer, scheme+s.addr+"?tls=false")
			})
			t.Run("tls_and_passwords", func(t *testing.T) {
				config, ca := certified(t)
				hash, err := bcrypt.GenerateFromPassword([]byte("changeit"), bcrypt.MinCost)
				require.NoError(t, err)
				s := serve(t, esdbwire.Options{TLS: config, Users: map[string][]byte{"reader": hash}})
				judge(t, node, peer, scheme+"reader:changeit@"+s.addr+"?tls=true&tlsCaFile="+ca)
			})
		})
	}
}

// install installs the clients where they are not yet.
func install(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join("peers", "node_modules")); err == nil {
		return
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci")
	npm.Dir = "peers"
	out, err := npm.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// judge has a client run every scenario.
func judge(t *testing.T, node, peer, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, "--test", "--test-reporter", "tap")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it then ends those that it started
	cmd.WaitDelay = 10 * time.Second
	cmd.Dir = "peers"
	cmd.Env = append(os.Environ(), "ENTENTE_PEER="+peer, "ENTENTE_URL="+url,
		"ENTENTE_LEDGER_NAME="+ledgerCredential.Name, "ENTENTE_LEDGER_PASSWORD="+ledgerCredential.Password)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	passed := regexp.MustCompile(`(?m)^# pass (\d+)$`).FindSubmatch(out)
	require.NotEmpty(t, passed, "%s", out)
	require.NotEqual(t, "0", string(passed[1]), "there was nothing to run")
	require.Contains(t, string(out), "\n# skipped 0\n")
	t.Logf("%s scenarios", passed[1])
}

// certified returns what a server of 127.0.0.1 needs for TLS, and a file with
// the authority that vouches for it.
func certified(t *testing.T) (config *tls.Config, file string) {
	t.Helper()
	began, ends := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: began, NotAfter: ends,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "server"}, NotBefore: began, NotAfter: ends,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	caKey, key := newKey(t), newKey(t)
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	require.NoError(t, err)
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	require.NoError(t, err)
	file = filepath.Join(t.TempDir(), "ca.crt")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), 0o600))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, file
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}
