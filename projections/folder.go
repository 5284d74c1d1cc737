package projections

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// folder decodes the events of a batch and derives from the folded states what
// they change, for several streams at once. It is used by one goroutine, runs
// ahead of what is committed, and is of no use after an error.
type folder struct {
	store       es.Store
	projections []readmodel.Projection
	workers     int
	streams     *cache
}

// change is an event with what it changed, by projection.
type change struct {
	readmodel.Event
	classifies bool // the visibility is another than before the event
	by         []any
}

// placedError is an error with the index of the event that met it.
type placedError struct {
	index int
	err   error
}

// fold returns what recs change; the first has the sequence next.
func (f *folder) fold(ctx context.Context, next uint64, recs []es.Record) ([]change, error) {
	changes := make([]change, len(recs))
	groups := map[string][]int{}
	var names []string
	for i, r := range recs {
		changes[i].Record, changes[i].Sequence = r, next+uint64(i)
		if len(groups[r.Stream]) == 0 {
			names = append(names, r.Stream)
		}
		groups[r.Stream] = append(groups[r.Stream], i)
	}
	streams := make([]*stream, len(names))
	for i, name := range names {
		streams[i] = f.streams.take(name)
	}
	failures := f.foldGroups(ctx, names, groups, streams, changes)
	if len(failures) > 0 {
		first := slices.MinFunc(failures, func(a, b placedError) int { return cmp.Compare(a.index, b.index) })
		return nil, first.err
	}
	for _, s := range streams {
		f.streams.put(s)
	}
	return changes, nil
}

// foldGroups folds each stream's events in one of the workers.
func (f *folder) foldGroups(ctx context.Context, names []string, groups map[string][]int, streams []*stream, changes []change) []placedError {
	var (
		wait     sync.WaitGroup
		mu       sync.Mutex
		taken    int
		failures []placedError
	)
	take := func() (i int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		taken++
		return taken - 1, taken <= len(names) && ctx.Err() == nil
	}
	for range min(f.workers, len(names)) {
		wait.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				var failed *placedError
				if streams[i], failed = f.foldStream(ctx, streams[i], groups[names[i]], changes); failed != nil {
					mu.Lock()
					failures = append(failures, *failed)
					mu.Unlock()
				}
			}
		})
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		failures = append(failures, placedError{len(changes), err})
	}
	return failures
}

// foldStream folds the events of changes with the given indexes, all of one
// stream, into s, which is nil if it was not in the cache.
func (f *folder) foldStream(ctx context.Context, s *stream, indexes []int, changes []change) (*stream, *placedError) {
	fail := func(i int, err error) *placedError {
		r := changes[i].Record
		return &placedError{i, fmt.Errorf("read event %d, %s of %s at revision %d: %w", changes[i].Sequence, r.Type, r.Stream, r.Revision, err)}
	}
	if s == nil {
		first := changes[indexes[0]].Record
		var err error
		if s, err = f.load(ctx, first.Stream, first.Revision-1); err != nil {
			return nil, fail(indexes[0], fmt.Errorf("read the stream up to there: %w", err))
		}
	}
	for _, i := range indexes {
		if err := f.step(s, &changes[i]); err != nil {
			return nil, fail(i, err)
		}
	}
	return s, nil
}

// step decodes one event and derives what it changes.
func (f *folder) step(s *stream, c *change) error {
	if c.Record.Revision != s.revision+1 {
		return &es.Error{
			Kind: es.ErrCorrupt, Code: "views.gap",
			Message: fmt.Sprintf("revision %d of the stream follows revision %d in the log", c.Record.Revision, s.revision),
			Want:    "a store with every event once, in order",
		}
	}
	var err error
	if c.Event.Event, c.Meta, err = decode(c.Record); err != nil {
		return err
	}
	c.classifies = c.Meta.Visibility != s.visibility
	s.add(c.Record, c.Event.Event, c.Meta)
	c.by = f.derive(s, s.show(c.Event.Event, c.Meta))
	return nil
}

// load reads a stream from the store up to a revision.
func (f *folder) load(ctx context.Context, name string, upTo es.Revision) (*stream, error) {
	kind, _, err := es.ParseStream(name)
	if err != nil {
		return nil, err
	}
	s := &stream{name: name, kind: kind, state: ledger.Fold(kind), kept: make([]any, len(f.projections))}
	if upTo == 0 {
		return s, nil
	}
	for r, err := range f.store.ReadStream(ctx, name, 0) {
		if err != nil {
			return nil, err
		}
		event, meta, err := decode(r)
		if err != nil {
			return nil, err
		}
		s.add(r, event, meta)
		if s.revision == upTo {
			f.derive(s, s.show(event, meta))
			return s, nil
		}
	}
	return nil, &es.Error{
		Kind: es.ErrCorrupt, Code: "views.short_stream",
		Message: fmt.Sprintf("the stream has no revision %d", upTo), Want: "the events that the log has",
	}
}

func decode(r es.Record) (any, es.Meta, error) {
	meta, err := es.DecodeMeta(r.Meta)
	if err != nil {
		return nil, meta, fmt.Errorf("decode %s at revision %d: %w", r.Stream, r.Revision, err)
	}
	event, err := ledger.Decode(r)
	return event, meta, err
}

// derive lets every projection see s, and returns what each says has changed.
func (f *folder) derive(s *stream, state readmodel.State) []any {
	changes := make([]any, len(f.projections))
	for i, p := range f.projections {
		s.kept[i], changes[i] = p.Derive(s.kept[i], state)
	}
	return changes
}

func (s *stream) add(r es.Record, event any, meta es.Meta) {
	s.revision, s.visibility = r.Revision, meta.Visibility
	s.state.Add(r.Revision, event)
}

func (s *stream) show(event any, meta es.Meta) readmodel.State {
	state := readmodel.State{
		Stream: s.name, Kind: s.kind, Revision: s.revision, Meta: meta, Event: event, Of: s.state.State(),
	}
	if of, ok := state.Of.(finder); ok {
		state.Findings = of.Findings
	}
	if of, ok := state.Of.(owing); ok {
		state.Dues = of.Dues
	}
	if of, ok := state.Of.(keeper); ok {
		state.Held = of.Facts()
	}
	return state
}

// What the states of aggregates offer, that of the ledger itself excepted.
type (
	finder interface{ Findings() []terms.Finding }
	owing  interface{ Dues() []terms.Due }
	keeper interface {
		Facts() iter.Seq[book.Fact]
	}
)
