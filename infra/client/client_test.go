package client_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/client"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// everybody may do everything.
type everybody struct{ *ledger.Ledger }

func (e everybody) Do(ctx context.Context, _ access.Identity, cmd es.Command) (es.Result, error) {
	return e.Ledger.Do(ctx, cmd)
}

func (everybody) Permits(access.Request) bool { return true }

func (everybody) Sees(access.Identity) es.Visibility { return es.Restricted }

func (everybody) Allow(context.Context, access.Request) error { return nil }

// served serves a new ledger, and returns its URL and what counts its events. Each
// request passes through around.
func served(t *testing.T, around func(next http.Handler) http.Handler) (url string, l *ledger.Ledger) {
	t.Helper()
	dir := t.TempDir()
	store, err := embedded.Open(t.Context(), dir, embedded.Options{})
	require.NoError(t, err)
	l, err = ledger.Open(t.Context(), store, time.Now, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	require.NoError(t, err)
	files, err := documents.Open(dir+"/documents", documents.Options{})
	require.NoError(t, err)
	all := everybody{l}
	api, err := httpapi.New(httpapi.Config{
		Recorder: all, Permissions: all, Store: store, Ledger: l.ID, Documents: files, Version: "1", Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	s := httptest.NewServer(around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.ServeHTTP(w, r.WithContext(front.WithWho(r.Context(), access.Identity{ID: "clerk"})))
	})))
	t.Cleanup(func() {
		s.Close()
		require.NoError(t, store.Close())
	})
	return s.URL, l
}

func open(t *testing.T, url string, o client.Options) *client.Client {
	t.Helper()
	c, err := client.Open(url, o)
	require.NoError(t, err)
	return c
}

func plain(next http.Handler) http.Handler { return next }

func events(t *testing.T, l *ledger.Ledger) (n int) {
	t.Helper()
	for _, err := range ledger.Own(l.Store().ReadAll(t.Context(), 0)) {
		require.NoError(t, err)
		n++
	}
	return n
}

func ancona() client.PartyRegister {
	return client.PartyRegister{Kind: client.PartyRegisterKindMunicipality, Name: client.Text{Lang: "it", Value: "Comune di Ancona"}}
}

func TestDo(t *testing.T) {
	url, l := served(t, plain)
	c := open(t, url, client.Options{})
	dry, err := c.Do(t.Context(), client.Command{Says: ancona(), Key: "register-ancona", DryRun: true})
	require.NoError(t, err)
	require.True(t, dry.DryRun)
	require.Equal(t, 1, events(t, l))

	first, err := c.Do(t.Context(), client.Command{Says: ancona(), Key: "register-ancona"})
	require.NoError(t, err)
	require.Equal(t, dry.Stream, first.Stream)
	again, err := c.Do(t.Context(), client.Command{Says: ancona(), Key: "register-ancona"})
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, first.Events[0].Id, again.Events[0].Id)

	known := time.Date(2020, 3, 1, 9, 30, 0, 0, time.UTC)
	act := uuid.New()
	renamed, err := c.Do(t.Context(), client.Command{
		Says: client.PartyRename{Name: client.Text{Lang: "it", Value: "Città di Ancona"}}, Stream: first.Stream, On: 1, KnownAt: known, Correlation: act,
	})
	require.NoError(t, err)
	require.Equal(t, 2, renamed.Revision)
	require.Equal(t, act.String(), renamed.Events[0].Meta["correlation"])
	require.Equal(t, 3, events(t, l))
}

func TestRefused(t *testing.T) {
	url, _ := served(t, plain)
	c := open(t, url, client.Options{})
	done, err := c.Do(t.Context(), client.Command{Says: ancona(), Key: "register-ancona"})
	require.NoError(t, err)
	rename := client.PartyRename{Name: client.Text{Lang: "it", Value: "Città di Ancona"}}
	for name, one := range map[string]struct {
		give client.Command
		kind es.Kind
		code string
	}{
		"stale":     {client.Command{Says: rename, Stream: done.Stream, On: 7}, es.ErrConflict, "http.stale"},
		"not_there": {client.Command{Says: rename, Stream: "party-" + uuid.NewString(), On: 1}, es.ErrNotFound, "http.no_record"},
		"reused":    {client.Command{Says: rename, Stream: done.Stream, Key: "register-ancona"}, es.ErrReused, "http.key_reused"},
		"malformed": {client.Command{Says: client.PartyRegister{Kind: "planet"}}, es.ErrInvalid, ""},
		"no_route":  {client.Command{Says: client.Raw{Name: "party.fly"}}, es.ErrNotFound, "http.no_route"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Do(t.Context(), one.give)
			require.ErrorIs(t, err, one.kind)
			refused, ok := errors.AsType[*client.Refused](err)
			require.True(t, ok)
			require.NotEmpty(t, refused.Problem.Detail)
			if one.code != "" {
				require.Equal(t, one.code, refused.Problem.Code)
			}
			if name == "stale" {
				require.Equal(t, 1, *refused.Problem.CurrentRevision)
			}
		})
	}
	_, err = c.Do(t.Context(), client.Command{})
	require.Error(t, err)
}

// A command whose answer is lost is given again, and recorded once.
func TestPatience(t *testing.T) {
	for name, lost := range map[string]http.HandlerFunc{
		"connection_cut": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		},
		"busy": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			url, l := served(t, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if asked.Add(1) > 1 {
						next.ServeHTTP(w, r)
						return
					}
					next.ServeHTTP(httptest.NewRecorder(), r)
					lost(w, r)
				})
			})
			done, err := open(t, url, client.Options{}).Do(t.Context(), client.Command{Says: ancona()})
			require.NoError(t, err)
			require.True(t, done.Repeated)
			require.EqualValues(t, 2, asked.Load())
			require.Equal(t, 2, events(t, l))
		})
	}
	t.Run("ends", func(t *testing.T) {
		var asked atomic.Int32
		url, _ := served(t, func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.Header().Set("Retry-After", "0")
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(http.StatusServiceUnavailable)
				_, _ = io.WriteString(w, `{"status":503,"code":"http.busy","detail":"busy"}`)
			})
		})
		_, err := open(t, url, client.Options{Tries: 3}).Do(t.Context(), client.Command{Says: ancona()})
		refused, ok := errors.AsType[*client.Refused](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, http.StatusServiceUnavailable, refused.Status)
		require.EqualValues(t, 3, asked.Load())
	})
}

func TestOpen(t *testing.T) {
	for _, url := range []string{"", "ledger.example", "ftp://ledger.example", "http://ledger.example?x=1"} {
		_, err := client.Open(url, client.Options{})
		require.ErrorIs(t, err, &es.Error{Code: "client.bad_server"}, url)
	}
	_, err := client.Open("http://ledger.example", client.Options{Token: "secret"})
	require.ErrorIs(t, err, &es.Error{Code: "client.not_secured"})
	var said string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer s.Close()
	_, err = open(t, s.URL, client.Options{Token: "secret"}).Do(t.Context(), client.Command{Says: ancona()})
	require.ErrorContains(t, err, "not as a ledger does")
	require.Equal(t, "Bearer secret", said)
}

func TestKeep(t *testing.T) {
	url, _ := served(t, plain)
	c := open(t, url, client.Options{})
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	require.NoError(t, c.Keep(t.Context(), abc, strings.NewReader("abc")))
	require.ErrorIs(t, c.Keep(t.Context(), abc, strings.NewReader("abd")), &es.Error{Code: "http.other_bytes"})
}
