package kurrent_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
	"github.com/entente-ledger/entente/infra/eventstore/storetest"
)

const credential = "ledger:secret"

// server is an embedded store that is served on loopback.
type server struct {
	dir, addr string

	store *embedded.Store
	conns *cutListener
	stop  context.CancelFunc
	ended chan error
}

func serve(t testing.TB, dir string) *server {
	t.Helper()
	s := &server{dir: dir, addr: "127.0.0.1:0"}
	s.start(t)
	t.Cleanup(func() { s.kill(t) })
	return s
}

// start serves the folder, after a kill on the same port.
func (s *server) start(t testing.TB) {
	t.Helper()
	l, err := net.Listen("tcp", s.addr)
	require.NoError(t, err)
	s.addr, s.conns = l.Addr().String(), &cutListener{Listener: l}
	s.store, err = embedded.Open(context.Background(), s.dir, embedded.Options{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.ended = stop, make(chan error, 1)
	wire := esdbwire.New(s.store, esdbwire.Options{Ledger: esdbwire.Credential{Name: "ledger", Password: "secret"}})
	go func() { s.ended <- wire.Serve(ctx, s.conns) }()
}

// kill cuts all connections, as the end of a process does, and then clears up.
func (s *server) kill(t testing.TB) {
	if s.store == nil {
		return
	}
	s.conns.cut()
	s.stop()
	<-s.ended
	require.NoError(t, s.store.Close())
	s.store = nil
}

func (s *server) url() string { return "esdb://" + s.addr + "?tls=false" }

func (s *server) open(ctx context.Context) (*kurrent.Store, error) {
	return kurrent.Open(ctx, s.url(), kurrent.Options{Credential: credential})
}

// cutListener is a listener whose connections can be cut.
type cutListener struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func (l *cutListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.mu.Lock()
		l.conns = append(l.conns, c)
		l.mu.Unlock()
	}
	return c, err
}

func (l *cutListener) cut() {
	_ = l.Close()
	l.drop()
}

// drop cuts the connections there are.
func (l *cutListener) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

func backend(t testing.TB, dir string) storetest.Backend {
	s := serve(t, dir)
	return storetest.Backend{
		Open: func(ctx context.Context) (es.Store, error) { return s.open(ctx) },
		OpenReadOnly: func(ctx context.Context) (es.Store, error) {
			return kurrent.Open(ctx, s.url(), kurrent.Options{ReadOnly: true})
		},
		Crash: func(t *testing.T) storetest.Backend {
			return backend(t, copyFiles(t, dir))
		},
	}
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend { return backend(t, t.TempDir()) })
}

// copyFiles copies a server's database as it is on disk, the WAL last. Another
// process does it: closing a file drops the locks that SQLite has on it.
func copyFiles(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.Mkdir(to, 0o700))
	for _, name := range []string{"events.db", "events.db-wal"} {
		out, err := exec.Command("cp", filepath.Join(dir, name), to).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	return to
}
