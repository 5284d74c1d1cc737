package answers

import (
	"iter"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/search"
)

// Hit is something that was found.
type Hit struct {
	ID         string           `json:"id"`
	Kind       string           `json:"kind"` // of aggregate
	Title      terms.Text       `json:"title"`
	Matched    terms.Text       `json:"matched"` // in which the words were found; may be the title
	Date       edtf.Date        `json:"date"`
	Visibility terms.Visibility `json:"visibility"`
}

// Search answers a page of what is found by a query, the best matches first.
func (d *Desk) Search(q search.Query) (Page[Hit], error) {
	q.At = d.At
	rows, next, err := search.Find(d.Conn, q)
	return paged(rows, next, err, func(h search.Hit) (Hit, error) {
		return Hit{h.Stream, h.Kind, h.Title, h.Matched, h.Date, h.Visibility}, nil
	})
}

// AllFound yields what is found by a query from its cursor on, at most q.Limit or,
// if that is 0, all. After an error it ends.
func (d *Desk) AllFound(q search.Query) iter.Seq2[Hit, error] {
	return whole(q.Limit, q.After, func(limit int, after string) (Page[Hit], error) {
		q.Limit, q.After = limit, after
		return d.Search(q)
	})
}
