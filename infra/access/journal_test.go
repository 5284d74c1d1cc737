package access_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

var reading = access.Entry{
	Who: "id-1", Action: access.Read, Outcome: access.Granted, Kind: "memorandum", Stream: treaty,
	Reason: "auditor-and-registrar-read-all", Request: "req-1",
}

func openJournal(t testing.TB, path string, c *clock) *access.Journal {
	t.Helper()
	j, err := access.OpenJournal(context.Background(), path, access.JournalOptions{Now: c.Now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func newJournal(t testing.TB) (*access.Journal, *clock, string) {
	c := &clock{now: start}
	path := filepath.Join(t.TempDir(), access.JournalFile)
	return openJournal(t, path, c), c, path
}

// fill records n entries of two identities, a second apart, and returns the head.
func fill(t testing.TB, j *access.Journal, c *clock, n int) access.Head {
	t.Helper()
	for i := range n {
		e := reading
		e.Who, e.Request = fmt.Sprintf("id-%d", i%2), fmt.Sprintf("req-%d", i)
		e.Outcome = []access.Outcome{access.Granted, access.Refused, access.Granted}[i%3]
		require.NoError(t, j.Append(t.Context(), e))
		c.pass(time.Second)
	}
	h, err := j.Head(t.Context())
	require.NoError(t, err)
	return h
}

func TestJournal(t *testing.T) {
	j, c, path := newJournal(t)
	require.NoError(t, j.Append(t.Context(), reading))
	c.pass(-time.Hour)
	require.NoError(t, j.Append(t.Context(), access.Entry{Who: "id-2", Action: access.Administer, Outcome: access.Failed, Command: "token.revoke"}))
	page, err := j.List(t.Context(), access.Filter{}, 10)
	require.NoError(t, err)
	require.Len(t, page, 2)
	t.Run("as_recorded", func(t *testing.T) {
		want := reading
		want.Seq, want.At, want.Hash = 1, start, page[0].Hash
		require.Equal(t, want, page[0])
	})
	t.Run("time_never_goes_back", func(t *testing.T) { require.Equal(t, start, page[1].At) })
	t.Run("hash_as_documented", func(t *testing.T) {
		h, before := sha256.New(), make([]byte, 32)
		number := func(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
		for _, field := range [][]byte{
			[]byte("entente/access/entry/v1"), before, number(1), number(start.UnixMicro()), []byte("id-1"), []byte("read"),
			[]byte("granted"), []byte("memorandum"), []byte(treaty), nil, []byte("auditor-and-registrar-read-all"), []byte("req-1"),
		} {
			h.Write(number(int64(len(field))))
			h.Write(field)
		}
		require.Equal(t, hex.EncodeToString(h.Sum(nil)), page[0].Hash.String())
	})
	t.Run("durable_when_appended", func(t *testing.T) {
		copied := filepath.Join(t.TempDir(), "journal.db")
		for _, suffix := range []string{"", "-wal"} { // as a crash leaves them
			content, err := os.ReadFile(path + suffix)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(copied+suffix, content, 0o600))
		}
		h, err := openJournal(t, copied, c).Verify(t.Context(), access.Head{Seq: 2, Hash: page[1].Hash})
		require.NoError(t, err)
		require.Equal(t, int64(2), h.Seq)
	})
	t.Run("odd_texts", func(t *testing.T) {
		e := access.Entry{Who: "id-1", Stream: "a\nb\x00é", Request: strings.Repeat("r", 300)}
		require.NoError(t, j.Append(t.Context(), e))
		page, err := j.List(t.Context(), access.Filter{After: 2}, 1)
		require.NoError(t, err)
		require.Equal(t, `"a\nb\x00\u00e9"`, page[0].Stream)
		require.Len(t, page[0].Request, 256)
	})
	t.Run("closed", func(t *testing.T) {
		require.NoError(t, j.Close())
		require.NoError(t, j.Close())
		requireCode(t, j.Append(t.Context(), reading), es.ErrConflict, "access.closed")
		requireCode(t, j.Note(t.Context(), reading), es.ErrConflict, "access.closed")
	})
}

func TestJournalList(t *testing.T) {
	j, c, _ := newJournal(t)
	fill(t, j, c, 12)
	numbers := func(f access.Filter) (all []int64) {
		for e, err := range j.All(t.Context(), f) {
			require.NoError(t, err)
			all = append(all, e.Seq)
		}
		return all
	}
	for name, c := range map[string]struct {
		filter access.Filter
		want   []int64
	}{
		"who":         {access.Filter{Who: "id-1"}, []int64{2, 4, 6, 8, 10, 12}},
		"outcome":     {access.Filter{Outcome: access.Refused}, []int64{2, 5, 8, 11}},
		"both":        {access.Filter{Who: "id-1", Outcome: access.Refused}, []int64{2, 8}},
		"since":       {access.Filter{Since: start.Add(10 * time.Second)}, []int64{11, 12}},
		"until":       {access.Filter{Until: start.Add(2 * time.Second)}, []int64{1, 2}},
		"span":        {access.Filter{Since: start.Add(time.Second), Until: start.Add(2 * time.Second)}, []int64{2}},
		"after":       {access.Filter{After: 10}, []int64{11, 12}},
		"after_since": {access.Filter{After: 3, Since: start.Add(10 * time.Second)}, []int64{11, 12}},
		"later":       {access.Filter{Since: start.Add(time.Hour)}, nil},
		"action":      {access.Filter{Action: access.Export}, nil},
		"stream":      {access.Filter{Stream: treaty, After: 11}, []int64{12}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, numbers(c.filter)) })
	}
	t.Run("pages", func(t *testing.T) {
		var got []int64
		f := access.Filter{Who: "id-0"}
		for {
			page, err := j.List(t.Context(), f, 2)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				got = append(got, e.Seq)
			}
			f.After = got[len(got)-1]
		}
		require.Equal(t, numbers(access.Filter{Who: "id-0"}), got)
	})
	t.Run("limits", func(t *testing.T) {
		for _, limit := range []int{0, 1001} {
			_, err := j.List(t.Context(), access.Filter{}, limit)
			requireCode(t, err, es.ErrInvalid, "access.bad_limit")
		}
	})
}

// TestVerify changes a record behind the journal's back.
func TestVerify(t *testing.T) {
	for name, c := range map[string]struct{ change, code, says string }{
		"untouched":      {``, "", ""},
		"who":            {`UPDATE entry SET who = 'id-9' WHERE seq = 4`, "access.entry_changed", "entry 4"},
		"time":           {`UPDATE entry SET at = at + 1 WHERE seq = 4`, "access.entry_changed", "entry 4"},
		"moved_text":     {`UPDATE entry SET kind = '', stream = kind || stream WHERE seq = 4`, "access.entry_changed", "entry 4"},
		"hash":           {`UPDATE entry SET hash = zeroblob(32) WHERE seq = 4`, "access.entry_changed", "entry 4"},
		"short_hash":     {`UPDATE entry SET hash = x'00' WHERE seq = 4`, "access.entry_changed", "entry 4"},
		"swapped":        {`UPDATE entry SET seq = -4 WHERE seq = 4; UPDATE entry SET seq = 4 WHERE seq = 5; UPDATE entry SET seq = 5 WHERE seq = -4`, "access.entry_changed", "entry 4"},
		"one_gone":       {`DELETE FROM entry WHERE seq = 4`, "access.entries_missing", "entry 5 follows entry 3"},
		"begin_gone":     {`DELETE FROM entry WHERE seq < 4`, "access.entries_missing", "entry 4 follows entry 0"},
		"closed_up":      {`DELETE FROM entry WHERE seq = 4; UPDATE entry SET seq = seq - 1 WHERE seq > 4`, "access.entry_changed", "entry 4"},
		"end_gone":       {`DELETE FROM entry WHERE seq > 8`, "access.record_cut", "ends at entry 8, and entry 10"},
		"everything":     {`DELETE FROM entry`, "access.record_cut", "ends at entry 0"},
		"replaced_after": {`DELETE FROM entry WHERE seq = 10; INSERT INTO entry SELECT * FROM forged`, "access.record_replaced", "entry 10"},
	} {
		t.Run(name, func(t *testing.T) {
			j, clock, path := newJournal(t)
			head := fill(t, j, clock, 10)
			require.NoError(t, j.Close())
			forge(t, path)
			conn := raw(t, path)
			require.NoError(t, sqlitex.ExecuteScript(conn, `DROP TRIGGER entry_stays; DROP TRIGGER entry_is_kept;`+c.change, nil))
			got, err := openJournal(t, path, clock).Verify(t.Context(), head)
			if c.code == "" {
				require.NoError(t, err)
				require.Equal(t, head, got)
				return
			}
			requireCode(t, err, es.ErrCorrupt, c.code)
			require.ErrorContains(t, err, c.says)
			require.Zero(t, got)
		})
	}
	t.Run("triggers", func(t *testing.T) {
		j, clock, path := newJournal(t)
		fill(t, j, clock, 1)
		c := raw(t, path)
		for _, q := range []string{`DELETE FROM entry`, `UPDATE entry SET who = ''`} {
			require.ErrorContains(t, sqlitex.ExecuteTransient(c, q, nil), "entries are never")
		}
	})
	t.Run("cut_is_not_found_without_a_head", func(t *testing.T) {
		j, clock, path := newJournal(t)
		fill(t, j, clock, 3)
		require.NoError(t, sqlitex.ExecuteScript(raw(t, path), `DROP TRIGGER entry_stays; DELETE FROM entry WHERE seq = 3`, nil))
		h, err := j.Verify(t.Context(), access.Head{})
		require.NoError(t, err)
		require.Equal(t, int64(2), h.Seq)
	})
}

// forge puts into the file what another record has as its tenth entry: the
// chain up to it is the same, and it is chained as it should be.
func forge(t *testing.T, path string) {
	t.Helper()
	j, clock, other := newJournal(t)
	fill(t, j, clock, 9)
	e := reading
	e.Who = "id-forger"
	require.NoError(t, j.Append(t.Context(), e))
	require.NoError(t, j.Close())
	require.NoError(t, sqlitex.ExecuteScript(raw(t, path), fmt.Sprintf(
		`ATTACH '%s' AS other; CREATE TABLE forged AS SELECT * FROM other.entry WHERE seq = 10;`, other,
	), nil))
}

// TestAnyFlippedByte: whatever byte of the file is another, either it is found,
// or the record says the same as before.
func TestAnyFlippedByte(t *testing.T) {
	j, c, path := newJournal(t)
	head := fill(t, j, c, 20)
	said := func(j *access.Journal) (all []access.Entry, err error) {
		for e, err := range j.All(context.Background(), access.Filter{}) {
			if err != nil {
				return nil, err
			}
			all = append(all, e)
		}
		return all, nil
	}
	before, err := said(j)
	require.NoError(t, err)
	require.NoError(t, j.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	found := 0
	rapid.Check(t, func(r *rapid.T) {
		flipped := bytes.Clone(whole)
		flipped[rapid.IntRange(0, len(flipped)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		dir, err := os.MkdirTemp("", "access")
		require.NoError(r, err)
		defer func() { _ = os.RemoveAll(dir) }()
		file := filepath.Join(dir, "journal.db")
		require.NoError(r, os.WriteFile(file, flipped, 0o600))
		j, err := access.OpenJournal(context.Background(), file, access.JournalOptions{})
		if err != nil {
			found++
			return
		}
		defer func() { _ = j.Close() }()
		if _, err := j.Verify(context.Background(), head); err != nil {
			found++
			return
		}
		after, err := said(j)
		require.NoError(r, err)
		require.Equal(r, before, after)
	})
	require.NotZero(t, found)
}

// TestAnyFlippedBit flips every bit of an entry's texts, one after the other.
func TestAnyFlippedBit(t *testing.T) {
	j, c, path := newJournal(t)
	head := fill(t, j, c, 3)
	conn := raw(t, path)
	require.NoError(t, sqlitex.ExecuteScript(conn, `DROP TRIGGER entry_is_kept`, nil))
	e, err := j.List(t.Context(), access.Filter{After: 1}, 1)
	require.NoError(t, err)
	for column, text := range map[string]string{"who": e[0].Who, "outcome": string(e[0].Outcome), "request": e[0].Request} {
		set := func(value string) {
			require.NoError(t, sqlitex.Execute(conn, `UPDATE entry SET `+column+` = ? WHERE seq = 2`, &sqlitex.ExecOptions{Args: []any{value}}))
		}
		for i := range 7 * len(text) { // the eighth bit would not be UTF-8
			other := []byte(text)
			other[i/7] ^= 1 << (i % 7)
			set(string(other))
			_, err := j.Verify(t.Context(), head)
			requireCode(t, err, es.ErrCorrupt, "access.entry_changed")
		}
		set(text)
	}
	_, err = j.Verify(t.Context(), head)
	require.NoError(t, err)
}

func TestJournalOfTwoProcesses(t *testing.T) {
	j, c, path := newJournal(t)
	other := openJournal(t, path, c)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			e := reading
			e.Request = fmt.Sprint(i)
			if err := []*access.Journal{j, other}[i%2].Append(context.Background(), e); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h, err := j.Verify(t.Context(), access.Head{})
	require.NoError(t, err)
	require.Equal(t, int64(40), h.Seq)
	require.Equal(t, h, must(other.Head(t.Context())))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestBlocksRatherThanLoses keeps the file locked until no more can be noted.
func TestBlocksRatherThanLoses(t *testing.T) {
	j, _, path := newJournal(t)
	blocker := raw(t, path)
	require.NoError(t, sqlitex.ExecuteTransient(blocker, "BEGIN IMMEDIATE", nil))
	noted := 0
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		err := j.Note(ctx, reading)
		cancel()
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			break
		}
		noted++
	}
	require.GreaterOrEqual(t, noted, 1024)
	require.NoError(t, sqlitex.ExecuteTransient(blocker, "COMMIT", nil))
	require.NoError(t, j.Close())
	h, err := openJournal(t, path, &clock{now: start}).Verify(t.Context(), access.Head{})
	require.NoError(t, err)
	require.Equal(t, int64(noted), h.Seq, "all that was accepted")
}

// TestWritesAgain takes the table away and gives it back.
func TestWritesAgain(t *testing.T) {
	var said syncBuffer
	path := filepath.Join(t.TempDir(), "journal.db")
	j, err := access.OpenJournal(t.Context(), path, access.JournalOptions{Log: slog.New(slog.NewTextHandler(&said, nil))})
	require.NoError(t, err)
	c := raw(t, path)
	rename := func(from, to string) {
		require.NoError(t, sqlitex.ExecuteTransient(c, "ALTER TABLE "+from+" RENAME TO "+to, nil))
	}
	rename("entry", "away")
	require.Error(t, j.Append(t.Context(), reading), "who waits is told")
	require.NoError(t, j.Note(t.Context(), reading))
	require.Eventually(t, func() bool { return strings.Count(said.String(), "cannot be written") >= 2 }, 10*time.Second, time.Millisecond)
	rename("away", "entry")
	require.Eventually(t, func() bool { return must(j.Head(t.Context())).Seq == 1 }, 10*time.Second, 5*time.Millisecond)
	rename("entry", "away")
	require.NoError(t, j.Note(t.Context(), reading))
	require.ErrorContains(t, j.Close(), "1 entries are lost")
}

// syncBuffer is a buffer for several goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestHead(t *testing.T) {
	h := access.Head{Seq: 7, Hash: access.Hash{0xab}}
	got, err := access.ParseHead(h.String())
	require.NoError(t, err)
	require.Equal(t, h, got)
	for _, bad := range []string{"", "7", "7:", "7:ab", "-1:" + access.Hash{}.String(), "07:" + access.Hash{}.String(), strings.ToUpper(h.String())} {
		_, err := access.ParseHead(bad)
		requireCode(t, err, es.ErrInvalid, "access.bad_head")
	}
}

func BenchmarkNote(b *testing.B) {
	j, _, _ := newJournal(b)
	for b.Loop() {
		if err := j.Note(b.Context(), reading); err != nil {
			b.Fatal(err)
		}
	}
}
