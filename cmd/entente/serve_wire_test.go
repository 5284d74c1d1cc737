package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore"
)

// TestServeTheLog has another node read what a service records, over the protocol
// of EventStoreDB, and not record itself.
func TestServeTheLog(t *testing.T) {
	dir := t.TempDir()
	s := serveLedger(t, filepath.Join(dir, "data"), "--esdb-listen", "127.0.0.1:0")
	res, text := s.register("register-ancona")
	require.Equal(t, 201, res.StatusCode, text)
	var at struct{ Msg, Address string }
	require.Eventually(t, func() bool {
		for line := range strings.Lines(s.logged()) {
			if json.Unmarshal([]byte(line), &at) == nil && at.Msg == "serving the log" {
				return true
			}
		}
		return false
	}, 20*time.Second, 10*time.Millisecond)
	there := []string{"--data", filepath.Join(dir, "node"), "--store", "esdb://" + at.Address + "?tls=false"}
	require.Contains(t, ok(t, append([]string{"list", "parties"}, there...)...), "Comune di Ancona")
	r := entente(t, "", append([]string{"do", "--actor", "clerk", ancona}, there...)...)
	require.NotZero(t, r.code, r.out)
	store, err := eventstore.Open(t.Context(), "esdb://"+at.Address+"?tls=false")
	require.NoError(t, err)
	defer func() { _ = store.Close() }()
	_, figures := s.ask("GET", "/metrics", "")
	require.Contains(t, figures, "\nentente_subscribers 0\n")
	for r, err := range store.Subscribe(t.Context(), 0) {
		require.NoError(t, err)
		if r.IsMarker() {
			_, figures = s.ask("GET", "/metrics", "")
			require.Contains(t, figures, "\nentente_subscribers 1\n")
			break
		}
	}
	s.stop()
}

func TestServeTraces(t *testing.T) {
	spans := make(chan string, 100)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		for _, name := range []string{"command party.register", "projection"} {
			if err == nil && strings.Contains(string(body), name) {
				spans <- r.URL.Path + " " + name
			}
		}
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
	s := serveLedger(t, filepath.Join(t.TempDir(), "data"))
	res, text := s.register("register-ancona")
	require.Equal(t, 201, res.StatusCode, text)
	seen, text := s.ask("GET", "/v1/party/"+stream(t, text)+"?min_position="+res.Header.Get("Ledger-Position"), "")
	require.Equal(t, 200, seen.StatusCode, text)
	s.stop()
	got := []string{<-spans, <-spans}
	require.ElementsMatch(t, []string{"/v1/traces command party.register", "/v1/traces projection"}, got)
}

// TestServeGoesOnWithoutTheLog damages the transparency log: the service says that
// it is not ready, and records all the same.
func TestServeGoesOnWithoutTheLog(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	ok(t, "do", "--actor", "clerk", "--data", data, ancona)
	require.NoError(t, os.WriteFile(filepath.Join(data, "tlog", "checkpoint"), []byte("another log\n7\nAAAA\n\n"), 0o600))
	s := serveLedger(t, data)
	require.Eventually(t, func() bool {
		res, _ := s.ask("GET", "/readyz", "")
		return res.StatusCode == http.StatusServiceUnavailable
	}, 20*time.Second, 20*time.Millisecond)
	require.Contains(t, s.logged(), `"part":"log"`)
	res, text := s.register("register-ancona")
	require.Equal(t, 201, res.StatusCode, text)
	res, _ = s.ask("GET", "/livez", "")
	require.Equal(t, 200, res.StatusCode)
	s.stop()
	require.Equal(t, 3, count(t, data))
}
