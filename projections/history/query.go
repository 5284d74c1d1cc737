package history

import (
	"context"
	"fmt"
	"iter"
	"maps"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Place is where an event stands.
type Place struct {
	Sequence uint64
	Position es.Position
	Stream   string
	Revision es.Revision
	ID       uuid.UUID
	Type     string
}

// Log is the history of a ledger: the index in the views, and the store that
// has the events. The connection is that of one read of the views. An event that
// At leaves out, or may not be seen, is for all of its methods one that does not
// exist.
type Log struct {
	Conn  *sqlite.Conn
	Store es.Store
	At    readmodel.At
}

// Stream returns the lines of a stream after a revision, at most as many as
// [readmodel.Limit] has it. A stream that does not exist has none.
func (l Log) Stream(ctx context.Context, stream string, after es.Revision, limit int) ([]Line, error) {
	places, err := l.places("h.stream = (SELECT id FROM stream WHERE name = $stream) AND h.revision > $after", "ORDER BY h.revision LIMIT $limit",
		readmodel.Arguments{"$stream": stream, "$after": signed(uint64(after)), "$limit": readmodel.Limit(limit)})
	if err != nil || len(places) == 0 {
		return nil, err
	}
	lines := make([]Line, 0, len(places))
	for r, err := range l.Store.ReadStream(ctx, stream, after) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", stream, err)
		}
		one, err := lineAt(places[len(lines)], r)
		if err != nil {
			return nil, err
		}
		if lines = append(lines, one); len(lines) == len(places) {
			return lines, nil
		}
	}
	return nil, missing(places[len(lines)])
}

// Whole yields the lines of a stream, a page at a time: none of one that does not
// exist. After an error it ends.
func (l Log) Whole(ctx context.Context, stream string) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		after := es.Revision(0)
		for {
			lines, err := l.Stream(ctx, stream, after, 0)
			if err != nil {
				yield(Line{}, err)
				return
			}
			if len(lines) == 0 {
				return
			}
			for _, one := range lines {
				if after = one.Revision; !yield(one, nil) {
					return
				}
			}
		}
	}
}

// Range returns the lines of the events from a sequence on, at most as many
// as [readmodel.Limit] has it, in the order of the log. It passes over all that
// may not be seen; [Log.Select] bounds the work for a page.
func (l Log) Range(ctx context.Context, from uint64, limit int) ([]Line, error) {
	places, err := l.places("h.sequence >= $from", "ORDER BY h.sequence LIMIT $limit",
		readmodel.Arguments{"$from": signed(from), "$limit": readmodel.Limit(limit)})
	if err != nil || len(places) == 0 {
		return nil, err
	}
	return l.lines(ctx, places)
}

// lines returns the lines of events that are in the order of the log: reading
// through it if they are most of what is there, else each by itself.
func (l Log) lines(ctx context.Context, places []Place) ([]Line, error) {
	if span := places[len(places)-1].Sequence - places[0].Sequence; span < 4*uint64(len(places)) {
		return l.through(ctx, places)
	}
	lines := make([]Line, len(places))
	for i, p := range places {
		var err error
		if lines[i], err = l.line(ctx, p); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// through returns the lines of events by reading the log from the first of them
// to the last.
func (l Log) through(ctx context.Context, places []Place) ([]Line, error) {
	lines := make([]Line, 0, len(places))
	start, err := l.positionBefore(places[0].Sequence)
	if err != nil {
		return nil, err
	}
	for r, err := range l.Store.ReadAll(ctx, start) {
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		if r.Position != places[len(lines)].Position {
			continue // not the ledger's own, or not asked for
		}
		one, err := lineAt(places[len(lines)], r)
		if err != nil {
			return nil, err
		}
		if lines = append(lines, one); len(lines) == len(places) {
			return lines, nil
		}
	}
	return nil, missing(places[len(lines)])
}

// positionBefore returns the position of the event before one, 0 if there is
// none. A store need not know what is between two positions.
func (l Log) positionBefore(sequence uint64) (p es.Position, err error) {
	err = readmodel.Query(l.Conn, "SELECT position FROM history WHERE sequence = $sequence - 1", readmodel.Arguments{"$sequence": signed(sequence)},
		func(r *readmodel.Row) error {
			p = es.Position(r.Int())
			return nil
		})
	if err != nil {
		return 0, fmt.Errorf("read the history: %w", err)
	}
	return p, nil
}

// Type returns the lines of the events of a type from a sequence on, at most
// as many as [readmodel.Limit] has it, in the order of the log.
func (l Log) Type(ctx context.Context, name string, from uint64, limit int) ([]Line, error) {
	places, err := l.places("h.type = (SELECT id FROM word WHERE text = $type) AND h.sequence >= $from", "ORDER BY h.sequence LIMIT $limit",
		readmodel.Arguments{"$type": name, "$from": signed(from), "$limit": readmodel.Limit(limit)})
	if err != nil || len(places) == 0 {
		return nil, err
	}
	return l.lines(ctx, places)
}

// Event returns the line of an event by its id, or fails with
// [es.ErrNotFound].
func (l Log) Event(ctx context.Context, id uuid.UUID) (Line, error) {
	p, err := Find(l.Conn, id, l.At)
	if err != nil {
		return Line{}, err
	}
	return l.line(ctx, p)
}

func (l Log) line(ctx context.Context, p Place) (Line, error) {
	for r, err := range l.Store.ReadStream(ctx, p.Stream, p.Revision-1) {
		if err != nil {
			return Line{}, fmt.Errorf("read %s at revision %d: %w", p.Stream, p.Revision, err)
		}
		return lineAt(p, r)
	}
	return Line{}, missing(p)
}

func lineAt(p Place, r es.Record) (Line, error) {
	if r.ID != p.ID {
		return Line{}, missing(p)
	}
	return LineOf(p.Sequence, r)
}

func missing(p Place) error {
	return &es.Error{
		Kind: es.ErrCorrupt, Code: "views.ahead",
		Message: fmt.Sprintf("the store does not hold event %d (%s at revision %d), which the views know", p.Sequence, p.Stream, p.Revision),
		Want:    "the store that the views were made from; or new views: `entente rebuild`",
	}
}

// Find returns the place of an event by its id, or fails with
// [es.ErrNotFound], also if it may not be seen.
func Find(conn *sqlite.Conn, id uuid.UUID, at readmodel.At) (Place, error) {
	places, err := Log{Conn: conn, At: at}.places("h.id = $id", "", readmodel.Arguments{"$id": id[:]})
	if err == nil && len(places) == 0 {
		err = es.NotFound("history.no_event", "there is no event "+id.String())
	}
	if err != nil {
		return Place{}, err
	}
	return places[0], nil
}

// At returns the place of the event at a revision of a stream, or fails with
// [es.ErrNotFound], also if it may not be seen.
func At(conn *sqlite.Conn, stream string, revision es.Revision, at readmodel.At) (Place, error) {
	places, err := Log{Conn: conn, At: at}.places("h.stream = (SELECT id FROM stream WHERE name = $stream) AND h.revision = $revision", "",
		readmodel.Arguments{"$stream": stream, "$revision": signed(uint64(revision))})
	if err == nil && len(places) == 0 {
		err = es.NotFound("history.no_event", fmt.Sprintf("there is no event %d of %s", revision, stream))
	}
	if err != nil {
		return Place{}, err
	}
	return places[0], nil
}

// Citing calls visit with each stream that has an event read in a source.
func Citing(conn *sqlite.Conn, source string, at readmodel.At, visit func(stream string) error) error {
	args := at.Arguments()
	args["$source"] = source
	err := readmodel.Query(conn, `SELECT DISTINCT s.name FROM history h JOIN stream s ON s.id = h.stream
		WHERE h.source = (SELECT id FROM stream WHERE name = $source) AND `+held(at), args,
		func(r *readmodel.Row) error { return visit(r.Text()) })
	if err != nil {
		return fmt.Errorf("find what cites %s: %w", source, err)
	}
	return nil
}

// places returns where the events stand that meet a condition and are within
// l.At.
func (l Log) places(where, order string, args readmodel.Arguments) ([]Place, error) {
	maps.Copy(args, l.At.Arguments())
	return l.placesOf("history h", where+" AND "+held(l.At), order, args)
}

// placesOf returns where the events of a table h stand that meet a condition.
func (l Log) placesOf(table, where, order string, args readmodel.Arguments) ([]Place, error) {
	var all []Place
	err := readmodel.Query(l.Conn, `SELECT h.sequence, h.position, s.name, h.revision, h.id, w.text
		FROM `+table+` JOIN stream s ON s.id = h.stream JOIN word w ON w.id = h.type WHERE `+where+" "+order, args, func(r *readmodel.Row) error {
		p := Place{
			Sequence: uint64(r.Int()), Position: es.Position(r.Int()),
			Stream: r.Text(), Revision: es.Revision(r.Int()),
		}
		r.Bytes(p.ID[:])
		p.Type = r.Text()
		all = append(all, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	return all, nil
}

// signed returns n as SQLite has it, the largest number if it is larger.
func signed(n uint64) int64 {
	return int64(min(n, 1<<63-1))
}
