package documents_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/documents"
)

func open(t *testing.T, opts documents.Options) (*documents.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "documents")
	f, err := documents.Open(dir, opts)
	require.NoError(t, err)
	return f, dir
}

// files returns the paths of all files under dir, relative to it.
func files(t *testing.T, dir string) []string {
	t.Helper()
	names := []string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	}))
	return names
}

func requireError(t *testing.T, err error, kind es.Kind, code string) {
	t.Helper()
	require.ErrorIs(t, err, kind)
	require.ErrorIs(t, err, &es.Error{Code: code})
}

func put(t *testing.T, f *documents.Folder, text string) documents.Hash {
	t.Helper()
	h, size, err := f.Put(t.Context(), strings.NewReader(text))
	require.NoError(t, err)
	require.EqualValues(t, len(text), size)
	return h
}

func get(t *testing.T, f *documents.Folder, h documents.Hash) string {
	t.Helper()
	r, err := f.Open(h)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}

func TestPut(t *testing.T) {
	t.Run("named_by_its_hash", func(t *testing.T) {
		f, dir := open(t, documents.Options{})
		h := put(t, f, "abc")
		// FIPS 180-2, appendix B.1.
		require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", h.String())
		require.Equal(t, []string{"ba/" + h.String()}, files(t, dir))
		require.Equal(t, "abc", get(t, f, h))
	})
	t.Run("empty_document", func(t *testing.T) {
		f, _ := open(t, documents.Options{})
		require.Empty(t, get(t, f, put(t, f, "")))
	})
	t.Run("twice_is_once", func(t *testing.T) {
		f, dir := open(t, documents.Options{})
		first := put(t, f, "again")
		require.Equal(t, first, put(t, f, "again"))
		require.Len(t, files(t, dir), 1)
	})
	t.Run("private", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("no modes")
		}
		f, dir := open(t, documents.Options{})
		h := put(t, f, "for few")
		for path, want := range map[string]fs.FileMode{
			dir:                        0o700,
			filepath.Join(dir, ".tmp"): 0o700,
			filepath.Dir(path(dir, h)): 0o700,
			path(dir, h):               0o600,
		} {
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.Equal(t, want, info.Mode().Perm(), path)
		}
	})
	t.Run("mends_a_damaged_copy", func(t *testing.T) {
		f, dir := open(t, documents.Options{})
		h := put(t, f, "whole")
		require.NoError(t, os.WriteFile(path(dir, h), []byte("wh"), 0o600))
		put(t, f, "whole")
		require.NoError(t, f.Verify(t.Context(), h))
	})
}

func path(dir string, h documents.Hash) string {
	return filepath.Join(dir, h.String()[:2], h.String())
}

func TestPutFails(t *testing.T) {
	t.Run("beyond_the_limit", func(t *testing.T) {
		f, dir := open(t, documents.Options{MaxBytes: 4})
		put(t, f, "1234")
		source := strings.NewReader("12345" + strings.Repeat("6", 1<<20))
		_, _, err := f.Put(t.Context(), source)
		requireError(t, err, es.ErrInvalid, "document.too_large")
		require.ErrorContains(t, err, "at most 4 bytes")
		require.Len(t, files(t, dir), 1)
		require.Equal(t, 1<<20, source.Len(), "no more is read than needed")
	})
	t.Run("largest_limit", func(t *testing.T) {
		f, _ := open(t, documents.Options{MaxBytes: math.MaxInt64})
		require.Equal(t, "text", get(t, f, put(t, f, "text")))
	})
	t.Run("limit_must_not_be_negative", func(t *testing.T) {
		_, err := documents.Open(t.TempDir(), documents.Options{MaxBytes: -1})
		requireError(t, err, es.ErrInvalid, "document.bad_options")
	})
	t.Run("source_breaks", func(t *testing.T) {
		f, dir := open(t, documents.Options{})
		broken := errors.New("line dropped")
		_, _, err := f.Put(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken)
		require.Empty(t, files(t, dir))
	})
	t.Run("context_is_done_on_the_way", func(t *testing.T) {
		f, dir := open(t, documents.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		_, _, err := f.Put(ctx, readerFunc(func(p []byte) (int, error) {
			cancel() // without end but for the context
			return len(p), nil
		}))
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, files(t, dir))
	})
}

type readerFunc func([]byte) (int, error)

func (r readerFunc) Read(p []byte) (int, error) { return r(p) }

func TestPutStreams(t *testing.T) {
	f, _ := open(t, documents.Options{})
	const size = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h, n, err := f.Put(t.Context(), io.LimitReader(zeros{}, size))
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.EqualValues(t, size, n)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), "bytes allocated")
	require.NoError(t, f.Verify(t.Context(), h))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestPutConcurrently(t *testing.T) {
	one, dir := open(t, documents.Options{})
	other, err := documents.Open(dir, documents.Options{})
	require.NoError(t, err)
	text := bytes.Repeat([]byte("the same "), 10_000)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			h, size, err := []*documents.Folder{one, other}[i%2].Put(t.Context(), bytes.NewReader(text))
			if err != nil || size != int64(len(text)) || h != sha256.Sum256(text) {
				t.Errorf("put: %s, %d, %v", h, size, err)
			}
			if err := one.Verify(t.Context(), h); err != nil {
				t.Errorf("verify: %v", err)
			}
			if _, err := documents.Open(dir, documents.Options{}); err != nil {
				t.Errorf("open: %v", err)
			}
		})
	}
	wg.Wait()
	require.Len(t, files(t, dir), 1)
}

func TestOpenDocument(t *testing.T) {
	f, _ := open(t, documents.Options{})
	_, err := f.Open(documents.Hash{1})
	requireError(t, err, es.ErrNotFound, "document.unknown")

	r, err := f.Open(put(t, f, "0123456789"))
	require.NoError(t, err)
	_, err = r.Seek(8, io.SeekStart)
	require.NoError(t, err)
	rest, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "89", string(rest))
	require.NoError(t, r.Close())
}

func TestVerify(t *testing.T) {
	f, dir := open(t, documents.Options{})
	h := put(t, f, "as adopted")
	require.NoError(t, f.Verify(t.Context(), h))
	requireError(t, f.Verify(t.Context(), documents.Hash{1}), es.ErrNotFound, "document.unknown")

	done, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, f.Verify(done, h), context.Canceled)

	for _, damaged := range []string{"as Adopted", "as adopte", "as adopted ", ""} {
		require.NoError(t, os.WriteFile(path(dir, h), []byte(damaged), 0o600))
		requireError(t, f.Verify(t.Context(), h), es.ErrCorrupt, "document.corrupt")
	}
}

func TestList(t *testing.T) {
	f, dir := open(t, documents.Options{})
	want := map[documents.Hash]bool{}
	for i := range 50 {
		want[put(t, f, strings.Repeat("x", i))] = true
	}
	stray := put(t, f, "stray")
	want[stray] = true
	// Neither of these is a document: a wrong name, a wrong place.
	require.NoError(t, os.WriteFile(path(dir, stray)+".bak", nil, 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "zz"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(path(dir, stray)), strings.Repeat("0", 64)), nil, 0o600))

	var last documents.Hash
	got := map[documents.Hash]bool{}
	for h, err := range f.List(t.Context()) {
		require.NoError(t, err)
		require.Negative(t, bytes.Compare(last[:], h[:]), "ascending")
		got[h], last = true, h
	}
	require.Equal(t, want, got)

	for range f.List(t.Context()) {
		break // stopping early is fine
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range f.List(done) {
		require.ErrorIs(t, err, context.Canceled)
	}
}
