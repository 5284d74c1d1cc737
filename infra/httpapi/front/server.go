package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// Limits on connections, whoever is at the other end.
const (
	headerTime  = 10 * time.Second // for the header of a request to arrive
	idleTime    = 2 * time.Minute  // between two requests on a connection
	headerBytes = 32 << 10
)

// Server answers connections until it is told to stop.
type Server struct {
	Handler http.Handler
	TLS     *Certificate // nil: plain HTTP
	Logger  *slog.Logger
	// Grace is how long requests under way may take when it stops; 0: 30 s.
	Grace time.Duration
	// HeaderTime is how long the header of a request may take to arrive; 0: 10 s.
	HeaderTime time.Duration
}

// Serve answers what comes to l until ctx is done. Then it accepts nothing more,
// finishes what it accepted, and returns nil; what takes longer than Grace is cut
// off, and is its error. It closes l.
func (s Server) Serve(ctx context.Context, l net.Listener) error {
	if s.Grace == 0 {
		s.Grace = 30 * time.Second
	}
	if s.HeaderTime == 0 {
		s.HeaderTime = headerTime
	}
	srv := &http.Server{
		Handler: s.Handler, ReadHeaderTimeout: s.HeaderTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		ErrorLog: slog.NewLogLogger(s.Logger.Handler(), slog.LevelDebug),
	}
	if s.TLS != nil {
		srv.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.TLS.get, NextProtos: []string{"h2", "http/1.1"}}
	}
	ended := make(chan error, 1)
	go func() {
		if s.TLS != nil {
			ended <- srv.ServeTLS(l, "", "")
			return
		}
		ended <- srv.Serve(l)
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Grace)
	defer cancel()
	err := srv.Shutdown(grace)
	if err != nil {
		err = errors.Join(fmt.Errorf("finish what was accepted: %w", err), srv.Close())
	}
	<-ended
	return err
}

// Certificate is a certificate in files, which is read anew when they change.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	looked time.Time
	stamp  string // of the files that pair is from
	pair   *tls.Certificate
}

// lookEvery is how often it is looked whether a certificate has changed.
const lookEvery = time.Second

// LoadCertificate reads a certificate chain and its private key (PEM). When the
// files change, connections made a second later get the new one; if that cannot be
// read, the one before stays, and it is logged.
func LoadCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Certificate) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) >= lookEvery {
		if err := c.load(); err != nil {
			c.log.ErrorContext(hello.Context(), "certificate not read", "error", err)
		}
	}
	return c.pair, nil
}

// load reads the files if they have changed.
func (c *Certificate) load() error {
	c.looked = time.Now()
	var seen strings.Builder
	for _, file := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(file)
		if err != nil {
			return fmt.Errorf("look at the certificate: %w", err)
		}
		fmt.Fprintf(&seen, "%d %d ", info.ModTime().UnixNano(), info.Size())
	}
	stamp := seen.String()
	if stamp == c.stamp {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	c.stamp, c.pair = stamp, &pair
	return nil
}
