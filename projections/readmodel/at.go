package readmodel

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// At says which state of knowledge is asked for, and by whom; what is given in
// it must all hold. The zero At is the latest, of everything.
//
// Each part is a prefix of every stream, and so are several together: the
// shortest. What rests on several streams (findings across streams) is exact
// as recorded at a sequence, and close to it otherwise.
type At struct {
	// Known asks for what the registrar vouched for at that instant.
	Known time.Time
	// Recorded asks for what this ledger held at that instant.
	Recorded time.Time
	// Events asks for what this ledger held after that many events: 1 more
	// than the sequence of the last one. 0: all.
	Events uint64
	// Sees is the most restricted visibility that whoever asks may see; "": all
	// there is, which is for the operator. See [At.Shows].
	Sees es.Visibility
}

// sights are the visibilities by their number in the views: who may see one may
// see those before it.
var sights = []es.Visibility{es.Public, es.Internal, es.Restricted}

// Check fails with [es.ErrInvalid] if what a asks for cannot be meant.
func (a At) Check() error {
	if int64(a.Events) < 0 {
		return es.Invalid("readmodel.bad_sequence", "a sequence is out of range", "one of those that `entente log` shows")
	}
	if a.Sees != "" && !slices.Contains(sights, a.Sees) {
		return es.Invalid("readmodel.bad_visibility", strconv.Quote(string(a.Sees))+" is not a visibility", "public, internal or restricted")
	}
	return nil
}

// Shows returns the condition that a stream, of which the number is an
// expression of the query, may be seen. It has no parameters.
//
// What governs is the visibility that the stream has by its latest event, on
// every axis of knowledge: what was public and is restricted now is not shown,
// whichever past is asked for. A stream without an event is restricted.
func (a At) Shows(number string) string {
	if a.Sees == "" || a.Sees == es.Restricted {
		return "TRUE"
	}
	most := max(slices.Index(sights, a.Sees), 0) // what is no visibility sees the least
	return fmt.Sprintf("(SELECT visibility FROM stream WHERE id = %s) <= %d", number, most)
}

// Clause returns the condition under which rows of a bitemporal table hold, of
// which alias is the name in the query, and their streams may be seen. It has
// the parameters of [At.Arguments].
func (a At) Clause(alias string) string {
	return "(" + a.holds(alias) + " AND " + a.Shows(alias+".stream") + ")"
}

// Public returns a condition that follows from [At.Clause] if the table has the
// visibility of its streams in a column of that name: with it, an index of the
// public rows serves whoever sees nothing else, so that not every row is looked at
// for a page. Of the past it says nothing, as the rows have the visibility of then.
func (a At) Public(alias string) string {
	if a.latest() && a.Sees == es.Public {
		return alias + ".visibility = 'public'"
	}
	return "TRUE"
}

// Past reports whether another state of knowledge than the latest is asked for.
func (a At) Past() bool { return !a.latest() }

// latest reports whether no past is asked for.
func (a At) latest() bool { return a.Known.IsZero() && a.Recorded.IsZero() && a.Events == 0 }

// holds returns the condition under which rows hold, whoever asks.
func (a At) holds(alias string) string {
	begun, ended := "", alias+".seq_to IS NULL"
	if a.latest() {
		return ended
	}
	axis := func(set bool, column, parameter string) {
		if set {
			begun += alias + "." + column + "_from <= " + parameter + " AND "
			ended += " OR " + alias + "." + column + "_to > " + parameter
		}
	}
	axis(!a.Known.IsZero(), "known", "$known")
	axis(!a.Recorded.IsZero(), "recorded", "$recorded")
	axis(a.Events > 0, "seq", "$last")
	return begun + "(" + ended + ")"
}

// Arguments are named arguments of a query.
type Arguments map[string]any

// Arguments returns those of [At.Clause], to which others can be added.
func (a At) Arguments() Arguments {
	args := Arguments{}
	if !a.Known.IsZero() {
		args["$known"] = Micros(a.Known)
	}
	if !a.Recorded.IsZero() {
		args["$recorded"] = Micros(a.Recorded)
	}
	if a.Events > 0 {
		args["$last"] = int64(a.Events - 1)
	}
	return args
}

// Row is a row of an answer, of which the columns are read in their order.
type Row struct {
	stmt *sqlite.Stmt
	next int
}

// Int reads a number.
func (r *Row) Int() int64 {
	r.next++
	return r.stmt.ColumnInt64(r.next - 1)
}

// Text reads a text, "" for NULL.
func (r *Row) Text() string {
	r.next++
	return r.stmt.ColumnText(r.next - 1)
}

// Bool reads 0 or 1.
func (r *Row) Bool() bool { return r.Int() != 0 }

// Bytes reads a blob of at most as many bytes as into has.
func (r *Row) Bytes(into []byte) {
	r.next++
	r.stmt.ColumnBytes(r.next-1, into)
}

// Instant reads an instant.
func (r *Row) Instant() time.Time { return Instant(r.Int()) }

// Moment reads the place of the event that began a row, from [Began].
func (r *Row) Moment() Moment {
	return Moment{es.Revision(r.Int()), uint64(r.Int()), r.Instant(), r.Instant()}
}

// Began names the columns that [Row.Moment] reads.
func Began(alias string) string {
	return alias + ".rev_from, " + alias + ".seq_from, " + alias + ".known_from, " + alias + ".recorded_from"
}

// List is a list of texts as a parameter of a query, which reads it with
// json_each.
func List(texts []string) string {
	text, err := json.Marshal(texts)
	if err != nil {
		return "[]" // they are ids, and UTF-8
	}
	return string(text)
}
