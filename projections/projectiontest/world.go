package projectiontest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
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

	choose  Choose
	now     time.Time
	count   uint64
	parties []string
	// agreements, sources and persons are the streams opened so far.
	agreements, sources, persons []string
	revisions                    map[string]es.Revision
}

// NewWorld opens a ledger in an empty store.
func NewWorld(store es.Store, choose Choose) (*World, error) {
	w := &World{
		Store: store, choose: choose, now: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), revisions: map[string]es.Revision{},
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
		Name: name, Stream: stream, Payload: payload, Actor: "tester",
	}
	if w.choose(4) == 0 {
		cmd.KnownAt = w.now.Add(-time.Duration(w.choose(100)) * time.Hour)
	}
	res, err := w.Ledger.Do(context.Background(), cmd)
	if errors.Is(err, es.ErrRejected) || errors.Is(err, es.ErrInvalid) || errors.Is(err, es.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w.remember(res.Stream)
	w.revisions[res.Stream] = res.Revision
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
