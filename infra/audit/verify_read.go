package audit

import (
	"context"
	"errors"
	"iter"

	"github.com/entente-ledger/entente/domain/es"
)

// maxTries is how many places in a row are tried behind one that cannot be read.
const maxTries = 10_000

// reading reads a store past places that are damaged.
type reading struct {
	// open yields the records after a place, and at is the place of one.
	open func(after uint64) iter.Seq2[es.Record, error]
	at   func(r es.Record) uint64
	// damaged hears which places, from one to another, cannot be read.
	damaged func(from, to uint64, err error)
}

// all yields the records after a place that can be read. An error that is no
// damage is the last yield.
func (d reading) all(after uint64) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		var first error // of the places that cannot be read
		from, at := after+1, after
		flush := func() {
			if first != nil {
				d.damaged(from, at, first)
				first = nil
			}
		}
		for tries := 0; ; {
			var failed error
			for r, err := range d.open(at) {
				if err != nil {
					failed = err
					break
				}
				flush()
				tries = 0
				if at = d.at(r); !yield(r, nil) {
					return
				}
			}
			switch {
			case failed == nil:
				flush()
				return
			case !errors.Is(failed, es.ErrCorrupt):
				yield(es.Record{}, failed)
				return
			case first == nil:
				first, from = failed, at+1
			}
			if at++; tries == maxTries {
				flush()
				return
			}
			tries++
		}
	}
}

// records yields the records of the store after a position.
func (v *verifier) records(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return reading{
		open: func(after uint64) iter.Seq2[es.Record, error] { return v.Store.ReadAll(ctx, es.Position(after)) },
		at:   func(r es.Record) uint64 { return uint64(r.Position) },
		damaged: func(from, to uint64, err error) {
			v.damage("audit.store_damaged", nil, "the store cannot be read from position %d to %d: %v", from, to, err)
		},
	}.all(uint64(after))
}
