package projections

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Views reads the live generation, also of a folder that another process keeps
// up to date, and moves on to the next generation when there is one. It is
// safe for concurrent use.
type Views struct {
	dir         string
	projections []readmodel.Projection
	slots       chan struct{} // one for each connection in use
	runner      *Runner       // that keeps them in this process, or nil

	mu     sync.Mutex
	now    *shelf
	looked time.Time // when the folder was last looked at
	closed bool
}

const (
	maxReaders = 32 // connections at once
	// pollInterval is how often a reader that waits looks for what was written.
	pollInterval = 2 * time.Millisecond
	// lookInterval is how long a newer generation can go unnoticed.
	lookInterval = 50 * time.Millisecond
)

// OpenViews returns the views in dir, as these projections keep them; none:
// those of [Catalog]. There need not be any yet.
func OpenViews(dir string, projections ...readmodel.Projection) *Views {
	if len(projections) == 0 {
		projections = Catalog()
	}
	return &Views{dir: dir, projections: projections, slots: make(chan struct{}, maxReaders)}
}

// Read calls use with a connection to the live views, which all its queries
// see in one and the same state: that of the checkpoint. The connection is not
// to be used after use returns.
//
// It fails with [es.ErrNotFound] if there are no views that can be read, which
// may be because they are being built; with [es.ErrCorrupt] if they are
// damaged; with what use fails with.
func (v *Views) Read(ctx context.Context, use func(conn *sqlite.Conn, at Checkpoint) error) error {
	select {
	case v.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-v.slots }()
	s, conn, err := v.borrow()
	if err != nil {
		return err
	}
	conn.SetInterrupt(ctx.Done())
	err = read(conn, use)
	conn.SetInterrupt(nil)
	if ctx.Err() != nil && sqlite.ErrCode(err).ToPrimary() == sqlite.ResultInterrupt {
		err = ctx.Err()
	}
	return errors.Join(readmodel.Damage(err), v.giveBack(s, conn, err != nil))
}

func read(conn *sqlite.Conn, use func(conn *sqlite.Conn, at Checkpoint) error) (err error) {
	defer sqlitex.Transaction(conn)(&err)
	h, err := readHeader(conn)
	if err != nil {
		return err
	}
	return use(conn, h.at)
}

// ReadAt is Read that first waits until the views have come at least to a
// position of the store, as [Views.WaitFor] does.
func (v *Views) ReadAt(ctx context.Context, position es.Position, use func(conn *sqlite.Conn, at Checkpoint) error) error {
	if err := v.WaitFor(ctx, position); err != nil {
		return err
	}
	return v.Read(ctx, use)
}

// WaitFor waits until the live views have come at least to a position of the
// store, or ctx is done. If its deadline has passed, it fails with
// [es.ErrConflict], of the code views.lagging.
func (v *Views) WaitFor(ctx context.Context, position es.Position) error {
	for {
		var moved <-chan struct{}
		if v.runner != nil {
			moved = v.runner.moved.wait() // before looking, so that nothing is missed
		}
		var again <-chan time.Time
		if v.runner == nil || v.runner.Checkpoint().Position >= position {
			at, err := v.Checkpoint(ctx)
			if err == nil && at.Position >= position {
				return nil
			}
			if err != nil && !errors.Is(err, es.ErrNotFound) && ctx.Err() == nil {
				return err
			}
			again = time.After(pollInterval) // another process writes, or a generation is left for the next
		}
		select {
		case <-moved:
		case <-again:
		case <-ctx.Done():
			return lagging(ctx.Err())
		}
	}
}

// lagging is the error that the views did not come to a position in time.
func lagging(cause error) error {
	if !errors.Is(cause, context.DeadlineExceeded) {
		return fmt.Errorf("wait for the views: %w", cause)
	}
	return &es.Error{
		Kind: es.ErrConflict, Code: "views.lagging", Message: "the views do not have what was recorded last yet",
		Want: "the same question a little later, or a longer wait",
	}
}

// Checkpoint returns how far the live views have come.
func (v *Views) Checkpoint(ctx context.Context) (Checkpoint, error) {
	var c Checkpoint
	err := v.Read(ctx, func(_ *sqlite.Conn, at Checkpoint) error {
		c = at
		return nil
	})
	return c, err
}

// Close ends reading. Reads under way must have returned.
func (v *Views) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	if v.now == nil {
		return nil
	}
	err := v.now.close()
	v.now = nil
	return err
}
