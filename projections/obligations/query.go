package obligations

import (
	"fmt"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Obligation is something that falls due in a stream.
type Obligation struct {
	terms.Due
	Stream string
	// SettledOn is from when the event that settled it counts; unknown also if
	// there is none.
	SettledOn edtf.Date
	// Fell says that the clock has recorded that the day came.
	Fell bool
	// RemindedBy is the event that says when a reminder of it was last sent, 0 if
	// none was, and Reminded the date of that. Of reminders whose dates may be in
	// any order the one that begins last counts.
	RemindedBy es.Revision
	Reminded   edtf.Date
	// Since is the place of the event that made it stand so.
	Since readmodel.Moment
}

// Missed says whether it is a duty that was not met in time, and is not settled,
// as of a date.
func (o Obligation) Missed(on edtf.Date) edtf.Truth {
	if o.Kind != terms.Duty {
		return edtf.No
	}
	open := edtf.Yes
	if o.Settled != 0 {
		open = o.SettledOn.HeldBy(on).Not()
	}
	return open.And(o.Passed(on))
}

// Filter says which obligations are wanted, all of its fields together. The
// zero Filter: all of them, settled or not.
type Filter struct {
	At readmodel.At
	// From and To bound the days wanted, both included; unknown: unbounded. A
	// partial date is wanted if it may lie between them.
	From, To edtf.Date
	// On leaves out reminders that were certainly sent after a date, of which the
	// day counts; unknown: none.
	On edtf.Date
	// Overdue asks for duties of which the day has certainly passed as of a
	// date, or perhaps has; unknown: asks for nothing.
	Overdue edtf.Date
	// Unmet asks for duties of which the day has certainly or perhaps passed as of
	// a date, and which certainly or perhaps were not settled by then, whatever
	// was done later; unknown: asks for nothing. [Obligation.Missed] tells which.
	Unmet edtf.Date
	// Came asks for days that certainly came by a date, which no clock has
	// recorded yet; unknown: asks for nothing.
	Came   edtf.Date
	Open   bool          // only those that are not settled
	Party  terms.PartyID // that owes it, or to whom it is owed, or "" for any
	By     terms.PartyID // that owes it, or "" for any
	Stream string        // "": any
	Kind   terms.DueKind // "": any
	Limit  int           // at most so many, as [readmodel.Limit] has it
	After  string        // a cursor from [List], with the same filter; "" for the beginning
}

// fell begins the condition that it is recorded that the day of an obligation
// came, which goes on with when that is recorded.
const fell = `EXISTS (SELECT 1 FROM obligations_fallen x WHERE x.stream = o.stream AND x.rule = o.rule AND x.of = o.of AND x.key = o.key AND x.day = o.day`

// List returns the obligations that match f, by their last day, and the cursor
// to what follows, "" at the end.
func List(conn *sqlite.Conn, f Filter) (all []Obligation, next string, err error) {
	where, args, err := f.where()
	if err != nil {
		return nil, "", err
	}
	limit := readmodel.Limit(f.Limit)
	args["$limit"] = limit + 1
	var last readmodel.Cursor
	err = readmodel.Query(conn, `SELECT s.name, o.rule, o.of, o.key, o.day, o.n, o.kind, o.latest, p.name, t.name,
		o.what, o.lang, o.settled, o.done, `+fell+` AND `+f.At.Clause("x")+`), m.at, m.sent, `+readmodel.Began("o")+`
		FROM obligations_due o JOIN stream s ON s.id = o.stream
		LEFT JOIN stream p ON p.id = o.party LEFT JOIN stream t ON t.id = o.toward
		LEFT JOIN obligations_reminder m ON `+f.reminded()+`
		WHERE `+where+` ORDER BY o.latest, o.stream, o.rule, o.of, o.key, o.day, o.n, o.seq_from LIMIT $limit`, args,
		func(r *readmodel.Row) error {
			if len(all) == limit {
				next = last.String()
				return nil
			}
			o, at, err := scan(r)
			all, last = append(all, o), at
			return err
		})
	if err != nil {
		return nil, "", fmt.Errorf("list obligations: %w", err)
	}
	return all, next, nil
}

func scan(r *readmodel.Row) (Obligation, readmodel.Cursor, error) {
	o := Obligation{Stream: r.Text()}
	o.Rule, o.Of, o.Key = r.Text(), es.Revision(r.Int()), r.Text()
	day := r.Text()
	n := r.Int()
	o.Kind = terms.DueKind(r.Text())
	at := readmodel.Cursor{Day: r.Int(), Stream: o.Stream, Sort: strings.Join([]string{o.Rule, strconv.FormatUint(uint64(o.Of), 10), o.Key, day, strconv.FormatInt(n, 10)}, " ")}
	o.By, o.To = terms.PartyID(r.Text()), terms.PartyID(r.Text())
	o.What = terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}
	o.Settled = es.Revision(r.Int())
	done := r.Text()
	o.Fell, o.RemindedBy = r.Bool(), es.Revision(r.Int())
	sent := r.Text()
	o.Since = r.Moment()
	return o, at, terms.First(o.On.UnmarshalText([]byte(day)), o.SettledOn.UnmarshalText([]byte(done)), o.Reminded.UnmarshalText([]byte(sent)))
}

// where returns the condition of a list and its arguments.
func (f Filter) where() (string, readmodel.Arguments, error) {
	if err := f.At.Check(); err != nil {
		return "", nil, err
	}
	args := f.At.Arguments()
	where := []string{f.At.Clause("o")}
	add := func(condition, name string, value any) {
		where, args[name] = append(where, condition), value
	}
	if !f.On.IsUnknown() {
		args["$on_day"] = int64(f.On.Latest())
	}
	if !f.From.IsUnknown() {
		add("o.latest >= $from", "$from", int64(f.From.Earliest()))
	}
	if !f.To.IsUnknown() {
		add("o.earliest <= $to", "$to", int64(f.To.Latest()))
	}
	if !f.Overdue.IsUnknown() {
		add("o.kind = 'duty' AND o.settled = 0 AND o.earliest < $overdue", "$overdue", int64(f.Overdue.Latest()))
	}
	if !f.Unmet.IsUnknown() {
		add("o.kind = 'duty' AND o.earliest < $unmet AND (o.settled = 0 OR o.done_latest > $unmet_from)", "$unmet", int64(f.Unmet.Latest()))
		args["$unmet_from"] = int64(f.Unmet.Earliest())
	}
	if !f.Came.IsUnknown() {
		add("o.settled = 0 AND NOT "+fell+" AND "+f.At.Clause("x")+") AND o.latest + (o.kind <> 'effect') <= $came", "$came", int64(f.Came.Earliest()))
	}
	if f.Open {
		where = append(where, "o.settled = 0")
	}
	if f.By != "" {
		add("o.party = (SELECT id FROM stream WHERE name = $by)", "$by", string(f.By))
	}
	if f.Party != "" {
		add("(SELECT id FROM stream WHERE name = $party) IN (o.party, o.toward)", "$party", string(f.Party))
	}
	if f.Stream != "" {
		add("o.stream = (SELECT id FROM stream WHERE name = $stream)", "$stream", f.Stream)
	}
	if f.Kind != "" {
		add("o.kind = $kind", "$kind", string(f.Kind))
	}
	if f.After != "" {
		follows, err := f.follows(args)
		if err != nil {
			return "", nil, err
		}
		where = append(where, follows)
	}
	return strings.Join(where, " AND "), args, nil
}

// follows returns the condition that a row comes after the cursor, and adds its
// arguments.
func (f Filter) follows(args readmodel.Arguments) (string, error) {
	c, err := readmodel.ParseCursor(f.After)
	if err != nil {
		return "", err
	}
	parts := strings.Split(c.Sort, " ")
	if len(parts) != 5 {
		return "", es.Invalid("readmodel.bad_cursor", "this does not continue a list of obligations", "the cursor that came with the page before")
	}
	of, _ := strconv.ParseInt(parts[1], 10, 64)
	n, _ := strconv.ParseInt(parts[4], 10, 64)
	args["$last_day"], args["$after"] = c.Day, c.Stream
	args["$rule"], args["$of"], args["$key"], args["$on"], args["$n"] = parts[0], of, parts[2], parts[3], n
	return "(o.latest, o.stream, o.rule, o.of, o.key, o.day, o.n) > " +
		"($last_day, coalesce((SELECT id FROM stream WHERE name = $after), 0), $rule, $of, $key, $on, $n)", nil
}
