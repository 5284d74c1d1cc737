package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
)

// Snapshots returns the files that were imported of a register, in the order of
// the imports.
func Snapshots(ctx context.Context, store es.Store, register string) ([]Snapshot, error) {
	reg, err := readRegister(ctx, store, register)
	return reg.snapshots, err
}

// Annulling is an import that is to be taken back.
type Annulling struct {
	Ledger *ledger.Ledger
	// Cited is as in [Config].
	Cited    func(ctx context.Context, source string, visit func(stream string) error) error
	Actor    string
	Snapshot Snapshot
	Reason   string
	Progress func(step string, done, total int)
}

// Check fails with [es.ErrConflict] unless the snapshot is the last one of its
// register: what came after it rests on it.
func (a Annulling) Check(all []Snapshot) error {
	held := slices.DeleteFunc(slices.Clone(all), func(s Snapshot) bool { return s.Annulled })
	i := slices.IndexFunc(held, func(s Snapshot) bool { return s.ID == a.Snapshot.ID })
	if i < 0 || i == len(held)-1 {
		return nil
	}
	last := held[len(held)-1]
	return &es.Error{
		Kind: es.ErrConflict, Code: "import.not_last",
		Message: fmt.Sprintf("%s (%s) was imported after it, and rests on it", last.File.Name, last.ID), Want: "the last import of a register annulled first",
	}
}

// Run voids every event that the import recorded, the last ones first, and the
// snapshot in the end, so that it goes on where it ended if it is interrupted.
// It returns how many were voided.
func (a Annulling) Run(ctx context.Context) (voided int, err error) {
	var streams []string
	err = a.Cited(ctx, a.Snapshot.Register, func(stream string) error {
		streams = append(streams, stream)
		return nil
	})
	if err != nil {
		return 0, err
	}
	// What refers to others is voided before what it refers to.
	rank := func(stream string) int {
		kind, _, _ := strings.Cut(stream, "-")
		return slices.Index([]string{"network", "party", "source"}, kind)
	}
	slices.SortStableFunc(streams, func(x, y string) int { return rank(x) - rank(y) })
	streams = append(slices.DeleteFunc(streams, func(s string) bool { return s == a.Snapshot.Register }), a.Snapshot.Register)
	for i, stream := range streams {
		n, err := a.void(ctx, stream)
		if err != nil {
			return voided, err
		}
		voided += n
		if a.Progress != nil {
			a.Progress("annulling", i+1, len(streams))
		}
	}
	return voided, nil
}

// void voids what the import recorded in a stream.
func (a Annulling) void(ctx context.Context, stream string) (int, error) {
	kind, _, _ := strings.Cut(stream, "-")
	var acts []es.Act
	for r, err := range a.Ledger.Store().ReadStream(ctx, stream, 0) {
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", stream, err)
		}
		meta, err := es.DecodeMeta(r.Meta)
		if err != nil {
			return 0, err
		}
		e, err := ledger.Decode(r)
		if err != nil {
			return 0, err
		}
		if _, derived := e.(book.Derived); derived || meta.Correlation != a.Snapshot.ID || r.Type == "source.registered" {
			continue // what is derived is derived anew; the register itself stays
		}
		payload, err := json.Marshal(book.Voided{
			Fact: terms.Fact{Source: terms.Citation{ID: terms.SourceID(a.Snapshot.Register), Locator: string(a.Snapshot.File.Hash) + " annulled"}},
			Of:   r.Revision, Reason: a.Reason,
		})
		if err != nil {
			return 0, fmt.Errorf("annul %s: %w", stream, err)
		}
		acts = append(acts, es.Act{{
			ID: uuid.NewSHA1(r.ID, []byte("annul")), Name: kind + ".void", Stream: stream, Payload: payload,
			Actor: a.Actor, Correlation: uuid.NewSHA1(a.Snapshot.ID, []byte("annul")),
		}})
	}
	slices.Reverse(acts)
	voided := 0
	for chunk := range slices.Chunk(acts, actsAtOnce) {
		out, err := a.Ledger.DoAll(ctx, chunk)
		if err != nil {
			return voided, err
		}
		for _, o := range out {
			if o.Err != nil {
				return voided, o.Err
			}
			if !o.Results[0].Repeated && len(o.Results[0].Events) > 0 {
				voided++
			}
		}
	}
	return voided, nil
}
