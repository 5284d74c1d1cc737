package search

import (
	"fmt"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Query says what is looked for, all of its fields together.
type Query struct {
	// Words are those to find, in any order and compared as [Fold] says, all in
	// one and the same text: each at the beginning of a word, or, if it has
	// three characters or is in a script without spaces, anywhere in one. Words
	// are required; their bytes are at most MaxBytes, they at most MaxWords.
	Words string
	Kind  string      // of stream, one of [Kinds]; "": any
	Theme terms.Theme // "": any
	// During asks for what perhaps happened, began or was issued then: an
	// agreement by its entry into force, an activity by its end or, before it,
	// its plan, a source by its issue. Others are not found by date. The
	// unknown date: whenever.
	During edtf.Date
	At     readmodel.At
	Limit  int    // at most so many, as [readmodel.Limit] has it
	After  string // a cursor from [Find], with the same query; "" for the beginning
}

// The bounds of a query and its answer.
const (
	MaxBytes = 1000
	MaxWords = 32
)

// The errors of a query, of kind [es.ErrInvalid].
var (
	ErrNoWords = es.Invalid("search.no_words", "there is nothing to look for", "letters or digits of a name or title")
	ErrTooLong = es.Invalid("search.too_long", "too much to look for at once", fmt.Sprintf("at most %d words and %d bytes", MaxWords, MaxBytes))
	ErrBadKind = es.Invalid("search.bad_kind", "nothing of this kind is searched", "one of "+strings.Join(Kinds(), ", "))
)

// Hit is what was found.
type Hit struct {
	Stream string
	Kind   string
	Title  terms.Text // by which it is shown
	// Matched is the text in which the words were found, the best of several;
	// it may be the title.
	Matched    terms.Text
	How        Match
	Date       edtf.Date // see [Query.During]; may be unknown
	Visibility terms.Visibility
}

// Match is how well a text matches, the best first.
type Match int8

// The matches. A text is as good as the worst of the words.
const (
	Exact     Match = iota // the text is the query
	Whole                  // each word is a word of the text
	Beginning              // each word begins a word of the text
	Within                 // some are only within words
)

// Find returns the streams that have a text in which q is found: the best
// matches first, equal ones by the order of their titles, then as they were
// first recorded. With them comes the cursor to what follows, "" at the end.
// It fails with [es.ErrInvalid].
func Find(conn *sqlite.Conn, q Query) (all []Hit, next string, err error) {
	w, err := q.read()
	if err != nil {
		return nil, "", err
	}
	query, args, err := q.sql(w)
	if err != nil {
		return nil, "", err
	}
	limit := readmodel.Limit(q.Limit)
	args["$limit"] = limit + 1
	last := readmodel.Cursor{}
	err = readmodel.Query(conn, query, args, func(r *readmodel.Row) error {
		if len(all) == limit {
			next = last.String()
			return nil
		}
		h, sort, err := scan(r)
		all, last = append(all, h), readmodel.Cursor{Sort: sort, Day: int64(h.How), Stream: h.Stream}
		return err
	})
	for i := range all {
		if err == nil {
			err = all[i].match(conn, q.At, w)
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("search: %w", err)
	}
	return all, next, nil
}

// read checks q and returns its words.
func (q Query) read() (words, error) {
	if err := q.At.Check(); err != nil {
		return words{}, err
	}
	if len(q.Words) > MaxBytes {
		return words{}, ErrTooLong
	}
	if q.Kind != "" && !slices.Contains(Kinds(), q.Kind) {
		return words{}, ErrBadKind
	}
	w := words{all: Fold(q.Words)}
	w.each = distinct(strings.Fields(w.all))
	switch {
	case len(w.each) == 0:
		return w, ErrNoWords
	case len(w.each) > MaxWords:
		return w, ErrTooLong
	}
	return w, nil
}

// sql returns the query and its arguments, the limit apart.
func (q Query) sql(w words) (string, readmodel.Arguments, error) {
	after, err := readmodel.ParseCursor(q.After)
	if err != nil {
		return "", nil, err
	}
	args := q.At.Arguments()
	where := []string{"f.how IS NOT NULL", q.At.Clause("d")}
	add := func(condition string) { where = append(where, condition) }
	if q.Kind != "" {
		add("d.kind = $kind")
		args["$kind"] = q.Kind
	}
	if q.Theme != "" {
		add("EXISTS (SELECT 1 FROM search_theme h WHERE h.stream = d.stream AND h.theme = $theme AND " + q.At.Clause("h") + ")")
		args["$theme"] = string(q.Theme)
	}
	if !q.During.IsUnknown() {
		add("d.date <> '' AND d.earliest <= $last_day AND d.latest >= $first_day")
		args["$first_day"], args["$last_day"] = int64(q.During.Earliest()), int64(q.During.Latest())
	}
	if q.After != "" {
		add("(f.how, d.sort, d.stream) > ($how, $sort, coalesce((SELECT id FROM stream WHERE name = $after), 0))")
		args["$how"], args["$sort"], args["$after"] = after.Day, after.Sort, after.Stream
	}
	w.bind(args)
	return `SELECT s.name, p.* FROM (SELECT d.kind, d.title, d.lang, d.date, d.visibility, f.how, d.sort, d.stream
			FROM (SELECT t.stream, min(` + w.how() + `) AS how FROM search_key k CROSS JOIN search_text t ON t.key = k.id
				WHERE ` + w.candidates(args) + ` AND ` + q.At.Clause("t") + ` GROUP BY t.stream) f
			CROSS JOIN search_head d ON d.stream = f.stream
			WHERE ` + strings.Join(where, " AND ") + ` ORDER BY f.how, d.sort, d.stream LIMIT $limit) p
		JOIN stream s ON s.id = p.stream ORDER BY p.how, p.sort, p.stream`, args, nil
}

func scan(r *readmodel.Row) (h Hit, sort string, err error) {
	h = Hit{Stream: r.Text(), Kind: r.Text(), Title: terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}}
	h.Date, err = edtf.Parse(r.Text())
	h.Visibility, h.How = terms.Visibility(r.Text()), Match(r.Int())
	return h, r.Text(), err
}

// match finds the best of the texts that match; the title among equals, else
// the first by language and text.
func (h *Hit) match(conn *sqlite.Conn, at readmodel.At, w words) error {
	args := at.Arguments()
	w.bind(args)
	args["$stream"], args["$title"], args["$lang"] = h.Stream, h.Title.Value, string(h.Title.Lang)
	return readmodel.Query(conn, `SELECT lang, value FROM (
			SELECT t.lang, t.value, `+w.how()+` AS how FROM search_text t JOIN search_key k ON k.id = t.key
			WHERE t.stream = (SELECT id FROM stream WHERE name = $stream) AND `+at.Clause("t")+`)
		WHERE how IS NOT NULL ORDER BY how, (lang, value) <> ($lang, $title), lang, value LIMIT 1`, args,
		func(r *readmodel.Row) error {
			h.Matched = terms.Text{Lang: terms.Lang(r.Text()), Value: r.Text()}
			return nil
		})
}

// Title returns what a stream is called, an empty text if it has no title, is not
// searched, or may not be seen.
func Title(conn *sqlite.Conn, stream string, at readmodel.At) (title terms.Text, err error) {
	if err := at.Check(); err != nil {
		return title, err
	}
	args := at.Arguments()
	args["$stream"] = stream
	err = readmodel.Query(conn, "SELECT h.title, h.lang FROM search_head h WHERE h.stream = (SELECT id FROM stream WHERE name = $stream) AND "+at.Clause("h"),
		args, func(r *readmodel.Row) error {
			title = terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}
			return nil
		})
	if err != nil {
		return title, fmt.Errorf("read the title of %s: %w", stream, err)
	}
	return title, nil
}

// Titles is [Title] for several streams at once. What has none is not in it.
func Titles(conn *sqlite.Conn, streams []string, at readmodel.At) (map[string]terms.Text, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	args := at.Arguments()
	args["$streams"] = readmodel.List(streams)
	titles := make(map[string]terms.Text, len(streams))
	err := readmodel.Query(conn, "SELECT s.name, h.title, h.lang FROM json_each($streams) j JOIN stream s ON s.name = j.value JOIN search_head h ON h.stream = s.id WHERE "+
		at.Clause("h"), args, func(r *readmodel.Row) error {
		titles[r.Text()] = terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read titles: %w", err)
	}
	return titles, nil
}
