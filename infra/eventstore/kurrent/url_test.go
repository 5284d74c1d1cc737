package kurrent_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
)

// What is wrong with a URL is said before anything is sent, and no password is
// said with it.
func TestOpenRefuses(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for name, c := range map[string]struct {
		url  string
		opts kurrent.Options
		want string
	}{
		"other_scheme":           {"http://h:1", kurrent.Options{}, "esdb.bad_url"},
		"other_discovery":        {"esdb+dns://h:1", kurrent.Options{}, "esdb.bad_url"},
		"no_slashes":             {"esdb:h:1", kurrent.Options{}, "esdb.bad_url"},
		"no_host":                {"esdb://", kurrent.Options{}, "esdb.bad_url"},
		"no_second_host":         {"esdb://a,", kurrent.Options{}, "esdb.bad_url"},
		"path":                   {"esdb://h/x", kurrent.Options{}, "esdb.bad_url"},
		"port_beyond_16_bits":    {"esdb://h:67649", kurrent.Options{}, "esdb.bad_url"},
		"port_0":                 {"esdb://h:0", kurrent.Options{}, "esdb.bad_url"},
		"ipv6":                   {"esdb://[::1]:2113", kurrent.Options{}, "esdb.bad_url"},
		"unknown_setting":        {"esdb://h?tlss=false", kurrent.Options{}, "esdb.unknown_setting"},
		"repeated_setting":       {"esdb://h?tls=true&tls=false", kurrent.Options{}, "more than once"},
		"bad_flag":               {"esdb://h?tls=no", kurrent.Options{}, "expected true or false"},
		"bad_deadline":           {"esdb://h?defaultDeadline=soon", kurrent.Options{}, "esdb.bad_setting"},
		"no_deadline":            {"esdb://h?defaultDeadline=0", kurrent.Options{}, "esdb.bad_setting"},
		"negative_deadline":      {"esdb://h", kurrent.Options{Deadline: -1}, "esdb.bad_deadline"},
		"no_gossip":              {"esdb://h?gossipTimeout=0", kurrent.Options{}, "esdb.bad_setting"},
		"follower":               {"esdb://h?nodePreference=follower", kurrent.Options{}, "expected leader"},
		"no_ca_file":             {"esdb://h?tlsCAFile=" + filepath.Join(t.TempDir(), "none"), kurrent.Options{}, "esdb.bad_setting"},
		"ca_file_without_any":    {"esdb://h?tlsCAFile=" + empty, kurrent.Options{}, "esdb.bad_setting"},
		"certificate_without_it": {"esdb://h?userCertFile=" + empty, kurrent.Options{}, "both or neither"},
		"bad_query":              {"esdb://h?tls=%zz", kurrent.Options{}, "esdb.bad_url"},
		"url_without_tls":        {"esdb://u:hunter2@127.0.0.1:1?tls=false", kurrent.Options{}, "esdb.credentials_without_tls"},
		"kurrentdb_without_tls":  {"kurrentdb://u:hunter2@h?TLS=False", kurrent.Options{}, "esdb.credentials_without_tls"},
		"remote_without_tls":     {"esdb://h:1?tls=false", kurrent.Options{Credential: "u:hunter2"}, "esdb.credentials_without_tls"},
		"one_of_them_is_remote":  {"esdb://127.0.0.1,10.0.0.1?tls=false", kurrent.Options{Credential: "u:hunter2"}, "esdb.credentials_without_tls"},
		"two_credentials":        {"esdb://u:hunter2@h", kurrent.Options{Credential: "u:hunter2"}, "esdb.two_credentials"},
		"no_user":                {"esdb://:hunter2@h", kurrent.Options{}, "esdb.bad_credential"},
		"no_password":            {"esdb://h", kurrent.Options{Credential: "hunter2"}, "esdb.bad_credential"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kurrent.Open(t.Context(), c.url, c.opts)
			require.ErrorIs(t, err, es.ErrInvalid)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestOpenAccepts(t *testing.T) {
	f := newFake(t)
	for name, url := range map[string]string{
		"esdb":          "esdb://ADDR?tls=false",
		"kurrentdb":     "kurrentdb://ADDR/?TLS=false&nodePreference=Leader&keepAliveInterval=-1",
		"every_setting": "kurrentdb://ADDR?tls=false&tlsVerifyCert=false&maxDiscoverAttempts=2&discoveryInterval=1&gossipTimeout=3&keepAliveTimeout=10000&keepAliveInterval=10000&defaultDeadline=9000",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := kurrent.Open(t.Context(), strings.ReplaceAll(url, "ADDR", f.addr), kurrent.Options{})
			require.NoError(t, err)
			require.NoError(t, s.Close())
		})
	}
	// The client forgets the address of a discovery that has several hosts.
	srv := serve(t, t.TempDir())
	for _, url := range []string{"esdb+discover://ADDR?tls=false", "esdb://ADDR,ADDR?tls=false", "kurrentdb+discover://ADDR,ADDR?tls=false"} {
		s, err := kurrent.Open(t.Context(), strings.ReplaceAll(url, "ADDR", srv.addr), kurrent.Options{Credential: credential})
		require.NoError(t, err, url)
		require.NoError(t, s.Close())
	}
}

// Without TLS the client drops a credential without a word. To this machine it
// is sent by us; without it the server takes no appends.
func TestCredentialToThisMachine(t *testing.T) {
	srv := serve(t, t.TempDir())
	for name, c := range map[string]struct {
		credential string
		want       error
	}{
		"right": {credential, nil},
		"none":  {"", es.ErrRejected},
		"wrong": {"ledger:wrong", es.ErrRejected},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := kurrent.Open(t.Context(), srv.url(), kurrent.Options{Credential: c.credential})
			if err == nil {
				_, err = s.Append(t.Context(), newStream(), 0, records(1)...)
				require.NoError(t, s.Close())
			}
			require.ErrorIs(t, err, c.want)
		})
	}
}

// The deadline of the URL is that of the calls; the client takes a bad one for
// one that has passed.
func TestDeadlineOfTheURL(t *testing.T) {
	f := newFake(t)
	f.onFeatures = func(_ int, ctx context.Context) error {
		<-ctx.Done()
		return nil
	}
	start := time.Now()
	_, err := kurrent.Open(t.Context(), "esdb://"+f.addr+"?tls=false&defaultDeadline=50&gossipTimeout=1", kurrent.Options{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 5*time.Second)
}
