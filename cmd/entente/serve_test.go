package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

// hosted is a process that serves a ledger.
type hosted struct {
	t   *testing.T
	cmd *exec.Cmd
	url string
	out string // what it said first
	log string // the file of its log
}

// serveLedger serves the ledger of a folder in a process of its own.
func serveLedger(t *testing.T, data string, args ...string) *hosted {
	t.Helper()
	return startServing(t, append([]string{"serve", "--json", "--data", data, "--listen", "127.0.0.1:0"}, args...)...)
}

// startServing runs a command line that serves a ledger, and says so as JSON.
func startServing(t *testing.T, args ...string) *hosted {
	t.Helper()
	s := &hosted{t: t, log: filepath.Join(t.TempDir(), "log")}
	s.cmd = program(t, args...)
	log, err := os.Create(s.log)
	require.NoError(t, err)
	s.cmd.Stderr = log
	out, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.cmd.Start())
	require.NoError(t, log.Close())
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	var said struct{ URL, Operator string }
	for in := bufio.NewReader(out); said.URL == ""; {
		line, err := in.ReadString('\n')
		require.NoError(t, err, "it says where it is: %s", s.logged())
		require.NoError(t, json.Unmarshal([]byte(line), &said))
	}
	s.url, s.out = said.URL, said.Operator
	return s
}

func (s *hosted) logged() string {
	text, err := os.ReadFile(s.log)
	require.NoError(s.t, err)
	return string(text)
}

// stop tells the process to stop, and waits until it did, with what it accepted
// finished.
func (s *hosted) stop() {
	s.t.Helper()
	require.NoError(s.t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(s.t, s.cmd.Wait(), s.logged())
}

// ask sends a request, with members of the header by turns.
func (s *hosted) ask(method, path, body string, header ...string) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return res, string(text)
}

const municipality = `{"kind":"municipality","name":{"lang":"it","value":"Comune di Ancona"}}`

func (s *hosted) register(key string, header ...string) (*http.Response, string) {
	return s.ask("POST", "/v1/party", municipality, append(header, "Content-Type", "application/json", "Idempotency-Key", key)...)
}

func TestServe(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := serveLedger(t, data, "--actor", "clerk-7")
	require.Equal(t, "clerk-7", s.out)
	res, text := s.register("register-ancona")
	require.Equal(t, 201, res.StatusCode, text)
	require.Contains(t, text, `"actor":"clerk-7"`)

	require.Eventually(t, func() bool {
		_, checkpoint := s.ask("GET", "/tlog/checkpoint", "")
		return strings.Contains(checkpoint, "\n2\n")
	}, 20*time.Second, 20*time.Millisecond, "what is recorded is sealed")
	res, text = s.ask("GET", "/readyz", "")
	require.Equal(t, 200, res.StatusCode, text)
	_, text = s.ask("GET", "/metrics", "")
	require.Contains(t, text, `entente_command_seconds_count{aggregate="party"} 1`)
	require.Contains(t, text, "entente_sealing_age_seconds")
	res, _ = s.ask("GET", "/debug/pprof/", "")
	require.Equal(t, 200, res.StatusCode)
	res, _ = s.ask("GET", "/tlog/../events.db", "")
	require.Equal(t, 404, res.StatusCode)

	res, text = s.ask("POST", "/v1/batch", `{"command":"person.register","payload":{"vault":{"name":"Ada Example"}}}`+"\n",
		"Content-Type", "application/x-ndjson", "Idempotency-Key", "register-ada")
	require.Equal(t, 200, res.StatusCode)
	require.Contains(t, text, `"status":201`)
	require.NotContains(t, text, "Ada")
	var line struct{ Recorded struct{ Stream string } }
	require.NoError(t, json.Unmarshal([]byte(text), &line))

	hash := sha256.Sum256([]byte("the text"))
	res, text = s.ask("PUT", "/v1/documents/"+hex.EncodeToString(hash[:]), "the text")
	require.Equal(t, 204, res.StatusCode, text)

	conflict := entente(t, "", "do", "--actor", "clerk", "--data", data, ancona)
	require.Equal(t, es.ErrConflict.Exit(), conflict.code, "the folder is in use: %s", conflict.err)
	s.stop()
	require.Contains(t, ok(t, "person", "show", line.Recorded.Stream, "--data", data), "Ada Example")
	require.NotContains(t, s.logged(), "Ada")
	require.NotContains(t, s.logged(), `"level":"ERROR"`)
	ok(t, "verify", "--full", "--data", data)

	s = serveLedger(t, data, "--actor", "clerk-7")
	res, text = s.register("register-ancona")
	require.Equal(t, "true", res.Header.Get("Idempotency-Replayed"), "the ledger knows it after a restart")
	var city struct{ Stream string }
	require.NoError(t, json.Unmarshal([]byte(text), &city))
	res, text = s.ask("POST", "/v1/person/"+line.Recorded.Stream+"/erase", `{"fact":{"authority":"`+city.Stream+`"},"reason":"request"}`,
		"Content-Type", "application/json", "Idempotency-Key", "erase-ada", "If-Match", `"1"`)
	require.Equal(t, 200, res.StatusCode, text)
	s.stop()
	require.Contains(t, ok(t, "person", "show", line.Recorded.Stream, "--data", data), "erased")
}

// TestServeStopsUnderLoad tells a process to stop while clients record: what it
// answered is in the ledger, and sealed.
func TestServeStopsUnderLoad(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := serveLedger(t, data, "--rate", "0")
	var wg sync.WaitGroup
	var recorded atomic.Int64
	for range 8 {
		wg.Go(func() {
			for {
				r, err := http.NewRequest("POST", s.url+"/v1/party", strings.NewReader(municipality))
				if err != nil {
					return
				}
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Idempotency-Key", uuid.NewString())
				res, err := http.DefaultClient.Do(r)
				if err != nil {
					return // it accepts nothing more
				}
				_, err = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if err == nil && res.StatusCode == 201 {
					recorded.Add(1)
				}
			}
		})
	}
	require.Eventually(t, func() bool { return recorded.Load() > 50 }, 30*time.Second, time.Millisecond)
	s.stop()
	wg.Wait()
	require.EqualValues(t, recorded.Load()+1, count(t, data), "the opening, and each that was answered")
	require.Contains(t, ok(t, "verify", "--data", data), "no damage was found")
	require.NotContains(t, ok(t, "verify", "--data", data), "not sealed yet")
}

func TestServeIdentities(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	ok(t, "do", "--actor", "clerk", "--data", data, ancona)
	registry, err := access.OpenRegistry(t.Context(), filepath.Join(data, access.RegistryFile), access.Options{})
	require.NoError(t, err)
	token := func(role access.Role) string {
		account, err := registry.Create(t.Context(), "installer", uuid.New(), access.Subject{}, access.Grants{Roles: []access.Role{role}})
		require.NoError(t, err)
		issued, _, err := registry.Issue(t.Context(), "installer", account.ID, time.Now().Add(time.Hour))
		require.NoError(t, err)
		return "Bearer " + issued.Reveal()
	}
	registrar, auditor := token(access.RoleRegistrar), token(access.RoleAuditor)
	require.NoError(t, registry.Close())

	s := serveLedger(t, data, "--anonymous")
	require.Empty(t, s.out, "there is no local operator")
	res, text := s.register("by-the-registrar", "Authorization", registrar)
	require.Equal(t, 201, res.StatusCode, text)
	require.Contains(t, text, `"actor":"id-`)
	for name, who := range map[string]struct {
		header string
		status int
		code   string
	}{
		"auditor": {auditor, 403, "access.denied"}, "stranger": {"", 403, "access.denied"}, "forger": {"Bearer ent_x", 401, "access.bad_token"},
		"other_scheme": {"Basic eDp5", 401, "access.unauthenticated"},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{}
			if who.header != "" {
				header = []string{"Authorization", who.header}
			}
			res, text := s.register(uuid.NewString(), header...)
			require.Equal(t, who.status, res.StatusCode, text)
			require.Contains(t, text, who.code)
		})
	}
	res, _ = s.ask("GET", "/tlog/log.vkey", "")
	require.Equal(t, 403, res.StatusCode)
	res, _ = s.ask("GET", "/tlog/log.vkey", "", "Authorization", auditor)
	require.Equal(t, 200, res.StatusCode)
	res, _ = s.ask("GET", "/metrics", "", "Authorization", auditor)
	require.Equal(t, 403, res.StatusCode)
	s.stop()
	require.NotContains(t, s.logged(), strings.TrimPrefix(registrar, "Bearer "))
	journal, err := access.OpenJournal(t.Context(), filepath.Join(data, access.JournalFile), access.JournalOptions{})
	require.NoError(t, err)
	defer func() { require.NoError(t, journal.Close()) }()
	refused := 0
	for e, err := range journal.All(t.Context(), access.Filter{}) {
		require.NoError(t, err)
		require.NotEmpty(t, e.Request)
		refused++
	}
	require.Equal(t, 6, refused, "two commands, a file of the log, the figures, and two who were not known")
}

func TestServeRefusesToStart(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for name, args := range map[string][]string{
		"open_to_others":       {"--listen", "0.0.0.0:0"},
		"open_to_others_by_6":  {"--listen", "[::]:0"},
		"open_to_all":          {"--listen", ":0"},
		"open_behind_a_proxy":  {"--listen", "0.0.0.0:0", "--behind-proxy"},
		"no_port":              {"--listen", "localhost"},
		"certificate_alone":    {"--tls-cert", "chain.pem"},
		"no_such_certificate":  {"--tls-cert", "chain.pem", "--tls-key", "key.pem", "--listen", "127.0.0.1:0"},
		"origin_of_everybody":  {"--cors-origin", "*"},
		"origin_with_a_path":   {"--cors-origin", "https://www.example.org/"},
		"wire_open_to_others":  {"--listen", "127.0.0.1:0", "--esdb-listen", "0.0.0.0:0"},
		"argument_too_many":    {"now"},
		"wire_without_a_port":  {"--listen", "127.0.0.1:0", "--esdb-listen", "localhost"},
		"time_that_is_no_time": {"--verify-every", "daily"},
	} {
		t.Run(name, func(t *testing.T) {
			r := entente(t, "", append([]string{"serve", "--data", data}, args...)...)
			require.Equal(t, es.ErrInvalid.Exit(), r.code, r.err)
		})
	}
}
