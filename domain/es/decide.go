package es

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// deciding is a stream while acts on it are decided.
type deciding[C, S, E any] struct {
	*handling
	decider  Decider[C, S, E]
	commands *Registry[C]
	events   *Registry[E]

	state    S
	past     []E // the events of state
	revision Revision
	last     Meta
	final    bool                   // the command is the last one
	earlier  map[uuid.UUID][]Record // what the same commands recorded, by their id

	pending []Record  // decided, and not appended yet
	size    int       // of their data and metadata, in bytes
	waiting []*Result // the results they belong to
	whose   []int     // the acts
}

func handle[C, S, E any](ctx context.Context, h *handling, d Decider[C, S, E], commands *Registry[C], events *Registry[E]) error {
	w := &deciding[C, S, E]{handling: h, decider: d, commands: commands, events: events}
	if err := w.load(ctx); err != nil {
		return err
	}
	for i, act := range h.acts {
		if h.done[i] {
			continue
		}
		recs, err := w.act(ctx, i, act)
		if err == nil {
			err = w.add(ctx, i, recs)
		}
		if err != nil {
			return err
		}
	}
	return w.flush(ctx)
}

// load folds the stream, and finds what the same commands recorded earlier.
func (w *deciding[C, S, E]) load(ctx context.Context) error {
	for r, err := range w.Store.ReadStream(ctx, w.stream, 0) {
		if err != nil {
			return fmt.Errorf("read %s: %w", w.stream, err)
		}
		m, err := DecodeMeta(r.Meta)
		if err != nil {
			return fmt.Errorf("read %s at revision %d: %w", r.Stream, r.Revision, err)
		}
		e, err := w.events.Decode(r.Type, r.Schema, r.Data)
		if err != nil {
			return fmt.Errorf("read %s at revision %d: %w", r.Stream, r.Revision, err)
		}
		if _, ours := w.ids[m.Cause]; ours {
			if w.earlier == nil {
				w.earlier = map[uuid.UUID][]Record{}
			}
			w.earlier[m.Cause] = append(w.earlier[m.Cause], r)
		}
		w.evolve(e, m)
	}
	return nil
}

func (w *deciding[C, S, E]) evolve(e E, m Meta) {
	w.revision++
	w.state, w.past, w.last = w.decider.Evolve(w.state, w.revision, e), append(w.past, e), m
}

// act decides the i-th act, sets its outcome, and returns what it records. If
// one of its commands fails, the state is as it was before.
func (w *deciding[C, S, E]) act(ctx context.Context, i int, act []prepared) ([]Record, error) {
	before, last := len(w.past), w.last
	results := make([]Result, len(act))
	var all []Record
	for j, cmd := range act {
		w.final = i == len(w.acts)-1 && j == len(act)-1
		recs, err := w.command(ctx, cmd, &results[j])
		all = append(all, recs...)
		if err == nil && len(all) > 0 {
			err = CheckAppend(w.stream, all)
		}
		if err == nil {
			continue
		}
		if len(w.past) > before {
			w.past = w.past[:before]
			w.state, w.revision, w.last = w.decider.Fold(w.past...), Revision(before), last
		}
		w.out[i] = Outcome{Err: err}
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, nil
	}
	w.out[i] = Outcome{Results: results}
	return all, nil
}

// command decides one command, and returns what it records.
func (w *deciding[C, S, E]) command(ctx context.Context, cmd prepared, res *Result) ([]Record, error) {
	c, err := w.commands.Parse(cmd.Name, cmd.Payload)
	if err != nil {
		return nil, err
	}
	if earlier := w.earlier[cmd.ID]; len(earlier) > 0 {
		return nil, repeated(cmd, earlier, res)
	}
	if want := cmd.Expect; want != nil && *want != w.revision {
		return nil, ConflictError(w.stream, *want, w.revision)
	}
	if w.Check != nil {
		if err := w.Check(ctx, w.stream, c); err != nil {
			return nil, err
		}
	}
	decided, err := w.decider.Decide(c, w.state)
	if err != nil {
		return nil, err
	}
	recs, err := w.record(cmd, decided)
	if err != nil {
		return nil, err
	}
	*res = Result{Stream: w.stream, Revision: w.revision, Events: recs}
	return recs, nil
}

// repeated sets res to what an equal command recorded earlier.
func repeated(cmd prepared, earlier []Record, res *Result) error {
	last := earlier[len(earlier)-1]
	m, err := DecodeMeta(last.Meta)
	if err != nil {
		return err
	}
	if m.Digest != cmd.digest {
		return &Error{
			Kind: ErrReused, Code: "es.command_reused",
			Message: fmt.Sprintf("the command id %s was used for another command", cmd.ID), Want: "a new id",
		}
	}
	*res = Result{cmd.Stream, last.Revision, last.Position, earlier, true}
	return nil
}

// record returns decided as records, and adds them to the state.
func (w *deciding[C, S, E]) record(cmd prepared, decided []E) ([]Record, error) {
	if len(decided) == 0 {
		return nil, nil
	}
	meta, err := w.meta(cmd)
	if err != nil {
		return nil, err
	}
	recs := make([]Record, 0, len(decided))
	read := make([]E, 0, len(decided))
	for i, e := range decided {
		name, schema, data, err := w.events.Encode(e)
		if err != nil {
			return nil, err
		}
		back, err := w.events.Decode(name, schema, data)
		if err != nil {
			return nil, fmt.Errorf("record %s, which could not be read back: %v", name, err) //nolint:errorlint // the store is not corrupt
		}
		if c, ok := any(e).(Classifier); ok {
			meta.Visibility = c.Classifies()
		}
		if meta.Visibility == "" {
			meta.Visibility = Internal
		}
		meta.Nonce = w.Nonce()
		m, err := meta.Encode()
		if err != nil {
			return nil, err
		}
		if err := errors.Join(checkText(data), checkText(m)); err != nil {
			return nil, err
		}
		read = append(read, back)
		recs = append(recs, Record{
			Stream: w.stream, Revision: w.revision + Revision(i) + 1, ID: EventID(cmd.ID, w.stream, i),
			Type: name, Schema: schema, Data: data, Meta: m,
		})
	}
	if w.final {
		w.revision += Revision(len(recs)) // nothing asks for the state any more
		return recs, nil
	}
	for _, e := range read {
		w.evolve(e, meta)
	}
	return recs, nil
}

// meta returns the metadata of the events of cmd after the stream's last.
func (w *deciding[C, S, E]) meta(cmd prepared) (Meta, error) {
	m := Meta{
		RecordedAt: w.Now().UTC().Truncate(time.Microsecond), Cause: cmd.ID, Digest: cmd.digest, Correlation: cmd.Correlation,
		Actor: cmd.Actor, ApprovedBy: cmd.ApprovedBy, Visibility: w.last.Visibility, Backfill: cmd.Backfill,
	}
	if m.RecordedAt.Before(w.last.RecordedAt) {
		m.RecordedAt = w.last.RecordedAt
	}
	m.KnownAt = m.RecordedAt
	if !cmd.KnownAt.IsZero() {
		m.KnownAt = cmd.KnownAt.UTC().Truncate(time.Microsecond)
	}
	if m.KnownAt.Year() < 1 {
		return Meta{}, Invalid("es.bad_known", "knownAt lies before the year 1", "an instant of the common era")
	}
	if m.KnownAt.After(m.RecordedAt) {
		return Meta{}, Invalid("es.known_later", "knownAt "+FormatInstant(m.KnownAt)+" lies after the time of recording",
			"an instant not after "+FormatInstant(m.RecordedAt))
	}
	if m.KnownAt.Before(w.last.KnownAt) {
		m.KnownRequested, m.KnownAt = m.KnownAt, w.last.KnownAt
	}
	return m, nil
}

// add has what the i-th act records appended with the next flush. What is
// decided in a dry run is not.
func (w *deciding[C, S, E]) add(ctx context.Context, i int, recs []Record) error {
	size := 0
	for _, r := range recs {
		size += len(r.Data) + len(r.Meta)
	}
	if len(w.pending)+len(recs) > MaxAppendRecords || w.size+size > MaxAppendBytes {
		if err := w.flush(ctx); err != nil {
			return err
		}
	}
	w.whose = append(w.whose, i)
	for j := range w.out[i].Results {
		if res := &w.out[i].Results[j]; len(res.Events) > 0 && !res.Repeated && !w.dry {
			w.pending, w.waiting = append(w.pending, res.Events...), append(w.waiting, res)
		}
	}
	w.size += size
	return nil
}

// flush appends what is pending.
func (w *deciding[C, S, E]) flush(ctx context.Context) error {
	if len(w.pending) > 0 {
		at, err := w.Store.Append(ctx, w.stream, w.pending[0].Revision-1, w.pending...)
		if err != nil {
			return fmt.Errorf("append to %s: %w", w.stream, err)
		}
		for _, res := range w.waiting {
			res.Position = at
		}
	}
	for _, i := range w.whose {
		w.done[i] = true
	}
	w.pending, w.size, w.waiting, w.whose = nil, 0, nil, nil
	return nil
}
