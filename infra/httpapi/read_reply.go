package httpapi

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/history"
)

// reply answers q by a desk. What it returns sends the answer once the views are
// released; what is streamed is sent when it returns.
func (a *API) reply(w http.ResponseWriter, q *asked, rep reply, d *answers.Desk, c projections.Checkpoint) (send func(), err error) {
	if rep.record != "" {
		if err := a.mayRead(q, d.Conn, rep.record); err != nil {
			return nil, err
		}
	}
	var whole any
	tag := a.weakTag(q, c)
	if rep.one != nil {
		if whole, err = rep.one(d); err != nil {
			return nil, err
		}
		if rep.tag != nil && !q.at.Past() && !q.format.file {
			tag = rep.tag(whole)
		}
	}
	h := w.Header()
	if given := q.r.Header.Values("If-Match"); len(given) > 0 && !isMatched(given, tag) {
		return nil, problem.Stale.At("header If-Match")
	}
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Ledger-Position", Token(a.cfg.Ledger, c.Position))
	if given := q.r.Header.Values("If-None-Match"); len(given) > 0 && matches(given, tag) {
		return func() { w.WriteHeader(http.StatusNotModified) }, nil
	}
	if q.format.file {
		return func() {}, a.file(w, q, rep, whole, d, c)
	}
	var text []byte
	if rep.page != nil {
		q.held = c.Events
		text, err = a.shownPage(w, q, rep, d, tag)
	} else {
		text, err = a.feed(q, whole)
	}
	if err != nil {
		return nil, err
	}
	return func() {
		h.Set("Content-Type", q.format.media)
		_, _ = w.Write(text) // whoever asked may be gone
	}, nil
}

// shownPage returns the text of a page, as it was shown before if it was. Of what
// follows the events the policy is asked for each, so that is not kept.
func (a *API) shownPage(w http.ResponseWriter, q *asked, rep reply, d *answers.Desk, tag string) ([]byte, error) {
	shown, known := a.shown.get(tag)
	if !known {
		p, err := a.page(q, rep, d)
		if err != nil {
			return nil, err
		}
		p.Next = a.cursor(q, p.Next)
		shown.next = p.Next
		if shown.text, err = a.feed(q, p); err != nil {
			return nil, err
		}
		if !q.of.follows {
			a.shown.put(tag, shown)
		}
	}
	if shown.next != "" {
		w.Header().Set("Link", "<"+q.next(shown.next)+`>; rel="next"`)
	}
	return shown.text, nil
}

// isMatched reports whether a tag is among those of If-Match, compared strongly.
func isMatched(headers []string, tag string) bool {
	for one := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		if one = strings.TrimSpace(one); one == "*" || one == tag && !strings.HasPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// feed returns the text of a page or one thing, which is small.
func (a *API) feed(q *asked, whole any) (text []byte, err error) {
	switch q.format {
	case formatAtom:
		text, err = a.atom(q, whole.(answers.Page[any]))
	case formatEvents:
		text, err = a.cloudEvents(whole.(answers.Page[any]))
	default:
		text, err = json.Marshal(whole, json.Deterministic(true))
	}
	if err != nil {
		return nil, fmt.Errorf("write the answer: %w", err)
	}
	return append(text, '\n'), nil
}

// mostLooked is how many items are looked at for a page of what has changed.
const mostLooked = 2000

// page answers a page of a list. With changed_since it may be short, and empty
// though others follow, so that the work for one is bounded.
func (a *API) page(q *asked, rep reply, d *answers.Desk) (answers.Page[any], error) {
	if q.recent() {
		return latest(rep, d, q.limit)
	}
	after := q.after
	for looked := 0; ; looked += q.limit {
		p, err := rep.page(d, q.limit, after)
		if err == nil {
			p.Items, err = q.changed(d, p.Items)
		}
		if err != nil || len(p.Items) > 0 || p.Next == "" || looked >= mostLooked {
			return p, err
		}
		after = p.Next
	}
}

// recent reports whether the last events are wanted rather than the first: by a feed
// that does not say where it goes on.
func (q *asked) recent() bool { return q.format == formatAtom && q.after == "" && !q.has("from") }

// latest returns the last items of a list.
func latest(rep reply, d *answers.Desk, limit int) (answers.Page[any], error) {
	var last []any
	for after := ""; ; {
		p, err := rep.page(d, 0, after)
		if err != nil {
			return p, err
		}
		last = append(last, p.Items...)
		last = slices.Clone(last[max(0, len(last)-limit):])
		if after = p.Next; after == "" {
			return answers.Page[any]{Items: last}, nil
		}
	}
}

// changed returns the items about what has events since, all if that is not asked.
func (q *asked) changed(d *answers.Desk, items []any) ([]any, error) {
	if q.since == nil {
		return items, nil
	}
	kept := []any{}
	for _, one := range items {
		is, err := history.Changed(d.Conn, recordOf(one), *q.since)
		if err != nil {
			return nil, err
		}
		if is {
			kept = append(kept, one)
		}
	}
	return kept, nil
}

// file streams an answer as a file: the whole list, or as much as is asked for. If
// it fails when something was written, the connection is cut, so that nobody takes
// it for whole.
func (a *API) file(w http.ResponseWriter, q *asked, rep reply, whole any, d *answers.Desk, c projections.Checkpoint) (err error) {
	h := w.Header()
	out := &begun{w: w}
	defer func() {
		if err != nil && out.yes {
			a.cfg.Logger.ErrorContext(q.r.Context(), "answer cut off", "request_id", problem.RequestID(q.r.Context()), "error", err)
			panic(http.ErrAbortHandler)
		}
		if err != nil {
			for _, name := range []string{"Content-Disposition", "Content-Type"} {
				h.Del(name)
			}
		}
	}()
	h.Set("Content-Type", q.format.media)
	h.Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(q.of.id, ".", "-")+"."+extension(q.format)+`"`)
	last := c.Events - 1
	if q.at.Events > 0 {
		last = min(last, q.at.Events-1)
	}
	if export.Format(q.format.name) == export.PROV {
		return export.Provenance(q.r.Context(), out, d, a.cfg.Ledger, rep.record, last)
	}
	to, err := export.New(export.Format(q.format.name), out, func() [][2]string { return q.facts() })
	if err != nil {
		return err
	}
	defer func() { _ = to.Close() }() // what it leaves is temporary
	if rep.page == nil {
		err = writeOne(to, rep, whole)
	} else {
		err = a.writeAll(to, q, rep, d)
	}
	if err != nil {
		return err
	}
	return to.End(last)
}

// extension is that of the file of a format.
func extension(f format) string {
	if export.Format(f.name) == export.PROV {
		return "prov.json"
	}
	return f.name
}

func writeOne(to *export.Writer, rep reply, whole any) error {
	lines := []any{whole}
	if rep.lines != nil {
		lines = rep.lines(whole)
	}
	for _, one := range lines {
		if err := to.Object(one); err != nil {
			return err
		}
	}
	return nil
}

// writeAll writes a list, a page at a time.
func (a *API) writeAll(to *export.Writer, q *asked, rep reply, d *answers.Desk) error {
	after := q.after
	for left := q.limit; ; {
		p, err := rep.page(d, left, after) // 0: as many as a page can have
		if err == nil {
			p.Items, err = q.changed(d, p.Items)
		}
		if err != nil {
			return err
		}
		for _, one := range p.Items {
			if err := to.Object(one); err != nil {
				return err
			}
		}
		if left -= len(p.Items); p.Next == "" || q.limit > 0 && left <= 0 {
			return nil
		}
		left, after = max(left, 0), p.Next
	}
}

// facts say which question a workbook answers.
func (q *asked) facts() [][2]string {
	return [][2]string{{"question", export.Guarded(q.r.URL.Path + "?" + q.filters().Encode())}, {"as of", export.Guarded(q.on.String())}}
}

// begun remembers whether anything was written.
type begun struct {
	w   io.Writer
	yes bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.w.Write(p)
}
