package front_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// serve serves until the test stops it, and returns the address.
func serve(t *testing.T, s front.Server) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.Logger = slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	var once sync.Once
	var result error
	stop = func() error {
		once.Do(func() {
			cancel()
			result = <-ended
		})
		return result
	}
	t.Cleanup(func() { _ = stop() })
	return l.Addr().String(), stop
}

func TestSlowHeader(t *testing.T) {
	address, _ := serve(t, front.Server{Handler: http.HandlerFunc(hello), HeaderTime: 100 * time.Millisecond})
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	_, err = io.ReadAll(conn)
	require.NoError(t, err, "the server closes the connection, rather than wait")
}

func TestSlowBody(t *testing.T) {
	h, _ := around(t, front.Config{BodyTime: 100 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		var slow net.Error
		if e, ok := err.(net.Error); ok && e.Timeout() { //nolint:errorlint // it is what the connection returns
			slow = e
		}
		if slow != nil {
			w.WriteHeader(http.StatusRequestTimeout)
		}
	})
	address, _ := serve(t, front.Server{Handler: h})
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(t, http.StatusRequestTimeout, res.StatusCode)
}

// TestLongAnswer has a request answered for longer than its body may take.
func TestLongAnswer(t *testing.T) {
	h, _ := around(t, front.Config{BodyTime: 50 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		select {
		case <-r.Context().Done():
			t.Error("the request was given up")
		case <-time.After(300 * time.Millisecond):
		}
		if err == nil {
			hello(w, r)
		}
	})
	address, _ := serve(t, front.Server{Handler: h})
	for range 2 { // on one connection
		res, err := http.Post("http://"+address, "text/plain", strings.NewReader("a body"))
		require.NoError(t, err)
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, "hello anonymous", string(text))
	}
}

func TestLargeHeader(t *testing.T) {
	address, _ := serve(t, front.Server{Handler: http.HandlerFunc(hello)})
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+address, nil)
	require.NoError(t, err)
	r.Header.Set("X-Large", string(bytesOf('x', 64<<10)))
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, res.StatusCode)
}

func bytesOf(b byte, n int) []byte {
	all := make([]byte, n)
	for i := range all {
		all[i] = b
	}
	return all
}

// TestStopUnderLoad stops a server while clients ask: each request that it
// accepted is answered whole, and nothing is left of it.
func TestStopUnderLoad(t *testing.T) {
	before := runtime.NumGoroutine()
	var begun, finished atomic.Int64
	address, stop := serve(t, front.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		begun.Add(1)
		time.Sleep(20 * time.Millisecond) // what is under way when it stops
		_, _ = io.WriteString(w, "done")
		finished.Add(1)
	})})
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	client := &http.Client{Transport: transport}
	var wg sync.WaitGroup
	var answered atomic.Int64
	for range 16 {
		wg.Go(func() {
			for {
				res, err := client.Get("http://" + address)
				if err != nil {
					return // it accepts nothing more
				}
				text, err := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if err != nil || string(text) != "done" {
					t.Errorf("cut off: %v", err)
					return
				}
				answered.Add(1)
			}
		})
	}
	require.Eventually(t, func() bool { return answered.Load() > 32 }, 10*time.Second, time.Millisecond)
	require.NoError(t, stop())
	wg.Wait()
	transport.CloseIdleConnections()
	require.Equal(t, begun.Load(), finished.Load())
	require.Equal(t, finished.Load(), answered.Load())
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, 10*time.Second, 5*time.Millisecond)
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	leave := make(chan struct{})
	entered := make(chan struct{})
	address, stop := serve(t, front.Server{Grace: 50 * time.Millisecond, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-leave
	})})
	go func() {
		res, err := http.Get("http://" + address)
		if err == nil {
			_ = res.Body.Close()
		}
	}()
	<-entered
	require.ErrorIs(t, stop(), context.DeadlineExceeded)
	close(leave)
}

// pair writes a certificate for 127.0.0.1 with a name, and its key.
func pair(t *testing.T, dir, name string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	return cert, key
}

func TestCertificateIsReadAnew(t *testing.T) {
	dir := t.TempDir()
	cert, key := pair(t, dir, "first")
	c, err := front.LoadCertificate(cert, key, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	address, _ := serve(t, front.Server{Handler: http.HandlerFunc(hello), TLS: c})
	name := func() string {
		conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		return conn.ConnectionState().PeerCertificates[0].Subject.CommonName
	}
	require.Equal(t, "first", name())
	require.NoError(t, os.WriteFile(cert, []byte("damaged"), 0o644))
	require.Never(t, func() bool { return name() != "first" }, 1500*time.Millisecond, 100*time.Millisecond)
	pair(t, dir, "second")
	require.Eventually(t, func() bool { return name() == "second" }, 10*time.Second, 50*time.Millisecond)

	_, err = front.LoadCertificate(filepath.Join(dir, "none"), key, slog.New(slog.DiscardHandler))
	require.Error(t, err)
	_, err = tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11})
	require.Error(t, err)
}
