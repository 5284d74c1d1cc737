package tlog

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

const (
	firstPause = time.Second     // after a witness did not cosign
	longPause  = 5 * time.Minute // at most
	maxRounds  = 16              // checkpoints of which cosignatures are awaited
	// hearing is how long witnesses are waited for before the first checkpoint
	// of a run is signed, so that it still follows its event within a second.
	hearing = 500 * time.Millisecond
)

// round is a checkpoint that was offered, and the cosignatures that came.
type round struct {
	checkpoint Checkpoint
	lines      []string
}

// rounds offers checkpoints to witnesses while a log is sealed: a goroutine for
// each, so that one that is slow or dead delays nobody else. Its methods are for
// the goroutine that seals.
type rounds struct {
	watch   *watch
	boxes   []chan Checkpoint // of each witness, the newest that waits for it
	answers chan Answer
	open    []round
	offered int64     // size of the last that was
	at      time.Time // when
	silent  int       // witnesses that have not answered yet
	until   time.Time // when those are not waited for any more
}

// begin starts the goroutines, which end with ctx, and are done when wg is.
func (w *watch) begin(ctx context.Context, wg *sync.WaitGroup, last Checkpoint) *rounds {
	r := &rounds{watch: w, answers: make(chan Answer)}
	for _, of := range w.Policy.Witnesses {
		box := make(chan Checkpoint, 1)
		r.boxes = append(r.boxes, box)
		wg.Go(func() { r.follow(ctx, of, box) })
	}
	now := time.Now()
	if last.Tree.N > 0 {
		r.silent, r.until = len(r.boxes), now.Add(hearing)
	}
	r.offer(last, now)
	return r
}

// hears reports whether witnesses may still say, before anything is signed, that
// they saw more of the log than there is.
func (r *rounds) hears(now time.Time) bool { return r.silent > 0 && now.Before(r.until) }

// offer has the witnesses offered a checkpoint, if it is time for one. What
// still waits for a witness is replaced.
func (r *rounds) offer(c Checkpoint, now time.Time) {
	if len(r.boxes) == 0 || c.Tree.N <= r.offered || now.Sub(r.at) < r.watch.Every {
		return
	}
	r.offered, r.at = c.Tree.N, now
	if r.open = append(r.open, round{checkpoint: c}); len(r.open) > maxRounds {
		r.open = slices.Delete(r.open, 0, 1)
	}
	for _, box := range r.boxes {
		select {
		case <-box:
		default:
		}
		box <- c // only this goroutine sends, and there is room
	}
}

// take publishes the cosignatures in an answer. It fails if the witness saw more
// of the log than there is.
func (r *rounds) take(d Dir, a Answer) error {
	r.silent = max(0, r.silent-1)
	if r.watch.Told != nil {
		r.watch.Told(a)
	}
	var e *es.Error
	if errors.As(a.Err, &e) && e.Code == storeBehind {
		return a.Err
	}
	for i := range r.open {
		if one := &r.open[i]; one.checkpoint.Tree == a.checkpoint.Tree && len(a.lines) > 0 {
			one.lines = append(one.lines, a.lines...)
			return d.cosign(one.checkpoint, r.watch.Policy, one.lines)
		}
	}
	return nil // none, or too late: then it is in the store
}

// follow offers a witness what comes for it. After it failed it rests, longer
// each time, and is offered the same again unless a later one waits.
func (r *rounds) follow(ctx context.Context, of Witness, box <-chan Checkpoint) {
	for {
		var c Checkpoint
		select {
		case <-ctx.Done():
			return
		case c = <-box:
		}
		for pause := firstPause; ; pause = min(2*pause, longPause) {
			a, err := r.watch.ask(ctx, of, c)
			if a.Err = errors.Join(a.Err, err); ctx.Err() != nil {
				return
			}
			select {
			case <-ctx.Done():
				return
			case r.answers <- a:
			}
			if a.Err == nil {
				break
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			select {
			case c = <-box:
			default:
			}
		}
	}
}
