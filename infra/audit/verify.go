package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/tlog"
)

// Config says what is verified.
type Config struct {
	Store  es.Store
	Ledger uuid.UUID
	// Log is the folder of the transparency log.
	Log tlog.Dir
	// Checkpoint verifies a checkpoint of the log, see [tlog.Keys.Checkpoint]; Kept
	// one as it is kept in the store, see [tlog.KeptCheckpoint].
	Checkpoint func(note []byte) (tlog.Checkpoint, error)
	Kept       func(r es.Record) (tlog.Checkpoint, error)
	// Documents is the folder of documents, "" if they are not to be looked at.
	Documents string
	// Memory is the file that says up to where everything was found whole, see
	// Full; "" if nothing is to be remembered.
	Memory string
	// Full verifies everything. Else the events, leaves and tiles before the last
	// full verification that found no damage are passed over, but for what is
	// compared with what came since. Who can write into the data folder can make
	// anything pass over; Full rests on nothing there.
	Full bool
	// Earlier are checkpoints that somebody kept elsewhere. Their trees must be
	// beginnings of the log. With any, everything is verified.
	Earlier []tlog.Checkpoint
	// Cosignatures, if not nil, says what is wrong with the cosignatures of
	// witnesses on the published checkpoint.
	Cosignatures func(note []byte) error
	// Workers is how many events are decoded and hashed at once; 0: one a processor.
	Workers int
}

// Event names an event.
type Event struct {
	Sequence int64       `json:"sequence"` // as sealed; -1 if it never was, and stands among those that were
	ID       uuid.UUID   `json:"id"`
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"`
	Type     string      `json:"type"` // "" if it is not at hand
}

// Finding is a damage.
type Finding struct {
	Code    string `json:"code"`  // permanent
	Event   *Event `json:"event"` // nil if it is about no one event
	Message string `json:"message"`
}

// Report is what a verification found.
type Report struct {
	From        int64     // sequence of the first event that was verified
	Events      int64     // of the ledger
	Sealed      int64     // of them, by the last checkpoint
	Root        [32]byte  // of the log of the sealed ones, recomputed
	Checkpoints int64     // that were verified
	Documents   int64     // likewise
	Absent      int64     // documents that events name by their hash alone, and that are not kept here
	Damages     []Finding // the first of them, at most [MaxFindings]
	Damaged     int64     // how many there are
}

// MaxFindings is how many damages are listed.
const MaxFindings = 2000

// Progress is how far a verification has come.
type Progress struct {
	Step        string
	Done, Total int64 // Total is -1 if it is not known
}

// Verify verifies a ledger. Damage is in the report; the error says that the
// verification could not be carried through. Told, if not nil, hears of progress
// from one goroutine at a time. What is recorded and sealed meanwhile does no
// harm, and may or may not be verified.
func Verify(ctx context.Context, cfg Config, told func(Progress)) (r Report, err error) {
	if told == nil {
		told = func(Progress) {}
	}
	if cfg.Workers == 0 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	dir, err := os.MkdirTemp("", "entente-verify-")
	if err != nil {
		return r, fmt.Errorf("verify: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	v := &verifier{Config: cfg, told: told, scratch: dir}
	if err := v.run(ctx); err != nil {
		return v.report, fmt.Errorf("verify: %w", err)
	}
	return v.report, nil
}

// verifier is a verification under way.
type verifier struct {
	Config

	told    func(Progress)
	scratch string // folder for what does not fit into memory

	mu     sync.Mutex // of what follows
	report Report

	kept  *sorter // of the checkpoints in the store
	other []expected
	start start           // where the verification of events begins
	last  tlog.Checkpoint // the largest
	size  int64           // of the log, by it
	after anchor          // where the last bundle begins in the store
	paths *sorter         // of the events, by stream, see place
	files *sorter         // of the documents that events name, see named
	kinds map[string]uint8
	used  int64  // events of the store
	scrap []byte // for one record of a sorter
}

func (v *verifier) run(ctx context.Context) error {
	v.kinds = map[string]uint8{}
	for i, a := range ledger.Aggregates() {
		v.kinds[a.Kind] = uint8(i)
	}
	v.paths, v.files, v.kept = newSorter(v.scratch, placeSize), newSorter(v.scratch, namingSize), newSorter(v.scratch, keptSize)
	steps := []func(context.Context) error{v.checkpoints, v.begin, v.log, v.streams, v.documents, v.remember}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// damage adds a finding.
func (v *verifier) damage(code string, e *Event, format string, args ...any) {
	v.found(Finding{code, e, fmt.Sprintf(format, args...)})
}

func (v *verifier) found(f Finding) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.report.Damaged++
	if len(v.report.Damages) < MaxFindings {
		v.report.Damages = append(v.report.Damages, f)
	}
}

// sentence is an error of the log's folder for people.
func sentence(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) && errors.Is(err, fs.ErrNotExist) {
		return "the file " + p.Path + " is missing"
	}
	return err.Error()
}
