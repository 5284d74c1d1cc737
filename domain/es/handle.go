package es

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Command asks for one change of one stream.
type Command struct {
	// ID is the caller's: version 7 for something a person does now, version 5
	// of the natural keys for what may be given again (imports, the clock).
	ID      uuid.UUID
	Name    string // memorandum.sign
	Stream  string // "" is the stream that [Aggregate.StreamOf] derives
	Payload []byte // JSON

	Actor       string    // opaque id of who gives it
	ApprovedBy  string    // opaque id of who approved it, or ""
	Correlation uuid.UUID // the act it is part of; Nil: the command itself
	KnownAt     time.Time // zero: when it is recorded
	Expect      *Revision // if set, the revision the stream must be at
	DryRun      bool      // decide, but record nothing
	Backfill    bool      // it carries over what was recorded elsewhere before
}

// Digest returns the SHA-256 over the name, stream, payload and KnownAt of c,
// each after its length in eight bytes; the payload with its members sorted,
// without white space, its numbers as written. It says whether two commands
// with one id are the same.
func (c Command) Digest() ([32]byte, error) {
	payload := jsontext.Value(bytes.Clone(c.Payload))
	if err := payload.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)); err != nil {
		return [32]byte{}, &Error{
			Kind: ErrInvalid, Code: "es.bad_json", Message: fmt.Sprintf("the payload is not valid JSON: %v", err),
			Want: "one JSON object in UTF-8 without repeated members",
		}
	}
	h := sha256.New()
	for _, part := range [][]byte{[]byte(c.Name), []byte(c.Stream), payload, []byte(FormatInstant(c.KnownAt))} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	return [32]byte(h.Sum(nil)), nil
}

// Result is what a command led to.
type Result struct {
	Stream   string
	Revision Revision // of the stream, after the command
	Position Position // of the last record of the append; 0 if nothing was recorded
	Events   []Record // what was recorded, or would be in a dry run
	Repeated bool     // the events are those of an earlier, equal command
}

// Act is commands on one stream that are recorded together or not at all.
type Act []Command

// Outcome is what an act led to.
type Outcome struct {
	Results []Result // one for each command, if Err is nil
	Err     error    // why nothing of it was recorded
}

// Handler handles commands. Its fields are set before use.
type Handler struct {
	Store Store
	// Now tells the time.
	Now func() time.Time
	// Nonce returns 128 random bits.
	Nonce func() [16]byte
	// Check, if set, sees each command before it is decided, and rejects
	// references to what does not exist.
	Check func(ctx context.Context, stream string, command any) error

	// turns has the commands of one process on one stream take turns, so that
	// they do not undo each other's work. Other processes are held off by the
	// revision only.
	turns [1024]sync.Mutex
}

func (h *Handler) turn(stream string) *sync.Mutex {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(stream))
	return &h.turns[hash.Sum32()%uint32(len(h.turns))]
}

// maxAttempts bounds how often a command is decided again because somebody
// else appended to the stream meanwhile.
const maxAttempts = 16

// Handle decides cmd on the present state of its stream of aggregate a, and
// appends the events. It is idempotent: what was recorded under the same id is
// returned again. When it fails, nothing was recorded, except that after an
// error of the store or ctx the outcome is unknown until cmd is given again.
//
// Kinds of error: [ErrInvalid], [ErrRejected], [ErrNotFound]; [ErrReused] if
// the id was used for another command; [ErrConflict] if the stream is not at
// cmd.Expect, or keeps changing; [ErrNewer] and [ErrCorrupt] if the stream
// cannot be read.
func (h *Handler) Handle(ctx context.Context, a Aggregate, cmd Command) (Result, error) {
	all, err := h.HandleAll(ctx, a, []Act{{cmd}})
	if err == nil {
		err = all[0].Err
	}
	if err != nil {
		return Result{}, err
	}
	return all[0].Results[0], nil
}

// HandleAll is [Handler.Handle] for acts that are all on one stream. Each is
// decided on the state to which those before it lead; one that fails is left
// out, and the others go on. The stream is read once, and what the acts record
// is appended together as far as the limits of an append allow, an act never
// in two parts. An error of the store or ctx leaves the outcome of all unknown
// until they are given again.
func (h *Handler) HandleAll(ctx context.Context, a Aggregate, acts []Act) ([]Outcome, error) {
	w := &handling{Handler: h, acts: make([][]prepared, len(acts)), out: make([]Outcome, len(acts)), done: make([]bool, len(acts))}
	for i, act := range acts {
		if err := w.prepare(a, i, act); err != nil {
			w.out[i].Err, w.done[i] = err, true
		}
	}
	turn := h.turn(w.stream)
	turn.Lock()
	defer turn.Unlock()
	for attempt := 1; slices.Contains(w.done, false); attempt++ {
		if err := a.handle(ctx, w); err != nil && (!errors.Is(err, ErrConflict) || attempt == maxAttempts) {
			return nil, err
		}
	}
	return w.out, nil
}

// prepared is a command with its digest.
type prepared struct {
	Command
	digest [32]byte
}

// handling is acts under way.
type handling struct {
	*Handler
	stream string
	dry    bool
	ids    map[uuid.UUID][32]byte // digests of the commands by their ids
	acts   [][]prepared
	out    []Outcome
	done   []bool // out is final: refused before it was decided, or recorded
}

// prepare has the i-th act ready to be decided.
func (h *handling) prepare(a Aggregate, i int, act Act) error {
	if len(act) == 0 {
		return Invalid("es.bad_command", "an act has no commands", "at least one")
	}
	for _, cmd := range act {
		p, err := prepare(a, cmd)
		if err != nil {
			return err
		}
		if h.stream == "" {
			h.stream, h.dry, h.ids = p.Stream, p.DryRun, map[uuid.UUID][32]byte{}
		}
		_, twice := h.ids[p.ID]
		switch {
		case h.stream != p.Stream:
			return Invalid("es.other_stream", cmd.Name+" is about another stream than "+h.stream, "commands on one stream")
		case h.dry != p.DryRun:
			return Invalid("es.bad_command", "some commands are a dry run and others are not", "acts that are all to be recorded, or none of them")
		case twice:
			return Invalid("es.bad_command", fmt.Sprintf("the command id %s is given twice", p.ID), "a new id for each command")
		}
		h.ids[p.ID] = p.digest
		h.acts[i] = append(h.acts[i], p)
	}
	return nil
}

func prepare(a Aggregate, cmd Command) (prepared, error) {
	p := prepared{Command: cmd}
	if cmd.ID == uuid.Nil || cmd.Actor == "" || len(cmd.Actor) > MaxNameBytes {
		return p, Invalid("es.bad_command", "a command lacks an id or an actor", "a UUID, and the id of who gives the command")
	}
	var err error
	if p.digest, err = cmd.Digest(); err != nil {
		return p, err
	}
	if p.Stream, err = a.StreamOf(cmd); err != nil {
		return p, err
	}
	if kind, _, err := ParseStream(p.Stream); err != nil {
		return p, err
	} else if kind != a.Kind {
		return p, Invalid("es.wrong_stream", cmd.Name+" does not apply to a "+kind, "the id of a "+a.Kind)
	}
	if cmd.Correlation == uuid.Nil {
		p.Correlation = cmd.ID
	}
	return p, nil
}
