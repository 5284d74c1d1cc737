//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// benched is a service as `serve` wires it, on a ledger in a folder: its front, its
// log in a file, and identities if there are any. The jobs behind it, which seal and
// project, run only if they are asked for.
type benched struct {
	address, token string
}

// bench serves the ledger in a folder until the benchmark ends. Whoever asks has the
// token of a registrar if there are to be identities.
func bench(b *testing.B, data string, identities, jobs bool) benched {
	b.Helper()
	log, err := os.Create(filepath.Join(b.TempDir(), "log"))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, log.Close()) })
	var s benched
	if identities {
		s.token = registrar(b, data)
	}
	h := serveWithin(b, data, log)
	l, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	require.NoError(b, err)
	s.address = l.Addr().String()
	ctx, stop := context.WithCancel(b.Context())
	var group errgroup.Group
	group.Go(func() error { return front.Server{Handler: h, Logger: h.log}.Serve(ctx, l) })
	if jobs {
		for _, job := range h.jobs(h.runner) {
			group.Go(func() error { return job(ctx) })
		}
	}
	b.Cleanup(func() {
		stop()
		require.NoError(b, group.Wait())
	})
	return s
}

// registrar makes an identity, and returns its token.
func registrar(b *testing.B, data string) string {
	registry, err := access.OpenRegistry(b.Context(), filepath.Join(data, access.RegistryFile), access.Options{})
	require.NoError(b, err)
	account, err := registry.Create(b.Context(), "bench", uuid.New(), access.Subject{}, access.Grants{Roles: []access.Role{access.RoleRegistrar}})
	require.NoError(b, err)
	token, _, err := registry.Issue(b.Context(), "bench", account.ID, time.Now().Add(time.Hour))
	require.NoError(b, err)
	require.NoError(b, registry.Close())
	return token.Reveal()
}

// line is one connection to a service, which is kept. It spends as little as it can,
// because it shares the cores with the service.
type line struct {
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

func (s benched) dial(b *testing.B) *line {
	b.Helper()
	conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", s.address)
	require.NoError(b, err)
	b.Cleanup(func() { _ = conn.Close() })
	return &line{conn: conn, in: bufio.NewReader(conn)}
}

// ask sends a request and reads the answer to its end.
func (l *line) ask(s benched, method, path, header, body string, want int) error {
	l.out.Reset()
	fmt.Fprintf(&l.out, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path, header)
	if s.token != "" {
		fmt.Fprintf(&l.out, "Authorization: Bearer %s\r\n", s.token)
	}
	fmt.Fprintf(&l.out, "Content-Length: %d\r\n\r\n%s", len(body), body)
	if _, err := l.conn.Write(l.out.Bytes()); err != nil {
		return err
	}
	res, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != want {
		err = fmt.Errorf("status %d: %s", res.StatusCode, text)
	}
	return err
}

// BenchmarkServe is a command over HTTP until its answer, which is durable then;
// and beside it the append of such an event to a store.
func BenchmarkServe(b *testing.B) {
	for _, clients := range []int{1, 64} {
		b.Run(fmt.Sprintf("store/clients=%d", clients), func(b *testing.B) {
			store, err := embedded.Open(b.Context(), b.TempDir(), embedded.Options{})
			require.NoError(b, err)
			data, meta := bytes.Repeat([]byte("d"), 330), bytes.Repeat([]byte("m"), 370)
			measure(b, clients, func() error {
				id := uuid.New()
				_, err := store.Append(b.Context(), es.StreamName("party", id), 0, es.Record{ID: id, Type: "party.registered", Schema: 1, Data: data, Meta: meta})
				return err
			})
			require.NoError(b, store.Close())
		})
		for _, with := range []struct {
			name             string
			identities, jobs bool
		}{{"operator", false, false}, {"command", true, false}, {"command_with_jobs", true, true}} {
			b.Run(fmt.Sprintf("%s/clients=%d", with.name, clients), func(b *testing.B) {
				s := bench(b, b.TempDir(), with.identities, with.jobs)
				lines := make(chan *line, clients)
				for range clients {
					lines <- s.dial(b)
				}
				measure(b, clients, func() error {
					l := <-lines
					defer func() { lines <- l }()
					key := uuid.NewString()
					return l.ask(s, "POST", "/v1/party", "Content-Type: application/json\r\nIdempotency-Key: "+key+"\r\n",
						`{"kind":"municipality","name":{"lang":"it","value":"Comune di Prova `+key+`"},"country":"IT"}`, 201)
				})
			})
		}
	}
}
