package answers

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/projections/history"
)

// Blamed is a field with the event that last set it.
type Blamed struct {
	// By is the event, after those that brought it about; none: an event of
	// something that the object does not name.
	By    []Setter       `json:"by"`
	Field string         `json:"field"`
	ID    string         `json:"id"`
	Value jsontext.Value `json:"value"`

	// Text is the value as people read it.
	Text string `json:"-"`
}

// Blame answers, field by field, which event last set what is said of an
// agreement, party, network or action plan as of a date.
func (d *Desk) Blame(ctx context.Context, id string, on edtf.Date) ([]Blamed, error) {
	if err := d.canCompare(id); err != nil {
		return nil, err
	}
	now, err := d.Fields(id, on)
	if err != nil {
		return nil, err
	}
	by, err := subject{d, id, on}.causes(ctx, now, now.Paths(), func(l history.Line) bool { return l.Within(d.At) }, now)
	if err != nil {
		return nil, err
	}
	return each(now.Paths(), func(path string) Blamed {
		return Blamed{each(by[path], setterOf), path, id, now.JSON(path), now.Text(path)}
	}), nil
}
