package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/internal/watermark"
)

const (
	maxWaiting      = 1024 // appends in the queue; more wait to enter it
	maxGroupRecords = 4096 // a group ends with the append that reaches this
)

// request is one append on its way through the writer. It shares no memory
// with the caller, who may leave before it is done.
type request struct {
	stream    string
	expected  Expected
	rows      []row
	cancelled <-chan struct{}
	done      chan struct{} // closed when appended and err are set

	appended Appended
	err      error
}

// row is a record before it has a place.
type row struct {
	id         []byte
	typ        eventType
	data, meta string
}

// writer is the one goroutine that writes. It takes all appends that wait,
// inserts them in one transaction, and answers them when that is on disk.
type writer struct {
	queue chan *request
	ended chan struct{}

	mu      sync.RWMutex // held for reading while entering the queue
	closing bool

	tx    *transaction
	ckpt  *checkpointer
	head  *watermark.Mark
	fault error // set once a commit has failed for good
}

func startWriter(path string, last es.Position, head *watermark.Mark, log *slog.Logger) (*writer, error) {
	tx, err := openTransaction(path, last)
	if err != nil {
		return nil, err
	}
	ckpt, err := startCheckpointer(path, log)
	if err != nil {
		return nil, errors.Join(err, tx.conn.Close())
	}
	w := &writer{
		queue: make(chan *request, maxWaiting), ended: make(chan struct{}),
		tx: tx, ckpt: ckpt, head: head,
	}
	go w.run()
	return w, nil
}

// append waits its turn and for the outcome.
func (w *writer) append(ctx context.Context, stream string, expected Expected, recs []es.Record) (Appended, error) {
	req := &request{
		stream: stream, expected: expected, rows: make([]row, len(recs)),
		cancelled: ctx.Done(), done: make(chan struct{}),
	}
	for i := range recs {
		r := &recs[i]
		req.rows[i] = row{
			id: append([]byte(nil), r.ID[:]...), typ: eventType{r.Type, r.Schema},
			data: string(r.Data), meta: string(r.Meta),
		}
	}
	err := w.enter(ctx, req)
	if err == nil {
		select {
		case <-req.done:
			return req.appended, req.err
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	return Appended{}, fmt.Errorf("append to %s: %w", stream, err)
}

func (w *writer) enter(ctx context.Context, req *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closing {
		return fs.ErrClosed
	}
	select {
	case w.queue <- req:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run commits group after group until the queue is closed and empty.
func (w *writer) run() {
	defer close(w.ended)
	var group []*request
	for req := range w.queue {
		group = append(group[:0], req)
		for n := len(req.rows); n < maxGroupRecords && len(w.queue) > 0; {
			next := <-w.queue
			group = append(group, next)
			n += len(next.rows)
		}
		w.commit(group)
		for i, req := range group {
			close(req.done)
			group[i] = nil
		}
	}
}

// commit sets the outcome of every request of group.
func (w *writer) commit(group []*request) {
	err := w.fault
	if err == nil {
		w.ckpt.finish(w.tx.conn)
		if err = w.tx.commit(group); err == nil {
			w.head.Raise(w.tx.last)
			w.ckpt.note(w.tx.written)
			return
		}
		if err = explain(err); !passing(err) {
			w.fault = err
		}
	}
	if w.fault != nil {
		err = fmt.Errorf("the store has stopped after a failed commit and must be opened again: %w", w.fault)
	}
	for _, req := range group {
		req.appended, req.err = Appended{}, fmt.Errorf("append to %s: %w", req.stream, err)
	}
}

// finish accepts no more appends, and returns when those accepted are done.
func (w *writer) finish() {
	w.mu.Lock()
	if !w.closing {
		w.closing = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.ended
}

// close releases the connections, after finish.
func (w *writer) close() error {
	return errors.Join(w.ckpt.close(), w.tx.conn.Close())
}
