package audit

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// place is an event as its stream is verified: what says that a stream is in
// order. Sorted by their bytes, places are by stream, and in a stream by the
// order of the log.
type place struct {
	kind            uint8 // index of the aggregate
	stream          uuid.UUID
	order, sequence int64 // in the store; as sealed, -1 if it was not
	revision        es.Revision
	recorded, known int64 // microseconds since 1970; noTime if the metadata is damaged
	id              uuid.UUID
}

const (
	placeSize = 1 + 16 + 5*8 + 16
	noTime    = -1 << 62
)

func (p *place) encode(b []byte) []byte {
	b = append(append(b, p.kind), p.stream[:]...)
	for _, n := range []uint64{uint64(p.order), uint64(p.sequence), uint64(p.revision), uint64(p.recorded), uint64(p.known)} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return append(b, p.id[:]...)
}

func (p *place) decode(b []byte) {
	p.kind, p.stream = b[0], uuid.UUID(b[1:17])
	n := func(i int) uint64 { return binary.BigEndian.Uint64(b[17+8*i:]) }
	p.order, p.sequence, p.revision = int64(n(0)), int64(n(1)), es.Revision(n(2))
	p.recorded, p.known = int64(n(3)), int64(n(4))
	p.id = uuid.UUID(b[17+5*8:])
}

func (p *place) name() string {
	return es.StreamName(ledger.Aggregates()[p.kind].Kind, p.stream)
}

func (p *place) event() *Event {
	return &Event{p.sequence, p.id, p.name(), p.revision, ""}
}

// use takes an event of the store in its order: what is wrong with it alone, and
// what is to be compared with others.
func (v *verifier) use(it *item, sequence int64) error {
	v.used++
	if sequence >= 0 {
		v.position(sequence, it.after)
	}
	e := it.event(sequence)
	for _, f := range it.damages {
		f.Event = e
		v.found(f)
	}
	if first := v.used == 1 && v.report.From == 0; first != (it.record.Type == "ledger.opened") {
		if first {
			v.damage("audit.no_opening", e, "the first event is not the opening of a ledger")
		} else {
			v.damage("audit.opened_again", e, "the event opens a ledger that is open")
		}
	}
	if err := v.name(it, sequence); err != nil {
		return err
	}
	kind, id, err := es.ParseStream(it.record.Stream)
	if err != nil {
		return nil // which was said
	}
	p := place{v.kinds[kind], id, v.used, sequence, it.record.Revision, noTime, noTime, it.record.ID}
	if it.whole {
		p.recorded, p.known = it.meta.RecordedAt.UnixMicro(), it.meta.KnownAt.UnixMicro()
	}
	v.scrap = p.encode(v.scrap[:0])
	return v.paths.add(v.scrap)
}

// streams verifies every stream by itself.
func (v *verifier) streams(ctx context.Context) error {
	var s path
	n := int64(0)
	for rec, err := range v.paths.all(ctx) {
		if err != nil {
			return err
		}
		if n++; n%tellEvery == 0 {
			v.told(Progress{"streams", n, v.used})
		}
		var p place
		p.decode(rec)
		if s.name == "" || p.kind != s.last.kind || p.stream != s.last.stream {
			s = path{v: v, name: p.name(), ids: emptied(s.ids)}
			if p.revision > 1 && v.report.From > 0 {
				if err := s.load(ctx, p); err != nil {
					return err
				}
			}
		}
		s.add(p)
	}
	return v.paths.close()
}

// emptied returns a map with nothing in it: a new one instead of a large one, as
// to clear it takes as long as it was filled.
func emptied(ids map[uuid.UUID]es.Revision) map[uuid.UUID]es.Revision {
	if ids == nil || len(ids) > 64 {
		return map[uuid.UUID]es.Revision{}
	}
	clear(ids)
	return ids
}

// path is a stream up to an event. It needs memory for the ids of one stream.
type path struct {
	v    *verifier
	name string
	last place
	ids  map[uuid.UUID]es.Revision
}

// load reads what of a stream was verified before, up to a place.
func (s *path) load(ctx context.Context, to place) error {
	for r, err := range s.v.Store.ReadStream(ctx, s.name, 0) {
		if errors.Is(err, es.ErrCorrupt) {
			s.v.damage("audit.stream_damaged", to.event(), "%s cannot be read up to revision %d: %v", s.name, to.revision, err)
			s.last = place{kind: to.kind, stream: to.stream, revision: to.revision - 1, recorded: noTime, known: noTime}
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", s.name, err)
		}
		if r.Revision >= to.revision {
			return nil
		}
		p := place{to.kind, to.stream, 0, -1, r.Revision, noTime, noTime, r.ID}
		if m, err := es.DecodeMeta(r.Meta); err == nil {
			p.recorded, p.known = m.RecordedAt.UnixMicro(), m.KnownAt.UnixMicro()
		}
		s.add(p)
	}
	return nil
}

// add takes the next event of the stream.
func (s *path) add(p place) {
	last := s.last
	s.last = p
	if want := last.revision + 1; p.revision != want {
		s.v.damage("audit.revision_gap", p.event(), "%s goes on with revision %d where revision %d should be", s.name, p.revision, want)
	}
	if at, twice := s.ids[p.id]; twice {
		s.v.damage("audit.id_repeated", p.event(), "the event has the id of the one at revision %d of %s", at, s.name)
	}
	s.ids[p.id] = p.revision
	if last.revision > 0 && p.recorded != noTime {
		if last.recorded > p.recorded {
			s.v.damage("audit.recorded_back", p.event(), "the event says that it was recorded at %s, before the one that precedes it in %s (%s)",
				instant(p.recorded), s.name, instant(last.recorded))
		}
		if last.known > p.known {
			s.v.damage("audit.known_back", p.event(), "the event says that it is known from %s, before the one that precedes it in %s (%s)",
				instant(p.known), s.name, instant(last.known))
		}
	}
	if p.recorded == noTime {
		s.last.recorded, s.last.known = last.recorded, last.known
	}
	if p.recorded != noTime && p.known > p.recorded {
		s.v.damage("audit.known_ahead", p.event(), "the event says that it is known from %s, after it was recorded", instant(p.known))
	}
}

func instant(micros int64) string { return es.FormatInstant(time.UnixMicro(micros)) }
