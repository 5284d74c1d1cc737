package service

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/review"
)

// record is what is known of a stream.
type record struct {
	stream     string
	revision   es.Revision // 0: there is none
	visibility es.Visibility
	// concerns are the streams of the parties and networks that it concerns,
	// sorted. A party or network concerns itself alone: that it stands in a
	// relation to another gives that one no say.
	concerns []string
}

// reading is a stream as it was last read.
type reading struct {
	mu      sync.Mutex
	folding es.Folding
	is      record
	about   string // the stream that a review is about, else ""
}

// readings keeps a bounded number of streams as they were last read, so that of
// each only what is new is read.
type readings struct {
	mu      sync.Mutex
	streams map[string]*reading
	events  es.Revision // of all of them
}

// maxEvents is of how many events the folded states are kept, at some 6 KB each.
const maxEvents = 1 << 13

// of returns the reading of a stream, a new one with an empty state if there is
// none.
func (k *readings) of(stream string, empty es.Folding) *reading {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r, ok := k.streams[stream]; ok {
		return r
	}
	return &reading{folding: empty, is: record{stream: stream}}
}

// keep keeps r, of which n more events were read. When there are too many, all
// others are forgotten.
func (k *readings) keep(r *reading, n es.Revision) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.streams[r.is.stream] != r {
		n = r.is.revision
	}
	if k.events += n; k.streams == nil || k.events > maxEvents {
		k.streams, k.events = map[string]*reading{}, r.is.revision
	}
	k.streams[r.is.stream] = r
}

// record returns what is known of a stream at present.
func (s *Service) record(ctx context.Context, stream string) (record, error) {
	empty := ledger.Fold(stream)
	if empty == nil {
		return record{stream: stream}, nil // a ledger has no such streams
	}
	r := s.read.of(stream, empty)
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.is.revision
	err := r.catchUp(ctx, s.Ledger.Store())
	if r.is.revision > before {
		r.findConcerns()
		s.read.keep(r, r.is.revision-before)
	}
	if err != nil {
		return record{}, err
	}
	is := r.is
	if r.about != "" {
		is.concerns, err = s.inherited(ctx, r.about)
	}
	return is, err
}

// catchUp folds what was recorded since.
func (r *reading) catchUp(ctx context.Context, store es.Store) error {
	for rec, err := range store.ReadStream(ctx, r.is.stream, r.is.revision) {
		if err != nil {
			return fmt.Errorf("read %s: %w", r.is.stream, err)
		}
		meta, err := es.DecodeMeta(rec.Meta)
		if err != nil {
			return fmt.Errorf("read %s at revision %d: %w", rec.Stream, rec.Revision, err)
		}
		e, err := ledger.Decode(rec)
		if err != nil {
			return err
		}
		r.folding.Add(rec.Revision, e)
		r.is.revision, r.is.visibility = rec.Revision, meta.Visibility
	}
	return nil
}

// findConcerns finds whom the stream concerns, by the facts that it holds now.
func (r *reading) findConcerns() {
	kind, _, _ := strings.Cut(r.is.stream, "-")
	switch state := r.folding.State().(type) {
	case *review.State:
		r.about = string(state.Describe().Stream)
	case interface{ Facts() iter.Seq[book.Fact] }:
		if isParty(kind) {
			r.is.concerns = []string{r.is.stream}
			return
		}
		var events []any
		for f := range state.Facts() {
			events = append(events, f.Event)
		}
		r.is.concerns = named(events...)
	}
}

// named returns the streams of the parties and networks that commands or events
// refer to, sorted. The source of a fact and the authority for it are not among
// them: who is cited has no say.
func named(all ...any) []string {
	var parties []string
	for _, v := range all {
		for field, ref := range ledger.References(v) {
			stream, _ := ref.Target()
			if kind, _, _ := strings.Cut(stream, "-"); isParty(kind) && !strings.Contains(field, "/fact/") {
				parties = append(parties, stream)
			}
		}
	}
	slices.Sort(parties)
	return slices.Compact(parties)
}

func isParty(kind string) bool { return kind == "party" || kind == "network" }

// inherited returns whom a stream concerns that a review is about: the review of
// a finding concerns whom the finding does. Of another review, which could be
// about this one, nothing is inherited.
func (s *Service) inherited(ctx context.Context, about string) ([]string, error) {
	if about == "" || strings.HasPrefix(about, "review-") {
		return nil, nil
	}
	r, err := s.record(ctx, about)
	return r.concerns, err
}
