package vault_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/vault"
)

// Nobody is called so.
var (
	mira  = vault.Entry{Name: "Міра Зразкова", NameLang: "uk", Contact: "mira@example.org"}
	anton = vault.Entry{Name: "Anton Muster", NameLang: "de", Contact: "+43 000 000"}
)

func newPath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "vault.db")
}

func open(t *testing.T, path string, erased ...uuid.UUID) *vault.Vault {
	t.Helper()
	v, err := vault.Open(t.Context(), path, sequence(nil, erased...), vault.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = v.Close() })
	return v
}

// sequence yields ids, and then err if there is one.
func sequence(err error, ids ...uuid.UUID) func(func(uuid.UUID, error) bool) {
	return func(yield func(uuid.UUID, error) bool) {
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
		if err != nil {
			yield(uuid.Nil, err)
		}
	}
}

func put(t *testing.T, v *vault.Vault, e vault.Entry) (uuid.UUID, vault.Commitment) {
	t.Helper()
	id := uuid.New()
	c, err := v.Put(t.Context(), id, e)
	require.NoError(t, err)
	return id, c
}

func requireError(t *testing.T, err error, kind es.Kind, code string) {
	t.Helper()
	require.ErrorIs(t, err, kind)
	require.ErrorIs(t, err, &es.Error{Code: code})
	for _, e := range []vault.Entry{mira, anton} {
		require.NotContains(t, err.Error(), e.Name)
		require.NotContains(t, err.Error(), e.Contact)
	}
}

// raw opens the file past the vault.
func raw(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func script(t *testing.T, c *sqlite.Conn, sql string) {
	t.Helper()
	for statement := range strings.SplitSeq(sql, ";") {
		require.NoError(t, sqlitex.ExecuteTransient(c, statement, nil))
	}
}

func TestPut(t *testing.T) {
	v := open(t, newPath(t))
	id, first := put(t, v, mira)

	t.Run("kept", func(t *testing.T) {
		got, err := v.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, got, mira)
	})
	t.Run("again_is_the_same", func(t *testing.T) {
		again, err := v.Put(t.Context(), id, mira)
		require.NoError(t, err)
		require.Equal(t, first, again)
	})
	t.Run("other_entry_is_refused", func(t *testing.T) {
		for _, other := range []vault.Entry{
			anton,
			{Name: mira.Name, NameLang: mira.NameLang},
			{Name: mira.Name, NameLang: "ru", Contact: mira.Contact},
		} {
			_, err := v.Put(t.Context(), id, other)
			requireError(t, err, es.ErrConflict, vault.CodeOtherEntry)
		}
		got, err := v.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, got, mira)
	})
	t.Run("same_name_of_two_persons_is_not_to_be_told", func(t *testing.T) {
		_, second := put(t, v, mira)
		require.NotEqual(t, first, second)
	})
	t.Run("unknown", func(t *testing.T) {
		_, err := v.Get(t.Context(), uuid.New())
		requireError(t, err, es.ErrNotFound, vault.CodeUnknown)
	})
	t.Run("nil_id", func(t *testing.T) {
		_, err := v.Put(t.Context(), uuid.Nil, mira)
		requireError(t, err, es.ErrInvalid, "vault.bad_id")
	})
	t.Run("no_salt_no_entry", func(t *testing.T) {
		path := newPath(t)
		v, err := vault.Open(t.Context(), path, nil, vault.Options{Rand: strings.NewReader("too short")})
		require.NoError(t, err)
		defer func() { _ = v.Close() }()
		id := uuid.New()
		_, err = v.Put(t.Context(), id, mira)
		require.ErrorContains(t, err, "draw a salt")
		_, err = v.Get(t.Context(), id)
		requireError(t, err, es.ErrNotFound, vault.CodeUnknown)
	})
	t.Run("context_is_done", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := v.Put(ctx, uuid.New(), mira)
		require.ErrorIs(t, err, context.Canceled)
		put(t, v, anton) // and the vault is as usable as before
	})
}

func TestDurable(t *testing.T) {
	path := newPath(t)
	v := open(t, path)
	id, c := put(t, v, mira)
	gone, _ := put(t, v, anton)
	require.NoError(t, v.Erase(t.Context(), gone))
	require.NoError(t, v.Close())

	v = open(t, path)
	o, err := v.Opening(t.Context(), id)
	require.NoError(t, err)
	require.NoError(t, vault.Verify(c, o))
	_, err = v.Get(t.Context(), gone)
	requireError(t, err, es.ErrNotFound, vault.CodeErased)
}

func TestClose(t *testing.T) {
	v := open(t, newPath(t))
	require.NoError(t, v.Close())
	require.NoError(t, v.Close())
	_, err := v.Get(t.Context(), uuid.New())
	require.Error(t, err)
	require.NotErrorIs(t, err, es.ErrNotFound)
}

func TestConcurrently(t *testing.T) {
	path := newPath(t)
	vaults := []*vault.Vault{open(t, path), open(t, path)} // as two processes would
	id := uuid.New()
	commitments := make([]vault.Commitment, 12)
	var wg sync.WaitGroup
	for i := range commitments {
		wg.Go(func() {
			v := vaults[i%2]
			c, err := v.Put(t.Context(), id, mira)
			if err != nil {
				t.Errorf("put: %v", err)
			}
			commitments[i] = c
			other := uuid.New()
			if _, err := v.Put(t.Context(), other, anton); err != nil {
				t.Errorf("put other: %v", err)
			}
			if err := v.Erase(t.Context(), other); err != nil {
				t.Errorf("erase: %v", err)
			}
		})
	}
	wg.Wait()
	for _, c := range commitments {
		require.Equal(t, commitments[0], c)
	}
	requireGone(t, path, anton)
}
