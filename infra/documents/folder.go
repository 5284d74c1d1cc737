package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math"
	"os"
	"path/filepath"

	"github.com/entente-ledger/entente/domain/es"
)

// privateDir is the mode of new folders. Files are 0600, as os.CreateTemp makes
// them.
const privateDir fs.FileMode = 0o700

// DefaultMaxBytes is the largest document allowed if [Options] do not say
// otherwise: 1 GiB.
const DefaultMaxBytes int64 = 1 << 30

// Options of [Open]. The zero value is ready for use.
type Options struct {
	MaxBytes int64 // of one document; 0 means DefaultMaxBytes
}

// Validate returns an error of kind [es.ErrInvalid] if MaxBytes is negative.
func (o Options) Validate() error {
	if o.MaxBytes < 0 {
		return es.Invalid("document.bad_options", "the largest size of a document is negative", "a number of bytes")
	}
	return nil
}

// Folder keeps documents. It is safe for concurrent use, also by several
// processes, and holds nothing open between calls.
type Folder struct {
	dir string
	max int64
}

// Open opens the folder at dir, and creates it if there is none; its parent
// must exist. It removes what crashes have left in .tmp, unless another process
// is receiving a document just then.
func Open(dir string, opts Options) (*Folder, error) {
	if err := opts.Validate(); err != nil {
		return nil, fmt.Errorf("open documents: %w", err)
	}
	if opts.MaxBytes == 0 {
		opts.MaxBytes = DefaultMaxBytes
	}
	f := &Folder{dir: dir, max: min(opts.MaxBytes, math.MaxInt64-1)}
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("open documents: %w", err)
	}
	if err := makeDir(f.tmp()); err != nil {
		return nil, fmt.Errorf("open documents: %w", err)
	}
	if err := f.clean(); err != nil {
		return nil, fmt.Errorf("clean documents: %w", err)
	}
	return f, nil
}

func (f *Folder) tmp() string { return filepath.Join(f.dir, ".tmp") }

func (f *Folder) path(h Hash) string {
	name := h.String()
	return filepath.Join(f.dir, name[:2], name)
}

// makeDir makes a folder, durably, unless it is there.
func makeDir(dir string) error {
	if err := os.Mkdir(dir, privateDir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// clean removes what nobody will rename any more. Whoever receives a document
// holds a shared lock on .tmp, which the system releases if it crashes.
func (f *Folder) clean() error {
	unlock, ok, err := lock(f.tmp(), alone)
	if err != nil || !ok {
		return err
	}
	defer unlock()
	left, err := os.ReadDir(f.tmp())
	if err != nil {
		return err
	}
	for _, entry := range left {
		if err := os.Remove(filepath.Join(f.tmp(), entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Open returns a reader of the document h, which the caller closes. The bytes
// are not checked against h, see [Folder.Verify]. It fails with
// [es.ErrNotFound] and code document.unknown if there is no such document.
func (f *Folder) Open(h Hash) (io.ReadSeekCloser, error) {
	file, err := f.open(h)
	if err != nil {
		return nil, fmt.Errorf("open document %s: %w", h, err)
	}
	return file, nil
}

func (f *Folder) open(h Hash) (*os.File, error) {
	file, err := os.Open(f.path(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, es.NotFound("document.unknown", "there is no such document")
	}
	return file, err
}

// Verify reads the whole document h and returns nil if its bytes are those
// that h names. It fails with [es.ErrNotFound] and code document.unknown if
// there is no such document, and with [es.ErrCorrupt] and code document.corrupt
// if its bytes have changed.
func (f *Folder) Verify(ctx context.Context, h Hash) error {
	if err := f.verify(ctx, h); err != nil {
		return fmt.Errorf("verify document %s: %w", h, err)
	}
	return nil
}

func (f *Folder) verify(ctx context.Context, h Hash) error {
	file, err := f.open(h)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	got, size, err := copyHashed(io.Discard, reader{ctx, file})
	if err != nil {
		return err
	}
	if got != h {
		return &es.Error{
			Kind: es.ErrCorrupt, Code: "document.corrupt",
			Message: fmt.Sprintf("a document has changed: its %d bytes hash to %s", size, got),
			Want:    "a backup to be restored, or the document to be put again",
		}
	}
	return nil
}

// List yields the hashes of all documents in ascending order. What is put
// meanwhile may be missing. Files that are not named as documents are passed
// over. An error, ctx's own included, is the last yield.
func (f *Folder) List(ctx context.Context) iter.Seq2[Hash, error] {
	return func(yield func(Hash, error) bool) {
		for h, err := range f.list(ctx) {
			if err != nil {
				yield(Hash{}, fmt.Errorf("list documents: %w", err))
				return
			}
			if !yield(h, nil) {
				return
			}
		}
	}
}

func (f *Folder) list(ctx context.Context) iter.Seq2[Hash, error] {
	return func(yield func(Hash, error) bool) {
		for b := range 256 {
			if err := ctx.Err(); err != nil {
				yield(Hash{}, err)
				return
			}
			prefix := fmt.Sprintf("%02x", b)
			entries, err := os.ReadDir(filepath.Join(f.dir, prefix)) // sorted
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				yield(Hash{}, err)
				return
			}
			for _, entry := range entries {
				h, err := ParseHash(entry.Name())
				if err != nil || int(h[0]) != b {
					continue
				}
				if !yield(h, nil) {
					return
				}
			}
		}
	}
}
