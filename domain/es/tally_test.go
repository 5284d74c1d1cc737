package es_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// The aggregate that the tests of the kernel run: a tally of texts.
type (
	tallyEvent   interface{ tally() }
	tallyCommand interface{ tallyCommand() }

	Opened struct {
		Visibility es.Visibility `json:"visibility"`
	}
	Counted struct {
		Text  string   `json:"text"`
		N     int64    `json:"n"`
		Tags  []string `json:"tags"`
		Inner *Inner   `json:"inner"`
	}
	Inner struct {
		Ratio float64 `json:"ratio"`
		Odd   oddWord `json:"odd"`
	}
	Mended struct {
		As tallyEvent `json:"as"`
	}
	// Unread cannot be read back: its word has no value for nothing.
	Unread struct {
		Word strictWord `json:"word"`
	}

	Open struct{ Opened }
	// Begin opens the stream of a natural key.
	Begin struct {
		Opened
		Of string `json:"of"`
	}
	Count struct {
		Counted
		Times int `json:"times"`
	}
	Mend    struct{ Mended }
	Break   struct{}
	Misread struct{ Filled bool }
)

type oddWord string

func (w *oddWord) UnmarshalText(text []byte) error {
	if *w = oddWord(text); text != nil && *w != "odd" && *w != "" {
		return es.Invalid("tally.bad_word", fmt.Sprintf("%q is not odd", text), "odd")
	}
	return nil
}

type strictWord string

func (w *strictWord) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return es.Invalid("tally.no_word", "there is no word", "a word")
	}
	*w = strictWord(text)
	return nil
}

func (Opened) tally()         {}
func (Counted) tally()        {}
func (Mended) tally()         {}
func (Unread) tally()         {}
func (Open) tallyCommand()    {}
func (Begin) tallyCommand()   {}
func (Count) tallyCommand()   {}
func (Mend) tallyCommand()    {}
func (Break) tallyCommand()   {}
func (Misread) tallyCommand() {}

func (c Begin) NaturalKey() string { return c.Of }

func (e Opened) Classifies() es.Visibility { return e.Visibility }

var (
	tallyEvents = es.NewRegistry[tallyEvent](
		es.Def[Opened]("tally.opened"), es.Def[Counted]("tally.counted"), es.Def[Mended]("tally.mended"), es.Def[Unread]("tally.unread"),
	)
	tallyCommands = es.NewCommands[tallyCommand](tallyEvents,
		es.Def[Open]("tally.open"), es.Def[Count]("tally.count"), es.Def[Mend]("tally.mend"),
		es.Def[Begin]("tally.begin"), es.Def[Break]("tally.break"), es.Def[Misread]("tally.misread"))
	tally = es.NewAggregate("tally", tallyDecider, tallyCommands, tallyEvents)

	errBroken = es.Rejected("tally.broken", "it is broken", "")
)

var tallyDecider = es.Decider[tallyCommand, []string, tallyEvent]{
	Decide: func(c tallyCommand, s []string) ([]tallyEvent, error) {
		switch c := c.(type) {
		case Open:
			return []tallyEvent{c.Opened}, nil
		case Begin:
			return []tallyEvent{c.Opened}, nil
		case Count:
			if slices.Contains(s, c.Text) {
				return nil, nil
			}
			var all []tallyEvent
			for range max(c.Times, 1) {
				all = append(all, c.Counted)
			}
			return all, nil
		case Mend:
			return []tallyEvent{c.Mended}, nil
		case Misread:
			return []tallyEvent{Unread{}}, nil
		}
		return nil, errBroken
	},
	Evolve: func(s []string, _ es.Revision, e tallyEvent) []string {
		if e, ok := e.(Counted); ok {
			return append(s, e.Text)
		}
		return s
	},
}

// shelf is a store of a few streams in memory, and can be made to misbehave.
type shelf struct {
	es.Store // what a handler does not call

	mu      sync.Mutex
	streams map[string][]es.Record
	appends int
	// intrude, if set, is called before each append, with the stream.
	intrude func(stream string)
	fail    error // of the next append, which happens all the same
	readErr error
}

func newShelf() *shelf { return &shelf{streams: map[string][]es.Record{}} }

func (s *shelf) Append(_ context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if s.intrude != nil {
		s.intrude(stream)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appends++
	if err := es.CheckAppend(stream, recs); err != nil {
		return 0, err
	}
	have := s.streams[stream]
	if es.Revision(len(have)) != at {
		if es.Revision(len(have)) > at && es.SameIDs(have[at:], recs) {
			return have[int(at)+len(recs)-1].Position, nil
		}
		return 0, es.ConflictError(stream, at, es.Revision(len(have)))
	}
	s.put(stream, recs...)
	err := s.fail
	s.fail = nil
	return es.Position(10 * len(s.streams[stream])), err
}

// put appends records as a store does, unchecked.
func (s *shelf) put(stream string, recs ...es.Record) {
	for _, r := range recs {
		r.Stream, r.Revision = stream, es.Revision(len(s.streams[stream])+1)
		r.Position = es.Position(10 * r.Revision)
		s.streams[stream] = append(s.streams[stream], r)
	}
}

func (s *shelf) ReadStream(_ context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	s.mu.Lock()
	recs := slices.Clone(s.streams[stream])
	s.mu.Unlock()
	return func(yield func(es.Record, error) bool) {
		for _, r := range recs[min(int(after), len(recs)):] {
			if !yield(r, nil) {
				return
			}
		}
		if s.readErr != nil {
			yield(es.Record{}, s.readErr)
		}
	}
}

// records returns all records of the shelf, and all in one stream.
func (s *shelf) records() (n int) {
	for _, recs := range s.streams {
		n += len(recs)
	}
	return n
}

var (
	errDisk = errors.New("the disk is gone")
	theOne  = "tally-" + strings.Repeat("0", 8) + "-0000-4000-8000-000000000001"
)

func id(n int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)) }
