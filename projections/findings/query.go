package findings

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Finding is something a person should look at.
type Finding struct {
	// ID is the same in every copy of the ledger's views, and as long as the
	// finding is about the same events.
	ID     uuid.UUID
	Stream string
	Code   string
	Detail string // a sentence
	Other  string // another stream it is about, or ""; one that may be seen
	// Digest is another when what the finding says changes, or something was
	// said of one of its events.
	Digest [sha256.Size]byte
	Review Review
	// Events are those it is about, of the stream and of the other one.
	Events []history.Place
	// Since is the place of the event that it began with.
	Since readmodel.Moment
}

// Filter says which findings are wanted, all of its fields together.
type Filter struct {
	At     readmodel.At
	Stream string // about this stream or, across streams, also this one; "": any
	Code   string // "": any
	Kind   string // of stream, "party"; "": any
	// Accepted asks for those too that were accepted and have not changed
	// since: the view of an auditor rather than the queue of a clerk.
	Accepted bool
	ID       uuid.UUID // Nil: any
	// From is the sequence of the event with which the first of them began; 0: any.
	From  uint64
	Limit int    // at most so many, as [readmodel.Limit] has it
	After string // a cursor from [List], with the same filter; "" for the beginning
}

// List returns the findings that are open and match f, those of one stream
// together, the streams in the order of the log; and the cursor to what
// follows, "" at the end.
func List(conn *sqlite.Conn, f Filter) (all []Finding, next string, err error) {
	where, args, err := f.where()
	if err != nil {
		return nil, "", err
	}
	limit := readmodel.Limit(f.Limit)
	args["$limit"] = limit + 1
	var rows []finding
	err = readmodel.Query(conn, `SELECT s.name, f.id, f.code, f.detail, f.digest, f.events, o.name, f.other_events,
		w.name, v.standing, v.assignee, v.reason, v.standing = 'accepted' AND v.digest <> f.digest, `+readmodel.Began("f")+`
		FROM findings_finding f JOIN stream s ON s.id = f.stream LEFT JOIN stream o ON o.id = f.other
		LEFT JOIN findings_review v ON v.finding = f.id AND `+f.At.Clause("v")+` LEFT JOIN stream w ON w.id = v.stream
		WHERE `+where+` ORDER BY f.stream, f.id, f.seq_from LIMIT $limit`, args, func(r *readmodel.Row) error {
		if len(all) == limit {
			last := all[limit-1]
			next = readmodel.Cursor{Stream: last.Stream, Sort: last.ID.String()}.String()
			return nil
		}
		one, row := Finding{Stream: r.Text()}, finding{}
		r.Bytes(one.ID[:])
		one.Code, one.Detail = r.Text(), r.Text()
		r.Bytes(one.Digest[:])
		row.events, one.Other, row.otherEvents = r.Text(), r.Text(), r.Text()
		one.Review = Review{r.Text(), review.Standing(r.Text()), r.Text(), r.Text(), r.Bool()}
		one.Since = r.Moment()
		all, rows = append(all, one), append(rows, row)
		return nil
	})
	for i := range all {
		if err == nil {
			err = all[i].locate(conn, rows[i])
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("list findings: %w", err)
	}
	return all, next, nil
}

// where returns the condition of a list and its arguments.
func (f Filter) where() (string, readmodel.Arguments, error) {
	after, err := readmodel.ParseCursor(f.After)
	if err == nil {
		err = f.At.Check()
	}
	if err != nil {
		return "", nil, err
	}
	args := f.At.Arguments()
	where := []string{f.At.Clause("f"), shown(f.At)}
	if f.Stream != "" {
		where, args["$stream"] = append(where, "(SELECT id FROM stream WHERE name = $stream) IN (f.stream, f.other)"), f.Stream
	}
	if f.Code != "" {
		where, args["$code"] = append(where, "f.code = $code"), f.Code
	}
	if f.Kind != "" {
		where, args["$kind"] = append(where, "substr(s.name, 1, length($kind)) = $kind"), f.Kind+"-"
	}
	if !f.Accepted {
		where = append(where, "coalesce(v.standing <> 'accepted' OR v.digest <> f.digest, TRUE)")
	}
	if f.From > 0 {
		where, args["$from"] = append(where, "f.seq_from >= $from"), int64(f.From)
	}
	if f.ID != uuid.Nil {
		where, args["$finding"] = append(where, "f.id = $finding"), f.ID[:]
	}
	if f.After != "" {
		id, err := uuid.Parse(after.Sort)
		if err != nil {
			return "", nil, es.Invalid("readmodel.bad_cursor", "this does not continue a list of findings", "the cursor that came with the page before")
		}
		where = append(where, "(f.stream, f.id) > (coalesce((SELECT id FROM stream WHERE name = $after), 0), $id)")
		args["$after"], args["$id"] = after.Stream, id[:]
	}
	return strings.Join(where, " AND "), args, nil
}

// shown is the condition that the other stream of a finding, if there is one,
// may be seen too: the finding says something of both.
func shown(at readmodel.At) string { return "(f.other = 0 OR " + at.Shows("f.other") + ")" }

// locate finds the events that f is about.
func (f *Finding) locate(conn *sqlite.Conn, row finding) error {
	for _, part := range []struct{ stream, events string }{{f.Stream, row.events}, {f.Other, row.otherEvents}} {
		revisions, err := readRevisions(part.events)
		if err != nil {
			return err
		}
		for _, r := range revisions {
			place, err := history.At(conn, part.stream, r, readmodel.At{}) // the finding may be seen, and so may they
			if err != nil {
				return err
			}
			f.Events = append(f.Events, place)
		}
	}
	return nil
}

// Resolve returns the finding whose id begins with a prefix, hyphens apart,
// accepted or not. It fails with [es.ErrNotFound] if there is none, with
// [es.ErrInvalid] if there are several.
func Resolve(conn *sqlite.Conn, prefix string, at readmodel.At) (Finding, error) {
	if err := at.Check(); err != nil {
		return Finding{}, err
	}
	digits := strings.ToLower(strings.ReplaceAll(prefix, "-", ""))
	var ids []uuid.UUID
	if digits != "" && strings.Trim(digits, "0123456789abcdef") == "" {
		args := at.Arguments()
		args["$digits"] = digits
		err := readmodel.Query(conn, "SELECT f.id FROM findings_finding f WHERE "+at.Clause("f")+" AND "+shown(at)+`
			AND substr(lower(hex(f.id)), 1, length($digits)) = $digits LIMIT 2`, args, func(r *readmodel.Row) error {
			var id uuid.UUID
			r.Bytes(id[:])
			ids = append(ids, id)
			return nil
		})
		if err != nil {
			return Finding{}, fmt.Errorf("resolve finding %.80q: %w", prefix, err)
		}
	}
	switch len(ids) {
	case 0:
		return Finding{}, es.NotFound("findings.none", fmt.Sprintf("no finding has an id that begins with %.80q", prefix))
	case 1:
	default:
		return Finding{}, es.Invalid("findings.ambiguous", fmt.Sprintf("%.80q is the beginning of several findings", prefix), "more of it")
	}
	found, _, err := List(conn, Filter{ID: ids[0], Accepted: true, At: at})
	if err != nil || len(found) == 0 {
		return Finding{}, err
	}
	return found[0], nil
}
