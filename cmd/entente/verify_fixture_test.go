package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/infra/tlog"
)

// inspected is a ledger made with the commands: the demo, a document, and two
// checkpoints that somebody keeps elsewhere.
type inspected struct {
	data         string
	older, newer string // files of checkpoints
}

func newInspected(t *testing.T) inspected {
	t.Helper()
	a := inspected{data: demo(t), older: filepath.Join(t.TempDir(), "older"), newer: filepath.Join(t.TempDir(), "newer")}
	ok(t, "checkpoint", "-o", a.older, "--data", a.data)
	source := lines(t, ok(t, "do", "--json", "--actor", "clerk-7", "--data", a.data,
		`{"command":"source.register","payload":{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}}`))[0]["stream"].(string)
	file := filepath.Join(t.TempDir(), "pagina.html")
	require.NoError(t, os.WriteFile(file, []byte("<p>Ancona</p>"), 0o600))
	ok(t, "do", "--actor", "clerk-7", "--data", a.data, fmt.Sprintf(`{"command":"source.attach_file","to":%q,"file":%q}`, source, file))
	ok(t, "checkpoint", "-o", a.newer, "--data", a.data)
	ok(t, "list", "--data", a.data)
	return a
}

// copied returns a copy of the folder.
func (a inspected) copied(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.CopyFS(data, os.DirFS(a.data)))
	return data
}

// sql runs statements on a database; each must change something.
func sql(t *testing.T, file string, statements ...string) {
	t.Helper()
	conn, err := sqlite.OpenConn(file, sqlite.OpenReadWrite)
	require.NoError(t, err)
	for _, s := range statements {
		require.NoError(t, sqlitex.ExecuteTransient(conn, s, nil), s)
		require.Positive(t, conn.Changes(), s)
	}
	require.NoError(t, conn.Close())
}

// flip changes a byte of a file.
func flip(t *testing.T, file string, at int) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	content[at] ^= 1
	require.NoError(t, os.WriteFile(file, content, 0o600))
}

// fingerprint says what is in a folder, byte for byte.
func fingerprint(t *testing.T, folder string) string {
	t.Helper()
	h := sha256.New()
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		_, _ = fmt.Fprintf(h, "%s %d\n%s", path, len(content), content)
		return err
	}))
	return string(h.Sum(nil))
}

// damages returns what verify found, and what it says at the end.
func damages(t *testing.T, r result) (found []map[string]any, end map[string]any) {
	t.Helper()
	all := lines(t, r.out)
	return all[:len(all)-1], all[len(all)-1]
}

func codes(found []map[string]any) (all []string) {
	for _, f := range found {
		all = append(all, f["code"].(string))
	}
	return all
}

const changeActor = "UPDATE events SET meta = replace(meta, '\"actor\":\"demo\"', '\"actor\":\"dem0\"') WHERE position = 100"

// fork changes an event, and seals all as though it had always been so.
func fork(t *testing.T, data string) {
	sql(t, filepath.Join(data, "events.db"), changeActor)
	again(t, data)
}

// again seals all anew, with the key of the log, as though it had never been sealed.
func again(t *testing.T, data string) {
	require.NoError(t, os.RemoveAll(filepath.Join(data, "tlog")))
	sql(t, filepath.Join(data, "events.db"),
		"DELETE FROM events WHERE stream = (SELECT id FROM streams WHERE name = '"+tlog.CheckpointStream+"')",
		"UPDATE events SET position = -(SELECT count(*) FROM events AS o WHERE o.position <= events.position) WHERE position > 0",
		"UPDATE events SET position = -position")
	ok(t, "checkpoint", "--data", data)
}

// foreign returns a file of the log of the same events by another key.
func foreign(t *testing.T, base inspected, name string) string {
	t.Helper()
	data := base.copied(t)
	require.NoError(t, os.Remove(filepath.Join(data, "log.key")))
	again(t, data)
	return filepath.Join(data, "tlog", name)
}

func replace(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, content, 0o600))
}

// flippedLast changes a byte of the last tile of a level, which is not full.
func flippedLast(level string) func(t *testing.T, data string) {
	return func(t *testing.T, data string) {
		widest, size := "", 0
		require.NoError(t, filepath.WalkDir(filepath.Join(data, "tlog", "tile", level), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.Contains(path, ".p") {
				content, err := os.ReadFile(path)
				if len(content) > size {
					widest, size = path, len(content)
				}
				return err
			}
			return err
		}))
		flip(t, widest, size-10)
	}
}

func document(t *testing.T, data string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(data, "documents", "??", "*"))
	require.NoError(t, err)
	require.Len(t, found, 1)
	content, err := os.ReadFile(found[0])
	require.NoError(t, err)
	require.True(t, bytes.Contains(content, []byte("Ancona")))
	return found[0]
}

func views(t *testing.T, data string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(data, "views", "*.db"))
	require.NoError(t, err)
	require.Len(t, found, 1)
	return found[0]
}
