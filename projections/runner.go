package projections

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Config says what a runner works with. Dir and Store are required.
type Config struct {
	// Dir is the folder of the views, made if need be (mode 0700). Nothing else
	// is to be kept there.
	Dir   string
	Store es.Store
	// Projections are those that keep the views; none: [Catalog].
	Projections []readmodel.Projection
	// Batch is the most events written in one transaction; 0: 4096.
	Batch int
	// Cache is the most events of which the folded state is kept in memory
	// between batches; 0: 16384, which is some 100 MB.
	Cache int
	// Workers is how many streams are folded at once; 0: one a processor.
	Workers int
	// Progress, if set, is told after every batch, by the goroutine that writes
	// it; while a rebuild runs beside Run there are two.
	Progress func(Progress)
	// Outlived, if set, is told each error after which Serve goes on.
	Outlived func(error)
}

// Progress is how far the views have come.
type Progress struct {
	Generation int  // number of the views file
	Building   bool // it is not read yet
	Events     uint64
	Position   es.Position
	Head       es.Position // of the store, as last seen
	// Recorded is when the last event of the batch was recorded, zero if there is
	// none in it: what Run takes to show an event is from then until now.
	Recorded time.Time
}

// Runner keeps the views up to date. CatchUp, Run and Serve take turns; Rebuild
// can run beside them.
type Runner struct {
	cfg     Config
	lock    *os.File
	refusal error // why only a rebuild may write here

	turn chan struct{} // holds a token while nobody uses what follows
	live *generation   // nil until one is complete
	next *generation   // being built, if there is no live one

	at      atomic.Pointer[Checkpoint] // of live
	moved   signal                     // at is another
	batches atomic.Uint64              // written
	yield   atomic.Pointer[chan struct{}]
	stretch atomic.Pointer[context.CancelCauseFunc]
	rebuild chan struct{} // holds a token while no rebuild is under way
}

// errYield ends a stretch of work because a rebuild wants the turn.
var errYield = errors.New("the views are being switched")

// Open returns a runner over the views in cfg.Dir, and makes this process their
// only writer until Close. It fails with [es.ErrConflict] if another process
// is.
//
// What is found there is looked at when there is work to do: views of other
// projections or versions are built anew beside the live ones, damaged and
// half-made ones are replaced. A foreign database or views of a newer entente
// make CatchUp and Run fail, with [es.ErrInvalid] or [es.ErrNewer]; Rebuild
// goes ahead.
func Open(cfg Config) (*Runner, error) {
	if len(cfg.Projections) == 0 {
		cfg.Projections = Catalog()
	}
	cfg.Batch = cmp.Or(cfg.Batch, 4096)
	cfg.Cache = cmp.Or(cfg.Cache, 1<<14)
	cfg.Workers = cmp.Or(cfg.Workers, runtime.GOMAXPROCS(0))
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open views: %w", err)
	}
	lock, err := openOwned(filepath.Join(cfg.Dir, "writer.lock"))
	if errors.Is(err, errHeld) {
		return nil, &es.Error{
			Kind: es.ErrConflict, Code: "views.locked", Message: "another process keeps the views in " + cfg.Dir + " up to date",
			Want: "one writing process at a time; others may read them",
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open views: %w", err)
	}
	r := &Runner{cfg: cfg, lock: lock, turn: make(chan struct{}, 1), rebuild: make(chan struct{}, 1)}
	if err := r.find(); err != nil {
		return nil, errors.Join(err, r.release(), unlock(lock))
	}
	r.turn <- struct{}{}
	r.rebuild <- struct{}{}
	return r, nil
}

// find opens what can be gone on with, and removes what cannot.
func (r *Runner) find() error {
	s, err := take(r.cfg.Dir, r.cfg.Projections)
	if err != nil {
		return err
	}
	if r.refusal = s.refusal; r.refusal != nil {
		return nil
	}
	for _, n := range s.useless {
		if err := remove(r.cfg.Dir, n); err != nil && !errors.Is(err, errHeld) {
			return err
		}
	}
	if s.live > 0 {
		g, err := resume(r.cfg.Dir, s.live)
		if err != nil {
			return err
		}
		r.show(g)
		return sweep(r.cfg.Dir, s.live)
	}
	if s.started > 0 {
		r.next, err = resume(r.cfg.Dir, s.started)
	}
	return err
}

// Checkpoint returns how far the live views have come; zero if there are none
// yet. It is safe for concurrent use.
func (r *Runner) Checkpoint() Checkpoint {
	if at := r.at.Load(); at != nil {
		return *at
	}
	return Checkpoint{}
}

// Close ends the runner. CatchUp, Run, Serve and Rebuild must have returned.
func (r *Runner) Close() error {
	<-r.turn
	return errors.Join(r.release(), unlock(r.lock))
}

func (r *Runner) release() error {
	var err error
	for _, g := range []*generation{r.live, r.next} {
		if g != nil {
			err = errors.Join(err, g.close())
		}
	}
	return err
}

// CatchUp brings the views up to the store's present head, and returns. If it
// fails, the views are as after some batch, and it can be called again.
//
// It fails with [es.ErrCorrupt] if the store is not the one the views were made
// from, or holds less than they do, or a stored event does not decode; with
// [es.ErrNewer] if an event is of a newer entente; and with what [Open] says.
func (r *Runner) CatchUp(ctx context.Context) error { return r.work(ctx, r.catchUp) }

// Run is CatchUp that goes on as events are recorded, until ctx is done, whose
// error it then returns.
func (r *Runner) Run(ctx context.Context) error {
	return r.work(ctx, func(ctx context.Context) error {
		if err := r.catchUp(ctx); err != nil {
			return err
		}
		return r.pump(ctx, r.live, r.cfg.Store.Subscribe, 0)
	})
}

// work does what it is given when it is its turn, and again after a rebuild
// that interrupted it.
func (r *Runner) work(ctx context.Context, do func(ctx context.Context) error) error {
	for {
		if err := r.try(ctx, do); !errors.Is(err, errYield) {
			return err
		}
	}
}

// try fails with errYield if a rebuild interrupted it.
func (r *Runner) try(ctx context.Context, do func(ctx context.Context) error) error {
	if wanted := r.yield.Load(); wanted != nil {
		select {
		case <-*wanted:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	select {
	case <-r.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.turn <- struct{}{} }()
	stretch, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.stretch.Store(&cancel)
	defer r.stretch.Store(nil)
	if r.yield.Load() != nil {
		return errYield
	}
	err := do(stretch)
	if err != nil && ctx.Err() == nil && errors.Is(context.Cause(stretch), errYield) {
		return errYield
	}
	return err
}
