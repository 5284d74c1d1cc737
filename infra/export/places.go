package export

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/gazetteer"
)

// mapEncoder writes parties as a map.
type mapEncoder struct {
	to             *gazetteer.Writer
	count, leftOut int
}

// feature is what a map tells of a party.
type feature struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	Kind        party.Kind       `json:"kind"`
	Country     party.Country    `json:"country"`
	Region      string           `json:"region"`
	Names       jsontext.Value   `json:"names"`
	Identifiers jsontext.Value   `json:"identifiers"`
	Visibility  terms.Visibility `json:"visibility"`
}

// located is what a map takes of a party.
type located struct {
	ID          string           `json:"id"`
	Kind        party.Kind       `json:"kind"`
	Country     party.Country    `json:"country"`
	Name        terms.Text       `json:"name"`
	Region      terms.Text       `json:"region"`
	Latitude    *int64           `json:"latitude"`
	Longitude   *int64           `json:"longitude"`
	Names       jsontext.Value   `json:"names"`
	Identifiers jsontext.Value   `json:"identifiers"`
	Visibility  terms.Visibility `json:"visibility"`
}

func (e *mapEncoder) object(line jsontext.Value) error {
	var p located
	if err := json.Unmarshal(line, &p); err != nil {
		return err
	}
	if p.Latitude == nil || p.Longitude == nil {
		e.leftOut++
		return nil
	}
	e.count++
	return e.to.Add(gazetteer.Place{
		ID: p.ID, Latitude: *p.Latitude, Longitude: *p.Longitude,
		Properties: feature{p.ID, p.Name.Value, p.Kind, p.Country, p.Region.Value, p.Names, p.Identifiers, p.Visibility},
	})
}

func (e *mapEncoder) end(sequence uint64) ([]string, error) {
	err := e.to.End(struct {
		Count    int    `json:"count"`
		LeftOut  int    `json:"withoutCoordinates"`
		Sequence uint64 `json:"sequence"`
	}{e.count, e.leftOut, sequence})
	if err != nil || e.leftOut == 0 {
		return nil, err
	}
	return []string{fmt.Sprintf("%d left out: their coordinates are not known", e.leftOut)}, nil
}

func (e *mapEncoder) close() error { return nil }
