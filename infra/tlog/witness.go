package tlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
)

// Witnessing says whom checkpoints are offered to, and how. The zero value
// offers them to nobody.
type Witnessing struct {
	Policy Policy
	// Client posts to witnesses; nil is one of this package's own.
	Client *http.Client
	// Timeout is how long a witness has to answer; 0 is 10 s.
	Timeout time.Duration
	// Every is at least between the checkpoints that [Sealer.Run] offers, so that
	// witnesses that are about as fast cosign the same ones; 0 is 1 s.
	Every time.Duration
	// Now is the clock of alarms; nil is time.Now.
	Now func() time.Time
	// Told, if not nil, hears of every answer while [Sealer.Run] runs. Who seals
	// waits for it.
	Told func(Answer)
}

// Answer is what came of offering a checkpoint to a witness.
type Answer struct {
	Witness string // its name in the policy
	Size    int64  // of the checkpoint
	// Err is why there is no cosignature, nil if there is one. It is of the kind
	// [es.ErrCorrupt] if the witness refused the log: that is recorded, and
	// nothing is offered to it until somebody acknowledged it.
	Err error

	checkpoint Checkpoint
	lines      []string
}

// watch offers checkpoints to witnesses. Its methods are safe for concurrent
// use.
type watch struct {
	Witnessing
	store es.Store
	dir   Dir

	mu    sync.Mutex
	known *knownByWitnesses // nil before it was read
}

// knownByWitnesses is what makes the next offer fast; nothing rests on it.
type knownByWitnesses struct {
	Sizes        map[string]int64 `json:"sizes"`        // that each witness cosigned last, by its key
	Cosignatures es.Revision      `json:"cosignatures"` // of CosignatureStream
	Checkpoints  es.Revision      `json:"checkpoints"`  // of CheckpointStream
}

const knownFile = ".witnesses"

func newWatch(cfg Config) *watch {
	w := &watch{Witnessing: cfg.Witnessing, store: cfg.Store, dir: cfg.Dir}
	if w.Client == nil {
		w.Client = &http.Client{}
	}
	if w.Now == nil {
		w.Now = time.Now
	}
	w.Timeout = cmp.Or(w.Timeout, 10*time.Second)
	w.Every = cmp.Or(w.Every, time.Second)
	return w
}

// Hear asks the witnesses, for half a second at most, whether they saw more of the
// log than the last checkpoint: to be called before [Sealer.Seal] where
// [Sealer.Run] is not used. It fails with [es.ErrCorrupt] if one did, and then
// nothing is to be signed.
func (s *Sealer) Hear(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, hearing)
	defer cancel()
	answers, err := s.askAll(bounded, s.watch.present)
	if err != nil && bounded.Err() == nil {
		return err
	}
	for _, a := range answers {
		var e *es.Error
		if errors.As(a.Err, &e) && e.Code == storeBehind {
			return a.Err
		}
	}
	return ctx.Err()
}

// Offer offers the last checkpoint to every witness of the policy, at the same
// time, and keeps and publishes the cosignatures. It takes as long as the
// slowest witness, at most the timeout. The answers are in the order of the
// policy. A witness that refuses is an answer; an error is that something could
// not be kept.
func (s *Sealer) Offer(ctx context.Context) ([]Answer, error) {
	answers, err := s.askAll(ctx, s.watch.ask)
	var lines []string
	for _, a := range answers {
		lines = append(lines, a.lines...)
	}
	if len(lines) > 0 {
		err = errors.Join(err, s.cfg.Dir.cosign(s.sealed, s.watch.Policy, lines))
	}
	return answers, err
}

// askAll asks every witness of the policy about the last checkpoint.
func (s *Sealer) askAll(ctx context.Context, ask func(context.Context, Witness, Checkpoint) (Answer, error)) ([]Answer, error) {
	of := s.watch.Policy.Witnesses
	if s.sealed.Tree.N == 0 {
		return nil, nil
	}
	answers, errs := make([]Answer, len(of)), make([]error, len(of))
	var wg sync.WaitGroup
	for i, w := range of {
		wg.Go(func() { answers[i], errs[i] = ask(ctx, w, s.sealed) })
	}
	wg.Wait()
	return answers, errors.Join(errs...)
}

// ask offers a checkpoint to a witness, and keeps what came of it.
func (w *watch) ask(ctx context.Context, of Witness, c Checkpoint) (Answer, error) {
	a, err := w.present(ctx, of, c)
	if err == nil && a.Err == nil {
		err = w.keep(ctx, of, a)
	}
	return a, err
}

// present offers a checkpoint to a witness, unless it refused one and nobody looked
// into that. A refusal is kept.
func (w *watch) present(ctx context.Context, of Witness, c Checkpoint) (Answer, error) {
	a := Answer{Witness: of.Name, Size: c.Tree.N, checkpoint: c}
	open, err := Alarms(ctx, w.store)
	if err != nil {
		return a, err
	}
	if i := slices.IndexFunc(open, func(o Alarm) bool { return o.Witness == of.Name }); i >= 0 {
		a.Err = &es.Error{
			Kind: es.ErrRejected, Code: "tlog.witness_paused", Message: "nothing is offered to the witness " + of.Name + " since " + open[i].At + ": " + open[i].Message,
			Want: "a person who looks into it, and then `entente witness resume`",
		}
		return a, nil
	}
	known, err := w.memory()
	if err != nil {
		return a, err
	}
	w.mu.Lock()
	old := known.Sizes[of.VKey]
	w.mu.Unlock()
	bounded, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	a.lines, a.Err = w.dir.offer(bounded, w.Client, of, c, old)
	if !isAlarm(a.Err) {
		return a, nil
	}
	if a.Err, err = w.stillAlarm(ctx, c, a.Err); err != nil || !isAlarm(a.Err) {
		return a, err
	}
	return a, raise(ctx, w.store, of.Name, c.Origin, w.Now(), a.Err)
}

// stillAlarm returns the error of an offer, no alarm if another node has signed a
// later checkpoint meanwhile, which the witness may have seen.
func (w *watch) stillAlarm(ctx context.Context, c Checkpoint, cause error) (error, error) {
	var e *es.Error
	if !errors.As(cause, &e) || e.Code != storeBehind {
		return cause, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	last, err := lastRecord(ctx, w.store, CheckpointStream, w.known.Checkpoints)
	if err != nil {
		return cause, err
	}
	w.known.Checkpoints = last.Revision
	var k kept
	if err := decodeSystem(last, &k); err != nil || sameBody([]byte(k.Note), c.Note) {
		return cause, err
	}
	return fmt.Errorf("a later checkpoint was signed meanwhile: %s", e.Message), nil
}

// memory returns what is known of the witnesses, read once.
func (w *watch) memory() (*knownByWitnesses, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known != nil {
		return w.known, nil
	}
	known := &knownByWitnesses{}
	text, err := os.ReadFile(filepath.Join(string(w.dir), knownFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read what witnesses know: %w", err)
	}
	if err != nil || json.Unmarshal(text, known) != nil {
		known = &knownByWitnesses{}
	}
	if known.Sizes == nil {
		known.Sizes = map[string]int64{}
	}
	w.known = known
	return known, nil
}

// keep appends the cosignatures in an answer to the store.
func (w *watch) keep(ctx context.Context, of Witness, a Answer) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, line := range a.lines {
		at, err := appendLast(ctx, w.store, CosignatureStream, w.known.Cosignatures, cosignatureRecord(of, a.checkpoint, line))
		if err != nil {
			return fmt.Errorf("keep a cosignature: %w", err)
		}
		w.known.Cosignatures = at
	}
	w.known.Sizes[of.VKey] = a.Size
	text, err := json.Marshal(w.known, json.Deterministic(true))
	if err == nil {
		err = w.dir.replace(filepath.Join(string(w.dir), knownFile), text)
	}
	if err != nil {
		return fmt.Errorf("keep what witnesses know: %w", err)
	}
	return nil
}
