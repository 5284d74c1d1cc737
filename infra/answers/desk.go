package answers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/roster"
	"github.com/entente-ledger/entente/projections/search"
)

// Desk answers questions about a ledger. It lives as long as the read of the
// views that its connection is of, and is not safe for concurrent use.
//
// Its answers fail with [es.ErrNotFound] if what they are about is not there by
// the desk's state of knowledge, with [es.ErrInvalid] if the question cannot be
// meant, and with [es.ErrCorrupt] if the views or the events are damaged.
type Desk struct {
	// Conn is that of one read of the views.
	Conn *sqlite.Conn
	// Store has the events themselves.
	Store es.Store
	// At is by which knowledge everything is answered; the At of a filter does not
	// matter.
	At readmodel.At
	// Persons returns what is kept of a natural person. nil: nobody is named
	// (rule 10 of the ledger).
	Persons func(ctx context.Context, person terms.PersonID) (Natural, error)

	names map[string]string
}

// Natural is what is kept of a natural person outside of the log.
type Natural struct {
	// Name is how the person is called, or instead why there is no name.
	Name    string
	Contact string // what reaches them, on several lines, or ""
}

// As returns a desk like d that answers by another state of knowledge.
func (d *Desk) As(at readmodel.At) *Desk {
	return &Desk{Conn: d.Conn, Store: d.Store, At: at, Persons: d.Persons}
}

// log is the history of the ledger.
func (d *Desk) log() history.Log { return history.Log{Conn: d.Conn, Store: d.Store, At: d.At} }

// maxNames is how many names a desk keeps in mind, so that memory stays flat.
const maxNames = 20_000

// Name returns what a party, an agreement or anything else is called by the
// desk's knowledge. What has no name is called by the beginning of its id, and
// what has no id "".
func (d *Desk) Name(id string) (string, error) {
	if id == "" {
		return "", nil
	}
	if name, ok := d.names[id]; ok {
		return name, nil
	}
	name, err := d.readName(id)
	if err != nil {
		return "", err
	}
	if d.names == nil || len(d.names) == maxNames {
		d.names = map[string]string{}
	}
	d.names[id] = cmp.Or(name, Short(id))
	return d.names[id], nil
}

// prepare reads the names of some streams together, so that [Desk.Name] has them.
func (d *Desk) prepare(ids []string) error {
	ids = slices.DeleteFunc(ids, func(id string) bool {
		_, known := d.names[id]
		return known || id == "" || KindOf(id) == "membership"
	})
	if len(ids) == 0 {
		return nil
	}
	titles, err := search.Titles(d.Conn, ids, d.At)
	if err != nil {
		return err
	}
	if d.names == nil || len(d.names)+len(ids) > maxNames {
		d.names = map[string]string{}
	}
	for _, id := range ids {
		d.names[id] = cmp.Or(titles[id].Value, Short(id))
	}
	return nil
}

// readName reads a name, which a membership has from its party and network.
func (d *Desk) readName(id string) (string, error) {
	if KindOf(id) != "membership" {
		title, err := search.Title(d.Conn, id, d.At)
		return title.Value, err
	}
	network, party, err := roster.Pair(d.Conn, id, d.At)
	if err != nil || party == "" {
		return "", err
	}
	of, err := d.Name(string(party))
	if err != nil {
		return "", err
	}
	in, err := d.Name(string(network))
	return of + " in " + in, err
}

// Late are the events of a stream, by their revisions, on which an answer rests
// although they were recorded after the instant as known at which it is given.
// Without such an instant there are none.
type Late []es.Revision

// Has reports whether one of some events is late, or if none is given any at all.
func (l Late) Has(by ...es.Revision) bool {
	in := func(r es.Revision) bool { return slices.Contains(l, r) }
	return len(l) > 0 && (len(by) == 0 || slices.ContainsFunc(by, in))
}

// Late returns the late events of a stream.
func (d *Desk) Late(stream string) (Late, error) { return history.Late(d.Conn, stream, d.At) }

// Short is the beginning of an id by which people tell ids apart.
func Short(stream string) string {
	kind, id, _ := strings.Cut(stream, "-")
	return kind + "-" + id[:min(8, len(id))]
}

// KindOf is the kind of aggregate that an id is of.
func KindOf(id string) string {
	kind, _, _ := strings.Cut(id, "-")
	return kind
}

// nothingCalled is the error of a stream that is not there.
func nothingCalled(stream string) error {
	return es.NotFound("history.no_stream", "there is nothing called "+stream)
}

// each returns what is made of each of a list, never nil.
func each[T, O any](all []T, object func(T) O) []O {
	list := make([]O, len(all))
	for i, one := range all {
		list[i] = object(one)
	}
	return list
}

// tried is each for what can fail.
func tried[T, O any](all []T, object func(T) (O, error)) ([]O, error) {
	list := make([]O, len(all))
	for i, one := range all {
		var err error
		if list[i], err = object(one); err != nil {
			return nil, err
		}
	}
	return list, nil
}
