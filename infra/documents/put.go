package documents

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/entente-ledger/entente/domain/es"
)

// Put reads r to its end and keeps what it read, durably when it returns. It
// returns the hash and the size in bytes. Memory use does not depend on the
// size. Putting the same bytes again returns the same hash; it also mends a
// copy that was damaged.
//
// It fails with [es.ErrInvalid] and code document.too_large as soon as r has
// given more bytes than allowed, and with ctx's error between two reads of r.
// After an error nothing is kept, unless the last step, syncing the folder, was
// what failed: then the document may be there.
func (f *Folder) Put(ctx context.Context, r io.Reader) (Hash, int64, error) {
	h, size, err := f.put(ctx, r)
	if err != nil {
		return Hash{}, 0, fmt.Errorf("put document: %w", err)
	}
	return h, size, nil
}

func (f *Folder) put(ctx context.Context, r io.Reader) (Hash, int64, error) {
	unlock, _, err := lock(f.tmp(), shared)
	if err != nil {
		return Hash{}, 0, err
	}
	defer unlock()
	name, h, size, err := f.receive(ctx, r)
	if err == nil {
		err = f.publish(name, h)
	}
	if err != nil && name != "" {
		_ = os.Remove(name) // if this fails, the next Open does it
	}
	return h, size, err
}

// receive writes r into a synced file in .tmp. It returns its name as soon as
// there is one.
func (f *Folder) receive(ctx context.Context, r io.Reader) (name string, h Hash, size int64, err error) {
	file, err := os.CreateTemp(f.tmp(), "put-*") // mode 0600
	if err != nil {
		return "", Hash{}, 0, err
	}
	name = file.Name()
	// One byte beyond the limit is enough to know.
	h, size, err = copyHashed(file, io.LimitReader(reader{ctx, r}, f.max+1))
	if err == nil && size > f.max {
		err = es.Invalid("document.too_large", "the document is too large", fmt.Sprintf("at most %d bytes", f.max))
	}
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return name, h, size, err
}

// publish gives a received file its name. It replaces a copy of the same name,
// since that can only be the same or damaged, and syncs the folders even if
// another Put made them, since that one may not have come to it.
func (f *Folder) publish(name string, h Hash) error {
	final := f.path(h)
	folder := filepath.Dir(final)
	if err := makeDir(folder); err != nil {
		return err
	}
	if err := os.Rename(name, final); err != nil {
		return err
	}
	return syncDir(folder)
}

// copyHashed copies r to w and returns the hash and the size of what it copied.
func copyHashed(w io.Writer, r io.Reader) (Hash, int64, error) {
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(w, sum), r)
	return Hash(sum.Sum(nil)), size, err
}

// reader is r until ctx is done.
type reader struct {
	ctx context.Context //nolint:containedctx // for the length of one call
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
