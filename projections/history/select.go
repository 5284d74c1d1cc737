package history

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Select says which events a follower of the log wants, all of its fields
// together. The zero Select: all events from the first one on.
type Select struct {
	From    uint64   // the sequence of the first
	Streams []string // of one of these streams; none: any
	Kinds   []string // of streams of one of these kinds, "party"; none: any
	Types   []string // of one of these types, "party.registered"; none: any
	Limit   int      // at most so many, as [readmodel.Limit] has it
}

// The bounds of a page of [Log.Select].
const (
	// MaxWanted is how many streams, kinds and types can be asked for, of each.
	MaxWanted = 100
	// maxLooked is how many events are looked at, if it is not decided by an
	// index whether they are wanted.
	maxLooked = 10_000
)

// ErrTooMany is the error of a [Select] that asks for too much at once.
var ErrTooMany = es.Invalid("history.too_many", "too many streams, kinds or types are asked for at once", fmt.Sprintf("at most %d of each", MaxWanted))

// Select returns a page of the events that are wanted and within l.At, in the
// order of the log, and the sequence from which the next page goes on. A page may
// be short or empty although more follows, so that the work for one is bounded:
// there is no more for now when next is end, which is the number of events that
// the views have, or the first one after l.At.Events.
func (l Log) Select(ctx context.Context, s Select) (lines []Line, next, end uint64, err error) {
	if err := l.At.Check(); err != nil {
		return nil, 0, 0, err
	}
	if max(len(s.Streams), len(s.Kinds), len(s.Types)) > MaxWanted {
		return nil, 0, 0, ErrTooMany
	}
	if end, err = l.end(); err != nil || s.From >= end {
		return nil, end, end, err
	}
	places, next, err := l.page(s, end)
	if err == nil && len(places) > 0 {
		lines, err = l.lines(ctx, places)
	}
	if err != nil {
		return nil, 0, 0, err
	}
	return lines, next, end, nil
}

// page returns where the events of a page stand, and what comes after it.
func (l Log) page(s Select, end uint64) (places []Place, next uint64, err error) {
	limit := readmodel.Limit(s.Limit)
	candidates, given := s.candidates(end)
	args := l.At.Arguments()
	maps.Copy(args, given)
	args["$limit"] = limit
	places, err = l.placesOf("("+candidates+") h", s.ofKinds(args)+" AND "+held(l.At), "ORDER BY h.sequence LIMIT $limit", args)
	if err != nil {
		return nil, 0, err
	}
	if len(places) == limit {
		return places, places[limit-1].Sequence + 1, nil
	}
	next, err = l.looked(candidates, given, end)
	return places, next, err
}

// end returns the sequence after the last event that there can be on a page.
func (l Log) end() (end uint64, err error) {
	err = readmodel.Query(l.Conn, "SELECT coalesce(max(sequence) + 1, 0) FROM history", nil, func(r *readmodel.Row) error {
		end = uint64(r.Int())
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read the history: %w", err)
	}
	if l.At.Events > 0 {
		end = min(end, l.At.Events)
	}
	return end, nil
}

// looked returns the sequence after the last candidate, which is end if there
// are not more of them than are looked at.
func (l Log) looked(candidates string, args readmodel.Arguments, end uint64) (next uint64, err error) {
	err = readmodel.Query(l.Conn, "SELECT count(*), max(sequence) + 1 FROM ("+candidates+")", args, func(r *readmodel.Row) error {
		if next = end; r.Int() == maxLooked {
			next = uint64(r.Int())
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read the history: %w", err)
	}
	return next, nil
}

// candidates returns the query for the events of the streams and types, as many
// as are looked at, and its arguments. Each stream or type is a branch of its
// own with an index for it; SQLite merges them by sequence as they are read.
func (s Select) candidates(end uint64) (string, readmodel.Arguments) {
	args := readmodel.Arguments{"$from": signed(s.From), "$end": signed(end)}
	name := func(prefix string, i int, value string) string {
		name := fmt.Sprintf("$%s%d", prefix, i)
		args[name] = value
		return name
	}
	const columns = "SELECT sequence, position, stream, revision, id, type, recorded, known FROM history"
	const within = " sequence >= $from AND sequence < $end"
	var types, branches []string
	for i, t := range once(s.Types) {
		types = append(types, "(SELECT id FROM word WHERE text = "+name("type", i, t)+")")
	}
	for i, stream := range once(s.Streams) {
		branch := columns + " INDEXED BY history_stream WHERE stream = (SELECT id FROM stream WHERE name = " + name("stream", i, stream) + ") AND" + within
		if len(types) > 0 {
			branch += " AND type IN (" + strings.Join(types, ", ") + ")"
		}
		branches = append(branches, branch)
	}
	if len(s.Streams) == 0 {
		for _, t := range types {
			branches = append(branches, columns+" INDEXED BY history_type WHERE type = "+t+" AND"+within)
		}
	}
	if len(branches) == 0 {
		branches = append(branches, columns+" WHERE"+within)
	}
	return fmt.Sprintf("%s ORDER BY sequence LIMIT %d", strings.Join(branches, " UNION ALL "), maxLooked), args
}

// once returns words, each once, in their order.
func once(words []string) []string { return slices.Compact(slices.Sorted(slices.Values(words))) }

// ofKinds returns the condition that an event is of one of the kinds, and adds
// its parameters.
func (s Select) ofKinds(args readmodel.Arguments) string {
	if len(s.Kinds) == 0 {
		return "TRUE"
	}
	of := make([]string, len(s.Kinds))
	for i, kind := range s.Kinds {
		name := fmt.Sprintf("$kind%d", i)
		of[i] = "substr(s.name, 1, length(" + name + ")) = " + name
		args[name] = kind + "-"
	}
	return "(" + strings.Join(of, " OR ") + ")"
}
