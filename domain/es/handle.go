package es

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
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
	Position Position // of the last event recorded; 0 if none was
	Events   []Record // what was recorded, or would be in a dry run
	Repeated bool     // the events are those of an earlier, equal command
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
	if cmd.ID == uuid.Nil || cmd.Actor == "" || len(cmd.Actor) > MaxNameBytes {
		return Result{}, Invalid("es.bad_command", "a command lacks an id or an actor", "a UUID, and the id of who gives the command")
	}
	digest, err := cmd.Digest()
	if err != nil {
		return Result{}, err
	}
	if cmd.Stream, err = a.StreamOf(cmd); err != nil {
		return Result{}, err
	}
	if kind, _, err := ParseStream(cmd.Stream); err != nil {
		return Result{}, err
	} else if kind != a.Kind {
		return Result{}, Invalid("es.wrong_stream", cmd.Name+" does not apply to a "+kind, "the id of a "+a.Kind)
	}
	if cmd.Correlation == uuid.Nil {
		cmd.Correlation = cmd.ID
	}
	turn := h.turn(cmd.Stream)
	turn.Lock()
	defer turn.Unlock()
	work := &handling{Handler: h, cmd: cmd, digest: digest}
	for attempt := 1; ; attempt++ {
		res, err := a.handle(ctx, work)
		if !errors.Is(err, ErrConflict) || cmd.Expect != nil || attempt == maxAttempts {
			return res, err
		}
	}
}

// handling is one command under way.
type handling struct {
	*Handler
	cmd    Command
	digest [32]byte
}

// loaded is what reading a stream found besides its state.
type loaded struct {
	revision Revision
	last     Meta
	earlier  []Record // events of the same command
}

func handle[C, S, E any](ctx context.Context, h *handling, d Decider[C, S, E], commands *Registry[C], events *Registry[E]) (Result, error) {
	c, err := commands.Parse(h.cmd.Name, h.cmd.Payload)
	if err != nil {
		return Result{}, err
	}
	s, at, err := load(ctx, h, d, events)
	if err != nil {
		return Result{}, err
	}
	if len(at.earlier) > 0 {
		last := at.earlier[len(at.earlier)-1]
		return Result{h.cmd.Stream, last.Revision, last.Position, at.earlier, true}, nil
	}
	if want := h.cmd.Expect; want != nil && *want != at.revision {
		return Result{}, ConflictError(h.cmd.Stream, *want, at.revision)
	}
	if h.Check != nil {
		if err := h.Check(ctx, h.cmd.Stream, c); err != nil {
			return Result{}, err
		}
	}
	decided, err := d.Decide(c, s)
	if err != nil {
		return Result{}, err
	}
	recs, err := records(h, decided, events, at)
	if err != nil {
		return Result{}, err
	}
	if len(recs) == 0 {
		return Result{Stream: h.cmd.Stream, Revision: at.revision}, nil
	}
	res := Result{Stream: h.cmd.Stream, Revision: recs[len(recs)-1].Revision, Events: recs}
	if !h.cmd.DryRun {
		res.Position, err = h.Store.Append(ctx, h.cmd.Stream, at.revision, recs...)
	}
	if err != nil {
		return Result{}, fmt.Errorf("append to %s: %w", h.cmd.Stream, err)
	}
	return res, nil
}

// load folds the stream of the command, and finds what the same command
// recorded earlier.
func load[C, S, E any](ctx context.Context, h *handling, d Decider[C, S, E], events *Registry[E]) (S, loaded, error) {
	var s S
	var at loaded
	for r, err := range h.Store.ReadStream(ctx, h.cmd.Stream, 0) {
		if err != nil {
			return s, at, fmt.Errorf("read %s: %w", h.cmd.Stream, err)
		}
		m, err := DecodeMeta(r.Meta)
		if err != nil {
			return s, at, fmt.Errorf("read %s at revision %d: %w", r.Stream, r.Revision, err)
		}
		e, err := events.Decode(r.Type, r.Schema, r.Data)
		if err != nil {
			return s, at, fmt.Errorf("read %s at revision %d: %w", r.Stream, r.Revision, err)
		}
		if m.Cause == h.cmd.ID {
			if m.Digest != h.digest {
				return s, at, &Error{
					Kind: ErrReused, Code: "es.command_reused",
					Message: fmt.Sprintf("the command id %s was used for another command", m.Cause), Want: "a new id",
				}
			}
			at.earlier = append(at.earlier, r)
		}
		s = d.Evolve(s, r.Revision, e)
		at.revision, at.last = r.Revision, m
	}
	return s, at, nil
}

// records returns decided as records that follow at.
func records[E any](h *handling, decided []E, events *Registry[E], at loaded) ([]Record, error) {
	meta, err := h.meta(at.last)
	if err != nil {
		return nil, err
	}
	recs := make([]Record, 0, len(decided))
	for i, e := range decided {
		name, schema, data, err := events.Encode(e)
		if err != nil {
			return nil, err
		}
		if _, err := events.Decode(name, schema, data); err != nil {
			return nil, fmt.Errorf("record %s, which could not be read back: %v", name, err) //nolint:errorlint // the store is not corrupt
		}
		if c, ok := any(e).(Classifier); ok {
			meta.Visibility = c.Classifies()
		}
		if meta.Visibility == "" {
			meta.Visibility = Internal
		}
		meta.Nonce = h.Nonce()
		m, err := meta.Encode()
		if err != nil {
			return nil, err
		}
		if err := errors.Join(checkText(data), checkText(m)); err != nil {
			return nil, err
		}
		recs = append(recs, Record{
			Stream: h.cmd.Stream, Revision: at.revision + Revision(i) + 1, ID: EventID(h.cmd.ID, h.cmd.Stream, i),
			Type: name, Schema: schema, Data: data, Meta: m,
		})
	}
	if len(recs) > 0 {
		return recs, CheckAppend(h.cmd.Stream, recs)
	}
	return nil, nil
}

// meta returns the metadata of the command's events after the stream's last.
func (h *handling) meta(last Meta) (Meta, error) {
	m := Meta{
		RecordedAt: h.Now().UTC().Truncate(time.Microsecond), Cause: h.cmd.ID, Digest: h.digest,
		Correlation: h.cmd.Correlation, Actor: h.cmd.Actor, ApprovedBy: h.cmd.ApprovedBy, Visibility: last.Visibility,
	}
	if m.RecordedAt.Before(last.RecordedAt) {
		m.RecordedAt = last.RecordedAt
	}
	m.KnownAt = m.RecordedAt
	if !h.cmd.KnownAt.IsZero() {
		m.KnownAt = h.cmd.KnownAt.UTC().Truncate(time.Microsecond)
	}
	if m.KnownAt.Year() < 1 {
		return Meta{}, Invalid("es.bad_known", "knownAt lies before the year 1", "an instant of the common era")
	}
	if m.KnownAt.After(m.RecordedAt) {
		return Meta{}, Invalid("es.known_later", "knownAt "+FormatInstant(m.KnownAt)+" lies after the time of recording",
			"an instant not after "+FormatInstant(m.RecordedAt))
	}
	if m.KnownAt.Before(last.KnownAt) {
		m.KnownRequested, m.KnownAt = m.KnownAt, last.KnownAt
	}
	return m, nil
}
