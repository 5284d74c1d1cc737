package answers

import (
	"context"
	"fmt"
	"iter"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
)

// Held is a record as its own events have it, and nothing else: the facts that
// hold. It changes only with its revision.
type Held struct {
	ID         string           `json:"id"`
	Revision   es.Revision      `json:"revision"` // of its last event
	Visibility terms.Visibility `json:"visibility"`
	Facts      []HeldFact       `json:"facts"` // by revision; none if it was recorded in error
}

// HeldFact is a fact that was not voided, as it is after the corrections.
type HeldFact struct {
	Revision es.Revision `json:"revision"` // of the event that first recorded it
	// Touched is the last event that says something of it (a correction, a
	// dispute, a ruling); Revision, if there is none.
	Touched es.Revision    `json:"touched"`
	Type    string         `json:"type"` // as in docs/events.md: memorandum.signed
	Data    jsontext.Value `json:"data"` // an object, in the latest schema
}

// Held answers what holds of a record by its own events.
func (d *Desk) Held(ctx context.Context, id string) (Held, error) {
	lines, err := d.held(ctx, id)
	if err != nil {
		return Held{}, err
	}
	last := lines[len(lines)-1]
	h := Held{ID: id, Revision: last.Revision, Visibility: last.Visibility, Facts: []HeldFact{}}
	state := ledger.Fold(id)
	for _, l := range lines {
		state.Add(l.Revision, l.Event)
	}
	facts, ok := state.State().(interface{ Facts() iter.Seq[book.Fact] })
	if !ok { // it keeps no book: nothing of it is corrected
		h.Facts, err = tried(lines, func(l history.Line) (HeldFact, error) {
			return heldFact(book.Fact{Revision: l.Revision, Touched: l.Revision, Event: l.Event})
		})
		return h, err
	}
	for f := range facts.Facts() {
		one, err := heldFact(f)
		if err != nil {
			return Held{}, fmt.Errorf("tell what holds of %s: %w", id, err)
		}
		h.Facts = append(h.Facts, one)
	}
	return h, nil
}

func heldFact(f book.Fact) (HeldFact, error) {
	text, err := json.Marshal(f.Event, json.Deterministic(true))
	return HeldFact{f.Revision, f.Touched, nameOf(f.Event), text}, err
}

// nameOf returns the stored name of an event's type.
func nameOf(event any) string {
	t := reflect.TypeOf(event)
	for _, a := range ledger.Aggregates() {
		for _, d := range a.Events {
			if d.Type == t {
				return d.Name
			}
		}
	}
	return ""
}
