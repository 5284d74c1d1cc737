package provenance

import (
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/history"
)

// Write writes the history of one record, in the order of its revisions, as a
// document. PROV-JSON groups what it says by kind, so the history is read once
// for each kind and never held; it must be the same each time. ledger is the
// identity of the ledger, within which the ids of actors are meant, and sequence
// that of the last event that was asked about.
func Write(w io.Writer, ledger uuid.UUID, sequence uint64, lines iter.Seq2[history.Line, error]) error {
	d := document{enc: jsontext.NewEncoder(w, jsontext.AllowDuplicateNames(true)), sequence: sequence} // or it would remember all names
	d.token(jsontext.BeginObject)
	d.begin("prefix")
	for _, prefix := range [][2]string{
		{"entente", "urn:entente:"},
		{"actor", "urn:entente:ledger:" + ledger.String() + ":actor:"},
		{"prov", "http://www.w3.org/ns/prov#"},
		{"xsd", "http://www.w3.org/2001/XMLSchema#"},
	} {
		d.member(prefix[0], prefix[1])
	}
	d.end()
	for _, p := range parts {
		d.part(p, lines)
	}
	d.token(jsontext.EndObject)
	if d.err != nil {
		return fmt.Errorf("write a history as provenance: %w", d.err)
	}
	return nil
}

// document is being written.
type document struct {
	enc      *jsontext.Encoder
	sequence uint64
	err      error // the first one

	name  string // of the part being written
	open  bool   // the part has a member
	known map[string]bool
	last  history.Line // before the one that is told, zero before the first
}

func (d *document) part(p part, lines iter.Seq2[history.Line, error]) {
	d.name, d.open, d.known, d.last = p.name, false, map[string]bool{}, history.Line{}
	for l, err := range lines {
		if d.err == nil {
			d.err = err
		}
		if d.err != nil {
			return
		}
		p.tell(d, l)
		d.last = l
	}
	if p.finish != nil && d.last.Revision > 0 {
		p.finish(d)
	}
	if d.open {
		d.end()
	}
}

// add writes a member of the part, which is left out if it has none.
func (d *document) add(id string, value any) {
	if !d.open {
		d.begin(d.name)
		d.open = true
	}
	d.member(id, value)
}

// once is add for what several events name.
func (d *document) once(id string, value any) {
	if !d.known[id] {
		d.known[id] = true
		d.add(id, value)
	}
}

func (d *document) begin(name string) {
	d.token(jsontext.String(name))
	d.token(jsontext.BeginObject)
}

func (d *document) end() { d.token(jsontext.EndObject) }

func (d *document) member(name string, value any) {
	d.token(jsontext.String(name))
	if d.err == nil {
		d.err = json.MarshalEncode(d.enc, value, json.Deterministic(true))
	}
}

func (d *document) token(t jsontext.Token) {
	if d.err == nil {
		d.err = d.enc.WriteToken(t)
	}
}

// first reports whether l is the first event of its command. A command's events
// follow each other in one stream.
func (d *document) first(l history.Line) bool { return d.last.Revision == 0 || d.last.Cause != l.Cause }

// literal is a value that says of which type it is.
type literal struct {
	Value string `json:"$"`
	Type  string `json:"type"`
}

func name(qualified string) literal { return literal{qualified, "xsd:QName"} }

func instant(text string) literal { return literal{text, "xsd:dateTime"} }

// The qualified names of what is told of.

func record(stream string) string { return "entente:" + stream }

func revision(stream string, n es.Revision) string {
	return fmt.Sprintf("entente:%s@%d", stream, n)
}

func command(l history.Line) string { return "entente:command-" + l.Cause.String() }

// actor is the qualified name of an actor, of which the id may be any text.
func actor(id string) string { return "actor:" + strings.ReplaceAll(url.QueryEscape(id), "+", "%20") }
