package access_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

const boss = "id-00000000-0000-4000-8000-00000000b055"

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// clock is a clock that is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func openRegistry(t testing.TB, path string, c *clock) *access.Registry {
	t.Helper()
	r, err := access.OpenRegistry(context.Background(), path, access.Options{Now: c.Now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func newRegistry(t testing.TB) (*access.Registry, *clock, string) {
	c := &clock{now: start}
	path := filepath.Join(t.TempDir(), access.RegistryFile)
	return openRegistry(t, path, c), c, path
}

func create(t testing.TB, r *access.Registry, g access.Grants) string {
	t.Helper()
	a, err := r.Create(t.Context(), boss, uuid.New(), access.Subject{}, g)
	require.NoError(t, err)
	return a.ID
}

func issue(t testing.TB, r *access.Registry, id string) access.Token {
	t.Helper()
	token, _, err := r.Issue(t.Context(), boss, id, start.Add(24*time.Hour))
	require.NoError(t, err)
	return token
}

func requireCode(t testing.TB, err error, kind es.Kind, code string) {
	t.Helper()
	require.ErrorIs(t, err, kind)
	require.ErrorIs(t, err, &es.Error{Code: code})
}

func TestAuthenticate(t *testing.T) {
	r, c, path := newRegistry(t)
	clerk := create(t, r, access.Grants{Roles: []access.Role{access.RoleClerk}, For: []string{lviv}})
	token := issue(t, r, clerk)
	t.Run("who", func(t *testing.T) {
		for range 2 { // looked up, and kept
			got, err := r.Authenticate(t.Context(), token.Reveal())
			require.NoError(t, err)
			require.Equal(t, access.Identity{ID: clerk, Roles: []access.Role{access.RoleClerk}, For: []string{lviv}, Until: got.Until}, got)
			require.False(t, got.Until.IsZero(), "when the token ends")
		}
	})
	t.Run("of_another_ledger", func(t *testing.T) {
		other, _, _ := newRegistry(t)
		_, err := other.Authenticate(t.Context(), token.Reveal())
		requireCode(t, err, es.ErrUnauthenticated, "access.bad_token")
	})
	t.Run("prefix_of_another", func(t *testing.T) {
		c := raw(t, path)
		hash := token.Hash()
		hash[31]++
		require.NoError(t, sqlitex.Execute(c, `UPDATE token SET hash = ?`, &sqlitex.ExecOptions{Args: []any{hash[:]}}))
		again := openRegistry(t, path, &clock{now: start})
		_, err := again.Authenticate(t.Context(), token.Reveal())
		requireCode(t, err, es.ErrUnauthenticated, "access.bad_token")
		hash[31]--
		require.NoError(t, sqlitex.Execute(c, `UPDATE token SET hash = ?`, &sqlitex.ExecOptions{Args: []any{hash[:]}}))
	})
	t.Run("granted_and_withdrawn_at_once", func(t *testing.T) {
		require.NoError(t, r.Grant(t.Context(), boss, clerk, access.Grants{Roles: []access.Role{access.RoleReader}}))
		got, err := r.Authenticate(t.Context(), token.Reveal())
		require.NoError(t, err)
		require.Len(t, got.Roles, 2)
		require.NoError(t, r.Withdraw(t.Context(), boss, clerk, access.Grants{Roles: []access.Role{access.RoleReader}}))
		got, err = r.Authenticate(t.Context(), token.Reveal())
		require.NoError(t, err)
		require.Len(t, got.Roles, 1)
	})
	t.Run("revoked_at_once", func(t *testing.T) {
		one := issue(t, r, clerk)
		_, err := r.Authenticate(t.Context(), one.Reveal())
		require.NoError(t, err)
		require.NoError(t, r.Revoke(t.Context(), boss, one.Prefix()))
		_, err = r.Authenticate(t.Context(), one.Reveal())
		requireCode(t, err, es.ErrUnauthenticated, "access.revoked")
		require.NoError(t, r.Revoke(t.Context(), boss, one.Prefix()), "again")
		_, err = r.Authenticate(t.Context(), token.Reveal())
		require.NoError(t, err, "others stay")
	})
	t.Run("revoked_by_another_process", func(t *testing.T) {
		one := issue(t, r, clerk)
		_, err := r.Authenticate(t.Context(), one.Reveal())
		require.NoError(t, err)
		require.NoError(t, openRegistry(t, path, c).Revoke(t.Context(), boss, one.Prefix()))
		c.pass(3 * time.Second)
		_, err = r.Authenticate(t.Context(), one.Reveal())
		requireCode(t, err, es.ErrUnauthenticated, "access.revoked")
	})
	t.Run("expired", func(t *testing.T) {
		one, info, err := r.Issue(t.Context(), boss, clerk, c.Now().Add(2*time.Second))
		require.NoError(t, err)
		_, err = r.Authenticate(t.Context(), one.Reveal())
		require.NoError(t, err)
		c.pass(info.Expires.Sub(c.Now()))
		_, err = r.Authenticate(t.Context(), one.Reveal())
		requireCode(t, err, es.ErrUnauthenticated, "access.expired")
	})
	t.Run("ended", func(t *testing.T) {
		require.NoError(t, r.End(t.Context(), boss, clerk))
		_, err := r.Authenticate(t.Context(), token.Reveal())
		requireCode(t, err, es.ErrUnauthenticated, "access.ended")
	})
}

func raw(t testing.TB, path string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestNeverAgain does whatever can be done to identities and tokens in any
// order, and holds Authenticate against what was done.
func TestNeverAgain(t *testing.T) {
	r, c, _ := newRegistry(t)
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		type one struct {
			token    access.Token
			identity string
			expires  time.Time
			revoked  bool
		}
		var ids []string
		var tokens []*one
		ended := map[string]bool{}
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "which") }
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch step := rapid.IntRange(0, 4).Draw(t, "step"); {
			case step == 0 || len(ids) == 0:
				a, err := r.Create(ctx, boss, uuid.New(), access.Subject{}, access.Grants{Roles: []access.Role{access.RoleReader}})
				require.NoError(t, err)
				ids = append(ids, a.ID)
			case step == 1:
				id, expires := ids[pick(len(ids))], c.Now().Add(time.Duration(1+pick(9))*time.Second)
				token, _, err := r.Issue(ctx, boss, id, expires)
				if ended[id] {
					require.ErrorIs(t, err, es.ErrRejected)
					continue
				}
				require.NoError(t, err)
				tokens = append(tokens, &one{token, id, expires, false})
			case step == 2 && len(tokens) > 0:
				token := tokens[pick(len(tokens))]
				require.NoError(t, r.Revoke(ctx, boss, token.token.Prefix()))
				token.revoked = true
			case step == 3:
				id := ids[pick(len(ids))]
				require.NoError(t, r.End(ctx, boss, id))
				ended[id] = true
			default:
				c.pass(time.Duration(pick(4)) * time.Second)
			}
			for _, token := range tokens {
				got, err := r.Authenticate(ctx, token.token.Reveal())
				if token.revoked || ended[token.identity] || !c.Now().Before(token.expires) {
					require.ErrorIs(t, err, es.ErrUnauthenticated)
					require.Zero(t, got)
				} else {
					require.NoError(t, err)
					require.Equal(t, token.identity, got.ID)
				}
			}
		}
	})
}

func TestAccounts(t *testing.T) {
	r, c, path := newRegistry(t)
	empty, err := r.Empty(t.Context())
	require.NoError(t, err)
	require.True(t, empty)
	id := create(t, r, access.Grants{Roles: []access.Role{access.RoleReader}})
	c.pass(time.Hour)
	require.NoError(t, r.Grant(t.Context(), boss, id, access.Grants{Roles: []access.Role{access.RoleClerk, access.RoleReader}, For: []string{graz}}))
	c.pass(time.Hour)
	require.NoError(t, r.Withdraw(t.Context(), boss, id, access.Grants{Roles: []access.Role{access.RoleReader, access.RoleAuditor}}))
	c.pass(time.Hour)
	require.NoError(t, r.End(t.Context(), "id-chief", id))
	c.pass(time.Hour)
	require.NoError(t, r.End(t.Context(), boss, id), "again")

	a, err := openRegistry(t, path, c).Account(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, access.Act{At: start, By: boss}, a.Created)
	require.Equal(t, access.Act{At: start.Add(3 * time.Hour), By: "id-chief"}, a.Ended)
	t.Run("who_had_which_role_when", func(t *testing.T) {
		for after, roles := range map[time.Duration][]access.Role{
			-time.Microsecond: nil, 0: {access.RoleReader}, time.Hour: {access.RoleReader, access.RoleClerk},
			2*time.Hour - time.Microsecond: {access.RoleReader, access.RoleClerk}, 2 * time.Hour: {access.RoleClerk}, 3 * time.Hour: nil,
		} {
			require.Equal(t, roles, a.At(start.Add(after)).Roles, after)
		}
		require.Equal(t, []string{graz}, a.At(start.Add(time.Hour)).For)
		require.Empty(t, a.Now().Roles)
	})
	t.Run("ended_gets_nothing", func(t *testing.T) {
		requireCode(t, r.Grant(t.Context(), boss, id, access.Grants{Roles: []access.Role{access.RoleReader}}), es.ErrRejected, "access.ended")
		_, _, err := r.Issue(t.Context(), boss, id, c.Now().Add(time.Hour))
		requireCode(t, err, es.ErrRejected, "access.ended")
	})
	t.Run("all_in_order", func(t *testing.T) {
		want := []string{id}
		for range 120 {
			want = append(want, create(t, r, access.Grants{}))
		}
		var got []string
		for a, err := range r.Accounts(t.Context()) {
			require.NoError(t, err)
			got = append(got, a.ID)
		}
		require.Equal(t, want, got)
	})
	t.Run("never_deleted", func(t *testing.T) {
		require.NoError(t, r.Close())
		c := raw(t, path)
		for _, table := range []string{"identity", "holding"} {
			require.ErrorContains(t, sqlitex.ExecuteTransient(c, "DELETE FROM "+table, nil), "never deleted")
		}
	})
}

func TestRefused(t *testing.T) {
	r, c, _ := newRegistry(t)
	for name, g := range map[string]struct {
		grants access.Grants
		field  string
	}{
		"anonymous":       {access.Grants{Roles: []access.Role{access.RoleReader, access.RoleAnonymous}}, "/roles/1"},
		"unknown_role":    {access.Grants{Roles: []access.Role{"boss"}}, "/roles/0"},
		"for_a_treaty":    {access.Grants{For: []string{treaty}}, "/for/0"},
		"for_a_name":      {access.Grants{For: []string{"Lviv"}}, "/for/0"},
		"reads_a_view":    {access.Grants{Reads: []string{"membership", "roster"}}, "/reads/1"},
		"reads_no_stream": {access.Grants{Reads: []string{"membership-x"}}, "/reads/0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.Create(t.Context(), boss, uuid.New(), access.Subject{}, g.grants)
			var e *es.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, es.ErrInvalid, e.Kind)
			require.Equal(t, g.field, e.Field)
		})
	}
	require.NoError(t, access.Grants{For: []string{lviv}, Reads: []string{"membership", "membership.admitted", treaty}}.Validate())
	t.Run("unknown", func(t *testing.T) {
		for _, err := range []error{
			r.End(t.Context(), boss, "id-x"), r.Grant(t.Context(), boss, "id-x", access.Grants{}), r.Withdraw(t.Context(), boss, "id-x", access.Grants{}),
		} {
			requireCode(t, err, es.ErrNotFound, "access.no_identity")
		}
		requireCode(t, r.Revoke(t.Context(), boss, "none"), es.ErrNotFound, "access.no_token")
	})
	t.Run("twice", func(t *testing.T) {
		id := uuid.New()
		_, err := r.Create(t.Context(), boss, id, access.Subject{}, access.Grants{})
		require.NoError(t, err)
		_, err = r.Create(t.Context(), boss, id, access.Subject{}, access.Grants{})
		requireCode(t, err, es.ErrConflict, "access.identity_exists")
		_, err = r.Create(t.Context(), boss, uuid.Nil, access.Subject{}, access.Grants{})
		require.ErrorIs(t, err, es.ErrInvalid)
	})
	t.Run("bad_expiry", func(t *testing.T) {
		id := create(t, r, access.Grants{})
		for _, expires := range []time.Time{c.Now(), c.Now().AddDate(10, 0, 1), {}} {
			_, _, err := r.Issue(t.Context(), boss, id, expires)
			requireCode(t, err, es.ErrInvalid, "access.bad_expiry")
		}
	})
	t.Run("options", func(t *testing.T) {
		_, err := access.OpenRegistry(t.Context(), "x", access.Options{Keep: -1})
		require.ErrorIs(t, err, es.ErrInvalid)
	})
}

func TestAdopt(t *testing.T) {
	r, c, _ := newRegistry(t)
	s := access.Subject{Issuer: "https://login.example", ID: "42"}
	named := uuid.UUID{}
	first, err := r.Adopt(t.Context(), "oidc", s, []access.Role{access.RoleReader, access.RoleClerk}, func(id uuid.UUID) error {
		named = id
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, "id-"+named.String(), first.ID)
	require.NoError(t, r.Grant(t.Context(), boss, first.ID, access.Grants{For: []string{lviv}}))
	never := func(uuid.UUID) error { return errors.New("named again") }
	t.Run("again", func(t *testing.T) {
		got, err := r.Adopt(t.Context(), "oidc", s, []access.Role{access.RoleClerk, access.RoleReader}, never)
		require.NoError(t, err)
		require.Equal(t, access.Identity{ID: first.ID, Roles: first.Roles, For: []string{lviv}}, got)
	})
	t.Run("other_roles", func(t *testing.T) {
		c.pass(time.Hour)
		got, err := r.Adopt(t.Context(), "oidc", s, []access.Role{access.RoleAuditor, access.RoleReader}, never)
		require.NoError(t, err)
		require.Equal(t, []access.Role{access.RoleReader, access.RoleAuditor}, got.Roles)
		a, err := r.BySubject(t.Context(), s)
		require.NoError(t, err)
		require.Equal(t, first.Roles, a.At(start).Roles)
	})
	t.Run("another_subject", func(t *testing.T) {
		_, err := r.BySubject(t.Context(), access.Subject{Issuer: s.Issuer, ID: "43"})
		requireCode(t, err, es.ErrNotFound, "access.no_identity")
		got, err := r.Adopt(t.Context(), "oidc", access.Subject{Issuer: "https://other.example", ID: "42"}, nil, nil)
		require.NoError(t, err)
		require.NotEqual(t, first.ID, got.ID)
	})
	t.Run("no_name_no_identity", func(t *testing.T) {
		s := access.Subject{Issuer: s.Issuer, ID: "44"}
		_, err := r.Adopt(t.Context(), "oidc", s, nil, func(uuid.UUID) error { return errors.New("the vault is closed") })
		require.ErrorContains(t, err, "the vault is closed")
		_, err = r.BySubject(t.Context(), s)
		require.ErrorIs(t, err, es.ErrNotFound)
	})
	t.Run("ended", func(t *testing.T) {
		require.NoError(t, r.End(t.Context(), boss, first.ID))
		_, err := r.Adopt(t.Context(), "oidc", s, []access.Role{access.RoleReader}, never)
		requireCode(t, err, es.ErrUnauthenticated, "access.ended")
	})
	t.Run("bad", func(t *testing.T) {
		_, err := r.Adopt(t.Context(), "oidc", access.Subject{ID: "1"}, nil, nil)
		require.ErrorIs(t, err, es.ErrInvalid)
		_, err = r.Adopt(t.Context(), "oidc", access.Subject{Issuer: "i", ID: "1"}, []access.Role{access.RoleAnonymous}, nil)
		require.ErrorIs(t, err, es.ErrInvalid)
	})
	t.Run("at_once", func(t *testing.T) {
		s := access.Subject{Issuer: s.Issuer, ID: "45"}
		ids := make([]string, 8)
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() {
				got, err := r.Adopt(context.Background(), "oidc", s, []access.Role{access.RoleReader}, nil)
				if err == nil {
					ids[i] = got.ID
				}
			})
		}
		all.Wait()
		for _, id := range ids {
			require.NotEmpty(t, id)
			require.Equal(t, ids[0], id)
		}
	})
}

func TestLastUse(t *testing.T) {
	r, c, path := newRegistry(t)
	id := create(t, r, access.Grants{})
	token := issue(t, r, id)
	use := func() {
		_, err := r.Authenticate(t.Context(), token.Reveal())
		require.NoError(t, err)
	}
	used := func() time.Time {
		all, err := r.Tokens(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, all, 1)
		return all[0].Used
	}
	require.Zero(t, used())
	use()
	require.Eventually(t, func() bool { return used().Equal(start) }, 5*time.Second, time.Millisecond)
	c.pass(30 * time.Second)
	use() // not noted
	c.pass(30 * time.Second)
	use()
	require.NoError(t, r.Close(), "writes what is noted")
	r = openRegistry(t, path, c)
	require.Equal(t, start.Add(time.Minute), used())
	_, err := r.Authenticate(t.Context(), token.Reveal())
	require.NoError(t, err)
}

func TestAuthenticateAtOnce(t *testing.T) {
	r, _, _ := newRegistry(t)
	id := create(t, r, access.Grants{})
	token := issue(t, r, id)
	var all sync.WaitGroup
	revoked := make(chan struct{})
	for range 8 {
		all.Go(func() {
			for {
				after := false
				select {
				case <-revoked:
					after = true
				default:
				}
				_, err := r.Authenticate(context.Background(), token.Reveal())
				if after {
					if !errors.Is(err, &es.Error{Code: "access.revoked"}) {
						t.Errorf("accepted after it was revoked: %v", err)
					}
					return
				}
			}
		})
	}
	require.NoError(t, r.Revoke(t.Context(), boss, token.Prefix()))
	close(revoked)
	all.Wait()
}

// TestNoSecrets looks for the token in the files.
func TestNoSecrets(t *testing.T) {
	r, _, path := newRegistry(t)
	token := issue(t, r, create(t, r, access.Grants{}))
	_, err := r.Authenticate(t.Context(), token.Reveal())
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o644), "as a restore may leave it")
	openRegistry(t, path, &clock{now: start})
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		content, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NotContains(t, string(content), token.Reveal()[12:40], f)
		info, err := os.Stat(f)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f)
	}
}

func TestForeignFile(t *testing.T) {
	_, _, path := newRegistry(t)
	_, err := access.OpenJournal(t.Context(), path, access.JournalOptions{})
	requireCode(t, err, es.ErrInvalid, "access.foreign")
	noise := filepath.Join(t.TempDir(), "access.db")
	require.NoError(t, os.WriteFile(noise, []byte(strings.Repeat("noise", 400)), 0o600))
	_, err = access.OpenRegistry(t.Context(), noise, access.Options{})
	requireCode(t, err, es.ErrCorrupt, "access.corrupt")
	c := raw(t, path)
	require.NoError(t, sqlitex.ExecuteTransient(c, "PRAGMA user_version = 2", nil))
	_, err = access.OpenRegistry(t.Context(), path, access.Options{})
	requireCode(t, err, es.ErrNewer, "access.newer")
}

func BenchmarkAuthenticate(b *testing.B) {
	r, _, _ := newRegistry(b)
	a, err := r.Create(b.Context(), boss, uuid.New(), access.Subject{}, access.Grants{Roles: []access.Role{access.RoleReader}})
	require.NoError(b, err)
	token := issue(b, r, a.ID)
	for b.Loop() {
		if _, err := r.Authenticate(b.Context(), token.Reveal()); err != nil {
			b.Fatal(err)
		}
	}
}
