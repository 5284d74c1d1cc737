package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/entente-ledger/entente/domain/es"
)

// served is the store of a folder while it is served.
type served struct {
	url, credential string
	stop            func()
}

// serveStore serves the store of a folder by the command that does that, until
// the test ends or stop is called.
func serveStore(t *testing.T, args ...string) served {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var errs bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"store", "serve", "--json", "--listen", "127.0.0.1:0"}, args...), strings.NewReader(""), in, &errs)
		_ = in.Close()
	}()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	require.NoError(t, err, "it says where it is")
	var said struct{ URL, Credential string }
	require.NoError(t, json.Unmarshal(line, &said))
	stopped := false
	s := served{said.URL, said.Credential, func() {
		if !stopped {
			stopped = true
			cancel()
			require.Zero(t, <-ended, errs.String())
		}
	}}
	t.Cleanup(s.stop)
	return s
}

// TestDemoOnAServer checks that the demo gives the same register in a store that
// is served as in one in a folder, and that it can be taken from either to the
// other.
func TestDemoOnAServer(t *testing.T) {
	dir := t.TempDir()
	here, there := filepath.Join(dir, "here"), filepath.Join(dir, "there")
	ok(t, "demo", "--data", here)
	s := serveStore(t, "--data", filepath.Join(dir, "store"))
	t.Setenv("ENTENTE_STORE_CREDENTIAL", s.credential)
	ok(t, "demo", "--data", there, "--store", s.url)
	require.Contains(t, ok(t, "demo", "--data", there, "--store", s.url), "0 new events")

	questions := [][]string{
		{"list"},
		{"list", "--as-of", "2019"},
		{"list", "parties"},
		{"roster", "Strong Cities Network"},
		{"due", "--within", "20y"},
		{"search", "θεσσαλονικη"},
	}
	same := func(t *testing.T, where ...string) {
		t.Helper()
		for _, q := range questions {
			require.Equal(t, ok(t, append(q, "--json", "--data", here)...), ok(t, append(append(q, "--json"), where...)...), q)
		}
	}
	same(t, "--data", there, "--store", s.url)
	status := lines(t, ok(t, "status", "--json", "--data", there, "--store", s.url))[0]
	require.Equal(t, s.url, status["store"])
	require.EqualValues(t, count(t, here), status["events"])

	t.Run("moved_to_a_folder_and_back", func(t *testing.T) {
		log := ok(t, "log", "--json", "--data", there, "--store", s.url)
		folder, again := "file:"+filepath.Join(dir, "folder"), filepath.Join(dir, "again")
		first := lines(t, ok(t, "migrate", "--json", "--from", s.url, "--to", folder))[0]
		require.EqualValues(t, first["records"], first["copied"])
		same(t, "--data", there, "--store", folder)
		require.Equal(t, log, ok(t, "log", "--json", "--data", there, "--store", folder))

		back := serveStore(t, "--data", again)
		t.Setenv("ENTENTE_STORE_CREDENTIAL", back.credential)
		second := lines(t, ok(t, "migrate", "--json", "--from", folder, "--to", back.url))[0]
		require.Equal(t, first["sha256"], second["sha256"])
		require.Equal(t, first["records"], second["copied"])
		require.EqualValues(t, 0, lines(t, ok(t, "migrate", "--json", "--from", folder, "--to", back.url))[0]["copied"])
		require.Equal(t, log, ok(t, "log", "--json", "--data", there, "--store", back.url))
		require.Contains(t, ok(t, "demo", "--data", there, "--store", back.url), "0 new events")

		r := entente(t, "", "migrate", "--from", "file:"+here, "--to", back.url)
		require.Equal(t, es.ErrConflict.Exit(), r.code)
		require.Contains(t, r.err, "migrate.other_log")
	})
	t.Run("a_dry_run_leaves_it_alone", func(t *testing.T) {
		before := ok(t, "log", "--json", "--data", there, "--store", s.url)
		out := ok(t, "import", "../../examples/twinning.csv", "--mapping", "../../examples/twinning.yaml", "--actor", "clerk",
			"--dry-run", "--data", there, "--store", s.url)
		require.Contains(t, out, "recorded")
		require.Equal(t, before, ok(t, "log", "--json", "--data", there, "--store", s.url))
	})
	t.Run("without_the_credential_it_is_for_reading", func(t *testing.T) {
		t.Setenv("ENTENTE_STORE_CREDENTIAL", "")
		ok(t, "list", "--data", there, "--store", s.url)
		r := entente(t, "", "do", "--actor", "clerk", "--data", there, "--store", s.url, ancona)
		require.Equal(t, es.ErrRejected.Exit(), r.code)
		require.Contains(t, r.err, "esdb.access_denied")
	})
}

func TestStoreServe(t *testing.T) {
	t.Run("the_credential_stays", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		s := serveStore(t, "--data", data)
		first, err := os.ReadFile(s.credential)
		require.NoError(t, err)
		info, err := os.Stat(s.credential)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
		r := entente(t, "", "store", "serve", "--data", data, "--listen", "127.0.0.1:0")
		require.Equal(t, es.ErrConflict.Exit(), r.code)
		require.Contains(t, r.err, "store.locked")
		s.stop()
		again, err := os.ReadFile(serveStore(t, "--data", data).credential)
		require.NoError(t, err)
		require.Equal(t, first, again)
		other, err := os.ReadFile(serveStore(t, "--data", filepath.Join(t.TempDir(), "data")).credential)
		require.NoError(t, err)
		require.NotEqual(t, first, other)
	})
	t.Run("who_is_let_in", func(t *testing.T) {
		hash, err := bcrypt.GenerateFromPassword([]byte("open"), bcrypt.MinCost)
		require.NoError(t, err)
		users := filepath.Join(t.TempDir(), "users")
		require.NoError(t, os.WriteFile(users, append([]byte("# of the port\nann:"), hash...), 0o600))
		s := serveStore(t, "--data", filepath.Join(t.TempDir(), "data"), "--users", users)
		views := filepath.Join(t.TempDir(), "views")
		r := entente(t, "", "list", "--data", views, "--store", s.url)
		require.Equal(t, es.ErrRejected.Exit(), r.code)
		require.Contains(t, r.err, "esdb.unauthenticated")
		t.Setenv("ENTENTE_STORE_CREDENTIAL", s.credential)
		r = entente(t, "", "list", "--data", views, "--store", s.url)
		require.Contains(t, r.err, "there is no ledger in "+s.url)
		ok(t, "do", "--actor", "clerk", "--data", views, "--store", s.url, ancona)
	})
	bad := filepath.Join(t.TempDir(), "bad")
	require.NoError(t, os.WriteFile(bad, []byte("ann:secret\n"), 0o600))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"reached_by_others":   {[]string{"--listen", "0.0.0.0:0"}, "cli.not_secured"},
		"every_address":       {[]string{"--listen", ":0"}, "cli.not_secured"},
		"by_name":             {[]string{"--listen", "example.com:1"}, "cli.not_secured"},
		"half_secured":        {[]string{"--listen", "0.0.0.0:0", "--users", bad}, "cli.bad_users"},
		"no_port":             {[]string{"--listen", "127.0.0.1"}, "cli.usage"},
		"taken":               {[]string{"--listen", "127.0.0.1:1000000"}, "cli.cannot_listen"},
		"no_key":              {[]string{"--tls-cert", bad}, "cli.usage"},
		"no_certificate":      {[]string{"--tls-cert", bad, "--tls-key", bad}, "cli.usage"},
		"users_without_hash":  {[]string{"--users", bad}, "line 1 of"},
		"users_not_there":     {[]string{"--users", bad + "x"}, "cli.bad_users"},
		"a_store_elsewhere":   {[]string{"--store", "esdb://x"}, "cli.usage"},
		"not_a_word_more":     {[]string{"now"}, "cli.usage"},
		"an_unknown_argument": {[]string{"--lissten", "x"}, "cli.usage"},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			r := entente(t, "", append([]string{"store", "serve", "--data", data}, c.args...)...)
			require.NotZero(t, r.code)
			require.Contains(t, r.err, c.want)
			require.NoDirExists(t, data)
		})
	}
}

func TestStoreRefuses(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.WriteFile(empty, []byte("ledger\n"), 0o600))
	for name, c := range map[string]struct {
		credential string
		args       []string
		want       string
	}{
		"unknown_kind":       {"", []string{"list", "--store", "postgres://me:hidden@x/y"}, "store.unknown_kind"},
		"password_in_clear":  {"", []string{"list", "--store", "esdb://me:hidden@localhost?tls=false"}, "esdb.credentials_without_tls"},
		"unknown_setting":    {"", []string{"list", "--store", "esdb://localhost?tsl=false"}, "esdb.unknown_setting"},
		"nobody_there":       {"", []string{"list", "--store", "esdb://127.0.0.1:1?tls=false&defaultDeadline=300"}, "find the server"},
		"no_credential_file": {filepath.Join(dir, "none"), []string{"list", "--store", "esdb://127.0.0.1:1?tls=false"}, "cli.bad_credential"},
		"no_credential":      {empty, []string{"list", "--store", "esdb://127.0.0.1:1?tls=false"}, "cli.bad_credential"},
		"migrate_nothing":    {"", []string{"migrate", "--from", "file:" + filepath.Join(dir, "a"), "--to", "file:" + filepath.Join(dir, "b")}, "store.not_found"},
		"migrate_one":        {"", []string{"migrate", "--to", "file:" + filepath.Join(dir, "b")}, "cli.usage"},
		"what":               {"", []string{"store"}, "cli.usage"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("ENTENTE_STORE_CREDENTIAL", c.credential)
			r := entente(t, "", append([]string{"--data", filepath.Join(dir, "data")}, c.args...)...)
			require.NotZero(t, r.code)
			require.Contains(t, r.err, c.want)
			require.NotContains(t, r.err, "hidden")
		})
	}
}
