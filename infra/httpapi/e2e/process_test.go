//go:build e2e

package e2e_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tool returns the path of a tool for node, which is installed if it is not yet.
func tool(t *testing.T, name string) string {
	t.Helper()
	if _, err := os.Stat("node_modules"); err != nil {
		out, err := exec.CommandContext(t.Context(), "npm", "ci").CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	return filepath.Join("node_modules", ".bin", name)
}

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "entente")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", exe, "../../../cmd/entente").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return exe
}

// start starts a process that is told to stop when the test ends. What it says on
// its error output is shown if the test fails.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	cmd.Stderr, cmd.WaitDelay = log, 10*time.Second
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		_ = log.Close()
		if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("%s: %s", filepath.Base(cmd.Path), text[max(0, len(text)-4000):])
		}
	})
}

// serve serves the ledger of a folder, and returns the URL.
func serve(t *testing.T, exe, data string, flags ...string) string {
	t.Helper()
	cmd := exec.Command(exe, append([]string{"serve", "--json", "--data", data, "--listen", "127.0.0.1:0", "--actor", "clerk-7"}, flags...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	start(t, cmd)
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	var said struct{ URL string }
	require.NoError(t, json.Unmarshal([]byte(line), &said))
	return said.URL
}

// between starts a proxy in front of a service that checks what it answers against
// a description, and returns the URL.
func between(t *testing.T, service string, text []byte) string {
	t.Helper()
	description := filepath.Join(t.TempDir(), "openapi.json")
	require.NoError(t, os.WriteFile(description, text, 0o600))
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	// requests are wrong on purpose, and checked by the service
	cmd := exec.Command(tool(t, "prism"), "proxy", description, service, "--port", port, "--validate-request=false", "--verboseLevel", "warn")
	start(t, cmd)
	url := "http://127.0.0.1:" + port
	require.Eventually(t, func() bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/livez", nil)
		require.NoError(t, err)
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = res.Body.Close()
		}
		return err == nil
	}, time.Minute, 50*time.Millisecond, "the proxy answers")
	return url
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, "%s", text)
	return text
}

// judged passes on answers, and tells of each that the proxy finds not to be as
// described.
type judged struct{ found func(what string) }

func (j *judged) Do(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	for _, text := range res.Header.Values("Sl-Violations") {
		var all []struct {
			Location []string
			Message  string
		}
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return nil, fmt.Errorf("read what the proxy found: %w: %s", err, text)
		}
		for _, one := range all {
			if !slices.Contains(one.Location, "request") { // which is wrong on purpose
				j.found(fmt.Sprintf("%s %s: %d: %s %s", r.Method, r.URL, res.StatusCode, strings.Join(one.Location, "."), one.Message))
			}
		}
	}
	return res, nil
}
