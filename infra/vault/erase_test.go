package vault_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/vault"
)

// count returns how often any of needles occurs in the files beside path.
func count(t *testing.T, path string, needles ...string) int {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	n := 0
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(path), f.Name()))
		require.NoError(t, err)
		for _, needle := range needles {
			n += bytes.Count(content, []byte(needle))
		}
	}
	return n
}

func requireGone(t *testing.T, path string, entries ...vault.Entry) {
	t.Helper()
	for _, e := range entries {
		require.Zero(t, count(t, path, e.Name, e.Contact))
	}
}

func TestErase(t *testing.T) {
	path := newPath(t)
	v := open(t, path)
	id, _ := put(t, v, mira)
	other, c := put(t, v, anton)
	o, err := v.Opening(t.Context(), id)
	require.NoError(t, err)
	salt := string(o.Salt[:])
	require.Equal(t, 3, count(t, path, mira.Name, mira.Contact, salt), "there to be found")

	require.NoError(t, v.Erase(t.Context(), id))
	require.Zero(t, count(t, path, mira.Name, mira.Contact, salt))

	t.Run("known_as_erased", func(t *testing.T) {
		_, err := v.Get(t.Context(), id)
		requireError(t, err, es.ErrNotFound, vault.CodeErased)
	})
	t.Run("not_put_again", func(t *testing.T) {
		_, err := v.Put(t.Context(), id, mira)
		requireError(t, err, es.ErrRejected, vault.CodeErased)
		requireGone(t, path, mira)
	})
	t.Run("again", func(t *testing.T) {
		require.NoError(t, v.Erase(t.Context(), id))
	})
	t.Run("before_ever_put", func(t *testing.T) {
		early := uuid.New()
		require.NoError(t, v.Erase(t.Context(), early))
		_, err := v.Put(t.Context(), early, mira)
		requireError(t, err, es.ErrRejected, vault.CodeErased)
	})
	t.Run("others_stay", func(t *testing.T) {
		o, err := v.Opening(t.Context(), other)
		require.NoError(t, err)
		require.NoError(t, vault.Verify(c, o))
	})
}

// crowd writes n persons past the vault, which is closed, and returns them in
// random order.
func crowd(t *testing.T, path string, r *rand.Rand, n int) (ids []uuid.UUID, entries []vault.Entry) {
	t.Helper()
	c := raw(t, path)
	script(t, c, "BEGIN")
	for i := range n {
		id := uuid.NewSHA1(uuid.Nil, fmt.Append(nil, i))
		e := vault.Entry{
			Name:    fmt.Sprintf("Person<%04d>", i),
			Contact: fmt.Sprintf("Contact<%04d> %s", i, strings.Repeat("c", r.IntN(900))),
		}
		require.NoError(t, sqlitex.Execute(c, "INSERT INTO person VALUES (?, ?, '', ?, ?)", &sqlitex.ExecOptions{
			Args: []any{id[:], e.Name, e.Contact, bytes.Repeat([]byte{byte(i)}, vault.SaltBytes)},
		}))
		ids, entries = append(ids, id), append(entries, e)
	}
	script(t, c, "COMMIT")
	require.NoError(t, c.Close())
	r.Shuffle(n, func(i, j int) {
		ids[i], ids[j] = ids[j], ids[i]
		entries[i], entries[j] = entries[j], entries[i]
	})
	return ids, entries
}

// TestEraseLeavesNoCopies fails if the file is not rewritten: merging pages
// leaves whole rows in their slack, whatever PRAGMA secure_delete says.
func TestEraseLeavesNoCopies(t *testing.T) {
	for seed := range uint64(4) {
		path := newPath(t)
		require.NoError(t, open(t, path).Close())
		ids, entries := crowd(t, path, rand.New(rand.NewPCG(seed, 0)), 1500)
		const gone = 1200
		v := open(t, path, append(ids[:gone:gone], ids[:10]...)...)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, e := range entries[:gone] {
			require.False(t, bytes.Contains(content, []byte(e.Name)), "%d: %s", seed, e.Name)
			require.False(t, bytes.Contains(content, []byte(e.Contact[:13])), "%d: %s", seed, e.Name)
		}
		for i, id := range ids[gone:] {
			got, err := v.Get(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, got, entries[gone+i])
		}
		for i, id := range ids[gone : gone+5] {
			require.NoError(t, v.Erase(t.Context(), id))
			requireGone(t, path, entries[gone+i])
		}
	}
}

func TestOpenErases(t *testing.T) {
	t.Run("restored_backup", func(t *testing.T) {
		path := newPath(t)
		v := open(t, path)
		id, _ := put(t, v, mira)
		other, _ := put(t, v, anton)
		backup, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, v.Erase(t.Context(), id))
		require.NoError(t, v.Close())

		require.NoError(t, os.WriteFile(path, backup, 0o600))
		require.NotZero(t, count(t, path, mira.Name), "back again")
		v = open(t, path, id, uuid.New())
		requireGone(t, path, mira)
		_, err = v.Get(t.Context(), id)
		requireError(t, err, es.ErrNotFound, vault.CodeErased)
		_, err = v.Get(t.Context(), other)
		require.NoError(t, err)
	})
	t.Run("backup_with_write_ahead_log", func(t *testing.T) {
		path := newPath(t)
		v := open(t, path)
		id, _ := put(t, v, mira)
		require.NoError(t, v.Close())
		c := raw(t, path)
		script(t, c, "PRAGMA journal_mode = WAL; UPDATE person SET contact = contact || ' and more'")
		restored := newPath(t)
		for _, suffix := range []string{"", "-wal"} {
			content, err := os.ReadFile(path + suffix)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(restored+suffix, content, 0o644))
		}
		require.NotZero(t, count(t, restored, mira.Name))
		open(t, restored, id)
		requireGone(t, restored, mira)
		require.NoFileExists(t, restored+"-wal")
	})
	t.Run("crash_before_scrubbing", func(t *testing.T) {
		path := newPath(t)
		v := open(t, path)
		put(t, v, anton)
		put(t, v, mira)
		require.NoError(t, v.Close())
		c := raw(t, path)
		script(t, c, `PRAGMA secure_delete = OFF;
			INSERT INTO erased SELECT id, 0 FROM person WHERE name_lang = 'uk';
			DELETE FROM person WHERE name_lang = 'uk'`)
		require.NoError(t, c.Close())
		require.NotZero(t, count(t, path, mira.Name), "in free space")

		open(t, path)
		requireGone(t, path, mira)
	})
}

func TestEraseWhileAnotherReads(t *testing.T) {
	path := newPath(t)
	v, err := vault.Open(t.Context(), path, nil, vault.Options{Wait: 20 * time.Millisecond})
	require.NoError(t, err)
	defer func() { _ = v.Close() }()
	id, _ := put(t, v, mira)

	reader := raw(t, path)
	script(t, reader, "BEGIN; SELECT * FROM person")
	requireError(t, v.Erase(t.Context(), id), es.ErrConflict, vault.CodeBusy)
	script(t, reader, "COMMIT")
	require.NoError(t, v.Erase(t.Context(), id))
	requireGone(t, path, mira)
}
