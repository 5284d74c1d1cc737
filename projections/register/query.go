package register

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Sort is the order of a list.
type Sort int8

// The orders. Equals are in the order in which they were first recorded.
const (
	ByTitle Sort = iota // of the main titles, without case and accents
	ByEntry             // of the earliest days of entry into force; those not in force last
)

// Filter says which agreements are wanted, all of its fields together.
type Filter struct {
	// On is as of when the phases and parts are given and filtered by. Of a
	// date-time the day counts. As of an unknown date everything is undecided.
	On edtf.Date
	At readmodel.At
	// Phase asks for those that are certainly in it; with Perhaps also for those
	// that perhaps are. "": any.
	Phase   memorandum.Phase
	Perhaps bool
	Kind    memorandum.Kind // "": any
	Party   terms.PartyID   // that has or had any part; "": any
	Theme   terms.Theme     // "": any
	Sort    Sort
	Limit   int    // at most so many, as [readmodel.Limit] has it
	After   string // a cursor from [List], with the same filter; "" for the beginning
}

// List returns the agreements that exist and match f, and the cursor to what
// follows, "" at the end.
func List(conn *sqlite.Conn, f Filter) (all []Agreement, next string, err error) {
	query, args, err := f.query()
	if err != nil {
		return nil, "", err
	}
	limit := readmodel.Limit(f.Limit)
	args["$limit"] = limit + 1
	last := readmodel.Cursor{}
	err = readmodel.Query(conn, query, args, func(r *readmodel.Row) error {
		if len(all) == limit {
			next = last.String()
			return nil
		}
		a, place, err := scan(r)
		all, last = append(all, a), place
		return err
	})
	if err == nil {
		err = stand(conn, all, f.At, f.On)
	}
	if err != nil {
		return nil, "", fmt.Errorf("list agreements: %w", err)
	}
	return all, next, nil
}

// Get returns an agreement, its phase and parts as of on, or fails with
// [es.ErrNotFound]. One that was recorded in error is found, and does not
// exist.
func Get(conn *sqlite.Conn, stream string, at readmodel.At, on edtf.Date) (Agreement, error) {
	if err := at.Check(); err != nil {
		return Agreement{}, err
	}
	args := at.Arguments()
	args["$stream"] = stream
	var found []Agreement
	err := readmodel.Query(conn, agreements+" WHERE a.stream = (SELECT id FROM stream WHERE name = $stream) AND "+at.Clause("a"), args,
		func(r *readmodel.Row) error {
			a, _, err := scan(r)
			found = append(found, a)
			return err
		})
	if err == nil && len(found) == 0 {
		return Agreement{}, es.NotFound("memorandum.unknown", "there is no agreement "+stream)
	}
	if err == nil {
		err = stand(conn, found, at, on)
	}
	if err != nil {
		return Agreement{}, fmt.Errorf("read %s: %w", stream, err)
	}
	return found[0], nil
}

// query returns the query of a list and its arguments, the limit apart.
func (f Filter) query() (string, readmodel.Arguments, error) {
	after, err := readmodel.ParseCursor(f.After)
	if err == nil {
		err = f.At.Check()
	}
	if err != nil {
		return "", nil, err
	}
	args := f.At.Arguments()
	where := []string{"a.live", f.At.Clause("a"), f.At.Public("a")}
	add := func(condition, name string, value any) {
		where = append(where, condition)
		args[name] = value
	}
	if f.Kind != "" {
		add("a.kind = $kind", "$kind", string(f.Kind))
	}
	if f.Party != "" {
		add("a.stream IN (SELECT p.stream FROM register_part p WHERE p.party = (SELECT id FROM stream WHERE name = $party) AND "+
			f.At.Clause("p")+")", "$party", string(f.Party))
	}
	if f.Theme != "" {
		add("a.stream IN (SELECT t.stream FROM register_theme t WHERE t.theme = $theme AND "+f.At.Clause("t")+")", "$theme", string(f.Theme))
	}
	if f.Phase != "" {
		add(f.inPhase(), "$phase", string(f.Phase))
		args["$first_day"] = int64(f.On.Earliest())
		if f.Perhaps {
			args["$last_day"] = int64(f.On.Latest())
		}
	}
	order, key := "a.sort", any(after.Sort)
	if f.Sort == ByEntry {
		order, key = "a.entry_earliest", any(after.Day)
	}
	if f.After != "" {
		add("("+order+", a.stream) > ($key, coalesce((SELECT id FROM stream WHERE name = $after), 0))", "$key", key)
		args["$after"] = after.Stream
	}
	return agreements + " WHERE " + strings.Join(where, " AND ") + " ORDER BY " + order + ", a.stream LIMIT $limit", args, nil
}

// inPhase returns the condition that [memorandum.AsOf] of the agreement's spans
// is certainly, or perhaps, $phase as of a date from $first_day to $last_day.
//
// A span has certainly begun if its latest day is not after the date's first,
// has perhaps begun if its earliest is not after the date's last, and one in
// doubt has at most perhaps. It holds, or perhaps does, unless one after it has
// certainly begun.
func (f Filter) inPhase() string {
	const certain = "NOT %[1]s.doubt AND %[1]s.latest <= $first_day"
	begun := fmt.Sprintf(certain, "s")
	if f.Perhaps {
		begun = "s.earliest <= $last_day"
	}
	return `EXISTS (SELECT 1 FROM register_phase s WHERE s.stream = a.stream AND s.phase = $phase AND ` + begun + ` AND ` + f.At.Clause("s") + `
		AND NOT EXISTS (SELECT 1 FROM register_phase l WHERE l.stream = s.stream AND ` + fmt.Sprintf(certain, "l") + ` AND ` + f.At.Clause("l") + `
			AND (l.rank, l.earliest, l.n) > (s.rank, s.earliest, s.n)))`
}
