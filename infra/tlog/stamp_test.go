package tlog_test

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
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
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

// authority is a time stamping authority that is OpenSSL's.
type authority struct {
	*httptest.Server
	dir    string
	change func(answer []byte) []byte // nil to leave answers as they are
	query  []byte                     // if not nil, what is answered instead of what was asked
	asked  int
}

func openssl(t require.TestingT, dir string, args ...string) {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "openssl %v: %s", args, out)
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	require.NoError(t, os.WriteFile(filepath.Join(a.dir, "tsa.cnf"), []byte(tsaConfig), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(a.dir, "serial"), []byte("01\n"), 0o600))
	openssl(t, a.dir, "req", "-x509", "-config", "tsa.cnf", "-extensions", "ca", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Root",
		"-keyout", "ca.key", "-out", "ca.pem", "-days", "2")
	openssl(t, a.dir, "req", "-new", "-config", "tsa.cnf", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr")
	openssl(t, a.dir, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1",
		"-extfile", "tsa.cnf", "-extensions", "tsa_cert", "-out", "tsa.pem")
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.asked++
		query, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
			http.Error(w, "no query", http.StatusBadRequest)
			return
		}
		if a.query != nil {
			query = a.query
		}
		answer, err := a.reply(query)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if a.change != nil {
			answer = a.change(answer)
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(answer)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *authority) reply(query []byte) ([]byte, error) {
	in, out := filepath.Join(a.dir, "query.tsq"), filepath.Join(a.dir, "answer.tsr")
	if err := os.WriteFile(in, query, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", in, "-out", out)
	cmd.Dir = a.dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.New(string(said))
	}
	return os.ReadFile(out)
}

func (a *authority) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(a.dir, "ca.pem"))
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	return pool
}

func TestStamp(t *testing.T) {
	p, a := newPlace(t), newAuthority(t)
	tsa := tlog.Authority{URL: a.URL, Roots: a.roots(t)}
	now := time.Now()
	_, err := p.tlog().Stamp(t.Context(), tsa, now)
	require.ErrorIs(t, err, es.ErrNotFound)
	s := p.open(t)
	p.seal(t, s, 3)
	first, err := p.tlog().Stamp(t.Context(), tsa, now)
	require.NoError(t, err)
	require.Equal(t, int64(3), first.Size)
	require.True(t, first.Trusted)
	require.Contains(t, first.By, "Time Stamping Authority")
	require.WithinDuration(t, now, first.Time, time.Minute)

	p.seal(t, s, 4)
	same, err := p.tlog().Stamp(t.Context(), tsa, now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, first, same, "once a day")
	require.Equal(t, 1, a.asked)
	second, err := p.tlog().Stamp(t.Context(), tsa, now.Add(25*time.Hour))
	require.NoError(t, err)
	require.Equal(t, int64(7), second.Size)
	_, err = p.tlog().Stamp(t.Context(), tsa, now.Add(50*time.Hour))
	require.NoError(t, err)
	require.Equal(t, 2, a.asked, "the same checkpoint")

	for _, size := range []string{"3", "7"} {
		openssl(t, a.dir, "ts", "-verify", "-in", p.file("timestamps/"+size+".tsr"), "-data", p.file("timestamps/"+size+".checkpoint"), "-CAfile", "ca.pem")
	}
	good, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.roots(t), nil)
	require.NoError(t, err)
	require.Empty(t, bad)
	require.Equal(t, []tlog.Stamp{first, second}, good)

	t.Run("of_an_authority_nobody_trusts", func(t *testing.T) {
		good, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), newAuthority(t).roots(t), nil)
		require.NoError(t, err)
		require.Empty(t, good)
		require.Len(t, bad, 2)
		good, bad, err = tlog.VerifyTimestamps(p.tlog(), p.chain(t), nil, nil)
		require.NoError(t, err)
		require.Empty(t, bad)
		require.False(t, good[0].Trusted)
	})
	t.Run("of_another_log", func(t *testing.T) {
		other := newPlace(t)
		other.seal(t, other.open(t), 1)
		_, bad, err := tlog.VerifyTimestamps(p.tlog(), other.chain(t), a.roots(t), nil)
		require.NoError(t, err)
		require.Len(t, bad, 2)
	})
	t.Run("of_a_tree_that_is_not_the_logs", func(t *testing.T) {
		_, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.roots(t), func(c tlog.Checkpoint) error {
			if c.Tree.N == 7 {
				return errCrash
			}
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, []tlog.BadStamp{{7, errCrash}}, bad)
	})
	t.Run("of_a_changed_checkpoint", func(t *testing.T) {
		text := p.read(t, "timestamps/3.checkpoint")
		defer func() { require.NoError(t, os.WriteFile(p.file("timestamps/3.checkpoint"), text, 0o600)) }()
		require.NoError(t, os.WriteFile(p.file("timestamps/3.checkpoint"), p.read(t, "timestamps/7.checkpoint"), 0o600))
		_, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.roots(t), nil)
		require.NoError(t, err)
		require.Len(t, bad, 1)
		require.Equal(t, int64(3), bad[0].Size)
	})
	t.Run("with_a_byte_changed", func(t *testing.T) {
		stamp := p.read(t, "timestamps/3.tsr")
		defer func() { require.NoError(t, os.WriteFile(p.file("timestamps/3.tsr"), stamp, 0o600)) }()
		for i := len(stamp) - 1; i > len(stamp)-200; i -= 20 { // the signature
			changed := append([]byte{}, stamp...)
			changed[i] ^= 1
			require.NoError(t, os.WriteFile(p.file("timestamps/3.tsr"), changed, 0o600))
			_, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.roots(t), nil)
			require.NoError(t, err)
			require.Len(t, bad, 1, "byte %d", i)
		}
	})
}

func TestStampRefused(t *testing.T) {
	p, a := newPlace(t), newAuthority(t)
	p.seal(t, p.open(t), 3)
	tsa := tlog.Authority{URL: a.URL, Roots: a.roots(t)}
	// somebody else's question about the same, without a nonce
	openssl(t, a.dir, "ts", "-query", "-data", p.file("checkpoint"), "-sha256", "-cert", "-no_nonce", "-out", "other.tsq")
	other, err := os.ReadFile(filepath.Join(a.dir, "other.tsq"))
	require.NoError(t, err)
	for name, prepare := range map[string]func(*testing.T){
		"of_another_question": func(*testing.T) { a.query = other },
		"damaged":             func(*testing.T) { a.change = func(b []byte) []byte { b[len(b)-9] ^= 1; return b } },
		"nothing":             func(*testing.T) { a.change = func([]byte) []byte { return nil } },
		"of_an_authority_nobody_trusts": func(t *testing.T) {
			tsa.Roots = newAuthority(t).roots(t)
		},
		"nobody_there": func(*testing.T) { tsa.URL = "http://127.0.0.1:1/" },
		"a_refusal": func(*testing.T) {
			a.query = []byte("no query")
		},
	} {
		t.Run(name, func(t *testing.T) {
			a.query, a.change, tsa = nil, nil, tlog.Authority{URL: a.URL, Roots: a.roots(t)}
			prepare(t)
			_, err := p.tlog().Stamp(t.Context(), tsa, time.Now())
			require.Error(t, err)
			require.NoDirExists(t, p.file("timestamps"))
		})
	}
}
