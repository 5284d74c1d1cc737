package answers

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
)

// Record is what the events of a stream say, without what follows from them: the
// answer about what has no read model of its own.
type Record struct {
	Facts []Stated `json:"facts"` // by revision
	ID    string   `json:"id"`
	Name  string   `json:"name"` // of a natural person, or instead why there is none; else ""
	// Late are the events that were recorded after the instant as known at which is
	// answered.
	Late Late `json:"recordedLater"`
}

// Stated is what an event states.
type Stated struct {
	Data     jsontext.Value `json:"data"` // an object, as first written
	Revision es.Revision    `json:"revision"`
	Status   terms.Status   `json:"status"`
	Type     string         `json:"type"`

	// Line is the event.
	Line history.Line `json:"-"`
}

// Record answers what the events of a stream say.
func (d *Desk) Record(ctx context.Context, id string) (Record, error) {
	lines, err := d.held(ctx, id)
	if err != nil {
		return Record{}, err
	}
	kept, err := d.natural(ctx, id)
	if err != nil {
		return Record{}, err
	}
	late, err := d.Late(id)
	return Record{
		Facts: each(lines, func(l history.Line) Stated { return Stated{l.Record.Data, l.Revision, l.Status, l.Type, l} }),
		ID:    id, Name: kept.Name, Late: late,
	}, err
}

// held returns the lines of a stream's history that the desk's knowledge has, at
// least one. As known and as recorded are prefixes of a stream.
func (d *Desk) held(ctx context.Context, id string) (lines []history.Line, err error) {
	for one, err := range d.log().Whole(ctx, id) {
		if err != nil {
			return nil, err
		}
		lines = append(lines, one)
	}
	if len(lines) == 0 {
		return nil, nothingCalled(id)
	}
	return lines, nil
}
