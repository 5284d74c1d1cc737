package projectiontest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Choose returns a number from 0 to n-1.
type Choose func(n int) int

// World is a ledger that is given random commands. The same choices lead to the
// same events.
type World struct {
	Ledger *ledger.Ledger
	Store  es.Store

	// Distinct makes names differ: each is followed by a number.
	Distinct bool
	// Owing makes most of what is said of agreements be about undertakings.
	Owing bool
	// Staffed makes half of what is said be about natural persons.
	Staffed bool

	choose  Choose
	now     time.Time
	count   uint64
	parties []string
	// agreements, sources and persons are the streams opened so far.
	agreements, sources, persons []string
	revisions                    map[string]es.Revision
	undertakings                 map[string]undertaking // the last of each agreement
}

// undertaking is an undertaking by its event and the day it is first due.
type undertaking struct {
	of  es.Revision
	due edtf.Date
}

// begun is when the first event is recorded, and maxLate how many hours at most
// the registrar vouches for a fact before it is recorded.
var begun = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

const maxLate = 100

// NewWorld opens a ledger in an empty store.
func NewWorld(store es.Store, choose Choose) (*World, error) {
	w := &World{
		Store: store, choose: choose, now: begun, revisions: map[string]es.Revision{}, undertakings: map[string]undertaking{},
	}
	nonce := func() (n [16]byte) {
		binary.BigEndian.PutUint64(n[:], w.count)
		return n
	}
	var err error
	w.Ledger, err = ledger.Open(context.Background(), store, func() time.Time { return w.now }, nonce,
		ledger.Opening{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("world")), Origin: "example.org/world", Actor: "tester"})
	return w, err
}

// Step gives one random command, which the ledger may refuse. It fails if the
// ledger fails otherwise.
func (w *World) Step() error {
	name, stream, payload, err := w.command()
	if err != nil {
		return err
	}
	w.count++
	w.now = w.now.Add(time.Duration(w.choose(3)) * time.Hour)
	cmd := es.Command{
		ID:   uuid.NewSHA1(uuid.NameSpaceOID, binary.BigEndian.AppendUint64(nil, w.count)),
		Name: name, Stream: stream, Payload: payload, Actor: "tester", KnownAt: w.KnownAt(),
	}
	res, err := w.Ledger.Do(context.Background(), cmd)
	if errors.Is(err, es.ErrRejected) || errors.Is(err, es.ErrInvalid) || errors.Is(err, es.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w.remember(res.Stream)
	if err := w.undertake(res); err != nil {
		return err
	}
	w.revisions[res.Stream] = res.Revision
	return nil
}

// undertake remembers the undertaking that was recorded, if one was.
func (w *World) undertake(res es.Result) error {
	for _, r := range res.Events {
		e, err := ledger.Decode(r)
		if err != nil {
			return err
		}
		if u, ok := e.(memorandum.Undertaken); ok {
			w.undertakings[res.Stream] = undertaking{r.Revision, u.Due}
		}
	}
	return nil
}

func (w *World) remember(stream string) {
	if _, ok := w.revisions[stream]; ok {
		return
	}
	kind, _, _ := es.ParseStream(stream)
	switch kind {
	case "party":
		w.parties = append(w.parties, stream)
	case "memorandum":
		w.agreements = append(w.agreements, stream)
	case "source":
		w.sources = append(w.sources, stream)
	case "person":
		w.persons = append(w.persons, stream)
	}
}

// Agreements returns the streams of the agreements so far.
func (w *World) Agreements() []string { return w.agreements }

// Parties returns the streams of the parties so far.
func (w *World) Parties() []string { return w.parties }

// Persons returns the streams of the natural persons so far.
func (w *World) Persons() []string { return w.persons }

// one returns one of all, the zero T if there is none.
func one[T any](w *World, all ...T) T {
	if len(all) == 0 {
		var none T
		return none
	}
	return all[w.choose(len(all))]
}

// Forget leaves all but the last n parties and agreements alone from now on.
func (w *World) Forget(n int) {
	w.parties = w.parties[max(0, len(w.parties)-n):]
	w.agreements = w.agreements[max(0, len(w.agreements)-n):]
}

// At returns a random state of knowledge of a log of some events: on any of the
// axes, on several at once, or the latest. Small choices are late ones, before
// which more was recorded.
func (w *World) At(events int) readmodel.At {
	var at readmodel.At
	instant := func() time.Time {
		back := w.choose(int(w.now.Sub(begun)/time.Hour) + maxLate + 2)
		return w.now.Add(time.Duration(1-back) * time.Hour)
	}
	if w.choose(2) == 0 {
		at.Events = uint64(1 + events - w.choose(events+1))
	}
	if w.choose(2) == 0 {
		at.Known = instant()
	}
	if w.choose(2) == 0 {
		at.Recorded = instant()
	}
	return at
}

// KnownAt returns from when the registrar vouches for what is recorded now: at
// random some time before, else the zero Time, which is now.
func (w *World) KnownAt() time.Time {
	if w.choose(4) > 0 {
		return time.Time{}
	}
	return w.now.Add(-time.Duration(w.choose(maxLate)) * time.Hour)
}

// Date returns a random date, of those that facts have or near them.
func (w *World) Date() edtf.Date {
	return one(w, w.date(), w.date(), edtf.MustParse(one(w, "2017", "2018-10-02", "2018-10-04", "2019-06-15", "2019~", "2020-06-30", "2022-01-01", "../2018", "2018-10-03T09:00+02:00")))
}
