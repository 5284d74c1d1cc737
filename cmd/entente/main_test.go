package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// asMain has the test binary act as the program itself.
const asMain = "ENTENTE_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
	}
	code := m.Run()
	if err := os.RemoveAll(demonstrated); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// demonstrated is the folder in which the demo was recorded once, to be copied.
var demonstrated string

// program returns the program as a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe, args...)
	cmd.Env = append(os.Environ(), asMain+"=1")
	return cmd
}

// result is what a command line led to.
type result struct {
	code     int
	out, err string
}

// entente runs a command line in the test's own process.
func entente(t *testing.T, input string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), args, strings.NewReader(input), &out, &errs)
	return result{code, out.String(), errs.String()}
}

// ok is entente that must succeed, and returns its output.
func ok(t *testing.T, args ...string) string {
	t.Helper()
	r := entente(t, "", args...)
	require.Zero(t, r.code, r.err)
	return r.out
}

// lines returns the objects of NDJSON.
func lines(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	dec := json.NewDecoder(strings.NewReader(text))
	for dec.More() {
		var one map[string]any
		require.NoError(t, dec.Decode(&one))
		all = append(all, one)
	}
	require.Len(t, all, strings.Count(text, "\n"), "one object a line")
	return all
}

// demo returns a folder of the test's own with the demo recorded.
func demo(t *testing.T) string {
	t.Helper()
	if demonstrated == "" {
		dir, err := os.MkdirTemp("", "demo")
		require.NoError(t, err)
		demonstrated = dir
		ok(t, "demo", "--data", demonstrated)
	}
	data := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.CopyFS(data, os.DirFS(demonstrated)))
	return data
}
