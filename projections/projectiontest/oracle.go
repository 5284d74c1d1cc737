package projectiontest

import (
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Prefix returns the records of a log that are of a stream and within what at
// asks for, as a naive reader finds them.
func Prefix(log []es.Record, stream string, at readmodel.At) ([]es.Record, error) {
	var recs []es.Record
	for i, r := range log {
		if at.Events > 0 && uint64(i) >= at.Events {
			break
		}
		if r.Stream != stream {
			continue
		}
		meta, err := es.DecodeMeta(r.Meta)
		if err != nil {
			return nil, err
		}
		if !at.Known.IsZero() && meta.KnownAt.After(at.Known) || !at.Recorded.IsZero() && meta.RecordedAt.After(at.Recorded) {
			break
		}
		recs = append(recs, r)
	}
	return recs, nil
}

// Fold returns the state of d after records.
func Fold[C, S, E any](d es.Decider[C, S, E], recs []es.Record) (S, error) {
	events := make([]E, len(recs))
	for i, r := range recs {
		e, err := ledger.Decode(r)
		if err != nil {
			var none S
			return none, err
		}
		events[i] = e.(E)
	}
	return d.Fold(events...), nil
}
