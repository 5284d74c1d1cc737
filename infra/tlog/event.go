package tlog

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// Event is an event as it leaves the ledger for an auditor: all that its leaf
// is made of. Data and Meta are the text that is stored, as a string, so that no
// tool on the way can change a byte that matters.
type Event struct {
	Ledger   uuid.UUID   `json:"ledger"`
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"`
	ID       uuid.UUID   `json:"id"`
	Type     string      `json:"type"`
	Schema   int         `json:"schema"`
	Data     string      `json:"data"`
	Meta     string      `json:"meta"`
}

// EventOf returns a record of a ledger as it leaves it.
func EventOf(ledger uuid.UUID, r es.Record) Event {
	return Event{ledger, r.Stream, r.Revision, r.ID, r.Type, r.Schema, string(r.Data), string(r.Meta)}
}

// Encode returns the event as JSON, for people to read.
func (e Event) Encode() ([]byte, error) {
	text, err := json.Marshal(e, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode an event: %w", err)
	}
	return append(text, '\n'), nil
}

// ParseEvent reads what [Event.Encode] wrote, whatever the white space. It fails
// with [es.ErrInvalid].
func ParseEvent(text []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(text, &e, json.RejectUnknownMembers(true)); err != nil {
		return Event{}, es.Invalid("tlog.bad_event", "this is no event of a ledger: "+err.Error(), "a file that `entente receipt --event-out` wrote")
	}
	return e, nil
}

// Leaf returns the bytes of the event's leaf.
func (e Event) Leaf() ([]byte, error) {
	l, err := LeafOf(e.Ledger, es.Record{
		Stream: e.Stream, Revision: e.Revision, ID: e.ID, Type: e.Type, Schema: e.Schema, Data: []byte(e.Data), Meta: []byte(e.Meta),
	})
	if err != nil {
		return nil, err
	}
	return l.Encode()
}
