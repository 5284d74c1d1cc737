package answers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Compared returns the kinds of what has fields that follow from its events, which
// [Desk.Fields], [Desk.Diff] and [Desk.Blame] tell of.
func Compared() []string { return []string{"memorandum", "party", "network", "actionplan"} }

// Fields answers what [Desk.Agreement], [Desk.Party], [Desk.Roster] or [Desk.Plan]
// say, as of a date: none if the desk's knowledge has nothing of it.
func (d *Desk) Fields(id string, on edtf.Date) (Fields, error) {
	f := Fields{}
	v, err := d.compared(id, on)
	if errors.Is(err, es.ErrNotFound) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(v, json.Deterministic(true))
	if err == nil {
		err = f.Add("", text)
	}
	if err != nil {
		return nil, fmt.Errorf("tell the fields of %s: %w", id, err)
	}
	return f, nil
}

// compared answers what there is to compare of a stream.
func (d *Desk) compared(id string, on edtf.Date) (any, error) {
	switch KindOf(id) {
	case "memorandum":
		return d.Agreement(id, on)
	case "party":
		return d.Party(id)
	case "network":
		return d.Roster(id, on)
	case "actionplan":
		return d.Plan(id, on)
	default:
		return nil, notCompared(id)
	}
}

func notCompared(id string) error {
	return es.Invalid("answers.not_compared", Short(id)+" has no fields that follow from its events",
		"one of "+strings.Join(Compared(), ", ")+"; of others the history tells")
}

// canCompare fails unless a stream is there and has fields that follow from its
// events.
func (d *Desk) canCompare(id string) error {
	if !slices.Contains(Compared(), KindOf(id)) {
		return notCompared(id)
	}
	_, err := history.At(d.Conn, id, 1, readmodel.At{Sees: d.At.Sees})
	return err
}
