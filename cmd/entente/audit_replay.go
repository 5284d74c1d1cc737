package main

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// chosen says which events are replayed.
type chosen struct {
	until              readmodel.At
	stream, typ, actor string
}

func (a *app) auditReplayCommand() *cobra.Command {
	var e chosen
	c := &cobra.Command{
		Use:   "replay",
		Short: "Step through the history: each event, and what it changed",
		Long: "Step through the history in the order of recording: who recorded what, when, and the state of the record before and after.\n" +
			"The state of an agreement, party, network or action plan is what `show --json` says of it; of others, the facts\n" +
			"that their events state, by revision, as they stand after corrections.",
		Example: "  entente audit replay --stream memorandum-f6\n  entente audit replay --actor clerk --until 2026-03-01T09:30:00Z --json",
	}
	flags := c.Flags()
	flags.Var(recordedFlag{&e.until}, "until", "only what this ledger held at this instant, RFC 3339, or after the event with this sequence")
	flags.StringVar(&e.stream, "stream", "", "only the events of this record (its id or the beginning of it)")
	flags.StringVar(&e.typ, "type", "", "only events of this type")
	flags.StringVar(&e.actor, "actor", "", "only what this identity recorded")
	on := asOf(c, "states are given")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		day, err := on()
		if err != nil {
			return err
		}
		if e.typ != "" && !known(e.typ) {
			return es.Invalid("cli.unknown_type", fmt.Sprintf("there is no event type %.80q", e.typ), "one of docs/events.md, such as memorandum.signed")
		}
		ctx := cmd.Context()
		return a.withReader(ctx, func(l *opened) (err error) {
			if e.stream != "" {
				if e.stream, err = l.resolve(ctx, e.stream); err != nil {
					return err
				}
			}
			return l.read(ctx, func(conn *sqlite.Conn) error {
				d := l.desk(conn)
				r := replay{app: a, log: history.Log{Conn: d.Conn, Store: d.Store}, desk: d, on: day}
				return r.run(ctx, e)
			})
		})
	}
	return c
}

// replay tells events one after the other. It keeps one state of one record.
type replay struct {
	app  *app
	desk *answers.Desk
	log  history.Log
	on   edtf.Date
	held struct { // of the record replayed last
		stream string
		next   uint64 // sequence of the event before which it is so
		state  answers.Fields
		fold   es.Folding
		last   es.Revision
	}
}

// step is an event and what it changed, as JSON.
type step struct {
	answers.Event
	Changes []transition `json:"changes"`
}

// transition is a field of a record before and after an event.
type transition struct {
	Field  string         `json:"field"`
	Before jsontext.Value `json:"before"` // null: it was empty
	After  jsontext.Value `json:"after"`  // null: it is empty
}

func (r *replay) run(ctx context.Context, e chosen) error {
	for l, err := range e.lines(ctx, r.log) {
		if err != nil {
			return err
		}
		before, after, err := r.around(ctx, l)
		if err != nil {
			return err
		}
		if err := r.tell(l, before, after); err != nil {
			return err
		}
	}
	return nil
}

// lines yields the events chosen, a page at a time.
func (e chosen) lines(ctx context.Context, log history.Log) iter.Seq2[history.Line, error] {
	return func(yield func(history.Line, error) bool) {
		page := func(from uint64) ([]history.Line, error) { return log.Range(ctx, from, 0) }
		switch {
		case e.stream != "": // one after a revision, which is counted like a sequence
			page = func(after uint64) ([]history.Line, error) { return log.Stream(ctx, e.stream, es.Revision(after), 0) }
		case e.typ != "":
			page = func(from uint64) ([]history.Line, error) { return log.Type(ctx, e.typ, from, 0) }
		}
		for from := uint64(0); ; {
			lines, err := page(from)
			if err != nil {
				yield(history.Line{}, err)
			}
			if err != nil || len(lines) == 0 {
				return
			}
			for _, l := range lines {
				if from = l.Sequence + 1; e.stream != "" {
					from = uint64(l.Revision)
				}
				if e.until.Events > 0 && l.Sequence >= e.until.Events {
					return
				}
				if l.Within(e.until) && (e.typ == "" || l.Type == e.typ) && (e.actor == "" || l.Actor == e.actor) && !yield(l, nil) {
					return
				}
			}
		}
	}
}

// around returns the state of an event's record before and after it.
func (r *replay) around(ctx context.Context, l history.Line) (before, after answers.Fields, err error) {
	if !slices.Contains(answers.Compared(), kindOfStream(l.Stream)) {
		return r.facts(ctx, l)
	}
	if before = r.held.state; r.held.stream != l.Stream || r.held.next != l.Sequence {
		if before, err = r.state(l, l.Sequence); err != nil { // never 0: the ledger's opening is first
			return nil, nil, err
		}
	}
	if after, err = r.state(l, l.Sequence+1); err != nil {
		return nil, nil, err
	}
	r.held.stream, r.held.next, r.held.state = l.Stream, l.Sequence+1, after
	return before, after, nil
}

// state returns the state of an event's record after so many events of the ledger.
func (r *replay) state(l history.Line, events uint64) (answers.Fields, error) {
	at := r.desk.At
	at.Events = events
	return r.desk.As(at).Fields(l.Stream, r.on)
}

// facts is around for a record of which the state is its facts.
func (r *replay) facts(ctx context.Context, l history.Line) (before, after answers.Fields, err error) {
	h := &r.held
	if h.stream != l.Stream || h.fold == nil || h.last >= l.Revision {
		h.stream, h.last, h.fold, h.state = l.Stream, 0, ledger.Fold(kindOfStream(l.Stream)), answers.Fields{}
	}
	for h.last < l.Revision {
		lines, err := r.log.Stream(ctx, l.Stream, h.last, int(min(l.Revision-h.last, 1000)))
		if err != nil {
			return nil, nil, err
		}
		for _, one := range lines {
			if one.Revision == l.Revision {
				if h.state, err = factsOf(h.fold.State(), nil); err != nil {
					return nil, nil, err
				}
			}
			h.fold.Add(one.Revision, one.Event)
			h.last = one.Revision
		}
	}
	before = h.state
	after, err = factsOf(h.fold.State(), l.Record.Data)
	return before, after, err
}

// factsOf returns the facts of a state, by the revisions that recorded them. Of a
// state that keeps none, what its last event says.
func factsOf(state any, last jsontext.Value) (answers.Fields, error) {
	f := answers.Fields{}
	of, ok := state.(interface{ Facts() iter.Seq[book.Fact] })
	if !ok {
		if last == nil {
			return f, nil
		}
		return f, f.Add("", last)
	}
	for fact := range of.Facts() {
		text, err := json.Marshal(fact.Event, json.Deterministic(true))
		if err == nil {
			err = f.Add(fmt.Sprintf("[%d]", fact.Revision), text)
		}
		if err != nil {
			return nil, fmt.Errorf("show fact %d: %w", fact.Revision, err)
		}
	}
	return f, nil
}

// tell prints an event.
func (r *replay) tell(l history.Line, before, after answers.Fields) error {
	changed, a := before.Changed(after), r.app
	if a.json {
		s := step{Event: answers.EventOf(l), Changes: []transition{}}
		for _, path := range changed {
			s.Changes = append(s.Changes, transition{path, before.JSON(path), after.JSON(path)})
		}
		return a.printJSON(s)
	}
	what, err := (&words{desk: r.desk}).what(l)
	if err != nil {
		return err
	}
	p := &printer{app: a}
	p.line("%d  %s  %s, revision %d of %s", l.Sequence, instant(l.Recorded), l.Type, l.Revision, l.Stream)
	p.line("   recorded by %s%s, %s", l.Actor, approved(l), circumstances(l))
	if what != "" {
		p.line("   says: %s", what)
	}
	for _, path := range changed {
		p.line("   %s: %s -> %s", shortPath(path), dash(before.Text(path)), dash(after.Text(path)))
	}
	if len(changed) == 0 {
		p.line("   the state stays as it was")
	}
	p.line("")
	return p.err
}

func approved(l history.Line) string {
	if l.ApprovedBy == "" {
		return ""
	}
	return ", approved by " + l.ApprovedBy
}

// circumstances says how surely something is a fact, when, and by which source.
func circumstances(l history.Line) string {
	parts := []string{"as " + l.Status.String()}
	for _, one := range []struct {
		word string
		date edtf.Date
	}{{"occurred", l.Occurred}, {"counts from", l.Effective}} {
		if text := one.date.String(); text != "" {
			parts = append(parts, one.word+" "+text)
		}
	}
	if !l.Known.Equal(l.Recorded) {
		parts = append(parts, "known since "+instant(l.Known))
	}
	if l.Source.ID != "" {
		parts = append(parts, "source "+source(l.Source))
	}
	return strings.Join(parts, ", ")
}
