package bundle_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// needTools skips where a tool of the script is missing, which is not in what
// every change must pass.
func needTools(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"bash", "openssl", "jq", "sha256sum", "base64", "od", "cmp"} {
		if _, err := exec.LookPath(tool); err != nil {
			require.Empty(t, os.Getenv("ENTENTE_CI"), "%s is missing", tool)
			t.Skipf("%s is missing", tool)
		}
	}
	version, err := exec.Command("openssl", "version").Output()
	require.NoError(t, err)
	if major, _, _ := strings.Cut(strings.TrimPrefix(string(version), "OpenSSL "), "."); strings.HasPrefix(string(version), "LibreSSL") || major < "3" {
		require.Empty(t, os.Getenv("ENTENTE_CI"), "openssl is too old: %s", version)
		t.Skipf("openssl is too old: %s", version)
	}
}

// verify runs the script of the evidence in a folder.
func verify(t *testing.T, dir, key string) (output string, err error) {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), "bash", filepath.Join(dir, "verify.sh"), key).CombinedOutput()
	return string(text), err
}

func write(t *testing.T, dir string, files []file) {
	t.Helper()
	for _, f := range files {
		to := filepath.Join(dir, filepath.FromSlash(f.name))
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o700))
		require.NoError(t, os.WriteFile(to, []byte(f.content), 0o600))
	}
}

// TestScript runs the check that needs no entente.
func TestScript(t *testing.T) {
	needTools(t)
	packed, by, a := evidence(t)
	files := unpack(t, packed)
	key := filepath.Join(t.TempDir(), "log.vkey")
	require.NoError(t, os.WriteFile(key, append(by.VKey, '\n'), 0o600))
	whole := t.TempDir()
	write(t, whole, files)
	out, err := verify(t, whole, key)
	require.NoError(t, err, out)
	require.Contains(t, out, "8 events: each is in the log as it is here")
	require.Contains(t, out, "1 documents: as they were")

	last := "0008"
	for name, c := range map[string]struct{ file, old, text, says string }{
		"data":              {"events/" + last + ".json", "Pagina", "Pagine", "not the event that was sealed"},
		"actor":             {"events/0001.json", "clerk – 7", "clerk – 9", "not the event that was sealed"},
		"revision":          {"events/0002.json", `"revision": 2`, `"revision": 3`, "not the event that was sealed"},
		"an_event_is_gone":  {"events/0002.json", "", "", "revision 2 of"},
		"events_at_the_end": {"events/" + last + ".json", "", "", "not as many events"},
		"receipt_is_gone":   {"receipts/0002.tlog-proof", "", "", "no receipt"},
		"index":             {"receipts/0001.tlog-proof", "index 4", "index 5", "not in the log"},
		"beyond":            {"receipts/0001.tlog-proof", "index 4", "index 40", "beyond the log"},
		"proof":             {"receipts/0003.tlog-proof", "=\n\n", "=\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n", "its proof is too long"},
		"root":              {"checkpoint", "\n\n", "A\n\n", "signature of the checkpoint is wrong"},
		"size":              {"checkpoint", "\n9\n", "\n8\n", "signature of the checkpoint is wrong"},
		"name":              {"checkpoint", "— " + origin, "— x" + origin, "not signed with this key"},
		"another_note":      {"receipts/0001.tlog-proof", "— witness", "— vitness", "another checkpoint"},
		"document":          {"documents/" + a.text, "text", "test", "it has been changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			changed := slices.Clone(files)
			i := slices.IndexFunc(changed, func(f file) bool { return f.name == c.file })
			require.GreaterOrEqual(t, i, 0)
			if c.old == "" {
				changed = slices.Delete(changed, i, i+1)
			} else {
				require.Contains(t, changed[i].content, c.old)
				changed[i].content = strings.Replace(changed[i].content, c.old, c.text, 1)
			}
			write(t, dir, changed)
			out, err := verify(t, dir, key)
			require.Error(t, err)
			require.Contains(t, out, "FAILED: ")
			require.Contains(t, out, c.says)
		})
	}
	t.Run("another_key", func(t *testing.T) {
		other := filepath.Join(t.TempDir(), "log.vkey")
		require.NoError(t, os.WriteFile(other, []byte(newArchive(t).key.VKey), 0o600))
		out, err := verify(t, whole, other)
		require.Error(t, err)
		require.Contains(t, out, "not signed with this key")
	})
	t.Run("a_changed_key", func(t *testing.T) {
		other := filepath.Join(t.TempDir(), "log.vkey")
		require.NoError(t, os.WriteFile(other, []byte(strings.Replace(string(by.VKey), "+A", "+B", 1)), 0o600))
		out, err := verify(t, whole, other)
		require.Error(t, err)
		require.Contains(t, out, "FAILED: the key")
	})
}
