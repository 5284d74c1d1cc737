// Package tsatest is a time stamping authority (RFC 3161) for tests: OpenSSL's,
// behind HTTP.
package tsatest

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const tsaConfig = `
[req]
distinguished_name = name
prompt = no
[name]
CN = Time Stamping Authority
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa_cert]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = tsa1
[tsa1]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
`

// Authority is a time stamping authority.
type Authority struct {
	*httptest.Server
	// Dir holds ca.pem, the root.
	Dir string
	// Change changes answers, unless it is nil.
	Change func(answer []byte) []byte
	// Query, if not nil, is answered instead of what was asked.
	Query []byte
	// Asked counts the questions.
	Asked int
}

// OpenSSL runs openssl in a folder.
func OpenSSL(t require.TestingT, dir string, args ...string) {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "openssl %v: %s", args, out)
}

// New starts an authority, with certificates of its own. It ends with the test.
func New(t *testing.T) *Authority {
	t.Helper()
	a := &Authority{Dir: t.TempDir()}
	require.NoError(t, os.WriteFile(filepath.Join(a.Dir, "tsa.cnf"), []byte(tsaConfig), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(a.Dir, "serial"), []byte("01\n"), 0o600))
	OpenSSL(t, a.Dir, "req", "-x509", "-config", "tsa.cnf", "-extensions", "ca", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Root",
		"-keyout", "ca.key", "-out", "ca.pem", "-days", "2")
	OpenSSL(t, a.Dir, "req", "-new", "-config", "tsa.cnf", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr")
	OpenSSL(t, a.Dir, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1",
		"-extfile", "tsa.cnf", "-extensions", "tsa_cert", "-out", "tsa.pem")
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.Asked++
		query, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
			http.Error(w, "no query", http.StatusBadRequest)
			return
		}
		if a.Query != nil {
			query = a.Query
		}
		answer, err := a.reply(query)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if a.Change != nil {
			answer = a.Change(answer)
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(answer)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *Authority) reply(query []byte) ([]byte, error) {
	in, out := filepath.Join(a.Dir, "query.tsq"), filepath.Join(a.Dir, "answer.tsr")
	if err := os.WriteFile(in, query, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", in, "-out", out)
	cmd.Dir = a.Dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.New(string(said))
	}
	return os.ReadFile(out)
}

// Roots returns the root that its certificate leads to.
func (a *Authority) Roots(t *testing.T) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(a.Dir, "ca.pem"))
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	return pool
}
