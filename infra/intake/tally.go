package intake

import (
	"math"
	"strconv"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// grow makes room for what becomes of the n-th row.
func (r *run) grow(n int) {
	for len(r.result.status) <= n {
		r.result.status = append(r.result.status, unchanged)
	}
}

// knownOf returns from when what a row says is known; zero: from when it is
// recorded.
func (r *run) knownOf(l line) (time.Time, error) {
	v := &r.Mapping.Known
	if v.constant() {
		return r.known, nil
	}
	text, err := v.of(l)
	if err != nil {
		return time.Time{}, err
	}
	known, err := r.Mapping.Dates.instant(text)
	if err != nil {
		return known, problemOf(v.Column, err)
	}
	if known.After(r.Now()) {
		return known, problemOf(v.Column, es.Invalid("es.known_later", "knownAt "+es.FormatInstant(known)+" lies in the future", "an instant that has come"))
	}
	if known.IsZero() {
		return r.known, nil
	}
	return known, nil
}

// refuse says why a row is refused.
func (r *run) refuse(n int, at place, err error) error {
	e := asError(err)
	column := e.Field
	if p, ok := err.(*problem); ok { //nolint:errorlint // problems are not wrapped
		column = p.column
	}
	r.mu.Lock()
	r.result.status[n] = refused
	r.mu.Unlock()
	return r.work.exec("INSERT INTO refused VALUES (?, ?, ?, ?, ?, ?, ?)", nil, n, at.sheet, at.number, column, e.Code, e.Message, e.Want)
}

func (r *run) refuseAt(k kept, err error) error { return r.refuse(k.row, placeOf(k.place), err) }

// placeOf reads what [place.locator] wrote.
func placeOf(locator string) place {
	_, at, _ := strings.Cut(locator, "#")
	i := strings.LastIndexByte(at, '!')
	number, _ := strconv.Atoi(at[i+1:])
	return place{sheet: at[:max(i, 0)], number: number}
}

// outcome sets what became of a row by one of its acts.
func (r *run) outcome(row int, at string, o es.Outcome) error {
	if o.Err != nil {
		return r.refuse(row, placeOf(at), o.Err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, res := range o.Results {
		if res.Repeated || len(res.Events) == 0 {
			continue
		}
		r.result.Events += len(res.Events)
		if r.result.status[row] == unchanged {
			r.result.status[row] = recorded
		}
	}
	return nil
}

// tally counts the rows.
func (r *run) tally() {
	r.result.Rows, r.result.Recorded, r.result.Unchanged, r.result.Refused = len(r.result.status), 0, 0, 0
	for _, s := range r.result.status {
		switch s {
		case unchanged:
			r.result.Unchanged++
		case recorded, flagged:
			r.result.Recorded++
		case refused:
			r.result.Refused++
		}
	}
}

// Flag counts the row at a place of the file as flagged, if it led to
// something new.
func (r *Result) Flag(source terms.Citation) error {
	hash, _, _ := strings.Cut(source.Locator, "#")
	if string(source.ID) != r.Register || hash != r.Hash {
		return nil
	}
	at := placeOf(source.Locator)
	return r.work.exec("SELECT row FROM ordered WHERE place = ?1 UNION SELECT row FROM mention WHERE place = ?1 LIMIT 1", func(row *sqlite.Stmt) error {
		if n := row.ColumnInt(0); r.status[n] == recorded {
			r.status[n] = flagged
			r.Recorded--
			r.Flagged++
		}
		return nil
	}, at.locator(r.Hash))
}

// Refusal is why a row was refused.
type Refusal struct {
	Sheet         string
	Number        int    // of the row or line, from 1
	Column        string // to blame, or empty
	Code          string
	Message, Want string
}

// Refusals calls visit with the rows that were refused, in the order of the
// file, each once.
func (r *Result) Refusals(visit func(Refusal) error) error {
	var all []Refusal
	last := -1
	err := r.work.exec("SELECT row, sheet, number, field, code, message, want FROM refused ORDER BY row, rowid", func(row *sqlite.Stmt) error {
		if n := row.ColumnInt(0); n != last {
			last = n
			all = append(all, Refusal{
				row.ColumnText(1), row.ColumnInt(2), row.ColumnText(3), row.ColumnText(4), row.ColumnText(5), row.ColumnText(6),
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := visit(one); err != nil {
			return err
		}
	}
	return nil
}

// recordedNow stands for what is known from when it is recorded, which is after
// all that is dated.
const recordedNow = math.MaxInt64

// micros returns an instant as it is kept.
func micros(known time.Time) int64 {
	if known.IsZero() {
		return recordedNow
	}
	return known.UnixMicro()
}

// begun begins a step in which claims are recorded, as many as a query counts.
func (r *run) begun(step, count string) error {
	r.step, r.done = step, 0
	return r.work.exec(count, func(row *sqlite.Stmt) error {
		r.of = row.ColumnInt(0)
		return nil
	})
}

// advance says that more claims are done.
func (r *run) advance(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.done
	if r.done += n; before/500 < r.done/500 || r.done == r.of {
		r.progress(r.step, r.done, r.of)
	}
}
